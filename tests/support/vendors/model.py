"""Description of a vendor for the contract suite: its stand-in, its requests, its scenarios."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import httpx

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.provider_calls.model import Credentials, ProviderOutcome, ProviderRequest
from studio.money import Cost
from studio.ports.provider import Provider
from studio.providers.shared.result_files import FetcherFactory
from tests.support.stand_ins.server import Recorded, StandIn

Charge = Literal["free", "paid", "reported", "unknown"]
"""Cost of a call.

``free``: None. ``paid``: the example's cost. ``reported``: the cost of the tokens in the response.
``unknown``: ``UNKNOWN``.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A request that the vendor accepts, and its success.

    Attributes:
        request: The request.
        cost: Cost of the call.
        call_id: The provider's id of the first call.
        size: Pixels of the result, None where it is not an image.
        signature: Bytes near the start of the result's file format.
        seed: Seed that the result reports.
        requests: HTTP requests that a call needs, uploads included.
        result_id: The provider's id of the call that returns a queued result, where it differs.
    """

    request: ProviderRequest
    cost: Cost
    call_id: str
    size: tuple[int, int] | None
    signature: bytes = b"\x89PNG"
    seed: int | None = None
    requests: int = 1
    result_id: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario of the stand-in; ``only`` names its examples, empty for all common ones."""

    scenario: str
    only: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Success(Row):
    """A response with a result.

    Attributes:
        charge: Cost of the call.
        has_seed: Whether the result reports the example's seed; otherwise it reports none.
        valid: Whether the image is valid and has the example's size.
        has_id: Whether the outcome has the provider's id of the call.
    """

    charge: Charge = "paid"
    has_seed: bool = True
    valid: bool = True
    has_id: bool = field(default=True, kw_only=True)


@dataclass(frozen=True, slots=True)
class Refusal(Row):
    """A response that ends the call without a result.

    Attributes:
        kind: Kind of the refusal.
        charge: Cost of the call.
        ending: End of the message.
        has_id: Whether the outcome has the provider's id of the call.
        call_id: That id where it is not the example's.
        billed: Whether the stand-in bills the call.
    """

    kind: str
    charge: Charge = "free"
    ending: str = ""
    has_id: bool = True
    call_id: str | None = None
    billed: bool = field(default=True, kw_only=True)


@dataclass(frozen=True, slots=True)
class Delay(Row):
    """A temporary failure.

    Attributes:
        kind: Kind of the failure.
        retry_after: Seconds that the outcome may name.
        message: Message of the outcome, None where it is not checked.
    """

    kind: str
    retry_after: frozenset[int | None] = frozenset({None})
    message: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Loss(Row):
    """A response that never arrives; ``billed`` is whether the stand-in bills the call."""

    billed: bool = True


@dataclass(frozen=True, slots=True)
class Retry(Row):
    """Polls that fail before the result arrives.

    Attributes:
        waits: Seconds to wait after each.
        counted: Whether the handle counts them.
    """

    waits: tuple[int, ...]
    counted: bool = False


@dataclass(frozen=True, slots=True)
class LateRefusal(Row):
    """A queued call that ends without a result.

    Attributes:
        pending: Polls before the end.
        kind: Kind of the refusal.
        charge: Cost of the call.
        call_id: The provider's id in the outcome, None for the example's.
    """

    pending: int
    kind: str
    charge: Charge
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedPoll(Row):
    """A poll that the vendor refuses; ``message`` is the message of the outcome."""

    message: str


@dataclass(frozen=True, slots=True)
class Body:
    """A response body of an unusual shape.

    Attributes:
        example: Name of the example.
        document: The body, as JSON unless it is bytes.
        outcome: Class of the outcome.
        kind: Kind of the refusal with an unknown cost, None where it is not checked.
    """

    example: str
    document: object
    outcome: type[ProviderOutcome]
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Queue of calls of a vendor.

    Attributes:
        examples: Queued requests whose responses mean the same.
        others: More queued requests, for the rows that name them.
        accepted: Scenario of a queued call; a number after it counts the pending polls.
        wait_seconds: Pause between two polls.
        handle_length: Longest handle.
        retries: Polls that fail for now.
        refusals: Calls that fail after they are accepted.
        refused_polls: Scenarios in which the vendor refuses a poll.
        priced: Whether the cost depends on the catalogue; otherwise the vendor reports it.
    """

    examples: Mapping[str, Example]
    accepted: str
    wait_seconds: int
    handle_length: int
    retries: tuple[Retry, ...]
    refusals: tuple[LateRefusal, ...]
    refused_polls: tuple[RefusedPoll, ...]
    priced: bool = True
    others: Mapping[str, Example] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all examples."""
        return (*self.examples, *self.others)


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor with its stand-in.

    Attributes:
        card: The catalogue's card.
        stand_in: Returns a stand-in that accepts one key.
        adapter: Returns the adapter of an account.
        key: Key of the account.
        authorized: Whether a request carries the key where it must, and only there.
        examples: Requests whose responses mean the same.
        others: More requests, for the rows that name them.
        successes, refusals, delays, losses: Scenarios of a submitted call.
        silent: Names of the examples whose response never comes.
        logged: Names of the examples that play all scenarios in a row, with a log.
        bodies: Bodies of unusual shapes.
        queue: How it queues calls, None where it never does.
        secrets: Secrets besides the key.
        heavy: Scenarios that take too long to be played in a row.
    """

    card: ProviderCard
    stand_in: Callable[[str], StandIn]
    adapter: Callable[[Credentials, ProviderCard, httpx.Client, FetcherFactory], Provider]
    key: str
    authorized: Callable[[Recorded], bool]
    examples: Mapping[str, Example]
    successes: tuple[Success, ...]
    refusals: tuple[Refusal, ...]
    delays: tuple[Delay, ...]
    losses: tuple[Loss, ...]
    silent: tuple[str, ...]
    logged: tuple[str, ...]
    bodies: tuple[Body, ...] = ()
    queue: Queue | None = None
    secrets: tuple[str, ...] = ()
    heavy: frozenset[str] = frozenset({"slow"})
    others: Mapping[str, Example] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all examples."""
        return (*self.examples, *self.others)


def losses(*names: str, only: tuple[str, ...] = ()) -> tuple[Loss, ...]:
    """Return a loss for each scenario."""
    return tuple(Loss(name, only=only) for name in names)


def bearer(key: str, *, keyless: tuple[str, ...] = ()) -> Callable[[Recorded], bool]:
    """Return the check that a request carries a bearer key, and below a keyless path none."""

    def authorized(request: Recorded) -> bool:
        if keyless and request.path.startswith(keyless):
            return key not in repr(request)
        return request.headers.get("authorization") == f"Bearer {key}"

    return authorized


OTHER_SUCCESSES: Final = ("COMPLETE", "DONE", "Finished", "NORMAL", "0", True)
"""Words of gateways for the end of a call that made its image."""
SOON = frozenset(range(1, 31))
"""Seconds until a date that is half a minute away."""
