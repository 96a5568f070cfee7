"""CallProvider: call the provider for one image, once per attempt, and store the result.

The attempt is written before the call. A retry that finds an open attempt first looks for the
stored result. Then it asks the provider, if that is possible. Only then is the outcome unknown.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from studio.clock import Clock
from studio.domain.catalogue.catalogue import ProviderCard, provider_card
from studio.domain.jobs.model import TERMINAL_ITEM, Item, ItemStatus, LogLine, Waiting, WaitReason
from studio.domain.jobs.staged_result import StagedResult
from studio.domain.provider_calls.model import (
    Generated,
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    Refused,
    SourceFile,
    Throttled,
)
from studio.domain.routing.fallback import (
    attempt_count,
    fallback_reason,
    switch_to_substitute,
    wait_too_long,
)
from studio.errors import CredentialsMissingError, InvalidRequestError
from studio.ports.blobs import BlobStore
from studio.ports.jobs import ItemEnding, JobStore
from studio.ports.provider import Provider, ProviderFactory
from studio.services.routing.call_limiter import CallLimiter, Denied, Permit
from studio.services.workflow import settlement
from studio.services.workflow.provider_request import raw_key_of, request_of, size_of
from studio.services.workflow.source_files import collect
from studio.services.workflow.steps import ImageTask, Outcome, StepResult, result
from studio.services.workflow.waiting import note_wait

# The longest time that a worker needs besides the provider's own time.
_MARGIN = timedelta(seconds=60)
# The longest time that a provider may work on an accepted call.
_PENDING_FOR = timedelta(minutes=30)
_LONGEST_WAIT = 300
_SHORT_WAIT = 5
_LOOK_AGAIN = 15
_TRANSIENT_TRIES = 5
# Rounds of an image that may wait for a failing provider; the others are for its own call.
_HELD_ROUNDS = 30

WaitOutcome = Literal["pending", "throttled"]


@dataclass(frozen=True, slots=True)
class CallProvider:
    """The service behind the state CallProvider."""

    jobs: JobStore
    blobs: BlobStore
    call_limits: CallLimiter
    providers: ProviderFactory
    now: Clock

    def run(self, task: ImageTask) -> StepResult:
        """Store the provider's result of an image, or return why there is none."""
        item = self.jobs.get_item(task.tenant, task.job_id, task.number)
        if item.status in TERMINAL_ITEM:
            return result(task, _ended(item.status), attempt=item.attempt)
        if item.run != task.run:
            # An old execution: the image belongs to a later run now.
            return result(task, "skipped", attempt=item.attempt)
        if self._cancelled(item):
            return self._end(task, settlement.cancelled(item, self.now()))
        card = provider_card(item.spec.provider)
        if item.attempt_open and self.blobs.metadata(raw_key_of(item)) is not None:
            return self._go_on_from_staged(task, item, card)
        return self._call(task, item, card)

    def _call(self, task: ImageTask, item: Item, card: ProviderCard) -> StepResult:
        """Start a call, or continue the open one."""
        try:
            provider = self.providers(item.spec.provider, item.tenant)
        except CredentialsMissingError as error:
            if item.status == "queued" and not item.attempt_open and item.spec.substitutes:
                return self._switch(task, item, "no key of it is stored")
            return self._end(task, self._unconfigured(item, str(error)))
        if item.status == "queued":
            return self._begin(task, item, card, provider)
        return self._resume(task, item, provider)

    def _begin(
        self, task: ImageTask, item: Item, card: ProviderCard, provider: Provider
    ) -> StepResult:
        if item.attempt_open:
            begun = self._write_attempt(item, card)
            return self._moved(task, item) if begun is None else self._resume(task, begun, provider)
        sources = collect(item, self.blobs)
        if sources is None:
            return result(task, "needs_source", attempt=item.attempt)
        permit = self._acquire(task, item, card, sources)
        if not isinstance(permit, Permit):
            return permit
        begun = self._write_attempt(item, card)
        if begun is None:
            return self._moved(task, item)
        answer = provider.submit(request_of(begun, sources))
        step = self._first_answer(task, begun, provider, answer)
        self.call_limits.record_outcome(permit, answer, self.now())
        return step

    def _acquire(
        self, task: ImageTask, item: Item, card: ProviderCard, sources: tuple[SourceFile, ...]
    ) -> Permit | StepResult:
        """Return permission for a call now, or the outcome of the image without it."""
        try:
            size_of(item, sources)
        except InvalidRequestError as error:
            (field,) = error.fields
            return self._end(
                task, settlement.failed(item, self.now(), field.code, f"{field.detail}.")
            )
        permit = self.call_limits.acquire(item, card, self.now(), _call_time(card))
        return permit if isinstance(permit, Permit) else self._wait_or_end(task, item, permit)

    def _wait_or_end(self, task: ImageTask, item: Item, denied: Denied) -> StepResult:
        """Let an image wait, or fail it if the wait has no known end.

        There was no call, so no attempt is written and nothing is owed.
        """
        busy = denied.why == "busy"
        why = wait_too_long(denied.wait) if busy else "its calls have been failing"
        if why and item.spec.substitutes:
            return self._switch(task, item, why)
        if denied.why == "lasting" or (not busy and task.round >= _HELD_ROUNDS):
            message = "The provider has been failing for some time; redrive the image later."
            ending = settlement.failed(
                item, self.now(), "provider-unavailable", message, retryable=True
            )
            return self._end(task, ending)
        reason: WaitReason = "rate_limit" if busy else "breaker_open"
        return self._hold(task, item, "throttled", denied.wait, reason)

    def _first_answer(
        self, task: ImageTask, item: Item, provider: Provider, answer: ProviderOutcome
    ) -> StepResult:
        if item.spec.substitutes and (why := self._fallback_reason(task, item, answer)):
            return self._switch(task, item, why)
        return self._answered(task, item, provider, answer)

    def _fallback_reason(self, task: ImageTask, item: Item, answer: ProviderOutcome) -> str | None:
        """Return why a substitute takes over, None to keep the provider.

        Only the first answer to a new call counts. A later answer may be about a paid call.
        """
        if not isinstance(answer, Throttled):
            return fallback_reason(answer)
        if answer.kind == "transient" and attempt_count(item, task.round) >= _TRANSIENT_TRIES:
            return "it failed again and again"
        why = fallback_reason(answer)
        if why and answer.retry_after:
            self.call_limits.pause_until(item, answer.retry_after, self.now())
        return why

    def _switch(self, task: ImageTask, item: Item, why: str) -> StepResult:
        """Let the next substitute make the image, with a new attempt and so a new request."""
        spec = switch_to_substitute(item, why)
        line = LogLine(self.now(), "warning", "AI_CALL", spec.warnings[-1], item.number)
        if not self.jobs.switch_provider(item, spec, line):
            return self._moved(task, item)
        return _wait(task, item, "throttled", 1)

    def _submit_again(self, task: ImageTask, item: Item, provider: Provider) -> StepResult:
        """Send the request of an open attempt again."""
        sources = collect(item, self.blobs)
        if sources is None:
            return result(task, "needs_source", attempt=item.attempt)
        return self._answered(task, item, provider, provider.submit(request_of(item, sources)))

    def _write_attempt(self, item: Item, card: ProviderCard) -> Item | None:
        """Write the attempt before its call; return None if the item changed meanwhile."""
        at = self.now()
        attempt = item.attempt if item.attempt_open else item.attempt + 1
        deadline = at + _call_time(card)
        message = f"Attempt {attempt}: {item.spec.provider} {item.spec.model}"
        line = LogLine(at, "info", "AI_CALL", message, item.number)
        if not self.jobs.begin_attempt(item, at, deadline, line):
            return None
        return replace(
            item, status="running", stage="AI_CALL", attempt=attempt, attempt_deadline=deadline,
            attempt_open=True, called_at=item.called_at if item.attempt_open else at,
            waiting=None,
        )  # fmt: skip

    def _go_on_from_staged(self, task: ImageTask, item: Item, card: ProviderCard) -> StepResult:
        """Continue with a stored result, which needs no provider and no key."""
        if item.status == "queued" and self._write_attempt(item, card) is None:
            return self._moved(task, item)
        return result(task, "generated", attempt=item.attempt)

    def _moved(self, task: ImageTask, item: Item) -> StepResult:
        """Return a step that looks again soon, because another worker changed the item."""
        return result(task, "pending", attempt=item.attempt, wait_seconds=_SHORT_WAIT)

    def _resume(self, task: ImageTask, item: Item, provider: Provider) -> StepResult:
        """Continue an open call."""
        at = self.now()
        overdue = item.attempt_deadline is not None and at >= item.attempt_deadline
        if item.handle is not None:
            answer = provider.poll(item.handle)
            if overdue and isinstance(answer, Pending | Throttled):
                answer = OutcomeUnknown("the provider did not finish in time")
            if isinstance(answer, OutcomeUnknown) and item.settled_attempt == item.attempt:
                return self._stays_lost(task, item)
            return self._followed_up(task, item, answer)
        if provider.repeatable:
            return self._submit_again(task, item, provider)
        return self._look_up(task, item, provider, overdue=overdue)

    def _look_up(
        self, task: ImageTask, item: Item, provider: Provider, *, overdue: bool
    ) -> StepResult:
        """Ask the provider about a call whose answer is missing."""
        answer = provider.look_up(request_of(item))
        lost = isinstance(answer, NotFound | OutcomeUnknown)
        if lost and item.settled_attempt == item.attempt:
            return self._stays_lost(task, item)
        if lost and not overdue:
            # The worker of the call may still be running and may store the result soon.
            return self._hold(task, item, "pending", _LOOK_AGAIN, "provider_pending")
        if isinstance(answer, NotFound):
            return self._submit_again(task, item, provider)
        return self._followed_up(task, item, answer)

    def _stays_lost(self, task: ImageTask, item: Item) -> StepResult:
        """Continue without the result of a settled call, which was looked for once more."""
        at = self.now()
        if item.cost is not None and item.cost.micros is not None:
            # The redrive counted on the stored result and reserved no money for a new call.
            message = "The paid picture has expired; redrive the image to pay for a new one."
            ending = settlement.failed(item, at, "bytes-expired", message, retryable=True)
            return self._end(task, ending)
        # The loss is settled and the caller asked for the image again, so a new attempt is paid.
        self.jobs.requeue(
            item,
            LogLine(at, "warning", "AI_CALL", "The lost result was not found", item.number),
        )
        return _wait(task, item, "throttled", 1)

    def _answered(
        self, task: ImageTask, item: Item, provider: Provider, answer: ProviderOutcome
    ) -> StepResult:
        """Record the answer to a submitted request."""
        if isinstance(answer, Throttled):
            return self._requeue(task, item, answer)
        if isinstance(answer, OutcomeUnknown):
            found = provider.look_up(request_of(item))
            if isinstance(found, NotFound):
                # The request may still be on its way: ask again later with the same id.
                return self._hold(task, item, "pending", _SHORT_WAIT, "provider_pending")
            return self._followed_up(task, item, found)
        return self._followed_up(task, item, answer)

    def _followed_up(self, task: ImageTask, item: Item, answer: ProviderOutcome) -> StepResult:
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
                # Questions get rarer with time, because the number of rounds is limited.
                seconds = max(answer.wait_seconds, 2 * task.round)
                return self._hold(task, item, "pending", seconds, "provider_pending")
            case Throttled():
                seconds = answer.retry_after or _SHORT_WAIT
                return self._hold(task, item, "pending", seconds, _reason(answer))
            case Refused():
                return self._end(
                    task,
                    settlement.failed(
                        item,
                        at,
                        f"provider-{answer.kind.replace('_', '-')}",
                        answer.message,
                        cost=settlement.cost_of_refusal(item, answer),
                        provider_request_id=answer.provider_request_id,
                    ),
                )
            case OutcomeUnknown():
                return self._end(task, settlement.unknown(item, at, answer.message))

    def _requeue(self, task: ImageTask, item: Item, answer: Throttled) -> StepResult:
        """Queue the image again; no job calls before the time that the provider asked for."""
        at = self.now()
        if answer.kind == "transient" and attempt_count(item, task.round) >= _TRANSIENT_TRIES:
            return self._end(
                task,
                settlement.failed(item, at, "provider-unavailable", answer.message, retryable=True),
            )
        wait = answer.retry_after or min(_SHORT_WAIT * 2 ** min(task.round, 6), _LONGEST_WAIT)
        message = f"Postponed ({answer.kind}), next call in {wait} s"
        until = at + timedelta(seconds=_capped(wait))
        line = LogLine(at, "warning", "AI_CALL", message, item.number)
        self.jobs.requeue(item, line, Waiting(_reason(answer), until))
        if answer.kind == "rate_limit":
            self.call_limits.pause_until(item, wait, at)
        put_back = replace(item, status="queued", attempt_open=False)
        if self._cancelled(put_back):
            return self._end(task, settlement.cancelled(put_back, at))
        return _wait(task, item, "throttled", wait)

    def _hold(
        self, task: ImageTask, item: Item, outcome: WaitOutcome, seconds: int, reason: WaitReason
    ) -> StepResult:
        """Let an image wait, and note on it why."""
        note_wait(self.jobs, item, reason, _capped(seconds), self.now())
        return _wait(task, item, outcome, seconds)

    def _cancelled(self, item: Item) -> bool:
        """Tell whether an item is back in the queue after its job was cancelled."""
        if item.status != "queued" or not item.attempt:
            return False
        return self.jobs.get(item.tenant, item.job_id).status == "cancelling"

    def _unconfigured(self, item: Item, message: str) -> ItemEnding:
        """Return the end of an item whose provider has no key; an open call may be paid."""
        if item.status == "running":
            return settlement.unknown(item, self.now(), message)
        return settlement.failed(item, self.now(), "provider-not-configured", message)

    def _end(self, task: ImageTask, ending: ItemEnding) -> StepResult:
        self.jobs.finish_item(ending)
        return result(task, _ended(ending.status), attempt=ending.before.attempt)


def _call_time(card: ProviderCard) -> timedelta:
    """Return the time after which the worker of a call counts as crashed."""
    return timedelta(seconds=card.read_timeout_seconds) + _MARGIN


def _wait(task: ImageTask, item: Item, outcome: WaitOutcome, seconds: int) -> StepResult:
    return result(task, outcome, attempt=item.attempt, wait_seconds=_capped(seconds))


def _capped(seconds: int) -> int:
    """Return how long the workflow waits before it looks again."""
    return max(1, min(seconds, _LONGEST_WAIT))


def _reason(answer: Throttled) -> WaitReason:
    """Return why a provider deferred a call."""
    return "provider_throttled" if answer.kind == "rate_limit" else "provider_unavailable"


def _ended(status: ItemStatus) -> Outcome:
    """Return the outcome of an item that has ended."""
    outcomes: dict[ItemStatus, Outcome] = {
        "succeeded": "succeeded",
        "failed": "failed",
        "skipped": "skipped",
        "cancelled": "cancelled",
    }
    return outcomes.get(status, "unknown")
