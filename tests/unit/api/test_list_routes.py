"""Every list of the API: it ends by count and by bytes, or its length is limited elsewhere."""

import json
from dataclasses import replace
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools import Logger

from studio.api.app import Dispatcher
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route
from studio.api.http.pagination import PARAMETERS, next_page, page_of, page_response
from studio.api.http.responses import Paged
from studio.api.routes import all_routes

LAMBDA_BYTES = 6_291_456
# Lists without pages, and what limits them.
SHORT = {
    "/v1/assets/{asset_id}/renditions": "an asset keeps at most 200",
    "/v1/contents/{content_id}/images": "a content has at most 16",
    "/v1/integrations": "the providers",
    "/v1/jobs/{job_id}/logs": "a job has at most 50 images, and a line is cut",
    "/v1/operations": "the catalogue",
    "/v1/platforms": "the catalogue",
    "/v1/platforms/{platform_id}/formats": "the catalogue",
    "/v1/platforms/{platform_id}/presets": "the catalogue",
    "/v1/providers": "the catalogue",
    "/v1/templates/recommendations": "limit, at most 100 short rows",
    "/v1/templates/search": "limit, at most 100 short rows",
    "/v1/webhooks": "an account has at most 20",
}


def lists() -> list[Route]:
    """Return every route whose answer has rows in ``data``, by the contract."""
    text = files("studio.api").joinpath("openapi.json").read_text()
    contract: dict[str, Any] = json.loads(text)
    schemas = contract["components"]["schemas"]
    found = []
    for route in all_routes():
        properties = schemas.get(route.answer, {}).get("properties", {})
        if route.method == "GET" and properties.get("data", {}).get("type") == "array":
            found.append(route)
    return found


PAGED = [route for route in lists() if "cursor" in route.query]


def test_a_list_has_pages_or_its_length_is_limited() -> None:
    unpaged = {route.path for route in lists() if "cursor" not in route.query}

    assert len(PAGED) >= 20
    assert unpaged == set(SHORT), "add pages, or say what limits the list"


@pytest.mark.parametrize("route", PAGED, ids=lambda one: str(one.path))
def test_a_page_of_each_list_fits_lambda_and_the_next_goes_on(route: Route) -> None:
    rows = [f"{number:02}" + "漢" * 30_000 for number in range(60)]

    def listed(request: Request, deps: Dependencies) -> Response:
        page = page_of(request, deps)
        start = 0 if page.after is None else int(page.after)
        end = start + page.limit
        place = next_page(request, deps, page, str(end) if end < len(rows) else None)
        return page_response(request, cast("Paged", {"data": rows[start:end], "page": place}))

    assert route.query >= PARAMETERS
    deps = cast("Dependencies", SimpleNamespace(cursor_key=b"k" * 32))
    dispatcher = Dispatcher(deps, Logger(service="lists"))
    query = {"limit": ["100"]}
    caller = {"authorizer": {"jwt": {"claims": {"token_use": "id", "sub": "owner"}}}}
    read: list[str] = []
    while True:
        request = Request("GET", "/v1/things", {}, query, {}, {"requestContext": caller})
        answer = dispatcher.answer(replace(route, endpoint=listed), request)
        body = answer.body or ""
        assert len(json.dumps(body)) < LAMBDA_BYTES
        assert "\\u" not in body
        document = json.loads(body)
        read += document["data"]
        if document["page"]["next_cursor"] is None:
            break
        query = {"limit": ["100"], "cursor": [document["page"]["next_cursor"]]}
    assert read == rows
