"""Response shapes of provider health."""

from typing import Literal

from typing_extensions import TypedDict

from studio.domain.routing.breaker import FaultKind, State


class LastError(TypedDict):
    """The newest failure of a model, by kind and time."""

    kind: FaultKind
    at: str


class ModelHealth(TypedDict):
    """The circuit breaker and the rate limit of a model.

    A ``closed`` breaker lets calls pass. An ``open`` one blocks them until ``next_probe_at``. A
    ``half_open`` one lets one call pass at a time. ``failures`` counts consecutive failures.
    ``rate_per_minute`` is null without a rate limit. ``held_until`` is null while a token is left.
    """

    model: str
    state: State
    failures: int
    opened_at: str | None
    next_probe_at: str | None
    last_error: LastError | None
    rate_per_minute: int | None
    tokens_left: int | None
    held_until: str | None


class ProviderHealth(TypedDict):
    """The health of a provider, for the account that the caller's jobs use.

    ``healthy`` is true when no breaker blocks calls. ``account`` is ``own`` or ``shared``. It is
    null without recent calls, and for a provider without accounts.
    """

    id: str
    healthy: bool
    account: Literal["own", "shared"] | None
    models: list[ModelHealth]
