"""Obstacles known at the order: estimates warn, orders are refused with nothing held."""

from typing import Any

import pytest

from functions.api import handler
from studio.money import Cost
from tests.support.mock_aws.account import without_key_of
from tests.support.mock_aws.api_client import Api, Document, executions, stored
from tests.support.mock_aws.finished_jobs import Work
from tests.support.mock_aws.stack import LEDGER, clients

BOAT = {"operation": "generate", "prompt": "a boat"}
RUN = "/v1/schedules/nightly/run"


@pytest.fixture
def keyless(api: Api) -> None:
    """Openai has no key; the others have."""
    without_key_of("openai")


def warnings(api: Api, *jobs: Document) -> list[str]:
    answer = api.post("/v1/estimates", {"jobs": list(jobs)}, key=None)
    assert answer.status == 200
    found: list[str] = answer.document["warnings"]
    return found


def held() -> list[Any]:
    return clients().dynamodb.scan(TableName=LEDGER)["Items"]


@pytest.mark.usefixtures("keyless")
def test_a_provider_without_a_key_warns_and_refuses(api: Api) -> None:
    order = BOAT | {"provider": {"id": "openai"}}
    said = "no key is stored for provider openai"
    assert warnings(api, order) == [f"job 1: {said}"]
    answer = api.post("/v1/jobs", order)
    assert (answer.status, answer.code) == (409, "provider-not-configured")
    assert answer.document["detail"] == said
    assert (held(), executions()) == ([], [])
    recipe = api.request("PUT", "/v1/recipes/boat", body={"job": order})
    assert (recipe.status, recipe.document["warnings"]) == (201, [said])
    assert api.post("/v1/jobs", {"recipe_id": "boat"}).code == "provider-not-configured"
    timing = {"recipe_id": "boat", "cron": "0 8 ? * MON *"}
    schedule = api.request("PUT", "/v1/schedules/nightly", body=timing)
    assert (schedule.status, schedule.document["warnings"]) == (201, [said])
    run = api.post(RUN, {}).document
    assert (run["outcome"], run["code"]) == ("failed", "provider-not-configured")
    assert (held(), executions()) == ([], [])


def test_a_redrive_without_a_key_is_refused_like_an_order(api: Api) -> None:
    order = BOAT | {"provider": {"id": "openai"}}
    job_id = api.post("/v1/jobs", order).document["id"]
    Work(job_id).start()
    Work(job_id).finish()
    without_key_of("openai")
    handler.build.cache_clear()
    before = stored()
    answer = api.post(f"/v1/jobs/{job_id}/redrive", {}, key="again")
    assert (answer.status, answer.code) == (409, "provider-not-configured")
    assert (stored(), executions()) == (before, [job_id])


@pytest.mark.usefixtures("keyless")
def test_the_tenants_own_key_is_enough(api: Api) -> None:
    api.request("PUT", "/v1/integrations/openai", body={"api_key": "own-key-of-acme"})
    order = BOAT | {"provider": {"id": "openai"}}
    assert warnings(api, order) == []
    assert api.post("/v1/jobs", order).status == 202
    assert api.post("/v1/jobs", order, tenant="rival").status == 409


