"""Who may see what: tokens, and ids that do not exist."""

import pytest

from studio.api.http.messages import Route
from tests.integration.api_client import Api, stored
from tests.integration.each_route import (
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


@pytest.mark.parametrize("route", PRIVATE, ids=name_of)
def test_without_a_token_there_is_no_answer(api: Api, route: Route) -> None:
    answer = api.request(
        route.method,
        fill(route, {name: f"{prefix}_{UNKNOWN}" for name, prefix in PREFIXES.items()}),
        body=BODIES.get(route.path),
        headers={"idempotency-key": "k"},
        claims={},
    )
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert api.calls == []
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
def test_a_token_without_a_usable_tenant_is_forbidden(api: Api, claims: dict[str, str]) -> None:
    answer = api.post("/v1/jobs", ORDER, claims=claims)
    assert (answer.status, answer.code) == (403, "forbidden")
    assert stored() == {}


def test_a_user_without_a_tenant_claim_is_a_tenant_of_their_own(api: Api) -> None:
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
