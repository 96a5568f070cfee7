"""Provider keys over the API: written, listed, tested, deleted, and never shown."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.api import handler
from studio.adapters import clients as aws
from studio.domain.provider_calls.accounts import key_path
from studio.providers.shared.http import shared_client
from tests.support.mock_aws.account import without_key_of
from tests.support.mock_aws.api_client import Api, ApiResponse, Document, stored
from tests.support.mock_aws.environment import environment
from tests.support.mock_aws.rendering import rendering
from tests.support.mock_aws.stack import clients
from tests.support.stand_ins.free_calls import FreeCallsStandIn

OPENAI = "/v1/integrations/openai"
KEY = "planted-key-of-acme-wxyz"
ORDER = {"operation": "generate", "prompt": "a boat", "provider": {"id": "openai"}}


@pytest.fixture(autouse=True)
def keyless(api: Api) -> None:
    """The stack has a key for every provider but openai."""
    without_key_of("openai")


@pytest.fixture
def server() -> Iterator[FreeCallsStandIn]:
    with FreeCallsStandIn("openai") as running:
        yield running
    shared_client().close()
    shared_client.cache_clear()


def put(api: Api, key: object = KEY, provider: str = "openai", **members: Any) -> ApiResponse:
    body = {"api_key": key, **members}
    return api.request("PUT", f"/v1/integrations/{provider}", body=body)


def listed(api: Api, tenant: str = "acme") -> dict[str, Document]:
    answer = api.get("/v1/integrations", tenant=tenant)
    return {one["provider"]: one for one in answer.document["data"]}


def parameter(account: str, provider: str = "openai") -> str | None:
    name = key_path(environment("ApiFunction")["PROVIDER_KEYS_PATH"], provider, account)
    try:
        found = clients().ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    except clients().ssm.exceptions.ParameterNotFound:
        return None
    assert found["Type"] == "SecureString"
    return found["Value"]


def give(account: str, value: Document) -> None:
    name = key_path(environment("ApiFunction")["PROVIDER_KEYS_PATH"], "openai", account)
    clients().ssm.put_parameter(
        Name=name, Value=json.dumps(value), Type="SecureString", Overwrite=True
    )


def test_a_key_is_stored_and_only_its_end_is_shown(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = put(api, f"  {KEY}\n")
    assert answer.status == 200
    shown = answer.document
    assert (shown["configured"], shown["last_four"], shown["updated_by"]) == (
        "own", "wxyz", "user-of-acme",
    )  # fmt: skip
    assert parameter("tenants/acme") == KEY
    assert listed(api)["openai"] == shown
    assert listed(api, "rival")["openai"]["configured"] == "none"
    texts = [answer.text, api.get("/v1/integrations").text, json.dumps(stored())]
    texts += capsys.readouterr()
    assert "acme" in texts[2]
    assert [text for text in texts if "planted" in text] == []


def test_the_api_writes_keys_and_never_reads_one(api: Api) -> None:
    put(api)
    assert api.calls == ["UpdateItem", "PutParameter", "UpdateItem", "BatchGetItem"]
    listed(api)
    assert api.calls == ["BatchGetItem"]
    api.request("DELETE", OPENAI)
    assert api.calls == ["UpdateItem", "DeleteParameter", "UpdateItem"]


def test_a_new_key_admits_the_next_order_and_a_deleted_one_does_not(api: Api) -> None:
    assert api.post("/v1/jobs", ORDER, key="one").code == "provider-not-configured"
    put(api)
    assert api.post("/v1/jobs", ORDER, key="two").status == 202
    for _ in range(2):
        assert api.request("DELETE", OPENAI).status == 204
    assert parameter("tenants/acme") is None
    assert listed(api)["openai"]["configured"] == "none"
    assert api.post("/v1/jobs", ORDER, key="three").code == "provider-not-configured"


def test_a_new_key_replaces_the_earlier_one(api: Api) -> None:
    put(api)
    put(api, "another-planted-key-abcd", rate_per_minute=250)
    assert listed(api)["openai"]["last_four"] == "abcd"
    kept = parameter("tenants/acme")
    assert kept is not None
    assert json.loads(kept) == {"api_key": "another-planted-key-abcd", "rate_per_minute": 250}


def test_a_key_that_looks_like_json_stays_a_key(api: Api) -> None:
    put(api, '{"base_url": "http://10.0.0.1"}')
    assert parameter("tenants/acme") == json.dumps({"api_key": '{"base_url": "http://10.0.0.1"}'})


BAD = [
    ({"api_key": "planted-a\nkey-0123"}, "/api_key"),
    ({"api_key": "planted-\u0000key-0123"}, "/api_key"),
    ({"api_key": "planted-\u200bkey-0123"}, "/api_key"),
    ({"api_key": "planted"}, "/api_key"),
    ({"api_key": "planted-{{key}}-0123"}, "/api_key"),
    ({"api_key": "planted-{{ssm:/a/b}}-0123", "rate_per_minute": 5}, "/api_key"),
    ({"api_key": "   "}, "/api_key"),
    ({"api_key": "x" * 4_097}, "/api_key"),
    ({"api_key": "x" * 5_000}, "/api_key"),
    ({"api_key": "x" * 10_001}, "/api_key"),
    ({"api_key": 12345678901234}, "/api_key"),
    ({}, "/api_key"),
    ({"api_key": KEY, "rate_per_minute": 0}, "/rate_per_minute"),
    ({"api_key": KEY, "base_url": "http://10.0.0.1"}, "/base_url"),
]


@pytest.mark.parametrize(("body", "pointer"), BAD)
def test_a_malformed_key_is_refused_and_not_repeated(
    api: Api, body: Document, pointer: str
) -> None:
    before = stored()
    answer = api.request("PUT", OPENAI, body=body)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert "planted" not in answer.text
    assert (stored(), parameter("tenants/acme")) == (before, None)


def test_the_longest_key_is_stored(api: Api) -> None:
    assert put(api, "x" * 4_096).status == 200


@pytest.mark.parametrize("provider", ["bedrock", "builtin"])
def test_a_provider_that_takes_no_key_says_so(api: Api, provider: str) -> None:
    assert (put(api, provider=provider).status, put(api, provider=provider).code) == (
        409, "state-conflict",
    )  # fmt: skip
    assert api.request("DELETE", f"/v1/integrations/{provider}").status == 409


def test_an_unknown_provider_is_not_found(api: Api) -> None:
    assert put(api, provider="acme").code == "not-found"
    assert api.post("/v1/integrations/acme/test", key=None).code == "not-found"


def test_the_key_in_use_is_tested(api: Api, server: FreeCallsStandIn) -> None:
    with rendering():
        give("default", {"api_key": "planted-wrong-key", "base_url": server.base_url})
        wrong = api.post(f"{OPENAI}/test", key=None)
        give("tenants/acme", {"api_key": server.api_key, "base_url": server.base_url})
        good = api.post(f"{OPENAI}/test", key=None)
        other = api.post(f"{OPENAI}/test", key=None, tenant="rival")
    assert [(one.document["outcome"], one.document["account"]) for one in (wrong, good, other)] == [
        ("refused", "stack"), ("ok", "own"), ("refused", "stack"),
    ]  # fmt: skip
    assert "planted" not in wrong.text + good.text


def test_without_a_key_there_is_nothing_to_test(api: Api) -> None:
    clients().ssm.delete_parameter(
        Name=key_path(environment("ApiFunction")["PROVIDER_KEYS_PATH"], "openai", "default")
    )
    with rendering():
        assert api.post(f"{OPENAI}/test", key=None).code == "provider-not-configured"
        assert api.post("/v1/integrations/builtin/test", key=None).code == "state-conflict"
        role = api.post("/v1/integrations/bedrock/test", key=None).document
    assert (role["outcome"], role["account"]) == ("untested", "stack")


def test_a_test_that_cannot_run_can_be_repeated(api: Api) -> None:
    with rendering(error="Unhandled"):
        answer = api.post(f"{OPENAI}/test", key=None)
    assert (answer.status, answer.document["retryable"]) == (503, True)


def cut_off_after(api: Api, operation: str) -> None:
    """Let the next write of a record fail that follows an operation on a key."""
    done: list[str] = []

    def cut_off() -> None:
        if not done:
            done.append(operation)
            api.fail(aws.dynamodb(), "UpdateItem", "InternalServerError", times=1)

    api.on(aws.ssm(), operation, cut_off)


def test_a_crash_between_key_and_record_is_put_right_by_a_repeat(api: Api) -> None:
    cut_off_after(api, "PutParameter")
    assert put(api).status == 500
    assert (parameter("tenants/acme"), listed(api)["openai"]["configured"]) == (KEY, "none")
    assert put(api).status == 200
    assert listed(api)["openai"]["configured"] == "own"
    cut_off_after(api, "DeleteParameter")
    assert api.request("DELETE", OPENAI).status == 500
    assert (parameter("tenants/acme"), listed(api)["openai"]["configured"]) == (None, "own")
    assert api.request("DELETE", OPENAI).status == 204
    assert listed(api)["openai"]["configured"] == "none"


def test_a_new_key_is_shown_after_a_deletion_that_was_cut_off(api: Api) -> None:
    """The versions of a parameter begin again, and the record of the earlier one is still there."""
    put(api, "planted-first-key-0001")
    put(api, "planted-second-key-0002")
    cut_off_after(api, "DeleteParameter")
    assert api.request("DELETE", OPENAI).status == 500
    assert put(api, "planted-third-key-0003").document["last_four"] == "0003"
    assert listed(api)["openai"]["last_four"] == "0003"


def test_a_key_that_is_stored_during_a_deletion_goes_with_its_record(api: Api) -> None:
    """The deletion ends after the other request, so it is the later change of both."""
    put(api, "planted-first-key-0001")
    others: list[ApiResponse] = []

    def store_another() -> None:
        if not others:
            others.append(put(api, "planted-second-key-0002"))

    api.on(aws.ssm(), "DeleteParameter", store_another)
    assert api.request("DELETE", OPENAI).status == 204
    assert (others[0].status, parameter("tenants/acme")) == (200, None)
    assert listed(api)["openai"]["configured"] == "none"


def test_providers_are_shown_as_the_account_can_use_them(api: Api) -> None:
    put(api, provider="runware")
    off = {"disabled": ["stability"]}
    api.request("PUT", "/v1/settings/providers", body=off, headers={"if-match": "*"})
    cards = {one["id"]: one for one in api.get("/v1/providers").document["data"]}
    shown = {name: (one["configured"], one["enabled"]) for name, one in cards.items()}
    assert shown["openai"] == ("none", True)
    assert shown["runware"] == ("own", True)
    assert shown["stability"] == ("stack", False)
    assert shown["builtin"] == shown["bedrock"] == ("stack", True)
    assert {one["healthy"] for one in cards.values()} == {True}
    handler.build.cache_clear()
    assert api.get("/v1/providers/stability").document["enabled"] is False
    assert api.get("/v1/providers/stability", tenant="rival").document["enabled"] is True
    assert listed(api)["stability"]["enabled"] is False


@pytest.mark.parametrize("name", ["builtin", "acme", 7])
def test_what_cannot_be_switched_off_is_refused(api: Api, name: object) -> None:
    body = {"disabled": ["openai", name]}
    answer = api.request("PUT", "/v1/settings/providers", body=body, headers={"if-match": "*"})
    assert (answer.status, answer.pointers) == (422, ["/disabled/1"])
    assert api.get("/v1/settings/providers").document["disabled"] == []
