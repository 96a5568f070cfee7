"""CallProvider: one image's call, made at most once per attempt, its bytes parked.

The attempt is written before the call. Whoever finds it open afterwards looks first for parked
bytes, then asks the provider where it can be asked, and only then calls the outcome unknown.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from studio.assets.model import raw_key
from studio.errors import CredentialsMissingError
from studio.jobs.model import TERMINAL_ITEM, Item, ItemStatus, LogLine
from studio.jobs.parked import ParkedCall
from studio.ports import BlobStore, CredentialStore, ItemEnding, JobStore, RateLimiter
from studio.providers.catalogue import ProviderCard, provider_card, resolve_model
from studio.providers.port import (
    Answer,
    Generated,
    GenerateRequest,
    NotFound,
    OutcomeUnknown,
    Pending,
    Provider,
    ProviderFactory,
    Refused,
    Throttled,
)
from studio.services import settlement
from studio.services.steps import Clock, ImageTask, Outcome, StepResult, result

# How long a worker may need besides the provider's own time before it counts as dead.
_MARGIN = timedelta(seconds=60)
# How long a provider may go on with a call that it accepted.
_PENDING_FOR = timedelta(minutes=30)
_LONGEST_WAIT = 300
_SHORT_WAIT = 5
_TRANSIENT_TRIES = 5

WaitOutcome = Literal["pending", "throttled"]


@dataclass(frozen=True, slots=True)
class CallProvider:
    """The service behind the state CallProvider."""

    jobs: JobStore
    blobs: BlobStore
    limiter: RateLimiter
    credentials: CredentialStore
    providers: ProviderFactory
    now: Clock

    def run(self, task: ImageTask) -> StepResult:
        """Get the image's bytes parked, or say why not."""
        item = self.jobs.get_item(task.tenant, task.job_id, task.number)
        if item.status in TERMINAL_ITEM:
            return result(task, _ended(item), attempt=item.attempt)
        card = provider_card(item.spec.provider)
        try:
            provider = self.providers(item.spec.provider, item.tenant)
        except CredentialsMissingError as error:
            return self._end(task, self._unconfigured(item, str(error)))
        if item.status == "queued":
            return self._begin(task, item, card, provider)
        return self._resume(task, item, card, provider)

    def _begin(
        self, task: ImageTask, item: Item, card: ProviderCard, provider: Provider
    ) -> StepResult:
        at = self.now()
        resumed = item.attempt_open
        if card.rate_per_minute and not resumed:
            wait = self.limiter.acquire(self._bucket(item), card.rate_per_minute, at)
            if wait:
                return result(task, "throttled", attempt=item.attempt, wait_seconds=wait)
        attempt = item.attempt if resumed else item.attempt + 1
        deadline = at + timedelta(seconds=card.read_timeout_seconds) + _MARGIN
        line = LogLine(
            at,
            "info",
            "AI_CALL",
            f"Attempt {attempt}: {item.spec.provider} {item.spec.model}",
            item.number,
        )
        if not self.jobs.begin_attempt(item, at, deadline, line):
            return result(task, "pending", attempt=item.attempt, wait_seconds=_SHORT_WAIT)
        begun = replace(
            item, status="running", stage="AI_CALL", attempt=attempt, attempt_deadline=deadline,
            attempt_open=True,
        )  # fmt: skip
        if resumed:
            return self._resume(task, begun, card, provider)
        return self._answered(task, begun, provider, provider.submit(_request(begun)))

    def _resume(
        self, task: ImageTask, item: Item, card: ProviderCard, provider: Provider
    ) -> StepResult:
        """Go on with a call that somebody began."""
        at = self.now()
        if self.blobs.facts(_raw_key(item)) is not None:
            return result(task, "generated", attempt=item.attempt)
        overdue = item.attempt_deadline is not None and at >= item.attempt_deadline
        request = _request(item)
        if item.handle is not None:
            answer: Answer | NotFound = (
                OutcomeUnknown("the provider did not finish in time")
                if overdue
                else provider.poll(item.handle)
            )
            return self._followed_up(task, item, answer)
        if provider.repeatable:
            return self._answered(task, item, provider, provider.submit(request))
        if not overdue and item.attempt_deadline is not None:
            return _wait(task, item, "pending", _seconds(item.attempt_deadline - at))
        answer = provider.look_up(request)
        if isinstance(answer, NotFound):
            return self._answered(task, item, provider, provider.submit(request))
        return self._followed_up(task, item, answer)

    def _answered(
        self, task: ImageTask, item: Item, provider: Provider, answer: Answer
    ) -> StepResult:
        """Record what the provider said to a submit."""
        if isinstance(answer, Throttled):
            return self._put_back(task, item, answer)
        if isinstance(answer, OutcomeUnknown):
            found = provider.look_up(_request(item))
            if isinstance(found, NotFound):
                # The request may still be on its way: ask again later, under the same id.
                return _wait(task, item, "pending", _SHORT_WAIT)
            return self._followed_up(task, item, found)
        return self._followed_up(task, item, answer)

    def _followed_up(self, task: ImageTask, item: Item, answer: Answer | NotFound) -> StepResult:
        """Record what the provider said of a call that may be paid already."""
        at = self.now()
        match answer:
            case Generated():
                parked = ParkedCall.of(answer)
                self.blobs.park(_raw_key(item), answer.data, parked.to_facts())
                return result(task, "generated", attempt=item.attempt)
            case Pending():
                if item.handle != answer.handle:
                    self.jobs.keep_handle(item, answer.handle, at + _PENDING_FOR)
                return _wait(task, item, "pending", answer.wait_seconds)
            case Throttled():
                return _wait(task, item, "pending", answer.retry_after or _SHORT_WAIT)
            case Refused():
                return self._end(
                    task,
                    settlement.failed(
                        item,
                        at,
                        f"provider-{answer.kind.replace('_', '-')}",
                        answer.message,
                        cost=answer.cost,
                        provider_request_id=answer.provider_request_id,
                    ),
                )
            case OutcomeUnknown():
                return self._end(task, settlement.unknown(item, at, answer.message))
            case NotFound():
                return self._end(
                    task, settlement.unknown(item, at, "the provider lost the request")
                )

    def _put_back(self, task: ImageTask, item: Item, answer: Throttled) -> StepResult:
        """Queue the image again, and let no other job call before the provider wants it."""
        at = self.now()
        if answer.kind == "transient" and task.round >= _TRANSIENT_TRIES:
            return self._end(
                task,
                settlement.failed(item, at, "provider-unavailable", answer.message, retryable=True),
            )
        wait = answer.retry_after or min(_SHORT_WAIT * 2 ** min(task.round, 6), _LONGEST_WAIT)
        message = f"Put off ({answer.kind}), next call in {wait} s"
        self.jobs.put_back(item, LogLine(at, "warning", "AI_CALL", message, item.number))
        if answer.kind == "rate_limit":
            self.limiter.hold_off(self._bucket(item), wait, at)
        return _wait(task, item, "throttled", wait)

    def _bucket(self, item: Item) -> str:
        return self.credentials.account(item.spec.provider, item.tenant)

    def _unconfigured(self, item: Item, message: str) -> ItemEnding:
        """End an item whose provider has no key: nothing was called, unless somebody began."""
        if item.status == "running":
            return settlement.unknown(item, self.now(), message)
        return settlement.failed(item, self.now(), "provider-not-configured", message)

    def _end(self, task: ImageTask, ending: ItemEnding) -> StepResult:
        self.jobs.finish_item(ending)
        outcome: Outcome = "unknown" if ending.status == "unknown" else "failed"
        return result(task, outcome, attempt=ending.before.attempt)


