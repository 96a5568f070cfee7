"""Routes of folders."""

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.links import Sign, signing
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.request_body import read_body
from studio.clock import rfc3339
from studio.domain.assets.file_names import decoded_name, shown_name
from studio.domain.assets.model import thumbnail_key
from studio.domain.folders.model import Folder, Pair
from studio.errors import FieldError, InvalidRequestError, NotFoundError
from studio.ids import FOLDER_NAME

if TYPE_CHECKING:
    from studio.api.folders import responses


def list_folders(request: Request, deps: Dependencies) -> Response:
    """List the tenant's folders by name."""
    page = page_of(request, deps)
    found = deps.folders.page(request.caller().tenant, page.limit, page.after)
    listed: responses.FolderList = {
        "data": [_folder(folder, signing(deps)) for folder in found.folders],
        "page": next_page(request, deps, page, found.next_after),
    }
    return page_response(request, listed)


def get_folder(request: Request, deps: Dependencies) -> Response:
    """Give one folder."""
    folder = deps.folders.get(request.caller().tenant, _name(request))
    return json_response(_folder(folder, signing(deps)))


def change_folder(request: Request, deps: Dependencies) -> Response:
    """Change title, state or main image."""
    from studio.api.folders.requests import FolderChangeBody
    from studio.services.orders.reading import read

    tenant, name = request.caller().tenant, _name(request)
    body = read(FolderChangeBody, read_body(request).text)
    if body.main_asset_id and not deps.assets.get_many(tenant, [body.main_asset_id]):
        detail = f"there is no asset {body.main_asset_id}"
        raise InvalidRequestError(FieldError("/main_asset_id", "asset-unknown", detail))
    changed = deps.folders.change(
        tenant, name, title=body.title, state=body.state, main_asset_id=body.main_asset_id
    )
    return json_response(_folder(changed, signing(deps)))


def list_pairs(request: Request, deps: Dependencies) -> Response:
    """List results without a source, then sources and what became of them."""
    page = page_of(request, deps)
    tenant, name = request.caller().tenant, _name(request)
    found = deps.folders.pairs(tenant, name, page.limit, page.after)
    if not found.pairs:
        deps.folders.get(tenant, name)
    listed: responses.PairList = {
        "data": [_pair(pair, signing(deps)) for pair in found.pairs],
        "page": next_page(request, deps, page, found.next_after),
    }
    return page_response(request, listed)


def get_rule(request: Request, deps: Dependencies) -> Response:
    """Say what is done with new images."""
    folder = deps.folders.get(request.caller().tenant, _name(request))
    if folder.recipe_id is None:
        raise NotFoundError("the folder has no rule")
    return json_response(_rule(folder.recipe_id))


def put_rule(request: Request, deps: Dependencies) -> Response:
    """Have a recipe run with each new image; the folder is made if there is none."""
    from studio.api.folders.requests import RuleBody
    from studio.services.orders.reading import read

    tenant, name = request.caller().tenant, _name(request)
    body = read(RuleBody, read_body(request).text)
    try:
        deps.recipes.get(tenant, body.recipe_id)
    except NotFoundError as error:
        detail = f"there is no recipe {body.recipe_id!r}"
        raise InvalidRequestError(FieldError("/recipe_id", "recipe-unknown", detail)) from error
    deps.folders.ensure(Folder(tenant, name, deps.now()))
    deps.folders.set_rule(tenant, name, body.recipe_id)
    return json_response(_rule(body.recipe_id))


def delete_rule(request: Request, deps: Dependencies) -> Response:
    """Do nothing with new images any more."""
    deps.folders.set_rule(request.caller().tenant, _name(request), None)
    return Response(204)


def _name(request: Request) -> str:
    name = request.params["sku"]
    if not FOLDER_NAME.fullmatch(name):
        raise NotFoundError("no such folder")
    return name


def _folder(value: Folder, sign: Sign) -> "responses.Folder":
    return {
        "sku": value.name,
        "name": value.title or value.name,
        "state": value.state,
        "counts": {
            "sources": value.sources,
            "done": value.done + value.standalone,
            "failed": value.failed + value.refused,
            "to_do": value.sources - value.done,
        },
        "refused_files": value.refused,
        "has_main_image": value.main_asset_id is not None,
        "main_asset_id": value.main_asset_id,
        "thumbnail_url": sign(value.thumbnail_key) if value.thumbnail_key else None,
        "rule": _rule(value.recipe_id) if value.recipe_id else None,
        "created_at": rfc3339(value.created_at),
    }


def _pair(value: Pair, sign: Sign) -> "responses.Pair":
    source, result = value.source, value.result
    made = result is not None and result.key is not None
    thumbnail = source.thumbnail_key if source else None
    if result and made:
        thumbnail = thumbnail_key(result.tenant, result.asset_id)
    return {
        **_input(value, sign),
        "output_asset_id": result.asset_id if result and made else None,
        "output_name": f"{result.asset_id}.{_extension(result.key)}" if result and made else None,
        "output_url": sign(result.key) if result and result.key else None,
        "thumbnail_url": sign(thumbnail) if thumbnail else None,
        "input_thumbnail_url": sign(source.thumbnail_key)
        if source and source.thumbnail_key
        else None,
        "status": "pending" if result is None else "succeeded" if made else "failed",
        "job_id": result.job_id if result else source.job_id if source else None,
        "item": result.item if result else None,
        "created_at": rfc3339(_time(value)),
    }


def _input(value: Pair, sign: Sign) -> "responses.Input":
    """Return what a result was made from: a source, an address, or nothing that is kept."""
    source, result = value.source, value.result
    if source is not None:
        return {
            "input_asset_id": source.asset_id,
            "input_name": source.name,
            "input_url": sign(source.key),
        }
    address = result.source_url if result else None
    last = urlsplit(address).path.rpartition("/")[2] if address else ""
    name = shown_name(decoded_name(last)) if last else None
    return {"input_asset_id": None, "input_name": name, "input_url": address}


def _time(value: Pair) -> datetime:
    if value.result is not None:
        return value.result.at
    if value.source is None:
        raise ValueError("a pair has a source or a result")
    return value.source.added_at


def _rule(recipe_id: str) -> "responses.Rule":
    return {"recipe_id": recipe_id}


def _extension(key: str | None) -> str:
    return (key or "").rpartition(".")[2]


_FOLDER = "/v1/folders/{sku}"
_RULE = f"{_FOLDER}/rule"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/folders",
        list_folders,
        "List the folders by name, with counts",
        "FolderList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route("GET", _FOLDER, get_folder, "Return a folder", "Folder", role="viewer"),
    Route(
        "PATCH",
        _FOLDER,
        change_folder,
        "Change the title, state or main image",
        "Folder",
        body="FolderChangeBody",
        role="creator",
        member_roles={"state": "reviewer"},
    ),
    Route(
        "GET",
        f"{_FOLDER}/pairs",
        list_pairs,
        "List the results of a folder with their sources",
        "PairList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route("GET", _RULE, get_rule, "Return the rule for new images", "Rule", role="viewer"),
    Route(
        "PUT",
        _RULE,
        put_rule,
        "Run a recipe with each new image",
        "Rule",
        body="RuleBody",
        role="manager",
    ),
    Route(
        "DELETE",
        _RULE,
        delete_rule,
        "Delete the rule for new images",
        None,
        status=204,
        role="manager",
    ),
)
