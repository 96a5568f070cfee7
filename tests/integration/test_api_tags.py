"""Every route that reads: one tag for one answer, a HEAD like it, and who may keep it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from functions.api import handler
from studio.api.http.messages import Route
from studio.api.routes import all_routes
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.owned import owned_account, prepare
from tests.support.mock_aws.routes import QUERIES, Ids, fill, name_of

READS = [route for route in all_routes() if route.method == "GET"]


@pytest.fixture(scope="module")
def shared(clients: None) -> Iterator[tuple[Api, Ids]]:
    with owned_account() as found:
        yield found


@pytest.mark.parametrize("route", READS, ids=name_of)
def test_an_answer_has_one_tag_for_minutes(shared: tuple[Api, Ids], route: Route) -> None:
    api, ids = shared
    path, query = fill(route, prepare(api, ids, route)), QUERIES.get(route.path, "")
    deps = handler.build().deps
    # Signed URLs are signed with a time that is rounded to five minutes.
    start = datetime.now(UTC).replace(second=0, microsecond=0)
    start += timedelta(minutes=5 - start.minute % 5)
    deps.now = lambda: start
    first = api.get(path, query=query)
    deps.now = lambda: start + timedelta(seconds=7)
    second, head = api.get(path, query=query), api.request("HEAD", path, query=query)

    assert first.status == second.status == head.status == route.status
    assert second.headers == first.headers | {"x-request-id": second.headers["x-request-id"]}
    assert (head.headers, head.text) == (second.headers, "")
    kept = first.headers["cache-control"]
    assert kept.startswith("public, " if route.path.startswith("/problems/") else "private, ")
    if route.status == 200:
        assert second.text == first.text
        held = api.get(path, query=query, headers={"if-none-match": first.headers["etag"]})
        assert (held.status, held.headers["cache-control"]) == (304, kept)