@pytest.mark.usefixtures("keyless")
def test_the_automatic_choice_takes_who_has_a_key(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVIDERS", "openai,stability")
    job = api.post("/v1/jobs", BOAT).document
    assert job["provider"]["chosen"]["id"] == "stability"
    assert job["provider"]["reason"] == "It can be used now; openai would be next."


def test_no_key_is_read_to_know_that_it_is_there(api: Api) -> None:
    order = BOAT | {"provider": {"id": "openai"}}
    api.post("/v1/jobs", order, key="one")
    assert api.calls == ["BatchGetItem", "TransactWriteItems", "StartExecution"]
    api.post("/v1/jobs", order, key="two")
    assert api.calls == ["TransactWriteItems", "StartExecution"]


def test_a_month_without_room_warns_and_refuses(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENANT_MONTHLY_LIMIT_USD", "0.10")
    order = BOAT | {"provider": {"id": "openai"}}
    assert warnings(api, order) == []
    assert api.post("/v1/jobs", order, key="one").status == 202
    (warning,) = warnings(api, order)
    assert warning.startswith("the month's limit leaves 0.0")
    assert "these jobs would hold 0.0" in warning
    before = held()
    assert api.post("/v1/jobs", order, key="two").status == 402
    assert held() == before
    assert len(warnings(api, order, order)) == 1


def test_a_month_over_its_limit_still_has_room_for_what_is_free(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENANT_MONTHLY_LIMIT_USD", "0.10")
    job = api.post("/v1/jobs", BOAT | {"provider": {"id": "openai"}}, key="one").document
    work = Work(job["id"])
    work.start()
    work.make(1, Cost(200_000, "reported"))
    work.finish()
    free = BOAT | {"provider": {"id": "builtin"}}
    assert warnings(api, free) == []
    assert api.post("/v1/jobs", free, key="two").status == 202


@pytest.mark.parametrize(
    ("provider", "model", "successor"),
    [
        ("openai", "dall-e-3", "gpt-image-2"),
        ("gemini", "gemini-3.1-flash-image", "gemini-nano-banana-2.1"),
    ],
)
def test_a_model_that_has_ended_is_told_when_saved_and_when_run(
    api: Api, provider: str, model: str, successor: str
) -> None:
    order = BOAT | {"provider": {"id": provider, "model": model}}
    recipe = api.request("PUT", "/v1/recipes/old", body={"job": order}).document
    (said,) = recipe["warnings"]
    assert said.startswith(f"{model} ended on ")
    assert said.endswith(f"{successor} is used instead.")
    timing = {"recipe_id": "old", "cron": "0 8 ? * MON *"}
    schedule = api.request("PUT", "/v1/schedules/nightly", body=timing).document
    assert schedule["warnings"] == [said]
    run = api.post(RUN, {}).document
    job = api.get(f"/v1/jobs/{run['job_id']}").document
    assert job["warnings"] == [said]
    assert job["provider"]["chosen"]["model"] == successor
    strict = api.post("/v1/jobs", order | {"strict": True}, key="strict")
    assert (strict.status, strict.pointers) == (422, ["/provider/model"])
    assert strict.document["errors"][0]["code"] == "model-retired"


def test_the_providers_of_today_list_what_has_ended(api: Api) -> None:
    card = api.get("/v1/providers/gemini").document
    retired = {one["id"]: one for one in card["retired"]}
    ended = retired["gemini-3.1-flash-image"]
    assert (ended["state"], ended["ends"]) == ("retired", "2026-10-29")
    assert ended["successor"] in {one["id"] for one in card["models"]}
    assert "gemini-3.1-flash-image" not in {one["id"] for one in card["models"]}
    models = api.get("/v1/operations/generate").document["models"]
    assert "gemini-3.1-flash-image" not in models["gemini"]


def switch_off(api: Api, *providers: str) -> None:
    body = {"disabled": list(providers)}
    answer = api.request("PUT", "/v1/settings/providers", body=body, headers={"if-match": "*"})
    assert answer.status == 200


def test_a_provider_that_is_switched_off_warns_and_refuses(api: Api) -> None:
    switch_off(api, "openai")
    order = BOAT | {"provider": {"id": "openai", "fallback": [{"id": "runware"}]}}
    said = "provider openai is switched off in the account's settings"
    assert said in warnings(api, order)[0]
    answer = api.post("/v1/jobs", order)
    assert (answer.status, answer.code) == (409, "provider-disabled")
    assert answer.document["detail"] == said
    assert (held(), executions()) == ([], [])
    assert api.post("/v1/jobs", order, tenant="rival").status == 202
    switch_off(api)
    assert api.post("/v1/jobs", order).status == 202


def test_the_choice_and_the_substitutes_leave_out_what_is_switched_off(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVIDERS", "runware,openai,stability")
    switch_off(api, "runware", "stability")
    job = api.post("/v1/jobs", BOAT).document
    assert job["provider"]["chosen"]["id"] == "openai"
    item = api.get(f"/v1/jobs/{job['id']}/items/1").document
    assert "runware" not in str(item)
    named = BOAT | {"provider": {"id": "openai", "fallback": [{"id": "runware"}]}}
    job = api.post("/v1/jobs", named, key="two").document
    (warning,) = job["warnings"]
    assert warning.startswith("runware was named to take over and will not: provider runware is")


def test_a_redrive_of_what_is_switched_off_is_refused(api: Api) -> None:
    job_id = api.post("/v1/jobs", BOAT | {"provider": {"id": "openai"}}).document["id"]
    Work(job_id).start()
    Work(job_id).finish()
    switch_off(api, "openai")
    before = stored()
    answer = api.post(f"/v1/jobs/{job_id}/redrive", {}, key="again")
    assert (answer.status, answer.code) == (409, "provider-disabled")
    assert stored() == before
