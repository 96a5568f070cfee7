"""A provider that keeps its own account of what it was paid for: the truth of the tests."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from studio.domain.provider_calls.model import (
    Generated,
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
)
from studio.money import Cost
from studio.ports.provider import Provider
from tests.support.builders import PRICE, a_picture

Reply = ProviderOutcome | Exception


@dataclass
class FakeProvider:
    """One vendor behind the port.

    Attributes:
        repeatable: As in the port.
        askable: It finds a request by our id, and answers a second send of one as pending.
        polls: How often a call is answered as pending before its picture comes; 0 for at once.
        cost: What a picture costs.
        replies: What the next submits get instead of a picture, in order.
        paid_replies: Those of ``replies`` that are paid all the same.
        paid: How often a picture of a prompt was made and charged.
        requests: Every request that was submitted.
    """

    repeatable: bool = False
    askable: bool = False
    polls: int = 0
    cost: Cost = PRICE
    data: bytes = field(default_factory=a_picture)
    replies: deque[Reply] = field(default_factory=deque)
    paid_replies: deque[Reply] = field(default_factory=deque)
    paid: Counter[str] = field(default_factory=Counter)
    requests: list[ProviderRequest] = field(default_factory=list)
    looked_up: int = 0
    _known: dict[str, ProviderOutcome] = field(default_factory=dict)
    _polled: Counter[str] = field(default_factory=Counter)

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        self.requests.append(request)
        if self.askable and request.request_id in self._known:
            return Pending(request.request_id, 2)
        if self.replies:
            return _say(self.replies.popleft())
        self.paid[request.prompt] += 1
        if self.paid_replies:
            reply = self.paid_replies.popleft()
            if isinstance(reply, Refused):
                self._known[request.request_id] = reply
                return reply
            self._known[request.request_id] = self._made(request)
            return _say(reply)
        self._known[request.request_id] = self._made(request)
        return Pending(request.request_id, 20) if self.polls else self._made(request)

    def poll(self, handle: str) -> ProviderOutcome:
        self._polled[handle] += 1
        if self._polled[handle] < self.polls:
            return Pending(handle, 20)
        return self._known[handle]

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        self.looked_up += 1
        if not self.askable:
            return OutcomeUnknown("this provider cannot be asked")
        return self._known.get(request.request_id, NotFound())

    def _made(self, request: ProviderRequest) -> Generated:
        return Generated(self.data, self.cost, f"req-{request.request_id}", seed=7)


def _say(reply: Reply) -> ProviderOutcome:
    if isinstance(reply, Exception):
        raise reply
    return reply


@dataclass(frozen=True, slots=True)
class FakeProviders:
    """ProviderFactory: one adapter for every tenant, or none where ``error`` says why."""

    provider: Provider
    error: Callable[[], Exception | None] = lambda: None

    def __call__(self, provider: str, tenant: str) -> Provider:
        error = self.error()
        if error is not None:
            raise error
        return self.provider
