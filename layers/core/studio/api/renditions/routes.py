"""Routes of renditions."""

from dataclasses import replace
from typing import TYPE_CHECKING

from studio.api.assets.routes import asset_of
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import read_body
from studio.api.renditions import serializers
from studio.domain.renditions.model import MAX_KEPT, Rendition, RenditionSpec
from studio.errors import (
    FieldError,
    InvalidRequestError,
    StateConflictError,
)

if TYPE_CHECKING:
    from studio.api.renditions.requests import AssetRenditionBody

_PROBLEMS = {
    "byte-limit": ("/max_bytes", "No file of this size could be made; allow more bytes or pixels"),
    "too-large-for-format": ("/width", "The file would be larger than its format allows"),
    "too-many-pixels": ("/width", "The file would have more pixels than any may have"),
}


def list_renditions(request: Request, deps: Dependencies) -> Response:
    """List the files of an asset."""
    asset = asset_of(request, deps)
    made = deps.renditions.of_asset(asset.tenant, asset.asset_id)
    return json_response(serializers.renditions(asset.asset_id, made))


def make_rendition(request: Request, deps: Dependencies) -> Response:
    """Make a file of an asset now; a repeat gets the file that exists."""
    from studio.api.renditions.requests import AssetRenditionBody
    from studio.services.orders.reading import read
    from studio.services.renditions.request_rendition import request_rendition

    asset = asset_of(request, deps)
    spec = _spec(read(AssetRenditionBody, read_body(request).text))
    if asset.kind != "image":
        raise StateConflictError("files are made of images, and this asset is none")
    all_kept = deps.renditions.of_asset(asset.tenant, asset.asset_id)
    for kept in all_kept:
        if kept.name == spec.name:
            if kept.spec != spec:
                raise StateConflictError(f"another file of this asset is named {spec.name}")
            _check_made(kept)
            return json_response(serializers.rendition(asset.asset_id, kept))
    if len(all_kept) >= MAX_KEPT:
        raise StateConflictError(f"an image has at most {MAX_KEPT} files")
    made = request_rendition(deps.render_asset, asset.tenant, asset.asset_id, spec)
    _check_made(made)
    document = serializers.rendition(asset.asset_id, made)
    where = f"/v1/assets/{asset.asset_id}/content?rendition={made.name}"
    return json_response(document, status=201, headers={"Location": where})


def _check_made(rendition: Rendition) -> None:
    """Check that there is a file.

    Raises:
        InvalidRequestError: there is none; its field says why.
    """
    if rendition.problem is not None:
        pointer, detail = _PROBLEMS.get(rendition.problem, ("", "The file cannot be made"))
        raise InvalidRequestError(FieldError(pointer, rendition.problem, detail))


def _spec(body: "AssetRenditionBody") -> RenditionSpec:
    """Return the file that a body wants.

    Raises:
        InvalidRequestError: what it says does not go together.
    """
    from studio.domain.platforms.catalogue import expand
    from studio.services.orders.output import export_spec, rendition_spec

    if body.export is None:
        return replace(rendition_spec(body, ""), keep_rights=body.keep_rights)
    given = body.model_fields_set & {"width", "height", "format", "max_bytes"}
    if given:
        detail = "The format of the platform says that itself"
        raise InvalidRequestError(
            *(FieldError(f"/{name}", "exclusive", detail) for name in sorted(given))
        )
    try:
        formats = expand([body.export])
    except InvalidRequestError as error:
        # It names a place in a list, and this is none.
        unknown = (one._replace(pointer="/export") for one in error.fields)
        raise InvalidRequestError(*unknown) from None
    if len(formats) != 1:
        detail = "This is a set of formats; name one, or order them with social.optimize"
        raise InvalidRequestError(FieldError("/export", "not-a-format", detail))
    spec = export_spec(formats[0], body, body.quality, body.name or formats[0].id)
    return replace(spec, keep_rights=body.keep_rights)


_RENDITIONS = "/v1/assets/{asset_id}/renditions"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        _RENDITIONS,
        list_renditions,
        "List the files made of an asset",
        "RenditionList",
        role="viewer",
    ),
    Route(
        "POST",
        _RENDITIONS,
        make_rendition,
        "Make a file of an asset, without a provider",
        "Rendition",
        body="AssetRenditionBody",
        status=201,
        also=200,
        role="creator",
    ),
)
