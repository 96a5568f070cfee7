"""Shapes of answers about a provider's health, for the contract."""

from typing import Literal

from studio.api.http.responses import Answer
from studio.domain.routing.breaker import FaultKind, State


class LastError(Answer):
    """The newest fault: it could not be reached or failed by itself, or its answer was lost."""

    kind: FaultKind
    at: str


class ModelHealth(Answer):
    """A model's circuit breaker and rate bucket.

    ``state``: ``closed``, calls are made; ``open``, none before ``next_probe_at``; ``half_open``,
    one call at a time is tried. ``failures`` are faults in a row. ``rate_per_minute`` is null
    where no limit is kept, ``held_until`` where a call need not wait for the bucket.
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


class ProviderHealth(Answer):
    """How a provider is doing for the caller: the state of the account that their jobs use.

    ``healthy`` says that no model's calls wait for a breaker. ``account`` is ``own`` or
    ``shared``; null where nobody has called lately, or where there are no accounts.
    """

    id: str
    healthy: bool
    account: Literal["own", "shared"] | None
    models: list[ModelHealth]
