"""The route of a provider's health."""

from datetime import datetime
from typing import TYPE_CHECKING

from studio import wiring
from studio.api.http.catalogue import card_of
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.serializers import time_text
from studio.clock import rfc3339

if TYPE_CHECKING:
    from studio.api.provider_health import responses
    from studio.domain.routing.breaker import Breaker
    from studio.services.routing.provider_health import ModelHealth


def get_provider_health(request: Request, deps: Dependencies) -> Response:
    """Tell how a provider has been answering, and when it may be called."""
    caller, card = request.caller(), card_of(request)
    health = wiring.provider_health(deps.settings)
    found, at = health.of(caller.tenant, card.id), deps.now()
    document: responses.ProviderHealth = {
        "id": card.id,
        "healthy": not any(model.bucket.breaker.wait(at) for model in found.models),
        "account": found.account,
        "models": [_model(model, at) for model in found.models],
    }
    return json_response(document)


def _model(value: "ModelHealth", at: datetime) -> "responses.ModelHealth":
    breaker, rate = value.bucket.breaker, value.per_minute
    free_at = value.bucket.free_at(rate)
    return {
        "model": value.model,
        "state": breaker.state(at),
        "failures": breaker.failures,
        "opened_at": time_text(breaker.opened_at),
        "next_probe_at": time_text(breaker.next_probe_at),
        "last_error": _last_error(breaker),
        "rate_per_minute": rate,
        "tokens_left": value.bucket.tokens(rate, at) if rate else None,
        "held_until": time_text(free_at) if free_at and free_at > at else None,
    }


def _last_error(breaker: "Breaker") -> "responses.LastError | None":
    if breaker.error_kind is None or breaker.error_at is None:
        return None
    return {"kind": breaker.error_kind, "at": rfc3339(breaker.error_at)}


ROUTES = (
    Route(
        "GET",
        "/v1/providers/{provider_id}/health",
        get_provider_health,
        "Return the health of a provider by model: circuit breaker and rate",
        "ProviderHealth",
        role="viewer",
    ),
)
