"""EventSink."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from studio.adapters.events import SOURCE, EventBridgeSink
from studio.ports.events import EventSink
from tests.support.fakes.edges import FakeEventSink
from tests.support.mock_aws.stack import BUS, Clients, mock_stack

DETAIL: dict[str, object] = {"account_id": "acme", "job_id": "job_1", "succeeded": 2}


@dataclass(frozen=True, slots=True)
class Subject:
    """A sink, and what came out at the other end: type, id and detail of each event."""

    sink: EventSink
    arrived: Callable[[], list[tuple[str, str, dict[str, Any]]]]


@pytest.fixture(params=["memory", "aws"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        fake = FakeEventSink()
        yield Subject(
            fake, lambda: [(event.type, event.id, dict(event.detail)) for event in fake.events]
        )
        return
    with mock_stack() as here:
        queue = _listen(here)
        yield Subject(EventBridgeSink(here.events, BUS), lambda: _received(here, queue))


def test_an_event_arrives_with_its_id_and_detail(subject: Subject) -> None:
    subject.sink.emit("job.succeeded", "evt_job_1_1", DETAIL)
    assert subject.arrived() == [("job.succeeded", "evt_job_1_1", DETAIL)]


def test_a_repeat_arrives_with_the_same_id(subject: Subject) -> None:
    for _ in range(2):
        subject.sink.emit("job.failed", "evt_job_1_1", DETAIL)
    assert [event_id for _, event_id, _ in subject.arrived()] == ["evt_job_1_1"] * 2


def test_an_event_that_the_bus_refuses_is_told() -> None:
    class Refusing:
        def put_events(self, **_: object) -> dict[str, object]:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}

    client: Any = Refusing()
    with pytest.raises(RuntimeError, match=r"job\.succeeded"):
        EventBridgeSink(client, BUS).emit("job.succeeded", "evt_1", DETAIL)


def _listen(here: Clients) -> str:
    queue = here.sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = here.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    here.events.put_rule(
        Name="all", EventBusName=BUS, EventPattern=json.dumps({"source": [SOURCE]})
    )
    here.events.put_targets(
        Rule="all",
        EventBusName=BUS,
        Targets=[{"Id": "queue", "Arn": arn["Attributes"]["QueueArn"]}],
    )
    return queue


def _received(here: Clients, queue: str) -> list[tuple[str, str, dict[str, Any]]]:
    messages = here.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    arrived = []
    for message in messages:
        event = json.loads(message["Body"])
        detail = event["detail"]
        arrived.append((event["detail-type"], detail.pop("id"), detail))
    return arrived
