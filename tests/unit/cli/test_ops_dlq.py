"""``studio ops dlq``: each kind of message is told apart, replayed and only then deleted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL, Profile, save_profile
from tests.support.cli.ops_stand_in import DEAD, DELIVERIES, OpsStandIn
from tests.support.cli.running import studio
from tests.support.cli.stand_in import serve

JOB = {"tenant": "acme", "job_id": "job_1", "run": 1}
ENDED = {
    "source": "image-studio",
    "detail-type": "job.succeeded",
    "detail": {"id": "evt_1", "account_id": "acme", "job_id": "job_1"},
}
FIRED = {
    "tenant": "acme",
    "schedule_id": "nightly",
    "scheduled_at": "<aws.scheduler.scheduled-time>",
}
DELIVERY = {"tenant": "acme", "webhook_id": "whk_1", "delivery_id": "dlv_1", "tries": 2}


@pytest.fixture
def aws(project: Path) -> Iterator[OpsStandIn]:
    with serve(OpsStandIn) as stand_in:
        url, keys = stand_in.url, "/studio/image-studio/providers"
        save_profile(Profile(LOCAL, url, "us-east-1", "pool", "client", keys, "bucket", url))
        yield stand_in


def arn(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:1:function:image-studio-{name}"


def one_of_each_kind(aws: OpsStandIn) -> None:
    rule = {"RULE_ARN": "arn:rule", "TARGET_ARN": arn("Notify"), "ERROR_CODE": "NO_PERMISSIONS",
            "ERROR_MESSAGE": "not allowed"}  # fmt: skip
    aws.has("m-event", ENDED, rule)
    aws.has("m-call", JOB, {"RequestID": "r", "ErrorCode": "200", "ErrorMessage": "timed out"})
    aws.has("m-send", DELIVERY, {}, DeadLetterQueueSourceArn="arn:q", MessageGroupId="acme")
    clock = {"SCHEDULE_ARN": "arn:s", "TARGET_ARN": arn("RunSchedule"), "ERROR_CODE": "Throttled",
             "SCHEDULED_TIME": "2026-11-30T03:00:00Z"}  # fmt: skip
    aws.has("m-clock", FIRED, clock)


def test_a_list_says_what_each_message_is_of_whom_and_why(aws: OpsStandIn) -> None:
    one_of_each_kind(aws)
    for _ in range(2):  # reading takes nothing away
        rows = {line.split()[0]: line for line in studio("ops", "dlq", "list").output.splitlines()}
        assert rows.keys() >= set(aws.queues[DEAD])
        for words in (
            ("m-event", "event", "NotifyFunction", "acme", "job_1", "NO_PERMISSIONS: not allowed"),
            ("m-call", "invocation", "FinishJobFunction", "acme", "job_1", "200: timed out"),
            ("m-send", "delivery", "DeliveryQueue", "acme", "dlv_1", "no try succeeded"),
            ("m-clock", "schedule", "RunScheduleFunction", "acme", "nightly", "Throttled"),
        ):
            assert all(word in rows[words[0]] for word in words), rows[words[0]]
            assert "2026-11-30 " in rows[words[0]]
    assert aws.runs == []


def test_a_replay_goes_to_the_function_or_queue_and_then_deletes(aws: OpsStandIn) -> None:
    one_of_each_kind(aws)
    result = studio("ops", "dlq", "replay", "--all")
    assert result.exit_code == 0
    assert "4 of 4 messages are replayed." in result.output
    fired = FIRED | {"scheduled_at": "2026-11-30T03:00:00Z"}
    assert dict(aws.runs) == {
        "image-studio-Notify": ENDED,
        "image-studio-FinishJob": JOB,
        "image-studio-RunSchedule": fired,
    }
    (sent,) = aws.queues[DELIVERIES].values()
    assert (json.loads(sent.body), sent.system) == (DELIVERY, {"MessageGroupId": "acme"})
    assert aws.queues[DEAD] == {}


def test_a_message_whose_function_fails_stays_and_the_others_go(aws: OpsStandIn) -> None:
    one_of_each_kind(aws)
    aws.faults["image-studio-Notify"] = "no table"
    result = studio("ops", "dlq", "replay", "--all")
    assert result.exit_code == 1
    assert "m-event stays: NotifyFunction failed: RuntimeError: no table" in result.output
    assert "3 of 4" in result.output
    (left,) = aws.queues[DEAD].values()
    assert not left.hidden


def test_only_the_named_messages_are_replayed(aws: OpsStandIn) -> None:
    one_of_each_kind(aws)
    assert studio("ops", "dlq", "replay", "m-call").exit_code == 0
    assert [name for name, _ in aws.runs] == ["image-studio-FinishJob"]
    assert set(aws.queues[DEAD]) == {"m-event", "m-send", "m-clock"}
    assert not any(one.hidden for one in aws.queues[DEAD].values())
    with pytest.raises(CliError, match="no message m-call"):
        studio("ops", "dlq", "replay", "m-call")
    for words in ((), ("--all", "m-send")):
        with pytest.raises(CliError, match="ids of messages, or --all"):
            studio("ops", "dlq", "replay", *words)


@pytest.mark.parametrize(
    ("event", "function"),
    [
        ({"source": "aws.s3", "detail": {"object": {"key": "uploads/acme/f/a.png"}}},
         "RegisterUpload"),
        ({"source": "aws.states", "detail": {"stateMachineArn": "arn:machine:process-job",
          "input": json.dumps(JOB)}}, "FinishJob"),
        ({"source": "aws.states", "detail": {"stateMachineArn": "arn:machine:run-batch",
          "input": '{"tenant": "acme", "batch_id": "bat_1", "run": 1}'}}, "FinishBatch"),
        ({"source": "aws.events", "resources": ["arn:aws:events:r:1:rule/image-studio-sweep"],
          "detail": {}}, "SweepJobs"),
        ({"source": "aws.events", "resources": ["arn:aws:events:r:1:rule/image-studio-keys"],
          "detail": {}}, "TestIntegration"),
        ({"tenant": "acme", "import_id": "imp_1"}, "ValidateImport"),
        ({"tenant": "acme", "download_id": "dwn_1"}, "BuildDownload"),
        ({"tenant": "acme", "batch_id": "bat_1", "run": 1}, "FinishBatch"),
        (FIRED, "RunSchedule"),
        (ENDED, "Notify"),
    ],
)  # fmt: skip
def test_the_event_says_of_which_function_an_invocation_is(
    aws: OpsStandIn, event: dict[str, Any], function: str
) -> None:
    aws.has("m", event, {"RequestID": "r"})
    shown = studio("ops", "dlq", "show", "m").output
    assert f"for     {function}Function" in shown
    assert ("tenant  acme" in shown) == (event.get("source") != "aws.events")
    assert studio("ops", "dlq", "replay", "m").exit_code == 0
    assert aws.runs == [(f"image-studio-{function}", event)]


def test_the_form_of_a_destination_is_unpacked(aws: OpsStandIn) -> None:
    packed = {
        "requestContext": {"functionArn": arn("FinishJob") + ":$LATEST"},
        "requestPayload": JOB,
        "responsePayload": {"errorType": "KeyError", "errorMessage": "run"},
    }
    aws.has("m", packed, {})
    assert "why     KeyError: run" in studio("ops", "dlq", "show", "m").output
    studio("ops", "dlq", "replay", "m")
    assert aws.runs == [("image-studio-FinishJob", JOB)]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("{cut off", {"RULE_ARN": "r", "TARGET_ARN": arn("Notify")}),
        ([1], {"RequestID": "r"}),
        ({"what": 1}, {"RequestID": "r"}),
        ({"what": 1}, {}),
        (ENDED, {"RULE_ARN": "r", "TARGET_ARN": "arn:aws:lambda:us-east-1:1:function:other"}),
        ({"source": "aws.ec2"}, {"RequestID": "r"}),
        ({"source": "aws.states", "detail": [1]}, {"RequestID": "r"}),
        ({"source": "aws.states"}, {"RequestID": "r"}),
    ],
)
def test_what_is_not_of_this_stack_is_shown_and_never_sent(
    aws: OpsStandIn, event: object, said: dict[str, str]
) -> None:
    aws.has("m", event, said)
    assert "m " in studio("ops", "dlq", "list").output
    assert "not known: no replay" in studio("ops", "dlq", "show", "m").output
    result = studio("ops", "dlq", "replay", "--all")
    assert (result.exit_code, aws.runs) == (1, [])
    assert "where it belongs is not known" in result.output
    assert not aws.queues[DEAD]["m"].hidden


def test_a_long_queue_is_read_to_its_end_and_an_empty_one_said(aws: OpsStandIn) -> None:
    assert studio("ops", "dlq", "list").output == "The dead-letter queue is empty.\n"
    for number in range(25):
        aws.has(f"m{number:02d}", JOB, {"RequestID": "r"})
    assert studio("ops", "dlq", "list").output.count("FinishJobFunction") == 25
    assert not any(one.hidden for one in aws.queues[DEAD].values())


def test_an_older_stack_is_told_apart(aws: OpsStandIn) -> None:
    del aws.resources["DeadLetterQueue"]
    with pytest.raises(CliError, match="no resource DeadLetterQueue"):
        studio("ops", "dlq", "list")
