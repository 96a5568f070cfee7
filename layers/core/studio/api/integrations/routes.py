"""Routes of provider keys, which are written, listed and tested, and never shown."""

from typing import TYPE_CHECKING

from studio.api.http.catalogue import card_of
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import read_body
from studio.api.integrations import serializers
from studio.clock import rfc3339
from studio.domain.catalogue.catalogue import ProviderCard, account_providers, provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.errors import CredentialsMissingError, StateConflictError

if TYPE_CHECKING:
    from studio.api.integrations import responses


def list_integrations(request: Request, deps: Dependencies) -> Response:
    """List the providers with what is known of their keys; no key is read."""
    access = deps.key_records.setup(request.caller().tenant).access
    listed: responses.IntegrationList = {
        "data": [
            serializers.integration(provider_card(provider), access)
            for provider in account_providers(provider_ids())
        ]
    }
    return json_response(listed)


def put_integration(request: Request, deps: Dependencies) -> Response:
    """Store the account's own key of a provider in the place of an earlier one."""
    from studio.api.integrations.requests import IntegrationBody
    from studio.services.integrations.save_key import SaveKey
    from studio.services.orders.reading import read

    caller, card = request.caller(), _keyed(request)
    body = read(IntegrationBody, read_body(request).text)
    SaveKey(deps.key_vault, deps.key_records, deps.now).run(
        caller.tenant, card.id, body.api_key, body.rate_per_minute, saved_by=caller.subject
    )
    deps.setups.forget(caller.tenant)
    access = deps.key_records.setup(caller.tenant).access
    return json_response(serializers.integration(card, access))


def delete_integration(request: Request, deps: Dependencies) -> Response:
    """Delete the account's own key of a provider; a repeat changes nothing."""
    from studio.services.integrations.delete_key import DeleteKey

    tenant, card = request.caller().tenant, _keyed(request)
    DeleteKey(deps.key_vault, deps.key_records).run(tenant, card.id)
    deps.setups.forget(tenant)
    return Response(204)


def try_integration(request: Request, deps: Dependencies) -> Response:
    """Ask a provider whether it takes the key that the account's calls use; it costs nothing."""
    tenant, card = request.caller().tenant, card_of(request)
    if card.auth == "none":
        raise StateConflictError(f"{card.title} is called without a key")
    found = deps.test_integration.call({"tenant": tenant, "provider": card.id})
    if found["outcome"] is None:
        raise CredentialsMissingError(f"no key is stored for provider {card.id}")
    tested: responses.IntegrationTest = {
        "provider": card.id,
        "outcome": found["outcome"],
        "account": "own" if found["own"] else "stack",
        "detail": found["detail"],
        "tested_at": rfc3339(deps.now()),
    }
    return json_response(tested)


def _keyed(request: Request) -> ProviderCard:
    """Return the provider of a path.

    Raises:
        NotFoundError: there is none of that name.
        StateConflictError: it takes no key.
    """
    card = card_of(request)
    if card.auth != "key":
        raise StateConflictError(f"{card.title} takes no key")
    return card


_ONE = "/v1/integrations/{provider_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/integrations",
        list_integrations,
        "List the providers with what is known of their keys",
        "IntegrationList",
        role="viewer",
    ),
    Route(
        "PUT",
        _ONE,
        put_integration,
        "Store the account's own key of a provider",
        "Integration",
        body="IntegrationBody",
        role="admin",
    ),
    Route(
        "DELETE",
        _ONE,
        delete_integration,
        "Delete the account's own key of a provider",
        None,
        status=204,
        role="admin",
    ),
    Route(
        "POST",
        f"{_ONE}/test",
        try_integration,
        "Test the key of a provider by a call that costs nothing",
        "IntegrationTest",
        role="admin",
    ),
)
