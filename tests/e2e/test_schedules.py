"""Schedules on the deployed stack, with IAM enforced: set, fired, repeated, refused, taken away."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.support.local_aws.batches import checked, ended
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import NAME, Stack

PATH = "/v1/schedules/nightly"
JOB = {"operation": "generate", "prompt": "a banner at night", "size": "64x64"}
DAILY = {"recipe_id": "night", "cron": "0 3 * * ? *"}


@pytest.fixture(scope="module", autouse=True)
def recipe(acme: Caller) -> None:
    assert acme.put("/v1/recipes/night", {"job": JOB}).status_code == 201


def save(caller: Caller, path: str, **body: Any) -> dict[str, Any]:
    answer = caller.put(path, body)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def runs(caller: Caller, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.get(f"{path}/runs").json()["data"]
    return found


def real(stack: Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack.client("scheduler").list_schedules(NamePrefix="studio-")[
        "Schedules"
    ]
    return found


def fire(stack: Stack, schedule_id: str, at: str, tenant: str = "acme") -> Any:
    event = {"tenant": tenant, "schedule_id": schedule_id, "scheduled_at": at}
    return stack.invoke("RunScheduleFunction", event)


def test_a_schedule_fires_once_at_its_time(stack: Stack, acme: Caller) -> None:
    path = "/v1/schedules/once"
    soon = datetime.now(UTC) + timedelta(seconds=4)
    save(acme, path, recipe_id="night", at=f"{soon:%Y-%m-%dT%H:%M:%S}")
    off = save(acme, "/v1/schedules/off", recipe_id="night", at=f"{soon:%Y-%m-%dT%H:%M:%S}",
               enabled=False)  # fmt: skip
    deadline = time.monotonic() + 90
    while not (found := runs(acme, path)) or found[0]["outcome"] == "starting":
        assert time.monotonic() < deadline
        time.sleep(0.5)
    (run,) = found
    assert (run["trigger"], run["outcome"]) == ("schedule", "started")
    job = acme.finish(run["job_id"])
    assert (job["status"], job["recipe"]) == ("succeeded", {"id": "night", "version": 1})
    assert runs(acme, f"/v1/schedules/{off['id']}") == []
    (state,) = [one["State"] for one in real(stack)]
    assert state == "DISABLED"
    for name in ("once", "off"):
        acme.delete(f"/v1/schedules/{name}", headers={"if-match": "*"})


def test_a_schedule_is_set_changed_and_taken_away(
    stack: Stack, acme: Caller, other: Caller
) -> None:
    made = save(acme, PATH, **DAILY, timezone="Europe/Berlin", title="Nightly")
    (set_,) = real(stack)
    details = stack.client("scheduler").get_schedule(Name=set_["Name"], GroupName=set_["GroupName"])
    assert details["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert details["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert set_["GroupName"] == NAME
    assert set_["Target"]["Arn"].endswith(stack.functions["RunScheduleFunction"])
    read = acme.get(PATH)
    assert read.json() | {"warnings": []} == made
    changed = acme.put(
        PATH, {"recipe_id": "night", "rate": "5 minutes", "enabled": False},
        headers={"if-match": read.headers["etag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert [one["State"] for one in real(stack)] == ["DISABLED"]
    assert made["id"] in [one["id"] for one in acme.get("/v1/schedules").json()["data"]]

    for path in (PATH, f"{PATH}/runs"):
        assert other.get(path).status_code == 404
    assert other.post(f"{PATH}/run").status_code == 404
    assert other.delete(PATH, headers={"if-match": "*"}).status_code == 404

    assert acme.delete(PATH, headers={"if-match": "*"}).status_code == 204
    assert real(stack) == []
    assert acme.get(PATH).status_code == 404
    assert fire(stack, "nightly", "2027-01-04T03:00:00Z")["outcome"] == "gone"


def test_a_run_that_comes_twice_starts_one_job(stack: Stack, acme: Caller) -> None:
    path = "/v1/schedules/twice"
    save(acme, path, **DAILY)
    at = "2027-01-05T03:00:00Z"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: fire(stack, "twice", at), range(4)))
    answers.append(fire(stack, "twice", at))
    assert len({answer["job_id"] for answer in answers}) == 1
    assert {answer["outcome"] for answer in answers} == {"started"}
    (run,) = runs(acme, path)
    assert run["at"] == "2027-01-05T03:00:00.000Z"
    key = {"idempotency-key": "by-hand"}
    first, again = (acme.post(f"{path}/run", headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (202, again.json())
    assert first.headers["location"] == f"/v1/jobs/{first.json()['job_id']}"
    assert [one["trigger"] for one in runs(acme, path)] == ["schedule", "manual"]
    acme.finish(first.json()["job_id"])
    acme.delete(path, headers={"if-match": "*"})


def test_a_spent_budget_lets_runs_go_until_the_next_month(stack: Stack, acme: Caller) -> None:
    path = "/v1/schedules/thrifty"
    paid = {"provider": {"id": "runware"}, "size": "1024x1024"}
    jobs = [JOB | paid]
    price = Decimal(acme.post("/v1/estimates", {"jobs": jobs}).json()["total"]["amount"])
    limit = f"{price * 3 / 2:.6f}"
    save(acme, path, **DAILY, changes=paid, budget={"per_month": limit})
    days = ("2027-02-01", "2027-02-02", "2027-03-01")
    outcomes = [fire(stack, "thrifty", f"{day}T03:00:00Z")["outcome"] for day in days]
    assert outcomes == ["started", "skipped", "started"]
    skipped = runs(acme, path)[1]
    assert (skipped["code"], skipped["job_id"]) == ("budget-exceeded", None)
    for run in runs(acme, path):
        if run["job_id"]:
            acme.finish(run["job_id"])
    acme.delete(path, headers={"if-match": "*"})


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"cron": "0 3 * * * *"}, "/cron"),
        ({"cron": "0 25 * * ? *"}, "/cron"),
        ({"at": "2020-01-01T00:00:00"}, "/at"),
        ({"at": "2027-03-28T02:30:00", "timezone": "Europe/Berlin"}, "/at"),
        ({"rate": "30 seconds"}, "/rate"),
        ({"rate": "1 hour", "timezone": "Europe/Atlantis"}, "/timezone"),
        ({"rate": "1 hour", "cron": "0 3 * * ? *"}, "/rate"),
        ({}, "/at"),
        ({"rate": "1 hour", "changes": {"steps": 0}}, "/changes/steps"),
    ],
)
def test_what_could_not_run_is_refused(
    stack: Stack, acme: Caller, body: dict[str, Any], pointer: str
) -> None:
    answer = acme.put("/v1/schedules/wrong", {"recipe_id": "night", **body})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert acme.get("/v1/schedules/wrong").status_code == 404
    assert real(stack) == []


def test_a_recipe_of_another_tenant_is_refused(other: Caller) -> None:
    answer = other.put(PATH, DAILY)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/recipe_id"


def test_an_import_is_run_as_a_batch_at_each_run(stack: Stack, acme: Caller, other: Caller) -> None:
    table = "prompt,size\na scheduled mug,64x64\na scheduled cup,64x64\n"
    import_id = checked(acme, table)["id"]
    path = "/v1/schedules/weekly-table"
    refused = other.put(path, {"import_id": import_id, "rate": "7 days"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/import_id")
    both = acme.put(path, {"import_id": import_id, "recipe_id": "banner", "rate": "7 days"})
    assert both.json()["errors"][0]["code"] == "exclusive"
    save(acme, path, import_id=import_id, rate="7 days")
    fired = [fire(stack, "weekly-table", "2026-11-23T09:00:00Z") for _ in range(2)]
    by_hand = acme.post(f"{path}/run")
    assert by_hand.status_code == 202, by_hand.text
    assert by_hand.headers["location"] == f"/v1/batches/{by_hand.json()['batch_id']}"
    batch_ids = {*(run["batch_id"] for run in fired), by_hand.json()["batch_id"]}
    assert len(batch_ids) == 2
    for batch_id in batch_ids:
        batch = ended(acme, batch_id)
        assert (batch["status"], batch["images"]["succeeded"]) == ("succeeded", 2)
    assert {run["batch_id"] for run in runs(acme, path)} == batch_ids
    acme.delete(path, headers={"if-match": "*"})
