"""Pages of lists: ``limit`` and ``cursor`` in, ``page`` and a Link header out."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from studio.api.http import cursors
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, json_response
from studio.errors import MalformedRequestError

if TYPE_CHECKING:
    from studio.api.http import responses

DEFAULT_LIMIT, MAX_LIMIT = 25, 100
PARAMETERS = frozenset({"limit", "cursor"})
MAX_PAGE_BYTES = 5_500_000
"""The most of a page in Lambda's answer, which has at most 6,291,456 bytes with its headers."""

_LIMIT = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Page:
    """The requested page; it begins after the id ``after``, at the start for None."""

    limit: int
    after: str | None


def page_of(request: Request, deps: Dependencies, filters: Sequence[str] = ()) -> Page:
    """Return the page that a request names.

    Raises:
        MalformedRequestError: ``limit`` is not 1 to 100.
        InvalidCursorError: the cursor is not one of this list with these filters.
    """
    limit, cursor = limit_of(request), request.query_param("cursor")
    after = (
        None
        if cursor is None
        else cursors.decode(deps.cursor_key, _scope(request, filters), cursor)
    )
    return Page(limit, after)


def limit_of(request: Request) -> int:
    """Return the page size that a request names.

    Raises:
        MalformedRequestError: ``limit`` is not 1 to 100.
    """
    limit = request.query_param("limit")
    if limit is None:
        return DEFAULT_LIMIT
    if not _LIMIT.fullmatch(limit) or int(limit) > MAX_LIMIT:
        raise MalformedRequestError(f"limit must be 1 to {MAX_LIMIT}")
    return int(limit)


def next_page(
    request: Request,
    deps: Dependencies,
    page: Page,
    next_after: str | None,
    filters: Sequence[str] = (),
) -> "responses.Page":
    """Return where a list continues; ``next_after`` is None on the last page."""
    cursor = None
    if next_after is not None:
        cursor = cursors.encode(deps.cursor_key, _scope(request, filters), next_after)
    return {"next_cursor": cursor, "limit": page.limit}


def page_response(request: Request, document: "responses.Paged") -> Response:
    """Return a page of a list as the response, with a Link header to the next one."""
    cursor = document["page"]["next_cursor"]
    if cursor is None:
        return json_response(document)
    same = [(name, value) for name, values in request.query.items() for value in values]
    query = urlencode([pair for pair in same if pair[0] != "cursor"] + [("cursor", cursor)])
    # A reference of only a query holds wherever the API is mounted.
    return json_response(document, headers={"Link": f'<?{query}>; rel="next"'})


def fitting_page(
    endpoint: Callable[[Request, Dependencies], Response], request: Request, deps: Dependencies
) -> Response:
    """Return a list's response; a page that is too large for Lambda is read again, shorter.

    Args:
        endpoint: Answers a request for a page.
        request: The caller's request.
        deps: The endpoint's dependencies.
    """
    response = endpoint(request, deps)
    while response.body is not None and (size := _size(response.body)) > MAX_PAGE_BYTES:
        rows = len(json.loads(response.body)["data"])
        if rows == 1:
            break
        limit = max(1, min(rows - 1, rows * MAX_PAGE_BYTES // size))
        request = replace(request, query={**request.query, "limit": [str(limit)]})
        response = endpoint(request, deps)
    return response


def _size(body: str) -> int:
    """Return the bytes of a body in Lambda's answer, which escapes it as a text of JSON.

    The runtime writes UTF-8 as it is. The local AWS escapes it, so the escapes are counted.
    """
    return len(json.dumps(body))


def _scope(request: Request, filters: Sequence[str]) -> tuple[str, ...]:
    return (request.path, request.caller().tenant, *filters)
