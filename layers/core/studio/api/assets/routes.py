"""Routes that read assets; their bytes never pass through the API."""

from studio.api.assets import serializers
from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.links import URL_SECONDS, signing
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.domain.assets.model import Asset, StoredImage
from studio.errors import MalformedRequestError, NotFoundError
from studio.ids import is_id


def list_assets(request: Request, deps: Dependencies) -> Response:
    """List the tenant's assets, newest first."""
    page = page_of(request, deps)
    found = deps.assets.page(request.caller().tenant, page.limit, page.after)
    place = next_page(request, deps, page, found.next_after)
    return page_response(request, serializers.assets(found.assets, place, signing(deps)))


def get_asset(request: Request, deps: Dependencies) -> Response:
    """Give an asset with its recipe."""
    return json_response(serializers.asset(asset_of(request, deps), signing(deps)))


def get_content(request: Request, deps: Dependencies) -> Response:
    """Send the caller to the file, behind a URL of ten minutes."""
    rendition, download = request.query_param("rendition"), request.query_param("download")
    if download not in (None, "1"):
        raise MalformedRequestError("download must be 1, or left out")
    asset = asset_of(request, deps)
    file = _file(asset, rendition, deps)
    extension = file.key.rpartition(".")[2]
    name = _download_name(asset, rendition, extension) if download else None
    url = deps.blobs.url(file.key, seconds=URL_SECONDS, download_name=name)
    return Response(302, headers={"Location": url})


def _download_name(asset: Asset, rendition: str | None, extension: str) -> str:
    """Return the name to save a file under: an uploaded image keeps its own."""
    from studio.domain.assets.file_names import own_name
    from studio.domain.downloads.naming import safe_name

    name = own_name(asset)
    own = safe_name(name) if name else asset.asset_id
    return f"{own}.{extension}" if rendition is None else f"{own}-{rendition}.{extension}"


def _file(asset: Asset, name: str | None, deps: Dependencies) -> StoredImage:
    if name is None:
        return asset.image
    if name == "thumbnail":
        return asset.thumbnail
    made = deps.renditions.of_asset(asset.tenant, asset.asset_id)
    found = next((one.file for one in made if one.name == name), None)
    if found is None:
        raise NotFoundError(f"this asset has no file named {name!r}")
    return found


def asset_of(request: Request, deps: Dependencies) -> Asset:
    """Return the caller's asset that the path names.

    Raises:
        NotFoundError: the tenant has none of this id.
    """
    asset_id = request.params["asset_id"]
    if not is_id("ast", asset_id):
        raise NotFoundError("no such asset")
    return deps.assets.get(request.caller().tenant, asset_id)


_ASSET = "/v1/assets/{asset_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/assets",
        list_assets,
        "List the assets, newest first",
        "AssetList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route("GET", _ASSET, get_asset, "Return an asset with its recipe", "Asset", role="viewer"),
    Route(
        "GET",
        f"{_ASSET}/content",
        get_content,
        "Redirect to the file, at a signed URL",
        None,
        query=frozenset({"rendition", "download"}),
        status=302,
        role="viewer",
    ),
)
