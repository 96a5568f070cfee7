"""Limits of money through the API: estimate, max_cost and the month."""

import pytest

from studio.money import Cost
from tests.support.mock_aws.api_client import Api, executions, stored
from tests.support.mock_aws.finished_jobs import Work

DEAR = {"operation": "generate", "prompt": "a boat", "provider": {"id": "openai"}}
UNPRICED = {
    "operation": "generate",
    "prompt": "a",
    "provider": {"id": "runware", "model": "runware:100@1"},
}


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A monthly limit that one picture of DEAR fits into and two do not."""
    monkeypatch.setenv("TENANT_MONTHLY_LIMIT_USD", "0.10")


def test_the_estimate_is_what_the_job_reserves(api: Api) -> None:
    body = DEAR | {"variations": 3}
    estimate = api.post("/v1/estimates", {"jobs": [body]}, key=None).document
    assert api.calls == ["BatchGetItem"]
    assert stored() == {}
    assert executions() == []
    job = api.post("/v1/jobs", body).document
    assert estimate["total"]["amount"] == job["cost"]["reserved"]
    assert estimate["total"]["amount"] > "0.100000"
    assert estimate["basis"] == "estimated"
    assert [(entry["job"], entry["item"]) for entry in estimate["per_item"]] == [
        (1, 1),
        (1, 2),
        (1, 3),
    ]
    assert estimate["budget"] == {"limit": None, "committed": None}


def test_an_estimate_of_several_jobs_adds_up_and_warns_per_job(api: Api) -> None:
    retired = DEAR | {"provider": {"id": "openai", "model": "dall-e-3"}}
    skipping = {"operation": "generate", "items": [{"prompt": "a"}, {}]}
    jobs = [DEAR | {"seed": 1, "variations": 2}, retired, skipping, DEAR | {"max_cost": "0.01"}]
    answer = api.post("/v1/estimates", {"jobs": jobs}, key=None).document
    cents = sum(int(entry["cost"]["amount"].replace(".", "")) for entry in answer["per_item"])
    assert answer["total"]["amount"].replace(".", "").lstrip("0") == str(cents)
    numbers = [warning.partition(":")[0] for warning in answer["warnings"]]
    assert numbers == ["job 1", "job 2", "job 3", "job 4"]
    seed, successor, skipped, dear = answer["warnings"]
    assert "seed" in seed
    assert "dall-e-3" in successor
    assert "skipped" in skipped
    assert "above max_cost 0.010000 USD" in dear


def test_an_unknown_price_makes_the_whole_estimate_unknown(api: Api) -> None:
    answer = api.post("/v1/estimates", {"jobs": [DEAR, UNPRICED]}, key=None).document
    assert answer["total"] == {"amount": None, "currency": "USD", "basis": "unknown"}
    assert answer["per_item"][1]["cost"]["amount"] is None
    assert answer["warnings"] == []


def test_a_limit_cannot_be_kept_on_an_unknown_price(api: Api) -> None:
    refused = api.post("/v1/jobs", UNPRICED | {"max_cost": "5"})
    assert (refused.status, refused.code) == (422, "cost-unknown")
    assert stored() == {}
    body = {"jobs": [UNPRICED | {"max_cost": "5"}]}
    (warning,) = api.post("/v1/estimates", body, key=None).document["warnings"]
    assert "no known price" in warning
    assert api.post("/v1/jobs", UNPRICED).status == 202


def test_the_month_is_kept_within_its_limit(api: Api, limit: None) -> None:
    first = api.post("/v1/jobs", DEAR, key="a")
    assert first.status == 202
    rows = stored()
    second = api.post("/v1/jobs", DEAR, key="b")
    assert (second.status, second.code) == (402, "budget-exceeded")
    committed = first.document["cost"]["reserved"]
    assert second.document["budget"] == "monthly"
    assert second.document["limit"] == "0.100000"
    assert second.document["committed"] == committed
    assert second.document["requested"] == committed
    assert stored() == rows
    assert executions() == [first.document["id"]]
    assert api.post("/v1/jobs", DEAR, key="c", tenant="rival").status == 202


def test_estimate_and_me_tell_the_month(api: Api, limit: None) -> None:
    reserved = api.post("/v1/jobs", DEAR).document["cost"]["reserved"]
    budget = api.post("/v1/estimates", {"jobs": [DEAR]}, key=None).document["budget"]
    assert api.calls == ["GetItem"]
    assert budget == {
        "limit": {"amount": "0.100000", "currency": "USD"},
        "committed": {"amount": reserved, "currency": "USD"},
    }
    me = api.get("/v1/me").document
    assert me["limits"]["monthly"] == me["month"]["limit"] == budget["limit"]


def test_me_tells_the_month_without_a_limit_too(api: Api) -> None:
    def month() -> dict[str, str | None]:
        found = api.get("/v1/me").document["month"]
        assert api.calls == ["GetItem"]
        return {name: value and value["amount"] for name, value in found.items()}

    assert month() == {"spent": "0.000000", "reserved": "0.000000", "limit": None}
    job = api.post("/v1/jobs", DEAR).document
    reserved = job["cost"]["reserved"]
    assert month() == {"spent": "0.000000", "reserved": reserved, "limit": None}
    work = Work(job["id"])
    work.start()
    work.make(1, Cost(41_100, "reported"))
    work.finish()
    assert month() == {"spent": "0.041100", "reserved": "0.000000", "limit": None}


def test_a_redrive_keeps_max_cost_for_the_whole_job_unless_told_otherwise(api: Api) -> None:
    job = api.post("/v1/jobs", DEAR | {"variations": 2, "max_cost": "0.11"}, key="a").document
    work = Work(job["id"])
    work.start()
    work.make(1, Cost(100_000, "reported"))
    work.refuse(2)
    work.finish()
    path = f"/v1/jobs/{job['id']}/redrive"
    refused = api.post(path, {}, key="b")
    assert (refused.status, refused.code, refused.pointers) == (
        422,
        "max-cost-exceeded",
        ["/max_cost"],
    )
    raised = api.post(path, {"max_cost": "0.20"}, key="c")
    assert (raised.status, raised.document["cost"]["max_cost"]) == (202, "0.200000")


def test_an_estimate_tells_the_likely_cost_and_what_is_held_and_whose_prices_they_are(
    api: Api,
) -> None:
    chain = {"id": "runware", "fallback": [{"id": "openai"}]}
    jobs = [DEAR, DEAR | {"provider": chain}, UNPRICED]
    answer = api.post("/v1/estimates", {"jobs": jobs}, key=None).document
    alone, chained, unpriced = answer["per_item"]
    assert alone["likely"]["amount"] < alone["held"]["amount"] == alone["cost"]["amount"]
    table = {"source": "table", "version": "openai-2026-11-20", "checked_at": "2026-11-30"}
    openai = {"provider": "openai", "model": "gpt-image-2", **table}
    assert alone["likely_price"] == alone["held_price"] == openai
    assert chained["likely"]["amount"] == "0.001300"
    assert chained["likely_price"]["provider"] == "runware"
    assert (chained["held"], chained["held_price"]) == (alone["held"], openai)
    assert unpriced["likely"]["amount"] is unpriced["held"]["amount"] is None
    assert unpriced["held_price"]["source"] == "reported"
    assert unpriced["held_price"]["checked_at"] is None
    assert answer["likely"] == {"amount": None, "currency": "USD", "basis": "unknown"}
    assert answer["held"]["unpriced"] == 1
    known = api.post("/v1/estimates", {"jobs": jobs[:2]}, key=None).document
    assert known["held"] == {"amount": known["total"]["amount"], "currency": "USD", "unpriced": 0}
    assert known["likely"]["amount"] < known["held"]["amount"]
