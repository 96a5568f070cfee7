"""ScheduleTarget on EventBridge Scheduler: one schedule of AWS for each schedule of a tenant."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from studio.domain.schedules.model import Schedule
from studio.errors import FieldError, InvalidRequestError, SchedulerUnavailableError

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

# Filled in by EventBridge Scheduler when it fires: the time that it was set for.
SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"


@dataclass(frozen=True, slots=True)
class SchedulerTarget:
    """Schedules of EventBridge Scheduler that start ``run_schedule``.

    Attributes:
        group: Name of the group, which is the stack's own.
        target_arn: The function.
        role_arn: The role that may start it, and nothing else.
        dead_letter_arn: Queue of what could not be delivered.
    """

    client: "EventBridgeSchedulerClient"
    group: str
    target_arn: str
    role_arn: str
    dead_letter_arn: str

    def put(self, schedule: Schedule) -> None:
        """Set the clock for a schedule, replacing what was set for it."""
        request = self._request(schedule)
        try:
            if not self._update(request) and not self._create(request):
                self._update(request)
        except ClientError as error:
            if _code(error) == "ValidationException":
                detail = f"{schedule.timing.expression} is not a timing that can be set"
                field = FieldError(f"/{schedule.timing.kind}", "timing-refused", detail)
                raise InvalidRequestError(field) from error
            raise _unavailable(schedule.schedule_id) from error
        except BotoCoreError as error:
            raise _unavailable(schedule.schedule_id) from error

    def remove(self, tenant: str, schedule_id: str) -> None:
        """Forget a schedule; one that is not set is no error."""
        try:
            self.client.delete_schedule(
                GroupName=self.group, Name=self.name_of(tenant, schedule_id)
            )
        except ClientError as error:
            if _code(error) != "ResourceNotFoundException":
                raise _unavailable(schedule_id) from error
        except BotoCoreError as error:
            raise _unavailable(schedule_id) from error

    def name_of(self, tenant: str, schedule_id: str) -> str:
        """Return the name at AWS, a hash: 64 characters do not hold stack, tenant and id."""
        whole = f"{self.group}/{tenant}/{schedule_id}"
        return f"studio-{sha256(whole.encode()).hexdigest()[:32]}"

    def _update(self, request: dict[str, Any]) -> bool:
        """Change a schedule; False if there is none."""
        try:
            self.client.update_schedule(**request)
        except ClientError as error:
            if _code(error) == "ResourceNotFoundException":
                return False
            raise
        return True

    def _create(self, request: dict[str, Any]) -> bool:
        """Create a schedule and return True; False if another writer created it first."""
        try:
            self.client.create_schedule(**request)
        except ClientError as error:
            if _code(error) == "ConflictException":
                return False
            raise
        return True

    def _request(self, schedule: Schedule) -> dict[str, Any]:
        event = {
            "tenant": schedule.tenant,
            "schedule_id": schedule.schedule_id,
            "scheduled_at": SCHEDULED_TIME,
        }
        return {
            "GroupName": self.group,
            "Name": self.name_of(schedule.tenant, schedule.schedule_id),
            "ScheduleExpression": schedule.timing.expression,
            "ScheduleExpressionTimezone": schedule.timing.zone,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "State": "ENABLED" if schedule.enabled else "DISABLED",
            "ActionAfterCompletion": "DELETE" if schedule.timing.kind == "at" else "NONE",
            "Target": {
                "Arn": self.target_arn,
                "RoleArn": self.role_arn,
                "Input": json.dumps(event),
                "DeadLetterConfig": {"Arn": self.dead_letter_arn},
                "RetryPolicy": {
                    "MaximumRetryAttempts": 20,
                    "MaximumEventAgeInSeconds": 3600,
                },
            },
        }


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code"))


def _unavailable(schedule_id: str) -> SchedulerUnavailableError:
    return SchedulerUnavailableError(f"the clock of {schedule_id} could not be reached; try again")
