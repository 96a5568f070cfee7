"""The choice of a provider through the API: which one, why, and the problem when none can."""

import pytest

from tests.support.mock_aws.api_client import Api

BOAT = {"operation": "generate", "prompt": "a boat"}


@pytest.fixture
def three(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A studio that may choose among three providers."""
    monkeypatch.setenv("PROVIDERS", "builtin,runware,openai")


@pytest.mark.usefixtures("three")
def test_the_estimate_and_the_job_say_the_same_choice(api: Api) -> None:
    estimate = api.post("/v1/estimates", {"jobs": [BOAT]}, key=None).document
    (foreseen,) = estimate["provider_choice"]
    assert (foreseen["job"], foreseen["id"], foreseen["model"]) == (1, "runware", "runware:101@1")
    job = api.post("/v1/jobs", BOAT | {"provider": {"mode": "auto"}}).document
    assert job["provider"] == {
        "asked": "auto",
        "chosen": {"id": "runware", "model": "runware:101@1"},
        "reason": foreseen["reason"],
    }
    assert api.get(f"/v1/jobs/{job['id']}").document["provider"] == job["provider"]


@pytest.mark.usefixtures("three")
def test_a_limit_moves_the_choice(api: Api) -> None:
    order = BOAT | {"quality": "premium"}
    assert api.post("/v1/jobs", order, key="a").document["provider"]["chosen"]["id"] == "openai"
    job = api.post("/v1/jobs", order | {"max_cost": "0.01"}).document
    assert job["provider"]["chosen"]["id"] == "runware"


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(("limit", "provider"), [("", "openai"), ("1", "runware")])
def test_the_limit_of_the_month_asks_for_a_price(
    api: Api, monkeypatch: pytest.MonkeyPatch, limit: str, provider: str
) -> None:
    monkeypatch.setenv("TENANT_MONTHLY_LIMIT_USD", limit)
    large = BOAT | {"size": "2880x2880", "quality": "premium"}
    estimate = api.post("/v1/estimates", {"jobs": [large]}, key=None).document
    assert estimate["provider_choice"][0]["id"] == provider, "openai has no price for this size"
    job = api.post("/v1/jobs", large).document
    assert job["provider"]["chosen"]["id"] == provider


def test_who_is_named_is_taken(api: Api) -> None:
    job = api.post("/v1/jobs", BOAT | {"provider": {"id": "openai"}}).document
    assert job["provider"]["asked"] == "openai"
    assert job["provider"]["chosen"] == {"id": "openai", "model": "gpt-image-2"}


def test_an_operation_of_other_providers_is_refused_with_their_names(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVIDERS", "gemini")
    body = {
        "operation": "upscale.fast",
        "sources": [{"url": "https://example.com/a.png"}],
        "provider": {"id": "gemini"},
    }
    named = api.post("/v1/jobs", body)
    assert named.status == 422
    del body["provider"]
    (error,) = api.post("/v1/jobs", body | {"strict": True}, key="other").document["errors"]
    assert error["pointer"] == "/operation"
    assert "could where it is configured" in error["detail"]


def test_an_image_says_who_may_take_over(api: Api) -> None:
    provider = {"id": "openai", "fallback": [{"id": "runware"}]}
    job = api.post("/v1/jobs", BOAT | {"provider": provider}).document
    (item,) = api.get(f"/v1/jobs/{job['id']}/items").document["data"]
    assert item["provider"] == {
        "id": "openai",
        "model": "gpt-image-2",
        "asked": None,
        "why": None,
        "fallback": [{"id": "runware", "model": "runware:101@1"}],
    }


@pytest.mark.parametrize(
    ("provider", "pointer", "code"),
    [
        ({"fallback": [{"id": "unknown"}]}, "/provider/fallback/0/id", "provider-unknown"),
        ({"fallback": [{"id": "openai"}] * 2}, "/provider/fallback", "duplicate"),
        (
            {"fallback": [{"id": "openai"}], "allow_fallback": False},
            "/provider/fallback",
            "exclusive",
        ),
        ({"fallback": []}, "/provider/fallback", "too-short"),
        (
            {"id": "builtin", "fallback": [{"id": "openai", "model": "gpt-image-9"}]},
            "/provider/fallback/0/model",
            "model-unknown",
        ),
    ],
)
def test_a_list_of_substitutes_is_checked(
    api: Api, provider: dict[str, object], pointer: str, code: str
) -> None:
    answer = api.post("/v1/jobs", BOAT | {"provider": provider})
    (error,) = answer.document["errors"]
    assert (answer.status, error["pointer"], error["code"]) == (422, pointer, code)
