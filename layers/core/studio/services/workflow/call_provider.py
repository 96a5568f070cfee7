"""CallProvider: call the provider for one image, once per attempt, and store the result.

The attempt is written before the call. A retry that finds an open attempt first looks for the
stored result. Then it asks the provider, if that is possible. Only then is the outcome unknown.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from studio.clock import Clock
from studio.domain.catalogue.catalogue import ProviderCard, provider_card
from studio.domain.jobs.model import TERMINAL_ITEM, Item, LogLine, WaitReason
from studio.domain.provider_calls.model import (
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    Throttled,
)
from studio.domain.provider_calls.source_file import SourceFile
from studio.domain.routing.fallback import (
    fallback_reason,
    wait_too_long,
)
from studio.errors import CredentialsMissingError, InvalidRequestError
from studio.ports.blobs import BlobStore
from studio.ports.jobs import ItemEnding, JobStore
from studio.ports.provider import Provider, ProviderFactory
from studio.services.routing.call_limiter import CallLimiter, Denied, Permit
from studio.services.workflow import settlement
from studio.services.workflow.call_outcome import (
    SHORT_WAIT,
    CallOutcome,
    fails_again_and_again,
    look_again,
    outcome_of,
)
from studio.services.workflow.measured_provider import MeasuredProvider
from studio.services.workflow.provider_request import raw_key_of, request_of, size_of
from studio.services.workflow.source_files import collect
from studio.services.workflow.steps import ImageTask, StepResult, result

# The longest time that a worker needs besides the provider's own time.
_MARGIN = timedelta(seconds=60)
_LOOK_AGAIN = 15
# Rounds of polling that an execution makes although the deadline is over: one poll may fail.
_LATE_ROUNDS = 3
# Rounds of an image that may wait for a failing provider; the others are for its own call.
_HELD_ROUNDS = 11


@dataclass(frozen=True, slots=True)
class CallProvider:
    """The service behind the state CallProvider."""

    jobs: JobStore
    blobs: BlobStore
    call_limits: CallLimiter
    providers: ProviderFactory
    now: Clock

    @property
    def _outcome(self) -> CallOutcome:
        return CallOutcome(self.jobs, self.blobs, self.call_limits, self.now)

    def run(self, task: ImageTask) -> StepResult:
        """Store the provider's result of an image, or return why there is none."""
        item = self.jobs.get_item(task.tenant, task.job_id, task.number)
        if item.status in TERMINAL_ITEM:
            return result(task, outcome_of(item.status), attempt=item.attempt)
        if item.run != task.run:
            # An old execution: the image belongs to a later run now.
            return result(task, "skipped", attempt=item.attempt)
        if self._outcome.is_cancelled(item):
            return self._outcome.end(task, settlement.cancelled(item, self.now()))
        card = provider_card(item.spec.provider)
        if item.attempt_open and self.blobs.metadata(raw_key_of(item)) is not None:
            return self._go_on_from_staged(task, item, card)
        return self._call(task, item, card)

    def _call(self, task: ImageTask, item: Item, card: ProviderCard) -> StepResult:
        """Start a call, or continue the open one."""
        try:
            adapter = self.providers(item.spec.provider, item.tenant)
        except CredentialsMissingError as error:
            if item.status == "queued" and not item.attempt_open and item.spec.substitutes:
                return self._outcome.switch(task, item, "no key of it is stored")
            if item.status == "running" and not self._is_overdue(item):
                # The key may come back, and the worker of the call may still store its result.
                return self._ask_again(task, item)
            return self._outcome.end(task, self._unconfigured(item, str(error)))
        provider = MeasuredProvider(adapter, item, self.now)
        if item.status == "queued":
            return self._begin(task, item, card, provider)
        return self._resume(task, item, provider)

    def _begin(
        self, task: ImageTask, item: Item, card: ProviderCard, provider: Provider
    ) -> StepResult:
        if item.attempt_open:
            begun = self._write_attempt(item, card)
            return look_again(task, item) if begun is None else self._resume(task, begun, provider)
        sources = collect(item, self.blobs)
        if sources is None:
            return result(task, "needs_source", attempt=item.attempt)
        permit = self._acquire(task, item, card, sources)
        if not isinstance(permit, Permit):
            return permit
        begun = self._write_attempt(item, card)
        if begun is None:
            return look_again(task, item)
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
            return self._outcome.end(
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
            return self._outcome.switch(task, item, why)
        if denied.why == "lasting" or (not busy and task.round >= _HELD_ROUNDS):
            message = "The provider has been failing for some time; redrive the image later."
            ending = settlement.failed(
                item, self.now(), "provider-unavailable", message, retryable=True
            )
            return self._outcome.end(task, ending)
        reason: WaitReason = "rate_limit" if busy else "breaker_open"
        return self._outcome.hold(task, item, "throttled", denied.wait, reason)

    def _first_answer(
        self, task: ImageTask, item: Item, provider: Provider, answer: ProviderOutcome
    ) -> StepResult:
        if item.spec.substitutes and (why := self._fallback_reason(task, item, answer)):
            return self._outcome.switch(task, item, why)
        return self._answered(task, item, provider, answer)

    def _fallback_reason(self, task: ImageTask, item: Item, answer: ProviderOutcome) -> str | None:
        """Return why a substitute takes over, None to keep the provider.

        Only the first answer to a new call counts. A later answer may be about a paid call.
        """
        if not isinstance(answer, Throttled):
            return fallback_reason(answer)
        if fails_again_and_again(task, item, answer):
            return "it failed again and again"
        why = fallback_reason(answer)
        if why and answer.retry_after:
            self.call_limits.pause_until(item, answer.retry_after, self.now())
        return why

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
            return look_again(task, item)
        return result(task, "generated", attempt=item.attempt)

    def _resume(self, task: ImageTask, item: Item, provider: Provider) -> StepResult:
        """Continue an open call."""
        if item.handle is not None:
            return self._poll(task, item, item.handle, provider)
        if provider.repeatable:
            return self._submit_again(task, item, provider)
        return self._look_up(task, item, provider)

    def _poll(self, task: ImageTask, item: Item, handle: str, provider: Provider) -> StepResult:
        """Ask the provider about a call that it works on.

        A question that gets no usable answer is asked again until the call is late.
        """
        answer, late = provider.poll(handle), self._is_late(task, item)
        if isinstance(answer, OutcomeUnknown) and not late:
            return self._ask_again(task, item)
        if isinstance(answer, Pending | Throttled) and late:
            answer = OutcomeUnknown("the provider did not finish in time")
        if isinstance(answer, OutcomeUnknown) and item.settled_attempt == item.attempt:
            return self._outcome.give_up(task, item)
        return self._outcome.record(task, item, answer)

    def _look_up(self, task: ImageTask, item: Item, provider: Provider) -> StepResult:
        """Ask the provider about a call whose answer is missing."""
        answer = provider.look_up(request_of(item))
        if isinstance(answer, OutcomeUnknown) and self._may_be_told(task, item):
            return self._ask_again(task, item)
        lost = isinstance(answer, NotFound | OutcomeUnknown)
        if lost and item.settled_attempt == item.attempt:
            return self._outcome.give_up(task, item)
        if lost and not self._is_overdue(item):
            # The worker of the call may still be running and may store the result soon.
            return self._outcome.hold(task, item, "pending", _LOOK_AGAIN, "provider_pending")
        if isinstance(answer, NotFound):
            return self._submit_again(task, item, provider)
        return self._outcome.record(task, item, answer)

    def _ask_again(self, task: ImageTask, item: Item) -> StepResult:
        """Let an image wait for the next question about its call."""
        return self._outcome.hold(task, item, "pending", _LOOK_AGAIN, "provider_unavailable")

    def _is_overdue(self, item: Item) -> bool:
        return item.attempt_deadline is not None and self.now() >= item.attempt_deadline

    def _is_late(self, task: ImageTask, item: Item) -> bool:
        """Tell whether a call is overdue and this execution has asked about it often enough."""
        return self._is_overdue(item) and task.round >= _LATE_ROUNDS

    def _may_be_told(self, task: ImageTask, item: Item) -> bool:
        """Tell whether a later question may say what became of a call without a handle."""
        return provider_card(item.spec.provider).finds_calls and not self._is_late(task, item)

    def _answered(
        self, task: ImageTask, item: Item, provider: Provider, answer: ProviderOutcome
    ) -> StepResult:
        """Record the answer to a submitted request."""
        if isinstance(answer, Throttled):
            return self._outcome.requeue(task, item, answer)
        if isinstance(answer, OutcomeUnknown):
            found = provider.look_up(request_of(item))
            if isinstance(found, NotFound):
                # The request may still be on its way: ask again later with the same id.
                return self._outcome.hold(task, item, "pending", SHORT_WAIT, "provider_pending")
            if isinstance(found, OutcomeUnknown) and self._may_be_told(task, item):
                return self._ask_again(task, item)
            return self._outcome.record(task, item, found)
        return self._outcome.record(task, item, answer)

    def _unconfigured(self, item: Item, message: str) -> ItemEnding:
        """Return the end of an item whose provider has no key; an open call may be paid."""
        if item.status == "running":
            return settlement.unknown(item, self.now(), message)
        return settlement.failed(item, self.now(), CredentialsMissingError.code, message)


def _call_time(card: ProviderCard) -> timedelta:
    """Return the time after which the worker of a call counts as crashed."""
    return timedelta(seconds=card.read_timeout_seconds) + _MARGIN
