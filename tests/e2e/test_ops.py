"""The commands of operators on the deployed stack: dead letters, open work, spend, and doctor."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from studio_cli.profiles import LOCAL, profile_from_outputs, save_profile
from tests.support.cli.running import studio
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import REGION, Stack
from tests.support.stand_ins.web_server import ScriptedResponse, WebServer, web_server

JOB = {"operation": "generate", "prompt": "a letter", "size": "64x64"}
TABLES = ("JobsTableName", "AssetsTableName", "LedgerTableName", "CatalogTableName")


@pytest.fixture(autouse=True)
def project(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working copy whose local profile is the deployed stack."""
    (tmp_path / "template.yaml").touch()
    (tmp_path / "statemachines").mkdir()
    monkeypatch.chdir(tmp_path)
    save_profile(profile_from_outputs(LOCAL, stack.outputs, REGION, stack.endpoint))


@pytest.fixture
def receiver() -> Iterator[WebServer]:
    with web_server(lambda _: ScriptedResponse(204)) as running:
        yield running


def until(condition: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)
    return found


def put(stack: Stack, event: object, **said: str) -> None:
    """Put a message into the dead-letter queue, in the form in which AWS does."""
    stack.client("sqs").send_message(
        QueueUrl=stack.functions["DeadLetterQueue"],
        MessageBody=json.dumps(event),
        MessageAttributes={
            name: {"StringValue": value, "DataType": "String"} for name, value in said.items()
        },
    )


def kept(stack: Stack, tenant: str) -> list[str]:
    """Return all rows of a tenant, whatever table they are in."""
    found = []
    for table in TABLES:
        pages = stack.client("dynamodb").get_paginator("scan")
        for page in pages.paginate(TableName=stack.outputs[table]):
            found += [json.dumps(one, sort_keys=True) for one in page["Items"]]
    return sorted(one for one in found if f'"{tenant}' in one)


def in_queue(stack: Stack) -> int:
    queue = stack.functions["DeadLetterQueue"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(one) for one in found["Attributes"].values())


def test_one_of_each_kind_is_replayed_and_a_second_replay_changes_nothing(
    stack: Stack, acme: Caller, receiver: WebServer
) -> None:
    hook = acme.post("/v1/webhooks", {"url": receiver.url("/hook"), "events": ["job.*"]}).json()
    path = f"/v1/webhooks/{hook['id']}"
    job = acme.finish(acme.create(**JOB)["id"])
    (delivery,) = until(lambda: delivered(acme, path))
    event = json.loads(receiver.received[0].body)
    acme.put("/v1/recipes/letters", {"job": JOB})
    acme.put("/v1/schedules/letters", {"recipe_id": "letters", "cron": "0 3 * * ? *"})
    at = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:00Z}"
    function = f"arn:aws:lambda:{REGION}:000000000000:function:{{}}"
    detail = {**event["data"], "id": event["id"], "account_id": "acme"}

    def fill() -> None:
        put(
            stack,
            {"source": "image-studio", "detail-type": event["type"], "detail": detail},
            RULE_ARN="arn:aws:events:rule",
            TARGET_ARN=function.format(stack.functions["NotifyFunction"]),
            ERROR_CODE="NO_PERMISSIONS",
        )
        put(
            stack,
            {"tenant": "acme", "job_id": job["id"], "run": 1},
            RequestID="r",
            ErrorCode="200",
            ErrorMessage="timed out",
        )
        ids = {"webhook_id": hook["id"], "delivery_id": delivery["id"]}
        put(stack, {"tenant": "acme", **ids, "tries": 0})
        fired = {"tenant": "acme", "schedule_id": "letters"}
        put(
            stack,
            {**fired, "scheduled_at": "<aws.scheduler.scheduled-time>"},
            SCHEDULE_ARN="arn:aws:scheduler:schedule",
            TARGET_ARN=function.format(stack.functions["RunScheduleFunction"]),
            SCHEDULED_TIME=at,
        )

    fill()
    listed = studio("ops", "dlq", "list").output
    for words in (
        ("event ", "NotifyFunction", job["id"]),
        ("invocation", "FinishJobFunction", job["id"]),
        ("delivery", "DeliveryQueue", delivery["id"]),
        ("schedule", "RunScheduleFunction", "letters"),
    ):
        (line,) = [one for one in listed.splitlines() if all(word in one for word in words)]
        assert "acme" in line
    replayed = studio("ops", "dlq", "replay", "--all")
    assert (replayed.exit_code, in_queue(stack)) == (0, 0), replayed.output
    (run,) = acme.get("/v1/schedules/letters/runs").json()["data"]
    assert (run["at"][:19], run["outcome"]) == (at[:19], "started")
    acme.finish(run["job_id"])
    until(lambda: len(delivered(acme, path)) == 2)

    before, told = kept(stack, "acme"), len(receiver.received)
    fill()
    again = studio("ops", "dlq", "replay", "--all")
    assert (again.exit_code, in_queue(stack)) == (0, 0), again.output
    time.sleep(5)  # the queue of deliveries is worked through
    assert kept(stack, "acme") == before
    assert len(receiver.received) == told
    acme.delete(path, headers={"if-match": "*"})
    acme.delete("/v1/schedules/letters", headers={"if-match": "*"})


