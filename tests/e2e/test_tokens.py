"""Every kind of token at every private route of the deployed stack."""

import time
from typing import Any

import httpx
import pytest

from tests.support.local_aws.caller import PASSWORD, Caller, sign_in
from tests.support.local_aws.deployment import Stack
from tests.support.mock_aws.routes import BODIES, PREFIXES, PRIVATE, UNKNOWN, fill, name_of

# What API Gateway answers before the function sees the request.
GATEWAY_REFUSAL = {"message": "Unauthorized"}


def tokens_of(cognito: Any, client: str, name: str) -> dict[str, str]:
    """Return every token of a sign-in."""
    result: dict[str, str] = cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    return result


def knock(http: httpx.Client, token: str | None) -> dict[str, httpx.Response]:
    """Send a request with a token to every private route and return the answers."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    ids = {name: f"{prefix}_{UNKNOWN}" for name, prefix in PREFIXES.items()}
    return {
        name_of(route): http.request(
            route.method,
            fill(route, ids),
            json=BODIES.get(route.path),
            headers={"idempotency-key": "k", **headers},
        )
        for route in PRIVATE
    }


@pytest.fixture(scope="module")
def unusable(stack: Stack, acme: Caller) -> dict[str, str | None]:
    """Tokens that the gateway refuses, by kind."""
    cognito = stack.client("cognito-idp")
    own = {
        "UserPoolId": stack.outputs["UserPoolId"],
        "ClientId": stack.outputs["UserPoolClientId"],
    }
    sign_in(stack, "tom", "acme")
    second = cognito.create_user_pool_client(
        UserPoolId=own["UserPoolId"],
        ClientName="second",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]["ClientId"]
    pool = cognito.create_user_pool(PoolName="foreign-tokens")["UserPool"]["Id"]
    foreign = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="x", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="eve", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="eve", Password=PASSWORD, Permanent=True
    )
    other_client = tokens_of(cognito, second, "tom")
    head, body, signature = acme.token.split(".")
    return {
        "none": None,
        "altered": f"{head}.{body}.{signature[:-8]}AAAAAAAA",
        "expired": _expired(cognito, own),
        "another client's ID": other_client["IdToken"],
        "another client's access": other_client["AccessToken"],
        "another pool's": tokens_of(cognito, foreign, "eve")["IdToken"],
    }


def _expired(cognito: Any, ids: dict[str, str]) -> str:
    """Return an ID token whose time is over."""
    before = cognito.describe_user_pool_client(**ids)["UserPoolClient"]
    names = ("ExplicitAuthFlows", "ReadAttributes", "WriteAttributes")
    kept = {name: before[name] for name in names if name in before}
    try:
        cognito.update_user_pool_client(
            **ids, **kept, IdTokenValidity=1, TokenValidityUnits={"IdToken": "seconds"}
        )
        token = tokens_of(cognito, ids["ClientId"], "tom")["IdToken"]
    finally:
        cognito.update_user_pool_client(
            **ids, **kept, IdTokenValidity=60, TokenValidityUnits={"IdToken": "minutes"}
        )
    time.sleep(2.1)
    return token


def test_the_gateway_refuses_tokens_that_are_not_the_stacks(
    http: httpx.Client, unusable: dict[str, str | None]
) -> None:
    for kind, token in unusable.items():
        for route, answer in knock(http, token).items():
            assert answer.status_code == 401, (kind, route, answer.text)
            assert answer.json() == GATEWAY_REFUSAL, (kind, route)


def runs(caller: Caller) -> dict[str, int]:
    """Return the run of each job. Jobs of other tests may end meanwhile, and addresses change."""
    jobs = caller.get("/v1/jobs", params={"limit": 100}).json()["data"]
    return {job["id"]: job["run"] for job in jobs}


def test_the_api_refuses_the_other_tokens_of_a_sign_in(
    stack: Stack, http: httpx.Client, acme: Caller
) -> None:
    sign_in(stack, "amy", "acme")
    client = stack.outputs["UserPoolClientId"]
    tokens = tokens_of(stack.client("cognito-idp"), client, "amy")
    assert http.get("/v1/me", headers={"authorization": f"Bearer {tokens['IdToken']}"}).is_success
    before = runs(acme)
    for route, answer in knock(http, tokens["AccessToken"]).items():
        assert (answer.status_code, answer.json()["code"]) == (401, "id-token-required"), route
    # AWS refuses a refresh token at the gateway, the local AWS lets it pass to the function.
    for route, answer in knock(http, tokens["RefreshToken"]).items():
        assert answer.status_code == 401, route
        assert answer.json() == GATEWAY_REFUSAL or answer.json()["code"] == "id-token-required"
    assert runs(acme) == before


def test_a_user_without_a_tenant_is_refused(stack: Stack, http: httpx.Client) -> None:
    cognito, pool = stack.client("cognito-idp"), stack.outputs["UserPoolId"]
    cognito.admin_create_user(UserPoolId=pool, Username="solo", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="solo", Password=PASSWORD, Permanent=True
    )
    token = tokens_of(cognito, stack.outputs["UserPoolClientId"], "solo")["IdToken"]
    for route, answer in knock(http, token).items():
        assert (answer.status_code, answer.json()["code"]) == (403, "tenant-required"), route
