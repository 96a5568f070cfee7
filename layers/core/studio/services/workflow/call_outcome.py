"""CallOutcome: record what a call came to, and return where the image goes next.

A call ends with a stored result, a wait, a new place in the queue, or the end of the image.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from studio.clock import Clock
from studio.domain.jobs.model import Item, ItemStatus, LogLine, Waiting, WaitReason
from studio.domain.jobs.staged_result import StagedResult
from studio.domain.jobs.words import WAITS
from studio.domain.provider_calls.model import (
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    Refused,
    Throttled,
)
from studio.domain.routing.fallback import attempt_count, switch_to_substitute
from studio.ports.blobs import BlobStore
from studio.ports.jobs import ItemEnding, JobStore
from studio.services.routing.call_limiter import CallLimiter
from studio.services.workflow import settlement
from studio.services.workflow.end_item import end_item
from studio.services.workflow.provider_request import raw_key_of
from studio.services.workflow.steps import ImageTask, Outcome, StepResult, result

# The longest time that a provider may work on an accepted call.
_PENDING_FOR = timedelta(minutes=30)
_LONGEST_WAIT = 900
# The longest time that an account waits because of an answer that says no time.
_LONGEST_PAUSE = 300
_TRANSIENT_ATTEMPTS = 5

SHORT_WAIT = 5
"""Seconds until the workflow looks again, where nothing says how long."""

SHORTEST_WAITS = (0, 2, 4, 7, 12, 20, 35, 60, 90, 130, 175, 220, 265, 300, 300)
"""The least seconds of each wait of an image: the looks get rarer, because they are few."""

WaitOutcome = Literal["pending", "throttled"]


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """Records outcomes for CallProvider; attributes as there."""

    jobs: JobStore
    blobs: BlobStore
    call_limits: CallLimiter
    now: Clock

    def record(self, task: ImageTask, item: Item, answer: ProviderOutcome) -> StepResult:
        """Record the answer about a call that may be paid already."""
        at = self.now()
        match answer:
            case Generated():
                staged = StagedResult.of(answer, settlement.duration_ms(item, at))
                self.blobs.put_if_absent(raw_key_of(item), answer.data, staged.to_metadata())
                return result(task, "generated", attempt=item.attempt)
            case Pending():
                if item.handle != answer.handle:
                    self.jobs.save_provider_handle(item, answer.handle, at + _PENDING_FOR)
                wait = answer.wait_seconds
                return self.hold(task, item, "pending", wait, "provider_pending")
            case Throttled():
                seconds = answer.retry_after or SHORT_WAIT
                return self.hold(task, item, "pending", seconds, _reason(answer))
            case Refused():
                return self._refuse(task, item, answer)
            case OutcomeUnknown():
                return self.end(task, settlement.unknown(item, at, answer.message))

    def _refuse(self, task: ImageTask, item: Item, answer: Refused) -> StepResult:
        """End an image that the provider refuses."""
        ending = settlement.failed(
            item,
            self.now(),
            f"provider-{answer.kind.replace('_', '-')}",
            answer.message,
            cost=settlement.cost_of_refusal(item, answer),
            provider_request_id=answer.provider_request_id,
        )
        return self.end(task, ending)

    def requeue(self, task: ImageTask, item: Item, answer: Throttled) -> StepResult:
        """Queue the image again; no job calls before the time that the provider asked for."""
        at = self.now()
        if fails_again_and_again(task, item, answer):
            return self.end(
                task,
                settlement.failed(item, at, "provider-unavailable", answer.message, retryable=True),
            )
        doubled = SHORT_WAIT * 2 ** min(task.round, 8)
        asked = answer.retry_after or min(doubled, _LONGEST_WAIT)
        wait = max(asked, _shortest_wait(task.round))
        message = f"Postponed ({answer.kind}), next call in {wait} s"
        until = at + timedelta(seconds=_capped(wait))
        line = LogLine(at, "warning", "AI_CALL", message, item.number)
        self.jobs.requeue(item, line, Waiting(_reason(answer), until))
        if answer.kind == "rate_limit":
            pause = answer.retry_after or min(doubled, _LONGEST_PAUSE)
            self.call_limits.pause_until(item, pause, at)
        put_back = replace(item, status="queued", attempt_open=False)
        if self.is_cancelled(put_back):
            return self.end(task, settlement.cancelled(put_back, at))
        return _wait(task, item, "throttled", wait)

    def switch(self, task: ImageTask, item: Item, why: str) -> StepResult:
        """Let the next substitute make the image, with a new attempt and so a new request."""
        spec = switch_to_substitute(item, why)
        line = LogLine(self.now(), "warning", "AI_CALL", spec.warnings[-1], item.number)
        if not self.jobs.switch_provider(item, spec, line):
            return look_again(task, item)
        return _wait(task, item, "throttled", 1)

    def give_up(self, task: ImageTask, item: Item) -> StepResult:
        """Continue without the result of a settled call, which was looked for once more."""
        at = self.now()
        if item.cost is not None and item.cost.micros is not None:
            # The redrive counted on the stored result and reserved no money for a new call.
            message = "The paid image has expired; redrive the image to pay for a new one."
            ending = settlement.failed(item, at, "bytes-expired", message, retryable=True)
            return self.end(task, ending)
        # The loss is settled and the caller asked for the image again, so a new attempt is paid.
        self.jobs.requeue(
            item,
            LogLine(at, "warning", "AI_CALL", "The lost result was not found", item.number),
        )
        return _wait(task, item, "throttled", 1)

    def hold(
        self, task: ImageTask, item: Item, outcome: WaitOutcome, seconds: int, reason: WaitReason
    ) -> StepResult:
        """Let an image wait, and note on it why.

        The wait is at least the one of its round, see ``SHORTEST_WAITS``.
        A wait that goes on for the same reason gets no new log line. An image that another
        worker changed meanwhile keeps what that worker wrote.
        """
        at = self.now()
        seconds = max(seconds, _shortest_wait(task.round))
        waiting = Waiting(reason, at + timedelta(seconds=_capped(seconds)))
        message = f"Waiting for {item.spec.provider}: {WAITS[reason]}"
        line = LogLine(at, "info", item.stage, message, item.number)
        goes_on = item.waiting is not None and item.waiting.reason == reason
        self.jobs.note_wait(item, waiting, None if goes_on else line)
        return _wait(task, item, outcome, seconds)

    def end(self, task: ImageTask, ending: ItemEnding) -> StepResult:
        """End an image and return how it ended."""
        end_item(self.jobs, ending)
        return result(task, outcome_of(ending.status), attempt=ending.before.attempt)

    def is_cancelled(self, item: Item) -> bool:
        """Tell whether an item is back in the queue after its job was cancelled."""
        if item.status != "queued" or not item.attempt:
            return False
        return self.jobs.get(item.tenant, item.job_id).status == "cancelling"


def fails_again_and_again(task: ImageTask, item: Item, answer: Throttled) -> bool:
    """Tell whether a provider has failed at an image as often as it is tried."""
    return answer.kind == "transient" and attempt_count(item, task.round) >= _TRANSIENT_ATTEMPTS


def look_again(task: ImageTask, item: Item) -> StepResult:
    """Return a step that looks again soon, because another worker changed the item."""
    return result(task, "pending", attempt=item.attempt, wait_seconds=SHORT_WAIT)


def outcome_of(status: ItemStatus) -> Outcome:
    """Return the outcome of an item that has ended."""
    outcomes: dict[ItemStatus, Outcome] = {
        "succeeded": "succeeded",
        "failed": "failed",
        "skipped": "skipped",
        "cancelled": "cancelled",
    }
    return outcomes.get(status, "unknown")


def _wait(task: ImageTask, item: Item, outcome: WaitOutcome, seconds: int) -> StepResult:
    return result(task, outcome, attempt=item.attempt, wait_seconds=_capped(seconds))


def _shortest_wait(done: int) -> int:
    """Return the least seconds of a wait after so many rounds."""
    return SHORTEST_WAITS[min(done, len(SHORTEST_WAITS) - 1)]


def _capped(seconds: int) -> int:
    """Return how long the workflow waits before it looks again."""
    return max(1, min(seconds, _LONGEST_WAIT))


def _reason(answer: Throttled) -> WaitReason:
    """Return why a provider deferred a call."""
    return "provider_throttled" if answer.kind == "rate_limit" else "provider_unavailable"
