"""The ledger of a job in pages, with the sums of all of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from studio.adapters.dynamodb.base import encode
from studio.adapters.dynamodb.ledger_records import entry_record
from studio.clock import utc_now
from studio.domain.ledger.model import LedgerEntry, settle_id
from tests.support.builders import unique
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.stack import LEDGER, clients

BOAT = {"operation": "generate", "prompt": "a boat", "provider": {"id": "openai"}}


def job_with_calls(api: Api, calls: int) -> str:
    """Return a job with a reservation and so many settled calls of a micro-dollar each."""
    job_id = str(api.post("/v1/jobs", BOAT, key=unique("key")).document["id"])
    at = utc_now()
    for number in range(1, calls + 1):
        entry = LedgerEntry(
            tenant="acme",
            job_id=job_id,
            entry_id=settle_id(number, 1),
            type="settle",
            # The order of events is the reverse of the order of the keys.
            at=at - timedelta(seconds=number),
            run=1,
            amount=1,
            basis="reported",
            item=number,
            attempt=1,
        )
        clients().dynamodb.put_item(TableName=LEDGER, Item=encode(entry_record(entry)))
    return job_id


def pages_of(api: Api, path: str, limit: int) -> list[dict[str, Any]]:
    query: dict[str, object] = {"limit": limit}
    found = []
    while True:
        answer = api.get(path, urlencode(query))
        assert answer.status == 200, answer.text
        found.append(answer.document)
        cursor = answer.document["page"]["next_cursor"]
        assert ('rel="next"' in answer.headers.get("link", "")) == bool(cursor)
        if cursor is None:
            return found
        query["cursor"] = cursor


def test_a_ledger_comes_in_pages_in_the_order_of_events(api: Api) -> None:
    path = f"/v1/jobs/{job_with_calls(api, 30)}/ledger"
    first = api.get(path).document
    assert (len(first["data"]), first["page"]["limit"]) == (25, 25)
    pages = pages_of(api, path, 10)
    assert [len(page["data"]) for page in pages] == [10, 10, 10, 1]
    entries = [entry for page in pages for entry in page["data"]]
    assert [entry["type"] for entry in entries] == ["reserve"] + 30 * ["settle"]
    assert [entry["item"] for entry in entries[1:]] == list(range(30, 0, -1))
    (whole,) = pages_of(api, path, 100)
    assert whole["data"] == entries


def test_every_page_has_the_sums_of_the_whole_ledger(api: Api) -> None:
    path = f"/v1/jobs/{job_with_calls(api, 12)}/ledger"
    sums = [page["totals"] for page in pages_of(api, path, 5)]
    assert [one["settled"] for one in sums] == 3 * ["0.000012"]
    assert sums == 3 * [sums[0]]


def test_a_cursor_serves_only_the_ledger_that_it_is_of(api: Api) -> None:
    first, second = job_with_calls(api, 2), job_with_calls(api, 2)
    cursor = api.get(f"/v1/jobs/{first}/ledger", "limit=1").document["page"]["next_cursor"]
    for path in (f"/v1/jobs/{second}/ledger", f"/v1/jobs/{first}/items"):
        answer = api.get(path, f"cursor={cursor}")
        assert (answer.status, answer.code) == (400, "invalid-cursor")
    assert api.get(f"/v1/jobs/{first}/ledger", "limit=101").status == 400
