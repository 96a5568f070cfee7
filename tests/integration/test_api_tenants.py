"""Who may see what: tokens, and ids that do not exist."""

import pytest

from studio.api.http.messages import Route
from tests.support.mock_aws.api_client import Api, ApiResponse, stored
from tests.support.mock_aws.environment import sample
from tests.support.mock_aws.routes import (
    BODIES,
    OF_ONE,
    ORDER,
    PREFIXES,
    PRIVATE,
    UNKNOWN,
    fill,
    name_of,
)


@pytest.mark.parametrize("route", OF_ONE, ids=name_of)
def test_unknown_and_malformed_ids_do_not_exist(api: Api, route: Route) -> None:
    for text in (UNKNOWN, UNKNOWN.lower(), "", f"{UNKNOWN}#x"):
        ids = {name: f"{prefix}_{text}" for name, prefix in PREFIXES.items()}
        path = fill(route, ids)
        answer = api.request(
            route.method, path, body=BODIES.get(route.path), headers={"idempotency-key": "k"}
        )
        assert (answer.status, answer.code) == (404, "not-found"), path
        assert api.calls == [] or text == UNKNOWN
    assert stored() == {}


def knock(api: Api, route: Route, claims: dict[str, str]) -> ApiResponse:
    """Send a request to a route that must ask nothing of AWS and so store nothing."""
    answer = api.request(
        route.method,
        fill(route, {name: f"{prefix}_{UNKNOWN}" for name, prefix in PREFIXES.items()}),
        body=BODIES.get(route.path),
        headers={"idempotency-key": "k"},
        claims=claims,
    )
    assert api.calls == []
    return answer


@pytest.mark.parametrize("route", PRIVATE, ids=name_of)
def test_without_a_token_there_is_no_answer(api: Api, route: Route) -> None:
    answer = knock(api, route, {})
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert stored() == {}


# What a token of the same sign-in says of itself; the API takes only "id".
OTHER_TOKENS = {
    "access": {"token_use": "access", "client_id": "app", "scope": "aws.cognito.signin.user.admin"},
    "access-with-tenant": {"token_use": "access", "client_id": "app", "custom:tenant": "acme"},
    "refresh": {"token_use": "refresh", "client_id": "app"},
    "unnamed": {"token_use": "", "aud": "app", "custom:tenant": "acme"},
    "misspelt": {"token_use": "ID", "aud": "app", "custom:tenant": "acme"},
}


@pytest.mark.parametrize("personal", ["false", "true"])
@pytest.mark.parametrize("kind", OTHER_TOKENS)
def test_only_id_tokens_are_taken(
    api: Api, monkeypatch: pytest.MonkeyPatch, kind: str, personal: str
) -> None:
    monkeypatch.setenv("ALLOW_PERSONAL_TENANTS", personal)
    for route in PRIVATE:
        answer = knock(api, route, {"sub": "ann", **OTHER_TOKENS[kind]})
        assert (answer.status, answer.code) == (401, "id-token-required"), name_of(route)
        assert "ID token" in answer.document["detail"]
        assert answer.headers["www-authenticate"] == "Bearer"
    assert stored() == {}


def test_a_token_that_does_not_say_what_it_is_is_refused(api: Api) -> None:
    event = sample("api_health")
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/v1/me"
    claims = {"sub": "ann", "custom:tenant": "acme"}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims}}
    answer = api.send(event)
    assert (answer.status, answer.code) == (401, "id-token-required")


def test_a_user_without_a_tenant_is_refused(api: Api) -> None:
    for route in PRIVATE:
        answer = knock(api, route, {"sub": "ann", "email": "ann@example.com"})
        assert (answer.status, answer.code) == (403, "tenant-required"), name_of(route)
    assert stored() == {}


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "ann", "custom:tenant": "acme#job"},
        {"sub": "ann", "custom:tenant": ""},
        {"sub": "ann", "custom:tenant": "x" * 65},
        {"sub": "ann@example.com"},
        {"custom:tenant": "acme"},
        {"sub": "", "custom:tenant": "acme"},
    ],
)
def test_a_token_without_a_usable_tenant_is_forbidden(
    api: Api, monkeypatch: pytest.MonkeyPatch, claims: dict[str, str]
) -> None:
    monkeypatch.setenv("ALLOW_PERSONAL_TENANTS", "true")
    answer = api.post("/v1/jobs", ORDER, claims=claims)
    assert (answer.status, answer.code) == (403, "forbidden")
    assert stored() == {}


def test_a_user_without_a_tenant_claim_can_be_a_tenant_of_their_own(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOW_PERSONAL_TENANTS", "true")
    answer = api.get("/v1/me", claims={"sub": "ann", "email": "ann@example.com"})
    assert answer.document["account_id"] == "ann"
    assert answer.document["email"] == "ann@example.com"
    created = api.post("/v1/jobs", ORDER, claims={"sub": "ann"}).document
    assert created["created_by"] == "ann"
    path = f"/v1/jobs/{created['id']}"
    assert api.get(path, claims={"sub": "ann"}).status == 200
    assert api.get(path, claims={"sub": "bob"}).status == 404


@pytest.mark.parametrize("path", ["/health", "/v1/openapi.json", "/problems/busy"])
def test_public_routes_need_no_token(api: Api, path: str) -> None:
    assert api.get(path, claims={}).status == 200
    assert api.calls == []


@pytest.mark.parametrize("name", ["api_key", "key", "access_token", "API_KEY", "api%5Fkey"])
def test_a_key_in_the_address_is_refused_and_never_said(api: Api, name: str) -> None:
    for route in PRIVATE:
        query = f"{name}=isk_key-of-ann"
        answer = api.request(
            route.method,
            fill(route, {one: f"{prefix}_{UNKNOWN}" for one, prefix in PREFIXES.items()}),
            query=query,
            body=BODIES.get(route.path),
            headers={"idempotency-key": "k"},
        )
        assert (answer.status, answer.code) == (400, "key-in-query"), name_of(route)
        assert "key-of-ann" not in f"{answer.text}{answer.headers}"
        assert api.calls == []
    assert stored() == {}
