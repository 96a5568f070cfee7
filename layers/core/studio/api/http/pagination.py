"""Lists in pages: ``limit`` and ``cursor`` in, ``page`` and a Link header out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from studio.api.http import cursors
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, json_response
from studio.api.http.serializers import Document
from studio.errors import MalformedRequestError

DEFAULT_LIMIT, MAX_LIMIT = 25, 100
PARAMETERS = frozenset({"limit", "cursor"})

_LIMIT = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Page:
    """The page a caller asks for; ``after`` is the id to go on behind, None for the first."""

    limit: int
    after: str | None


def page_of(request: Request, deps: Dependencies, filters: Sequence[str] = ()) -> Page:
    """Read which page is wanted.

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
    """Read how many entries are wanted.

    Raises:
        MalformedRequestError: ``limit`` is not 1 to 100.
    """
    limit = request.query_param("limit")
    if limit is None:
        return DEFAULT_LIMIT
    if not _LIMIT.fullmatch(limit) or int(limit) > MAX_LIMIT:
        raise MalformedRequestError(f"limit must be 1 to {MAX_LIMIT}")
    return int(limit)


def page_response(
    request: Request,
    deps: Dependencies,
    page: Page,
    data: Sequence[Document],
    next_after: str | None,
    filters: Sequence[str] = (),
) -> Response:
    """Answer with a page; ``next_after`` is None on the last."""
    if next_after is None:
        return json_response(_document(data, page.limit, None))
    cursor = cursors.encode(deps.cursor_key, _scope(request, filters), next_after)
    same = [(name, value) for name, values in request.query.items() for value in values]
    query = urlencode([pair for pair in same if pair[0] != "cursor"] + [("cursor", cursor)])
    # A reference of only a query holds wherever the API is mounted.
    return json_response(
        _document(data, page.limit, cursor), headers={"Link": f'<?{query}>; rel="next"'}
    )


def _document(data: Sequence[Document], limit: int, cursor: str | None) -> Document:
    return {"data": list(data), "page": {"next_cursor": cursor, "limit": limit}}


def _scope(request: Request, filters: Sequence[str]) -> tuple[str, ...]:
    return (request.path, request.caller().tenant, *filters)
