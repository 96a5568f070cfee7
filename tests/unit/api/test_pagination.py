"""Pages of lists that stay below what Lambda can answer."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response
from studio.api.http.pagination import MAX_PAGE_BYTES, fitting_page, next_page, page_of
from studio.api.http.pagination import page_response as response_of
from studio.api.http.responses import Paged

_DEPS = cast("Dependencies", SimpleNamespace(cursor_key=b"k" * 32))
_CALLER = {"authorizer": {"jwt": {"claims": {"token_use": "id", "sub": "owner"}}}}


def listing(rows: list[str]) -> Callable[[Request, Dependencies], Response]:
    """An endpoint that lists texts by their numbers."""

    def listed(request: Request, deps: Dependencies) -> Response:
        page = page_of(request, deps)
        start = 0 if page.after is None else int(page.after)
        end = start + page.limit
        place = next_page(request, deps, page, str(end) if end < len(rows) else None)
        return response_of(request, cast("Paged", {"data": rows[start:end], "page": place}))

    return listed


def read_all(rows: list[str], limit: int) -> list[Response]:
    query = {"limit": [str(limit)]}
    pages: list[Response] = []
    while True:
        request = Request("GET", "/v1/things", {}, query, {}, {"requestContext": _CALLER})
        pages.append(fitting_page(listing(rows), request, _DEPS))
        cursor = json.loads(pages[-1].body or "")["page"]["next_cursor"]
        if cursor is None:
            return pages
        query = {"limit": [str(limit)], "cursor": [cursor]}


# Lambda's answer holds the body as a text, in which a quote or a backslash is two characters.
@pytest.mark.parametrize("text", ["x" * 6, '"' * 3, "é"], ids=["plain", "quotes", "escaped"])
def test_a_page_too_large_for_lambda_ends_earlier_and_loses_nothing(text: str) -> None:
    rows = [f"{number}" + text * 14_000 for number in range(100)]
    pages = read_all(rows, 100)
    assert len(pages) > 1
    assert [row for page in pages for row in json.loads(page.body or "")["data"]] == rows
    assert all(len(json.dumps(page.body)) <= MAX_PAGE_BYTES for page in pages)
    assert 'rel="next"' in pages[0].headers["Link"]


def test_a_page_that_fits_is_as_long_as_asked() -> None:
    pages = read_all(["x" * 100] * 10, 5)
    assert [len(json.loads(page.body or "")["data"]) for page in pages] == [5, 5]


def test_a_row_too_large_for_a_page_is_a_page_of_its_own() -> None:
    rows = ["x" * (MAX_PAGE_BYTES + 1), "y"]
    assert [json.loads(page.body or "")["data"] for page in read_all(rows, 2)] == [
        [one] for one in rows
    ]
