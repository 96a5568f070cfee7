"""Routes about the service itself: health, contract, caller, operations and providers."""

import json
from datetime import UTC, date
from functools import lru_cache
from pathlib import Path

from studio import wiring
from studio.api.http.catalogue import card_of
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import HOUR, Request, Response, Route, json_response
from studio.api.service import operation_serializers, serializers
from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.orderable import card_of_day
from studio.domain.ledger.model import budget_month
from studio.domain.operations.table import OPERATIONS
from studio.errors import NotFoundError

CONTRACT_FILE = "openapi.json"
JOB_SCHEMA_FILE = "job.schema.json"
# The only server of the document, as the generator writes it.
_SERVER = '{\n   "url": "/"\n  }'


def health(request: Request, deps: Dependencies) -> Response:
    """Return that the function runs, without a call to AWS."""
    return json_response(serializers.health(deps.settings.version, deps.settings.region))


def contract(request: Request, deps: Dependencies) -> Response:
    """Return the OpenAPI document, generated ahead of time by ``studio.api.openapi``."""
    here = json.dumps({"url": base_url(request)})
    return Response(200, _file(CONTRACT_FILE).replace(_SERVER, here, 1))


def base_url(request: Request) -> str:
    """Return the address of the API to which the request was sent.

    A gateway has a host for each API. The local AWS has one host for all of its APIs, and tells
    them apart by their paths.
    """
    context = request.event["requestContext"]
    host = request.headers.get("host", context["domainName"])
    if host == context["domainName"]:
        return f"https://{host}"
    return f"http://{host}/_aws/execute-api/{context['apiId']}"


def me(request: Request, deps: Dependencies) -> Response:
    """Return the caller, their limits and what their account spends this month."""
    caller = request.caller()
    month = deps.ledger.month(caller.tenant, budget_month(deps.now()))
    return json_response(serializers.me(caller, deps.settings.monthly_limit, month))


def list_operations(request: Request, deps: Dependencies) -> Response:
    """List the operations."""
    today = _today(deps)
    return json_response(
        operation_serializers.operations(OPERATIONS.values(), lambda one: _models_of(one, today))
    )


def get_operation(request: Request, deps: Dependencies) -> Response:
    """Return one operation with the JSON Schema of its input and its phases."""
    found = OPERATIONS.get(request.params["operation_id"])
    if found is None:
        raise NotFoundError("no such operation")
    job, models = json.loads(_file(JOB_SCHEMA_FILE)), _models_of(found.id, _today(deps))
    return json_response(operation_serializers.detailed_operation(found, models, job))


def list_providers(request: Request, deps: Dependencies) -> Response:
    """List the providers with the models of today, as the account can use them."""
    cards = [card_of_day(provider, _today(deps)) for provider in provider_ids()]
    return json_response(serializers.providers(cards, _usable(request, deps, cards)))


def get_provider(request: Request, deps: Dependencies) -> Response:
    """Return one provider with its models of today, as the account can use it."""
    card = card_of(request).on(_today(deps))
    return json_response(serializers.provider(card, _usable(request, deps, [card])))


def _usable(request: Request, deps: Dependencies, cards: list[ProviderCard]) -> serializers.Usable:
    """Return which of some providers the account can use, and which of them fail."""
    tenant = request.caller().tenant
    models = [(card.id, model) for card in cards for model in card.models]
    failing = wiring.provider_health(deps.settings).failing(tenant, models)
    access = deps.setups.of(tenant).access
    return serializers.Usable(access, frozenset(provider for provider, _ in failing))


def _today(deps: Dependencies) -> date:
    return deps.now().astimezone(UTC).date()


def _models_of(operation_id: str, day: date) -> dict[str, list[str]]:
    """Return the models that support an operation on a day, by provider."""
    able = {
        provider: [
            model.id
            for model in card_of_day(provider, day).models.values()
            if operation_id in model.operations
        ]
        for provider in provider_ids()
    }
    return {provider: models for provider, models in able.items() if models}


@lru_cache
def _file(name: str) -> str:
    return (Path(__file__).parents[1] / name).read_text()


ROUTES: tuple[Route, ...] = (
    Route("GET", "/health", health, "Return that the API runs", "Health", public=True),
    Route("GET", "/v1/openapi.json", contract, "Return this OpenAPI document", None, public=True),
    Route(
        "GET",
        "/v1/me",
        me,
        "Return the caller, their limits and the month's spending",
        "Me",
        role="viewer",
    ),
    Route(
        "GET",
        "/v1/operations",
        list_operations,
        "List the operations",
        "OperationList",
        max_age=HOUR,
        role="viewer",
    ),
    Route(
        "GET",
        "/v1/operations/{operation_id}",
        get_operation,
        "Return an operation with the JSON Schema of its body and its phases",
        "OperationDetail",
        max_age=HOUR,
        role="viewer",
    ),
    Route(
        "GET",
        "/v1/providers",
        list_providers,
        "List the providers with their models and limits",
        "ProviderList",
        role="viewer",
    ),
    Route(
        "GET",
        "/v1/providers/{provider_id}",
        get_provider,
        "Return a provider",
        "Provider",
        role="viewer",
    ),
)