def delivered(caller: Caller, path: str) -> list[dict[str, Any]]:
    found = caller.get(f"{path}/deliveries").json()["data"]
    return [one for one in found if one["status"] == "delivered"]


def test_open_work_and_the_spend_of_all_tenants_are_shown(stack: Stack, acme: Caller) -> None:
    body = {"items": [{"prompt": "slow [[slow 5]]", "size": "1024x1024"}]}
    job = acme.create(**body, provider={"id": "openai"}, quality="draft")
    (line,) = [one for one in studio("ops", "oldest").output.splitlines() if job["id"] in one]
    assert "acme" in line
    during = rows("acme")
    assert during[2] != "$0.00"
    acme.finish(job["id"], 90)
    assert job["id"] not in studio("ops", "oldest").output
    assert rows("acme")[1:3] != during[1:3]
    assert rows("all")[1] >= rows("acme")[1]


def rows(tenant: str) -> list[str]:
    lines = studio("ops", "spend").output.splitlines()
    return next(line.split() for line in lines if line.split()[0] == tenant)


def scheduled(stack: Stack) -> list[str]:
    found = stack.client("scheduler").list_schedules(NamePrefix="studio-")["Schedules"]
    return sorted(one["Name"] for one in found)


def test_doctor_tries_everything_and_leaves_nothing_running(
    stack: Stack, receiver: WebServer
) -> None:
    users = stack.client("cognito-idp").list_users(UserPoolId=stack.outputs["UserPoolId"])["Users"]
    before = scheduled(stack)
    result = studio("ops", "doctor", "--receiver", receiver.url("/doctor"))
    assert result.exit_code == 0, result.output
    lines = [line.split(":")[0].split() for line in result.output.splitlines()]
    names = ("stack", "sign-in", "API", "picture", "upload", "batch", "schedule", "webhook")
    assert lines[:-1] == [["ok", name] for name in names]
    assert len(receiver.received) == 1
    # Other tests may have left work of other tenants.
    assert " doctor " not in studio("ops", "oldest").output
    assert scheduled(stack) == before
    after = stack.client("cognito-idp").list_users(UserPoolId=stack.outputs["UserPoolId"])["Users"]
    assert len(after) == len(users)


def test_doctor_says_what_fails_and_where_to_read(stack: Stack) -> None:
    with web_server(lambda _: ScriptedResponse(410)) as refusing:
        result = studio("ops", "doctor", "--receiver", refusing.url("/gone"))
    assert result.exit_code == 1
    assert "FAILED   webhook" in result.output
    assert "did not accept: 410" in result.output
    assert "read docs/runbook.md#" in result.output
    assert result.output.count("FAILED") == 1
