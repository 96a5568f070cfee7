"""Routes about the service itself: health, contract, caller, operations and providers."""

import json
from datetime import UTC, date
from functools import lru_cache
from pathlib import Path

from studio.api.http.catalogue import card_of
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, json_response
from studio.api.http.serializers import money
from studio.api.service import offers
from studio.api.service.operation_serializers import operation, schema_of
from studio.domain.catalogue.catalogue import provider_ids
from studio.domain.catalogue.orderable import card_of_day
from studio.domain.jobs.model import MAX_ITEMS, MAX_VARIATIONS
from studio.domain.operations.table import OPERATIONS
from studio.errors import NotFoundError

CONTRACT_FILE = "openapi.json"
JOB_SCHEMA_FILE = "job.schema.json"


def health(request: Request, deps: Dependencies) -> Response:
    """Tell that the function runs; asks nothing of AWS."""
    return json_response({"status": "ok", "version": deps.version, "region": deps.region})


def contract(request: Request, deps: Dependencies) -> Response:
    """Give the OpenAPI document, written ahead of time by ``studio.api.openapi``."""
    return Response(200, _file(CONTRACT_FILE))


def me(request: Request, deps: Dependencies) -> Response:
    """Say who the caller is and what they may do."""
    caller = request.caller()
    limit = deps.monthly_limit
    return json_response(
        {
            "id": caller.subject,
            "email": caller.email,
            "account_id": caller.tenant,
            "limits": {
                "monthly": None if limit is None else money(limit),
                "images_per_job": MAX_ITEMS,
                "variations": MAX_VARIATIONS,
            },
        }
    )


def list_operations(request: Request, deps: Dependencies) -> Response:
    """List what the studio can do."""
    return json_response(
        {"data": [operation(value, _models_of(value.id, deps)) for value in OPERATIONS.values()]}
    )


def get_operation(request: Request, deps: Dependencies) -> Response:
    """Give one operation with the JSON Schema of its input and its phases."""
    found = OPERATIONS.get(request.params["operation_id"])
    if found is None:
        raise NotFoundError("no such operation")
    schema = schema_of(found, json.loads(_file(JOB_SCHEMA_FILE)))
    return json_response(operation(found, _models_of(found.id, deps)) | {"schema": schema})


def list_providers(request: Request, deps: Dependencies) -> Response:
    """List who can make images."""
    cards = (card_of_day(provider, _today(deps)) for provider in provider_ids())
    return json_response({"data": [offers.provider(card) for card in cards]})


def get_provider(request: Request, deps: Dependencies) -> Response:
    """Give one provider with its models."""
    return json_response(offers.provider(card_of(request).on(_today(deps))))


def _today(deps: Dependencies) -> date:
    return deps.now().astimezone(UTC).date()


def _models_of(operation_id: str, deps: Dependencies) -> dict[str, list[str]]:
    """Return the models that do an operation today, by provider."""
    able = {
        provider: [
            model.id
            for model in card_of_day(provider, _today(deps)).models.values()
            if operation_id in model.operations
        ]
        for provider in provider_ids()
    }
    return {provider: models for provider, models in able.items() if models}


@lru_cache
def _file(name: str) -> str:
    return (Path(__file__).parents[1] / name).read_text()
