"""``studio create`` with sources, recipes and personas."""

from pathlib import Path

import pytest

from studio.services.orders.body import JobBody
from studio_cli.errors import CliError
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn


def test_a_job_may_start_from_a_file_a_url_and_a_recipe(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/uploads", ScriptedResponse({"asset": {"id": "ast_7"}, "upload": None}))
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model(1)), status=202))
    (signed_in / "front.jpg").write_bytes(b"picture")
    words = ("create", "--recipe", "on-white", "--source", "front.jpg", "--strength", "0.5")
    more = ("--source", "https://example.org/a.jpg", "--folder", "SKU-1", "--no-wait")
    assert studio(*words, *more, "--notify", "ann@example.org").exit_code == 0
    (asked,) = api.of("POST", "/v1/jobs")
    assert asked.document == {
        "recipe_id": "on-white",
        "sources": [{"asset_id": "ast_7"}, {"url": "https://example.org/a.jpg"}],
        "strength": 0.5,
        "folder": "SKU-1",
        "notify": {"email": "ann@example.org"},
    }
    with pytest.raises(CliError, match="no file"):
        studio("create", "a", "--source", "none.jpg")
    with pytest.raises(CliError, match="There is no prompt"):
        studio("create")


def test_every_setting_of_a_job_has_an_option(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model(1)), status=202))
    words = ("--seed", "7", "--steps", "30", "--guidance", "7.5", "--negative", "people")
    more = ("--aspect", "16:9", "--strict", "--label", "hero", "--no-wait")
    assert studio("create", "a boat", *words, *more).exit_code == 0
    (asked,) = api.of("POST", "/v1/jobs")
    assert asked.document == {
        "operation": "generate", "items": [{"prompt": "a boat", "label": "hero"}], "seed": 7,
        "steps": 30, "guidance": 7.5, "negative_prompt": "people", "aspect_ratio": "16:9",
        "strict": True, "quality": "standard",
    }  # fmt: skip
    JobBody.model_validate(asked.document)


def test_each_prompt_may_have_a_label(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model(1)), status=202))
    studio("create", "a", "b", "--label", "one", "--label", "two", "--no-wait")
    body = api.of("POST", "/v1/jobs")[0].document
    assert isinstance(body, dict)
    assert body["items"] == [
        {"prompt": "a", "size": "1024x1024", "label": "one"},
        {"prompt": "b", "size": "1024x1024", "label": "two"},
    ]
    for wrong in (("a", "b", "--label", "one"), ("a", "--label", "one", "--variations", "2")):
        with pytest.raises(CliError, match="A label is of one image"):
            studio("create", *wrong)
    with pytest.raises(CliError, match="follows from the aspect ratio"):
        studio("create", "a", "--size", "64x64", "--aspect", "1:1")


def test_a_job_may_have_words_added_to_its_prompt(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model(1)), status=202))
    studio("create", "a", "--enhance", "--persona", "our-brand", "--no-wait")
    studio("create", "a", "--no-wait")
    worded, plain = api.of("POST", "/v1/jobs")
    said = {
        "operation": "generate", "prompt": "a", "variations": 1, "size": "1024x1024",
        "quality": "standard",
    }  # fmt: skip
    assert plain.document == said
    assert worded.document == {**said, "enhance_prompt": True, "persona_id": "our-brand"}


def test_what_no_option_gives_comes_from_the_settings(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model(1)), status=202))
    chosen = {"provider": "openai", "id": "gpt-image-2"}
    own = {"output_size": "640x480", "model": chosen, "quality": None}
    api.on("GET", "/v1/settings", ScriptedResponse(own))
    defaults = {"quality": "draft", "enhance_prompt": True}
    api.on("GET", "/v1/settings/account", ScriptedResponse({"defaults": defaults}))
    studio("create", "a", "--no-wait")
    studio("create", "a", "--no-wait", "--size", "64x64", "--quality", "premium",
           "--provider", "builtin")  # fmt: skip
    studio("create", "a", "--no-wait", "--template", "instagram.story")
    proposed, given, templated = (one.document for one in api.of("POST", "/v1/jobs"))
    common = {"operation": "generate", "prompt": "a", "variations": 1}
    assert proposed == {
        **common, "size": "640x480", "quality": "draft", "enhance_prompt": True,
        "provider": {"id": "openai", "model": "gpt-image-2"},
    }  # fmt: skip
    assert given == {
        **common, "size": "64x64", "quality": "premium", "enhance_prompt": True,
        "provider": {"id": "builtin", "model": None},
    }  # fmt: skip
    assert templated == {**common, "template_id": "instagram.story"}
