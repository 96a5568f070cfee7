"""The list of jobs by batch, operation, folder, label and time; the pictures in it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from studio.ids import new_id
from studio.money import Cost
from tests.support.mock_aws.api_client import Api, stored
from tests.support.mock_aws.batch_imports import submitted
from tests.support.mock_aws.finished_jobs import Work
from tests.support.mock_aws.stack import JOBS, clients

ORDER = {"operation": "generate", "prompt": "a boat", "provider": {"id": "openai"}}


def order(api: Api, key: str, **members: object) -> dict[str, str]:
    return dict(api.post("/v1/jobs", ORDER | members, key=key).document)


def listed(api: Api, *filters: tuple[str, str]) -> list[str]:
    return [job["id"] for job in api.get("/v1/jobs", urlencode(filters)).document["data"]]


def test_jobs_are_filtered_by_what_they_are(api: Api) -> None:
    plain = order(api, "1")["id"]
    spring = order(api, "2", labels={"season": "spring", "line": "a:b"})["id"]
    shoes = order(api, "3", folder="SKU-1", labels={"season": "autumn"})["id"]
    assert listed(api) == [shoes, spring, plain]
    assert listed(api, ("folder", "SKU-1")) == [shoes]
    assert listed(api, ("label", "season")) == [shoes, spring]
    assert listed(api, ("label", "season:spring")) == [spring]
    assert listed(api, ("label", "line:a:b"), ("label", "season:autumn")) == [shoes, spring]
    assert listed(api, ("label", "season:spring"), ("folder", "SKU-1")) == []
    assert listed(api, ("operation", "generate")) == [shoes, spring, plain]
    assert listed(api, ("operation", "render"), ("operation", "edit.inpaint")) == []
    batch = submitted(api, "prompt,size\na,1024x1024\n")["id"]
    assert listed(api, ("batch_id", batch)) == []


def test_jobs_are_filtered_by_time(api: Api) -> None:
    first, second = order(api, "1"), order(api, "2")
    if first["created_at"] == second["created_at"]:
        second = order(api, "3")
    at = second["created_at"]
    assert first["id"] not in listed(api, ("created_after", at))
    assert second["id"] in listed(api, ("created_after", at))
    assert second["id"] not in listed(api, ("created_before", at))
    assert first["id"] in listed(api, ("created_before", at))
    assert listed(api, ("created_before", "2020-01-01T00:00:00+02:00")) == []
    both = [("created_after", first["created_at"]), ("created_before", at)]
    assert first["id"] in listed(api, *both)


@pytest.mark.parametrize(
    "query",
    [
        "operation=paint",
        "batch_id=bat_1",
        f"batch_id=bat_{'0' * 26}&batch_id=bat_{'0' * 26}",
        "folder=a/b",
        "label=",
        "label=:spring",
        "created_after=yesterday",
        "created_before=2026-01-31T12:00:00",
        "created_before=0001-01-01T00:00:00%2B14:00",
        "created_by=ann",
    ],
)
def test_a_filter_of_another_form_is_refused(api: Api, query: str) -> None:
    answer = api.get("/v1/jobs", query)
    assert (answer.status, answer.code) == (400, "malformed-request")
    assert api.calls == []


def test_a_page_looks_at_a_limited_number_of_jobs_and_says_where_to_go_on(api: Api) -> None:
    oldest = order(api, "old", folder="SKU-1")["id"]
    copies(order(api, "new")["id"], 500)
    first = api.get("/v1/jobs", "folder=SKU-1").document
    assert first["data"] == []
    assert api.calls.count("Query") == api.calls.count("BatchGetItem") == 5
    cursor = first["page"]["next_cursor"]
    follow = urlencode({"folder": "SKU-1", "cursor": cursor})
    second = api.get("/v1/jobs", follow).document
    assert [job["id"] for job in second["data"]] == [oldest]
    assert second["page"]["next_cursor"] is None
    other = urlencode({"folder": "SKU-2", "cursor": cursor})
    assert api.get("/v1/jobs", other).code == "invalid-cursor"


def copies(job_id: str, number: int) -> None:
    """Write a job so often that there are ``number`` of it, each with an id of its own."""
    (row,) = [one for one in stored()[JOBS] if one["sk"] == {"S": "JOB"} and job_id in str(one)]
    later = datetime.now(UTC) + timedelta(seconds=1)
    for _ in range(number - 1):
        copy = new_id("job", later)
        changed = {"job_id": {"S": copy}, "pk": {"S": f"acme#{copy}"}}
        clients().dynamodb.put_item(TableName=JOBS, Item={**row, **changed})


def test_lists_show_thumbnails_without_a_call_for_each(api: Api) -> None:
    job_id = order(api, "1", variations=2)["id"]
    assert api.get("/v1/jobs").document["data"][0]["thumbnail_url"] is None
    work = Work(job_id)
    work.start()
    asset_id = work.make(1, Cost(50_000, "reported"))
    path = f"/assets/acme/{asset_id}/thumbnail.webp"
    places: dict[str, tuple[str | int, ...]] = {
        "/v1/jobs": ("data", 0),
        f"/v1/jobs/{job_id}/items": ("data", 0),
        f"/v1/jobs/{job_id}/items/1": (),
        f"/v1/jobs/{job_id}/progress": ("results", 0),
        "/v1/assets": ("data", 0),
        f"/v1/assets/{asset_id}": (),
    }
    for place, members in places.items():
        shown: Any = api.get(place).document
        for member in members:
            shown = shown[member]
        assert str(shown["thumbnail_url"]).partition("?")[0].endswith(path), place
        assert len(api.calls) <= 2, place
    second = api.get(f"/v1/jobs/{job_id}/items").document["data"][1]
    assert second["thumbnail_url"] is None
