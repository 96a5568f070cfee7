"""Schedules over the API: set, changed, run, taken away, and what they refuse."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.api import handler as api_handler
from functions.run_schedule import handler
from studio.adapters import clients as aws
from tests.support.mock_aws.api_client import Api, ApiResponse, executions, stored
from tests.support.mock_aws.environment import environment, sample
from tests.support.mock_aws.stack import SCHEDULE_GROUP, clients
from tests.support.mock_aws.workflow import Context

PATH = "/v1/schedules/monday-banner"
RECIPE = {"operation": "generate", "prompt": "a banner", "size": "128x64"}
WEEKLY = {"recipe_id": "banner", "cron": "0 8 ? * MON *", "timezone": "Europe/Berlin"}


@pytest.fixture(autouse=True)
def recipe(api: Api) -> None:
    assert api.request("PUT", "/v1/recipes/banner", body={"job": RECIPE}).status == 201


def save(
    api: Api, path: str = PATH, headers: dict[str, str] | None = None, **body: Any
) -> ApiResponse:
    return api.request("PUT", path, body={**WEEKLY, **body}, headers=headers or {})


def states() -> list[str]:
    found = clients().scheduler.list_schedules(GroupName=SCHEDULE_GROUP)["Schedules"]
    return [one["State"] for one in found]


def test_a_schedule_is_set_read_changed_and_taken_away(api: Api) -> None:
    made = save(api, title="Banner", budget={"per_month": "2.50"})
    assert (made.status, made.document["version"]) == (201, 1)
    assert made.document["budget"] == {"per_run": None, "per_month": "2.500000"}
    read = api.get(PATH)
    assert made.document == read.document | {"warnings": []}
    tag = {"if-match": read.headers["etag"]}
    assert save(api, enabled=False).code == "precondition-required"
    assert save(api, enabled=False, headers=tag).document["version"] == 2
    assert save(api, headers=tag).code == "precondition-failed"
    assert states() == ["DISABLED"]
    assert [one["id"] for one in api.get("/v1/schedules").document["data"]] == ["monday-banner"]
    gone = api.request("DELETE", PATH, headers={"if-match": "*"})
    assert (gone.status, states()) == (204, [])
    assert api.get(PATH).status == 404
    assert api.get(f"{PATH}/runs").status == 404
    assert save(api).document["version"] == 3


def test_a_schedule_shows_its_next_times_and_its_tag_changes_with_them(api: Api) -> None:
    deps = api_handler.build().deps
    deps.now = lambda: datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    made = save(api)
    shown = ["2026-11-23T08:00:00+01:00", "2026-11-30T08:00:00+01:00", "2026-12-07T08:00:00+01:00"]
    assert made.document["next_runs"] == shown
    read = api.get(PATH)
    assert read.document["next_runs"] == shown
    assert made.document == read.document | {"warnings": []}
    assert api.get("/v1/schedules").document["data"] == [read.document]

    deps.now = lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    same = api.get(PATH, headers={"if-none-match": read.headers["etag"]})
    assert (same.status, same.headers["etag"]) == (304, read.headers["etag"])
    deps.now = lambda: datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    held = api.get(PATH, headers={"if-none-match": read.headers["etag"]})
    assert (held.status, held.document["next_runs"][0]) == (200, shown[1])
    assert held.headers["etag"] != read.headers["etag"]
    # A time that has passed is no change of the schedule.
    changed = save(api, enabled=False, headers={"if-match": read.headers["etag"]})
    assert (changed.status, changed.document["next_runs"]) == (200, [])
    assert api.get(PATH).headers["etag"] != read.headers["etag"]


@pytest.mark.parametrize(
    ("timing", "pointer", "code"),
    [
        ({"cron": "0 0 30 2 ? *"}, "/cron", "cron-invalid"),
        ({"cron": "30 2 28 3 ? 2027"}, "/cron", "cron-invalid"),
        ({"cron": None, "at": "0001-01-01T00:00:00"}, "/at", "in-the-past"),
        ({"cron": None, "at": "9999-12-31T23:59:59"}, "/at", "at-invalid"),
        ({"timezone": "localtime"}, "/timezone", "timezone-unknown"),
        ({"timezone": "EST5EDT"}, "/timezone", "timezone-unknown"),
    ],
)
def test_a_schedule_that_cannot_fire_is_refused(
    api: Api, timing: dict[str, Any], pointer: str, code: str
) -> None:
    answer = save(api, **timing)
    (error,) = answer.document["errors"]
    assert (answer.status, error["pointer"], error["code"]) == (422, pointer, code)
    assert states() == []


def test_what_is_laid_over_the_recipe_is_kept_as_it_was_written(api: Api) -> None:
    changes = {"prompt": None, "items": [{"prompt": "a"}], "name": "weekly"}
    assert save(api, changes=changes).document["changes"] == changes
    run = api.post(f"{PATH}/run").document
    (item,) = api.get(f"/v1/jobs/{run['job_id']}/items").document["data"]
    assert (item["prompt"], item["size"]) == ("a", "128x64")


def test_a_run_by_hand_is_one_however_often_it_is_asked(api: Api) -> None:
    save(api)
    assert api.post(f"{PATH}/run", key=None).code == "idempotency-key-required"
    first, again = (api.post(f"{PATH}/run") for _ in range(2))
    assert (first.status, first.document) == (202, again.document)
    assert first.headers["location"] == f"/v1/jobs/{first.document['job_id']}"
    assert len(executions()) == 1
    api.post(f"{PATH}/run", key="key-2")
    page = api.get(f"{PATH}/runs", "limit=1")
    assert len(page.document["data"]) == 1
    cursor = page.document["page"]["next_cursor"]
    rest = api.get(f"{PATH}/runs", f"limit=1&cursor={cursor}").document
    assert rest["page"]["next_cursor"] is None
    assert len(executions()) == 2


def test_a_run_that_is_refused_says_why(api: Api) -> None:
    save(api, budget={"per_run": "0.01"}, changes={"provider": {"id": "openai"}, "variations": 9})
    answer = api.post(f"{PATH}/run")
    assert (answer.status, answer.document["outcome"]) == (202, "failed")
    assert answer.document["code"] == "max-cost-exceeded"
    assert "location" not in answer.headers
    assert executions() == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"cron": "0 8 * * MON *"}, ["/cron"]),
        ({"cron": None, "at": "2020-01-01T00:00:00"}, ["/at"]),
        ({"cron": None, "rate": "10 seconds"}, ["/rate"]),
        ({"rate": "1 hour"}, ["/rate"]),
        ({"cron": None}, ["/at"]),
        ({"timezone": "Mars/Olympus"}, ["/timezone"]),
        ({"recipe_id": "none"}, ["/recipe_id"]),
        ({"changes": {"recipe_id": "banner"}}, ["/changes/recipe_id"]),
        ({"changes": {"size": "9x9"}}, ["/changes/size"]),
        ({"changes": {"labels": {"k": "v" * 100_000}}}, ["/changes"]),
        ({"changes": []}, ["/changes"]),
        ({"budget": {"per_month": "-1"}}, ["/budget/per_month"]),
        ({"colour": "red"}, ["/colour"]),
    ],
)
def test_a_schedule_that_could_not_run_is_refused(
    api: Api, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = save(api, **body)
    assert (answer.status, answer.pointers) == (422, pointers)
    assert states() == []
    assert api.get(PATH).status == 404


def test_another_tenants_schedule_is_not_there(api: Api) -> None:
    save(api)
    before = stored()
    for method, path in [
        ("GET", PATH),
        ("GET", f"{PATH}/runs"),
        ("POST", f"{PATH}/run"),
        ("DELETE", PATH),
    ]:
        headers = {"if-match": "*", "idempotency-key": "k"}
        assert api.request(method, path, headers=headers, tenant="rival").status == 404
    foreign = api.request("PUT", PATH, body=WEEKLY, tenant="rival")
    assert foreign.pointers == ["/recipe_id"]
    assert stored() == before
    assert len(states()) == 1


def test_a_clock_that_cannot_be_reached_leaves_things_as_they_are(api: Api) -> None:
    api.fail(aws.scheduler(), "UpdateSchedule", "ThrottlingException")
    refused = save(api)
    assert (refused.status, refused.code, refused.document["retryable"]) == (
        503, "timer-unavailable", True,
    )  # fmt: skip
    assert api.get(PATH).status == 404


def test_the_sample_event_starts_one_job_on_the_real_handler(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment("RunScheduleFunction").items():
        monkeypatch.setenv(name, value)
    try:
        assert (
            handler.lambda_handler(sample("run_schedule"), Context("RunSchedule"))["outcome"]
            == "gone"
        )
        save(api)
        first, again = (
            handler.lambda_handler(sample("run_schedule"), Context("RunSchedule")) for _ in range(2)
        )
    finally:
        handler.build.cache_clear()
        # Functions of one process share their log formatter.
        handler.logger.clear_state()
    assert first == again == {"outcome": "started", "job_id": executions()[0], "batch_id": None}
    (run,) = api.get(f"{PATH}/runs").document["data"]
    assert (run["at"], run["trigger"]) == ("2026-11-23T08:00:00.000Z", "schedule")
