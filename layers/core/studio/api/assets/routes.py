"""Routes that read assets; their bytes never pass through the API."""

from studio.api.assets import serializers
from studio.api.http.dependencies import Backend
from studio.api.http.links import URL_SECONDS
from studio.api.http.messages import Call, Reply, json_reply
from studio.api.http.pagination import page_of, page_reply
from studio.domain.assets.model import Asset, StoredImage
from studio.errors import MalformedRequestError, NotFoundError
from studio.ids import is_id


def list_assets(call: Call, backend: Backend) -> Reply:
    """List the tenant's assets, newest first."""
    page = page_of(call, backend)
    found = backend.assets.page(call.caller().tenant, page.limit, page.after)
    data = [serializers.asset(asset) for asset in found.assets]
    return page_reply(call, backend, page, data, found.next_after)


def get_asset(call: Call, backend: Backend) -> Reply:
    """Give an asset with its recipe."""
    return json_reply(serializers.asset(asset_of(call, backend)))


def get_content(call: Call, backend: Backend) -> Reply:
    """Send the caller to the file, behind a URL of ten minutes."""
    rendition, download = call.one("rendition"), call.one("download")
    if download not in (None, "1"):
        raise MalformedRequestError("download must be 1, or left out")
    asset = asset_of(call, backend)
    file = _file(asset, rendition, backend)
    extension = file.key.rpartition(".")[2]
    name = asset.asset_id if rendition is None else f"{asset.asset_id}-{rendition}"
    url = backend.blobs().url(
        file.key,
        seconds=URL_SECONDS,
        download_name=f"{name}.{extension}" if download else None,
    )
    return Reply(302, headers={"Location": url})


def _file(asset: Asset, name: str | None, backend: Backend) -> StoredImage:
    if name is None:
        return asset.image
    if name == "thumbnail":
        return asset.thumbnail
    made = backend.renditions.of_asset(asset.tenant, asset.asset_id)
    found = next((one.file for one in made if one.name == name), None)
    if found is None:
        raise NotFoundError(f"this asset has no file named {name!r}")
    return found


def asset_of(call: Call, backend: Backend) -> Asset:
    """Return the caller's asset that the path names.

    Raises:
        NotFoundError: the tenant has none of this id.
    """
    asset_id = call.params["asset_id"]
    if not is_id("ast", asset_id):
        raise NotFoundError("no such asset")
    return backend.assets.get(call.caller().tenant, asset_id)
