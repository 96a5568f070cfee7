"""What the messages of the dead-letter queue are, and where they belong.

Four services write to the queue, each in its own form. EventBridge and EventBridge Scheduler name
the target in an attribute. Lambda names nothing but a request, so the event itself must say of
which function it is. SQS moves a message of the delivery queue as it is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

Kind = Literal["event", "invocation", "delivery", "schedule", "unknown"]
KINDS: tuple[Kind, ...] = ("event", "invocation", "delivery", "schedule", "unknown")

QUEUE = "DeliveryQueue"
"""Logical id of the queue that deliveries go back to."""

_PLACEHOLDER = "<aws.scheduler."
# The functions that are started without an answer, by what their event names.
_BY_MEMBER = {
    "schedule_id": "RunScheduleFunction",
    "import_id": "ValidateImportFunction",
    "download_id": "BuildDownloadFunction",
    "job_id": "FinishJobFunction",
    "batch_id": "FinishBatchFunction",
}
_BY_SOURCE = {"aws.s3": "RegisterUploadFunction", "image-studio": "NotifyFunction"}
_BY_MACHINE = {
    "ProcessJobStateMachine": "FinishJobFunction",
    "RunBatchStateMachine": "FinishBatchFunction",
}
_BY_RULE = {
    "SweepJobsRule": "SweepJobsFunction",
    "ProviderKeysRule": "TestIntegrationFunction",
}
_SUBJECTS = (
    "delivery_id", "job_id", "batch_id", "import_id", "download_id", "schedule_id", "upload_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message of the dead-letter queue.

    Attributes:
        message_id: Id of the message in SQS.
        receipt: What SQS wants for its deletion.
        kind: Which service gave it up.
        target: Logical id of the function or queue where it belongs; None if it is not known.
        body: What the target gets.
        tenant: The tenant; "" for work of the stack itself.
        subject: Id of the job, batch or other object, or key of the file; "" if there is none.
        at: When the message came into the queue.
        reason: Why it is there.
        group: The group of a delivery, if it has one.
    """

    message_id: str
    receipt: str
    kind: Kind
    target: str | None
    body: str
    tenant: str
    subject: str
    at: datetime
    reason: str
    group: str | None = None


def read_letter(message: "MessageTypeDef", resources: Mapping[str, str]) -> DeadLetter:
    """Return what a message is.

    Args:
        message: The message with all its attributes.
        resources: Physical names of the stack by logical id.
    """
    system = message.get("Attributes", {})
    said = {
        name: one.get("StringValue", "")
        for name, one in message.get("MessageAttributes", {}).items()
    }
    body, reason = message["Body"], _reason(said)
    event = _object(body)
    target_arn = said.get("TARGET_ARN", "")
    if event is not None and "requestPayload" in event:
        # The form of a destination, which also the local AWS writes.
        answer = event.get("responsePayload") or {}
        reason = f"{answer.get('errorType', 'Error')}: {answer.get('errorMessage', '')}"
        target_arn = event.get("requestContext", {}).get("functionArn", "")
        event = event["requestPayload"]
        body = json.dumps(event)
        kind: Kind = "invocation"
    else:
        kind = _kind(said, system, event)
    event = event if isinstance(event, dict) else {}
    if kind == "schedule" and str(event.get("scheduled_at", "")).startswith(_PLACEHOLDER):
        event = event | {"scheduled_at": said.get("SCHEDULED_TIME", event["scheduled_at"])}
        body = json.dumps(event)
    tenant, subject = _facts(event)
    return DeadLetter(
        message_id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        kind=kind,
        target=_target(kind, target_arn, event, resources),
        body=body,
        tenant=tenant,
        subject=subject,
        at=datetime.fromtimestamp(int(system.get("SentTimestamp", "0")) / 1000, UTC),
        reason=reason or ("no try succeeded" if kind == "delivery" else "not said"),
        group=system.get("MessageGroupId"),
    )


def _kind(said: Mapping[str, str], system: Mapping[Any, str], event: dict[str, Any] | None) -> Kind:
    if event is None:
        return "unknown"
    if "SCHEDULE_ARN" in said:
        return "schedule"
    if "RULE_ARN" in said:
        return "event"
    if "RequestID" in said:
        return "invocation"
    if "DeadLetterQueueSourceArn" in system or {"delivery_id", "tries"} <= event.keys():
        return "delivery"
    return "unknown"


def _reason(said: Mapping[str, str]) -> str:
    code = said.get("ERROR_CODE") or said.get("ErrorCode") or ""
    message = said.get("ERROR_MESSAGE") or said.get("ErrorMessage") or ""
    return ": ".join(one for one in (code, message) if one)


def _target(
    kind: Kind, target_arn: str, event: Mapping[str, Any], resources: Mapping[str, str]
) -> str | None:
    """Return the logical id of a target that the stack has."""
    if kind == "unknown":
        return None
    if kind == "delivery":
        return QUEUE if QUEUE in resources else None
    if target_arn:
        name = target_arn.partition(":function:")[2].partition(":")[0]
        found = [one for one, physical in resources.items() if physical == name and name]
        return found[0] if found else None
    logical_id = _function(event, resources)
    return logical_id if logical_id in resources else None


def _function(event: Mapping[str, Any], resources: Mapping[str, str]) -> str | None:
    source = event.get("source")
    if source == "aws.states":
        machine = _detail(event).get("stateMachineArn")
        return next(
            (_BY_MACHINE[one] for one in _BY_MACHINE if resources.get(one) == machine), None
        )
    if source == "aws.events":
        rules = {str(arn).rpartition("/")[2] for arn in event.get("resources", [])}
        return next((_BY_RULE[one] for one in _BY_RULE if resources.get(one) in rules), None)
    if source is not None:
        return _BY_SOURCE.get(str(source))
    return next((_BY_MEMBER[one] for one in _BY_MEMBER if one in event), None)


def _facts(event: Mapping[str, Any]) -> tuple[str, str]:
    """Return the tenant of an event, and the job or other object that it is about."""
    detail = _detail(event)
    if event.get("source") == "aws.s3":
        key = str(detail.get("object", {}).get("key", ""))
        return (key.split("/")[1] if key.count("/") > 1 else ""), key
    if event.get("source") == "aws.states":
        return _facts(_object(detail.get("input") or "") or {})
    named = {**event, **detail}
    tenant = str(named.get("tenant") or named.get("account_id") or "")
    return tenant, next((str(named[one]) for one in _SUBJECTS if named.get(one)), "")


def _detail(event: Mapping[str, Any]) -> dict[str, Any]:
    detail = event.get("detail")
    return detail if isinstance(detail, dict) else {}


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
