"""Timer: what is set for a schedule, on EventBridge Scheduler as in memory."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from studio.adapters.scheduler import SchedulerTarget
from studio.domain.schedules.model import Timing
from studio.errors import InvalidRequestError, SchedulerUnavailableError
from studio.ports.schedules import ScheduleTarget
from tests.support.builders import TENANT
from tests.support.fakes.schedules import FakeScheduleTarget, a_schedule
from tests.support.mock_aws.stack import SCHEDULE_GROUP, clients, mock_stack

FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:run-schedule"
ROLE = "arn:aws:iam::123456789012:role/scheduler"
QUEUE = "arn:aws:sqs:eu-central-1:123456789012:dead-letters"
Timed = tuple[ScheduleTarget, Callable[[], list[str]]]


def a_timer() -> SchedulerTarget:
    return SchedulerTarget(clients().scheduler, SCHEDULE_GROUP, FUNCTION, ROLE, QUEUE)


def on_aws() -> list[dict[str, Any]]:
    here = clients().scheduler
    found = here.list_schedules(GroupName=SCHEDULE_GROUP)["Schedules"]
    return [dict(here.get_schedule(GroupName=SCHEDULE_GROUP, Name=one["Name"])) for one in found]


@pytest.fixture(params=["memory", "aws"])
def timed(request: pytest.FixtureRequest) -> Iterator[Timed]:
    """A timer, and the expressions that are set on it."""
    if request.param == "memory":
        fake = FakeScheduleTarget()
        yield fake, lambda: sorted(one.timing.expression for one in fake.set.values())
        return
    with mock_stack():
        yield a_timer(), lambda: sorted(one["ScheduleExpression"] for one in on_aws())


def test_a_schedule_is_set_changed_and_removed(timed: Timed) -> None:
    schedule_target, expressions = timed
    schedule_target.put(a_schedule())
    schedule_target.put(a_schedule())
    assert expressions() == ["cron(0 3 * * ? *)"]
    schedule_target.put(replace(a_schedule(), timing=Timing("rate", "5 minutes", "UTC")))
    schedule_target.put(a_schedule(tenant="rival"))
    assert expressions() == ["cron(0 3 * * ? *)", "rate(5 minutes)"]
    for _ in range(2):
        schedule_target.remove(TENANT, "nightly")
    assert expressions() == ["cron(0 3 * * ? *)"]


def test_the_real_schedule_starts_one_function_and_loses_nothing() -> None:
    with mock_stack():
        a_timer().put(a_schedule())
        (real,) = on_aws()
        # The mock keeps what is done after completion when a schedule changes.
        a_timer().remove(TENANT, "nightly")
        a_timer().put(
            replace(a_schedule(), enabled=False, timing=Timing("at", "2027-01-01T00:00:00", "UTC"))
        )
        (once,) = on_aws()
    assert (real["State"], real["ScheduleExpressionTimezone"]) == ("ENABLED", "Europe/Berlin")
    assert real["ActionAfterCompletion"] == "NONE"
    assert real["FlexibleTimeWindow"] == {"Mode": "OFF"}
    target = real["Target"]
    assert (target["Arn"], target["RoleArn"]) == (FUNCTION, ROLE)
    assert target["DeadLetterConfig"] == {"Arn": QUEUE}
    assert json.loads(target["Input"]) == {
        "tenant": TENANT,
        "schedule_id": "nightly",
        "scheduled_at": "<aws.scheduler.scheduled-time>",
    }
    assert (once["State"], once["ActionAfterCompletion"]) == ("DISABLED", "DELETE")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ValidationException", InvalidRequestError),
        ("ThrottlingException", SchedulerUnavailableError),
        ("AccessDeniedException", SchedulerUnavailableError),
    ],
)
def test_what_the_scheduler_refuses_is_told_apart(code: str, error: type[Exception]) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": code}}, "UpdateSchedule")

    with mock_stack():
        events = clients().scheduler.meta.events
        events.register("before-call.scheduler.UpdateSchedule", refuse)
        try:
            with pytest.raises(error):
                a_timer().put(a_schedule())
        finally:
            events.unregister("before-call.scheduler.UpdateSchedule", refuse)