def _wait(task: ImageTask, item: Item, outcome: WaitOutcome, seconds: int) -> StepResult:
    capped = max(1, min(seconds, _LONGEST_WAIT))
    return result(task, outcome, attempt=item.attempt, wait_seconds=capped)


def _ended(item: Item) -> Outcome:
    """The outcome of an item that ended before this step saw it."""
    outcomes: dict[ItemStatus, Outcome] = {
        "succeeded": "succeeded",
        "failed": "failed",
        "skipped": "skipped",
        "cancelled": "cancelled",
    }
    return outcomes.get(item.status, "unknown")


def _raw_key(item: Item) -> str:
    return raw_key(item.tenant, item.job_id, item.number, item.attempt)


def _seconds(left: timedelta) -> int:
    return int(left.total_seconds()) + 1


def _request(item: Item) -> GenerateRequest:
    """Build the provider's request; the same attempt always gives the same request id."""
    spec = item.spec
    model, _ = resolve_model(spec.provider, spec.model)
    width, height = model.request_size(spec.width, spec.height)
    return GenerateRequest(
        request_id=str(uuid5(NAMESPACE_URL, _raw_key(item))),
        model=model.id,
        prompt=spec.prompt or "",
        width=width,
        height=height,
        quality=model.quality_word(spec.quality),
        negative_prompt=spec.negative_prompt,
        seed=spec.seed,
        steps=spec.steps,
        guidance=spec.guidance,
    )
