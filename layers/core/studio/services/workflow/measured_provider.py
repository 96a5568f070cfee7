"""MeasuredProvider: report what a provider answers to the calls of an image."""

from dataclasses import dataclass
from time import perf_counter

from studio.clock import Clock
from studio.domain.jobs.model import Item
from studio.domain.provider_calls.model import (
    ErrorKind,
    Generated,
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.domain.routing.breaker import fault_of
from studio.metrics import emit
from studio.money import format_usd
from studio.ports.provider import Provider
from studio.services.workflow.settlement import duration_ms

# Refusals that every image would get. Others are about the request of one image.
_FAILING: frozenset[ErrorKind] = frozenset(
    {"auth", "permission", "credits", "model_gone", "bad_answer"}
)


@dataclass(frozen=True, slots=True)
class MeasuredProvider:
    """A provider whose answers about an image are logged and counted.

    An answer that ends no call, such as ``Pending``, is neither.
    """

    provider: Provider
    item: Item
    now: Clock

    @property
    def repeatable(self) -> bool:
        """True if a repeated call is free and returns the same result."""
        return self.provider.repeatable

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Send a request and return its outcome."""
        started = perf_counter()
        answer = self.provider.submit(request)
        self._report(answer, round((perf_counter() - started) * 1000))
        return answer

    def poll(self, handle: str) -> ProviderOutcome:
        """Return the current outcome of a call that was Pending."""
        answer = self.provider.poll(handle)
        self._report(answer, duration_ms(self.item, self.now()))
        return answer

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        """Return the outcome of a request whose response is lost, as far as it is known."""
        answer = self.provider.look_up(request)
        if isinstance(answer, OutcomeUnknown):
            # The lost answer was reported before, and few providers can be asked.
            return answer
        self._report(answer, duration_ms(self.item, self.now()))
        return answer

    def _report(self, answer: ProviderOutcome | NotFound, milliseconds: int | None) -> None:
        if isinstance(answer, Pending | NotFound):
            return
        item, code = self.item, _code(answer)
        values: dict[str, float] = {
            "ProviderFailures": int(fault_of(answer) is not None or code in _FAILING),
            "ProviderThrottles": int(code == "rate_limit"),
        }
        if isinstance(answer, Generated) and milliseconds is not None:
            values["ProviderLatency"] = milliseconds
        provider, model = item.spec.provider, item.spec.model
        cost = answer.cost if isinstance(answer, Generated | Refused) else None
        facts = {
            "message": "provider answered",
            "correlation_id": item.job_id,
            "tenant": item.tenant,
            "item": item.number,
            "attempt": item.attempt,
            "outcome": _outcome(answer),
            "code": code,
            "ms": milliseconds,
            "cost": None if cost is None or cost.micros is None else format_usd(cost.micros),
        }
        emit(
            values,
            {"Provider": provider},
            {"Provider": provider, "Model": model},
            facts=facts,
        )


def _outcome(answer: ProviderOutcome) -> str:
    match answer:
        case Generated():
            return "generated"
        case Throttled():
            return "throttled"
        case Refused():
            return "refused"
        case _:
            return "unknown"


def _code(answer: ProviderOutcome) -> str | None:
    """Return why a call brought no result, None for one that did."""
    match answer:
        case Throttled(kind=kind) | Refused(kind=kind):
            return kind
        case OutcomeUnknown():
            return "no_answer"
        case _:
            return None
