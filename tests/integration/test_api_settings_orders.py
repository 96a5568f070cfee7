"""Orders filled from the account's stored settings, and where an estimate says values come from."""

from typing import Any

import pytest

from tests.support.mock_aws.api_client import Api, based_on, the_item

PATH = "/v1/settings/image-generation"
JOB: dict[str, Any] = {"operation": "generate", "prompt": "a red fox", "size": "1024x1024"}
BUILT_IN = dict.fromkeys(("provider", "model", "format", "size", "quality"), "built-in")


@pytest.fixture(autouse=True)
def choices(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVIDERS", "builtin,openai")


def store(api: Api, **settings: Any) -> None:
    headers = based_on(api.get(PATH))
    assert api.request("PUT", PATH, body=settings, headers=headers).status == 200


def estimated(api: Api, body: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the origins of a body's members, and the warnings."""
    answer = api.post("/v1/estimates", {"jobs": [body]}, key=None)
    assert answer.status == 200, answer.text
    (found,) = answer.document["sources"]
    assert found.pop("job") == 1
    return found, answer.document["warnings"]


def test_what_is_not_stored_fills_nothing(api: Api) -> None:
    item = the_item(api, JOB)
    assert (item["provider"]["id"], item["output"]["format"]) == ("openai", "webp")
    assert estimated(api, JOB)[0] == {**BUILT_IN, "size": "body"}


def test_stored_settings_fill_what_a_body_leaves_out(api: Api) -> None:
    store(api, provider="runware", image_format="png")
    job = api.post("/v1/jobs", JOB).document
    chosen = job["provider"]
    assert chosen["chosen"] == {"id": "runware", "model": "runware:97@1"}
    assert chosen["reason"] == "The account's settings name it."
    item = the_item(api, JOB, "again")
    assert item["output"]["format"] == "png"
    sources, _ = estimated(api, JOB)
    assert sources == {
        "provider": "settings", "model": "settings", "format": "settings", "size": "body",
        "quality": "built-in",
    }  # fmt: skip
    other = the_item(api, JOB, "other", tenant="rival")
    assert (other["provider"]["id"], other["output"]["format"]) == ("openai", "webp")


def test_body_recipe_and_template_come_before_the_settings(api: Api) -> None:
    store(api, provider="runware", image_format="png")
    own = {"provider": {"id": "openai", "model": "gpt-image-2"}, "output": {"format": "avif"}}
    item = the_item(api, JOB | own)
    assert (item["provider"]["id"], item["output"]["format"]) == ("openai", "avif")
    assert api.calls.count("GetItem") == 0, "the body leaves nothing open"
    api.request("PUT", "/v1/recipes/saved", body={"job": {**JOB, **own, "quality": "draft"}})
    sources, _ = estimated(api, {"recipe_id": "saved", "size": "1024x1536"})
    assert sources == {
        **dict.fromkeys(("provider", "model", "format", "quality"), "recipe"), "size": "body",
    }  # fmt: skip
    template = {"category": "post", "provider": "openai", "aspect_ratio": "1:1"}
    api.request("PUT", "/v1/templates/posts", body=template)
    body = {"operation": "generate", "prompt": "a fox", "template_id": "posts"}
    sources, _ = estimated(api, body)
    assert sources == {**BUILT_IN, "provider": "template", "format": "settings", "size": "template"}
    automatic, _ = estimated(api, JOB | {"provider": {"mode": "auto"}})
    assert (automatic["provider"], automatic["model"]) == ("body", "built-in")
    removed, _ = estimated(api, {"recipe_id": "saved", "provider": None, "output": None})
    assert (removed["provider"], removed["format"]) == ("settings", "settings")


def test_the_model_of_the_settings_is_for_its_own_provider(api: Api) -> None:
    store(api, provider="runware", model="runware:101@1")
    assert the_item(api, JOB | {"provider": {"id": "runware"}})["provider"]["model"] == (
        "runware:101@1"
    )
    sources, _ = estimated(api, JOB | {"provider": {"id": "openai"}})
    assert (sources["provider"], sources["model"]) == ("body", "built-in")


def test_a_retired_model_of_the_settings_means_its_successor(api: Api) -> None:
    store(api, image_format="webp")
    job = api.post("/v1/jobs", JOB | {"strict": True}).document
    assert job["provider"]["chosen"] == {"id": "openai", "model": "gpt-image-2"}
    assert job["warnings"] == ["dall-e-3 ended on 2026-05-12: gpt-image-2 is used instead."]


def test_settings_that_cannot_serve_an_operation_leave_it_to_the_studio(api: Api) -> None:
    store(api, provider="openai", image_format="jpg")
    source = {"sources": [{"url": "https://example.org/a.png"}]}
    sources, warnings = estimated(api, {"operation": "edit.remove_background", **source})
    assert sources == BUILT_IN
    assert warnings[:2] == [
        "job 1: OpenAI Images, the provider of the settings, does not offer "
        "edit.remove_background. The studio chooses one.",
        "job 1: JPEG, the format of the settings, has no transparency: it was not used.",
    ]
    sources, _ = estimated(api, {"operation": "render", **source})
    assert sources == BUILT_IN
    upscale = {"operation": "upscale.fast", "input": {"preset": "print"}, **source}
    assert estimated(api, upscale)[0]["format"] == "built-in"


def test_a_job_keeps_the_settings_it_began_with(api: Api) -> None:
    store(api, provider="runware", image_format="png")
    job_id = api.post("/v1/jobs", JOB).document["id"]
    store(api, provider="openai", image_format="webp")
    (item,) = api.get(f"/v1/jobs/{job_id}/items").document["data"]
    assert (item["provider"]["id"], item["output"]["format"]) == ("runware", "png")
    assert the_item(api, JOB, "later")["provider"]["id"] == "openai"
