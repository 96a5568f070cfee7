"""Source files of a body, resolved to what the workflow can read."""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256

from studio.domain.assets.model import Asset, AssetKind, inline_key
from studio.domain.jobs.image_spec import SourceRef
from studio.errors import FieldError, InvalidRequestError
from studio.image_headers import sides_of
from studio.ports.assets import KnownAssets
from studio.ports.blobs import BlobStore
from studio.services.orders.body import JobBody, SourceBody
from studio.services.orders.named_sources import ResolvedSources, named_sources
from studio.services.orders.output_body import OutputBody

_KINDS: Mapping[AssetKind, str] = {"image": "an image", "video": "a video", "model": "a 3D model"}


def resolve_sources(
    tenant: str, body: JobBody, assets: KnownAssets, blobs: Callable[[], BlobStore]
) -> ResolvedSources:
    """Return what each source of a body refers to; inline images are stored.

    Args:
        tenant: The owner of the assets and uploads.
        body: The body.
        assets: Finds assets by their ids and by those of uploads.
        blobs: Makes the store for inline images; called only if there is one.

    Raises:
        InvalidRequestError: names each unknown or unsuitable source.
    """
    named = list(named_sources(body))
    asset_ids = _asset_ids(tenant, [source for _, source in named], assets)
    known = assets.get_many(tenant, set(filter(None, asset_ids.values())))
    errors = list(_errors(named, asset_ids, known))
    if errors:
        raise InvalidRequestError(*errors)
    return {
        source: _resolved(tenant, source, known.get(asset_id or ""), blobs, body.output)
        for source, asset_id in asset_ids.items()
    }


def known_sources(tenant: str, body: JobBody, assets: KnownAssets) -> ResolvedSources:
    """Return the sources of a body, with what is known of the assets and bytes among them.

    Nothing is stored, and an unknown asset stays as it is named.
    """
    named = [source for _, source in named_sources(body)]
    asset_ids = _asset_ids(tenant, named, assets)
    known = assets.get_many(tenant, set(filter(None, asset_ids.values())))
    found = {source: known.get(asset_id or "") for source, asset_id in asset_ids.items()}
    return {
        source: _of_asset(asset, body.output) if asset else _as_named(source)
        for source, asset in found.items()
    }


def _as_named(source: SourceBody) -> SourceRef:
    if source.base64 and _is_base64(source.base64):
        return _of_bytes(None, b64decode(source.base64))
    return SourceRef(asset_id=source.asset_id, url=source.url)


def _asset_ids(
    tenant: str, named: Sequence[SourceBody], assets: KnownAssets
) -> Mapping[SourceBody, str | None]:
    """Return the asset that each source names, by itself or by its upload."""
    uploads = assets.of_uploads(tenant, {one.upload_id for one in named if one.upload_id})
    return {source: source.asset_id or uploads.get(source.upload_id or "") for source in named}


def _resolved(
    tenant: str,
    source: SourceBody,
    asset: Asset | None,
    blobs: Callable[[], BlobStore],
    output: OutputBody,
) -> SourceRef:
    if asset is not None:
        return _of_asset(asset, output)
    if source.base64:
        data = b64decode(source.base64)
        key = inline_key(tenant, sha256(data).hexdigest())
        blobs().put_if_absent(key, data, {})
        return _of_bytes(key, data)
    return SourceRef(url=source.url)


def _of_bytes(key: str | None, data: bytes) -> SourceRef:
    """Return an inline file with the size that its header states."""
    width, height = sides_of(data) or (None, None)
    return SourceRef(key=key, width=width, height=height)


def _of_asset(asset: Asset, output: OutputBody) -> SourceRef:
    image = asset.image
    return SourceRef(
        asset_id=asset.asset_id,
        key=image.key,
        media_type=image.media_type,
        bytes=image.bytes,
        width=image.width,
        height=image.height,
        source_type=asset.source_type,
        creator=asset.creator if output.keep_rights else None,
        copyright=asset.copyright if output.keep_rights else None,
    )


def _errors(
    named: list[tuple[str, SourceBody]],
    asset_ids: Mapping[SourceBody, str | None],
    assets: Mapping[str, Asset],
) -> Iterator[FieldError]:
    for pointer, source in named:
        if source.base64 and not _is_base64(source.base64):
            yield FieldError(f"{pointer}/base64", "not-base64", "This is not base64")
        asset = assets.get(asset_ids[source] or "")
        if asset is None:
            yield from _unknown_errors(pointer, source)
        else:
            yield from _kind_errors(pointer, source, asset)


def _unknown_errors(pointer: str, source: SourceBody) -> Iterator[FieldError]:
    if source.asset_id:
        detail = f"there is no asset {source.asset_id}"
        yield FieldError(f"{pointer}/asset_id", "asset-unknown", detail)
    if source.upload_id:
        detail = f"there is no registered upload {source.upload_id}"
        yield FieldError(f"{pointer}/upload_id", "upload-unknown", detail)


def _kind_errors(pointer: str, source: SourceBody, asset: Asset) -> Iterator[FieldError]:
    """Yield an error for an asset of the wrong kind; no asset is a recording."""
    if pointer.endswith("/audio"):
        expected = "audio takes WAV or MP3 by url or base64"
    elif asset.kind != "image":
        expected = "only an image can be used here"
    else:
        return
    member = "asset_id" if source.asset_id else "upload_id"
    detail = f"asset {asset.asset_id} is {_KINDS[asset.kind]}: {expected}"
    yield FieldError(f"{pointer}/{member}", "wrong-kind", detail)


def _is_base64(text: str) -> bool:
    try:
        return bool(b64decode(text, validate=True))
    except ValueError:
        return False
