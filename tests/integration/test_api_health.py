"""Health of providers through the API, and what it does to the choice of one."""

from datetime import datetime, timedelta
from functools import reduce

import pytest

from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
from studio.clock import utc_now
from studio.domain.routing.breaker import Breaker, after_fault
from tests.support.mock_aws.api_client import Api, Document
from tests.support.mock_aws.stack import CATALOG, clients

BOAT = {"operation": "generate", "prompt": "a boat"}
MODEL = "gpt-image-2"


@pytest.fixture
def store(api: Api) -> DynamoCallLimitStore:
    return DynamoCallLimitStore(clients().dynamodb, CATALOG)


def fail(store: DynamoCallLimitStore, account: str, at: datetime) -> None:
    """Open the breaker of an account at a time."""
    opened = reduce(lambda one, _: after_fault(one, "no_answer", at), range(5), Breaker())
    assert store.swap(f"openai/{account}/{MODEL}", Breaker(), opened, at) is None


def health(api: Api, provider: str = "openai", tenant: str = "acme") -> Document:
    answer = api.get(f"/v1/providers/{provider}/health", tenant=tenant)
    assert answer.status == 200, answer.text
    return answer.document


def of_model(document: Document) -> Document:
    found: Document
    (found,) = [one for one in document["models"] if one["model"] == MODEL]
    return found


def test_a_provider_without_calls_is_healthy(api: Api) -> None:
    document = health(api)
    assert (document["id"], document["healthy"], document["account"]) == ("openai", True, None)
    assert len(document["models"]) > 5
    assert of_model(document) == {
        "model": MODEL,
        "state": "closed",
        "failures": 0,
        "opened_at": None,
        "next_probe_at": None,
        "last_error": None,
        "rate_per_minute": 5,
        "tokens_left": 1,
        "held_until": None,
    }
    assert api.calls == ["BatchGetItem"]


def test_an_open_breaker_is_shown_with_its_times_and_its_last_error(
    api: Api, store: DynamoCallLimitStore
) -> None:
    fail(store, "default", utc_now())
    document = health(api)
    assert (document["healthy"], document["account"]) == (False, "shared")
    model = of_model(document)
    assert (model["state"], model["failures"]) == ("open", 5)
    assert model["last_error"] == {"kind": "no_answer", "at": model["opened_at"]}
    opened, due = (datetime.fromisoformat(model[name]) for name in ("opened_at", "next_probe_at"))
    assert due - opened == timedelta(seconds=30)


def test_no_job_waits_where_a_probe_is_due(api: Api, store: DynamoCallLimitStore) -> None:
    fail(store, "default", utc_now() - timedelta(minutes=1))
    document = health(api)
    assert (document["healthy"], of_model(document)["state"]) == (True, "half_open")


def test_tokens_and_holds_are_shown(api: Api, store: DynamoCallLimitStore) -> None:
    bucket, now = f"openai/tenants/acme/{MODEL}", utc_now()
    store.acquire(bucket, 60, now)
    document = health(api)
    assert document["account"] == "own"
    model = of_model(document)
    assert (model["rate_per_minute"], model["held_until"]) == (60, None)
    assert model["tokens_left"] in (9, 10)
    store.pause_until(bucket, 600, now)
    model = of_model(health(api))
    assert model["tokens_left"] == 0
    assert datetime.fromisoformat(model["held_until"]) - now > timedelta(minutes=9)


def test_an_account_of_another_tenant_is_not_seen(api: Api, store: DynamoCallLimitStore) -> None:
    fail(store, "tenants/acme", utc_now())
    assert health(api)["healthy"] is False
    other = health(api, tenant="rival")
    assert (other["healthy"], other["account"]) == (True, None)


def test_who_has_no_accounts_is_healthy(api: Api) -> None:
    document = health(api, "builtin")
    assert (document["healthy"], document["account"]) == (True, None)
    assert {model["state"] for model in document["models"]} == {"closed"}
    assert api.calls == []


def test_an_unknown_provider_has_no_health(api: Api) -> None:
    assert api.get("/v1/providers/unknown/health").status == 404


def chosen(api: Api, **body: object) -> Document:
    answer = api.post("/v1/estimates", {"jobs": [BOAT | body]}, key=None)
    found: Document = answer.document["provider_choice"][0]
    return found


@pytest.fixture
def several(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A studio that may choose among three providers."""
    monkeypatch.setenv("PROVIDERS", "builtin,openai,runware")


@pytest.mark.usefixtures("several")
def test_who_has_been_failing_is_chosen_behind_others_and_the_reason_says_so(
    api: Api, store: DynamoCallLimitStore
) -> None:
    asked = {"quality": "premium"}
    assert chosen(api, **asked)["id"] == "openai"
    fail(store, "default", utc_now())
    foreseen = chosen(api, **asked)
    assert foreseen["id"] == "runware"
    assert foreseen["reason"] == "It has not been failing lately; openai would be next."
    job = api.post("/v1/jobs", BOAT | asked).document
    assert job["provider"]["chosen"]["id"] == "runware"
    assert job["provider"]["reason"] == foreseen["reason"]
    (item,) = api.get(f"/v1/jobs/{job['id']}/items").document["data"]
    assert [one["id"] for one in item["provider"]["fallback"]] == ["openai"]


def test_who_fails_is_still_chosen_before_a_preview(
    api: Api, store: DynamoCallLimitStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVIDERS", "builtin,openai")
    fail(store, "default", utc_now())
    assert chosen(api)["id"] == "openai"


@pytest.mark.usefixtures("several")
def test_health_is_read_once_and_only_where_there_is_a_choice(api: Api) -> None:
    chosen(api)
    # The other read is that of the account's setup.
    assert api.calls.count("BatchGetItem") == 2
    chosen(api)
    assert api.calls.count("BatchGetItem") == 1
    chosen(api, provider={"id": "openai"})
    assert "BatchGetItem" not in api.calls


def test_where_there_is_one_provider_its_health_is_not_read(api: Api) -> None:
    chosen(api)
    chosen(api)
    assert "BatchGetItem" not in api.calls


def test_the_callers_own_list_is_a_choice(api: Api, store: DynamoCallLimitStore) -> None:
    fail(store, "default", utc_now())
    fallback = [{"id": "openai"}, {"id": "runware"}]
    foreseen = chosen(api, provider={"mode": "auto", "fallback": fallback})
    assert foreseen["id"] == "runware"
