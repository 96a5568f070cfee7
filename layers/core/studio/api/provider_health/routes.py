"""The route of a provider's health."""

from datetime import datetime
from typing import TYPE_CHECKING

from studio.api.http.catalogue import card_of
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.serializers import Document
from studio.clock import rfc3339

if TYPE_CHECKING:
    from studio.services.routing.provider_health import ModelHealth


def get_provider_health(request: Request, deps: Dependencies) -> Response:
    """Tell how a provider has been answering, and when it may be called."""
    caller, card = request.caller(), card_of(request)
    found, at = deps.provider_health.of(caller.tenant, card.id), deps.now()
    return json_response(
        {
            "id": card.id,
            "healthy": not any(model.bucket.breaker.wait(at) for model in found.models),
            "account": found.account,
            "models": [_model(model, at) for model in found.models],
        }
    )


def _model(value: "ModelHealth", at: datetime) -> Document:
    breaker, rate = value.bucket.breaker, value.per_minute
    free_at = value.bucket.free_at(rate)
    return {
        "model": value.model,
        "state": breaker.state(at),
        "failures": breaker.failures,
        "opened_at": _time(breaker.opened_at),
        "next_probe_at": _time(breaker.next_probe_at),
        "last_error": {"kind": breaker.error_kind, "at": _time(breaker.error_at)}
        if breaker.error_kind
        else None,
        "rate_per_minute": rate,
        "tokens_left": value.bucket.tokens(rate, at) if rate else None,
        "held_until": _time(free_at) if free_at and free_at > at else None,
    }


def _time(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)


ROUTES = (
    Route(
        "GET",
        "/v1/providers/{provider_id}/health",
        get_provider_health,
        "How a provider has been answering, by model: its breaker and its rate",
        "ProviderHealth",
    ),
)
