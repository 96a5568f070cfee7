"""Who may see and spend what, on the deployed stack."""

import time

import httpx
import pytest

from tests.support.local_aws.caller import PASSWORD, Caller, sign_in
from tests.support.local_aws.deployment import MONTHLY_LIMIT_USD, Stack


def test_health_and_openapi_are_public(http: httpx.Client) -> None:
    assert http.get("/health").json()["status"] == "ok"
    assert http.get("/v1/openapi.json").json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("token", [None, "not-a-token", "spoilt"])
def test_no_good_token_no_answer(http: httpx.Client, acme: Caller, token: str | None) -> None:
    if token == "spoilt":
        head, body, signature = acme.token.split(".")
        token = f"{head}.{body}.{signature[:-8]}AAAAAAAA"
    headers = {"authorization": f"Bearer {token}"} if token else {}
    for path in ("/v1/jobs", "/v1/me", "/v1/assets"):
        assert http.get(path, headers=headers).status_code == 401


def test_a_token_of_another_user_pool_is_refused(stack: Stack, http: httpx.Client) -> None:
    cognito = stack.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="foreign")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="x", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="eve", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="eve", Password=PASSWORD, Permanent=True
    )
    token = cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "eve", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]["IdToken"]
    assert http.get("/v1/jobs", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_an_expired_token_is_refused(stack: Stack, http: httpx.Client) -> None:
    cognito = stack.client("cognito-idp")
    ids = {
        "UserPoolId": stack.outputs["UserPoolId"],
        "ClientId": stack.outputs["UserPoolClientId"],
    }
    before = cognito.describe_user_pool_client(**ids)["UserPoolClient"]
    kept = {
        name: before[name]
        for name in ("ExplicitAuthFlows", "ReadAttributes", "WriteAttributes")
        if name in before
    }
    try:
        cognito.update_user_pool_client(
            **ids, **kept, IdTokenValidity=1, TokenValidityUnits={"IdToken": "seconds"}
        )
        token = sign_in(stack, "late", "acme")
    finally:
        cognito.update_user_pool_client(
            **ids, **kept, IdTokenValidity=60, TokenValidityUnits={"IdToken": "minutes"}
        )
    time.sleep(2.1)
    assert http.get("/v1/jobs", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_another_tenants_objects_do_not_exist(acme: Caller, other: Caller) -> None:
    job = acme.finish(acme.create(prompt="private", size="64x64")["id"])
    (item,) = acme.items(job["id"])
    for path in ("", "/progress", "/items", "/items/1", "/logs", "/ledger"):
        assert other.get(f"/v1/jobs/{job['id']}{path}").status_code == 404
    for action in ("cancel", "redrive"):
        assert other.post(f"/v1/jobs/{job['id']}/{action}", {}).status_code == 404
    for path in ("", "/content"):
        assert other.get(f"/v1/assets/{item['asset_id']}{path}").status_code == 404
    listed = other.get("/v1/jobs", params={"limit": 100}).json()["data"]
    assert job["id"] not in {entry["id"] for entry in listed}


def test_the_monthly_limit_is_held_before_the_spend(stack: Stack, http: httpx.Client) -> None:
    spender = Caller(http, sign_in(stack, "max", "spender"))
    item = {"prompt": "expensive", "size": "1024x1024"}
    body = {
        "operation": "generate",
        "items": [item] * 50,
        "provider": {"id": "openai", "model": "gpt-image-2"},
        "quality": "premium",
    }
    paid_before = len(stack.openai.paid)
    statuses = [spender.post("/v1/jobs", body).status_code for _ in range(5)]
    accepted = statuses.count(202)
    assert set(statuses) == {202, 402}
    assert accepted * 50 * 0.211 <= float(MONTHLY_LIMIT_USD)
    refused = spender.post("/v1/jobs", body).json()
    assert refused["code"] == "budget-exceeded"
    for job in spender.get("/v1/jobs").json()["data"]:
        spender.post(f"/v1/jobs/{job['id']}/cancel")
    for job in spender.get("/v1/jobs").json()["data"]:
        spender.finish(job["id"], 90)
    # What was never spent is free again.
    assert spender.post("/v1/jobs", {**body, "items": [item]}).status_code == 202
    assert len(stack.openai.paid) - paid_before <= 2 * accepted + 1


def test_the_same_key_pays_once(acme: Caller) -> None:
    body = {"operation": "generate", "prompt": "once only", "size": "64x64"}
    headers = {"idempotency-key": "the-same-key"}
    first = acme.post("/v1/jobs", body, headers=headers)
    second = acme.post("/v1/jobs", body, headers=headers)
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.headers["idempotency-replayed"] == "true"
    assert first.json() == second.json()
    other_body = acme.post("/v1/jobs", {**body, "prompt": "twice"}, headers=headers)
    assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency-key-reused")
