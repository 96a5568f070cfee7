"""``studio settings`` and ``studio prompts``."""

import json
from pathlib import Path
from typing import Any

import pytest

from studio_cli.errors import CliError
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn

IMAGES = "/v1/settings/image-generation"
SAVED = {"version": 1, "updated_at": "2026-12-01T10:00:00Z", "updated_by": "ann"}
GROUP, TEMPLATE = "/v1/prompt-groups/pgr_1", "/v1/prompt-templates/ptm_1"


def there(document: dict[str, Any]) -> ScriptedResponse:
    return ScriptedResponse(document, headers={"ETag": '"tag"'})


def test_settings_are_shown_without_what_is_not_a_setting(signed_in: Path, api: StandIn) -> None:
    config = {"provider": "openai", "model": "dall-e-3"}
    document = {**SAVED, "success": True, "config": config, "source": "default", "warnings": ["w"]}
    api.on("GET", IMAGES, ScriptedResponse(document))
    text, _, warning = studio("settings", "show").output.rpartition("warning: ")
    assert json.loads(text) == {**config, "source": "default"}
    assert warning == "w\n"
    api.on(
        "GET",
        "/v1/settings",
        ScriptedResponse({**SAVED, "quality": "draft", "prompt_preference": {}}),
    )
    assert json.loads(studio("settings", "show", "own").output) == {"quality": "draft"}


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        ("image_format=png mobile_enabled=false", {"model": "m", "mobile_enabled": False}),
        ("provider=runware", {"provider": "runware"}),
        ("provider=runware model=runware:97@1", {"provider": "runware", "model": "runware:97@1"}),
        ("provider=openai", {"model": "m"}),
        ("model=null", {}),
    ],
)
def test_a_change_of_settings_keeps_the_others(
    signed_in: Path, api: StandIn, words: str, stored: dict[str, Any]
) -> None:
    config = {"provider": "openai", "model": "m", "mobile_enabled": True}
    api.on("GET", IMAGES, there({**SAVED, "success": True, "config": config, "source": "stored"}))
    api.on("PUT", IMAGES, ScriptedResponse({**SAVED, "version": 2}))
    said = studio("settings", "set", "image-generation", *words.split()).output
    assert "version 2" in said
    (sent,) = api.of("PUT", IMAGES)
    kept = {"provider": "openai", "mobile_enabled": True, **stored}
    if "png" in words:
        kept["image_format"] = "png"
    assert sent.document == kept
    assert sent.headers["if-match"] == '"tag"'


@pytest.mark.parametrize("words", ["image_format", "=png", "a=1 a=2"])
def test_a_member_without_name_or_value_is_refused(
    signed_in: Path, api: StandIn, words: str
) -> None:
    with pytest.raises(CliError):
        studio("settings", "set", "own", *words.split())
    assert api.requests == []


def test_groups_are_listed_with_a_mark_at_the_active_one(signed_in: Path, api: StandIn) -> None:
    group = {**SAVED, "title": "Blog", "templates": [{}, {}], "more_templates": False}
    rows = ({**group, "id": "pgr_1"}, {**group, "id": "pgr_2", "more_templates": True})
    api.on("GET", "/v1/prompt-groups", ScriptedResponse(samples.page(*rows)))
    api.on("GET", "/v1/prompt-groups/active", ScriptedResponse({"group_id": "pgr_2"}))
    lines = [line.split() for line in studio("prompts", "groups").output.splitlines()]
    assert [lines[1][0], *lines[2][:5]] == ["pgr_1", "*", "pgr_2", "2", "or", "more"]


def test_a_template_is_added_changed_and_listed(signed_in: Path, api: StandIn) -> None:
    saved = {"id": "ptm_1", "version": 1, "title": "T", "template": "old", "negative_prompt": "n"}
    api.on("POST", "/v1/prompt-groups", ScriptedResponse({"id": "pgr_1"}, status=201))
    api.on("POST", f"{GROUP}/templates", ScriptedResponse(saved, status=201))
    assert "ptm_1 is in pgr_1" in studio("prompts", "add", "Blog", "--template", "one").output
    (signed_in / "two.txt").write_text("two\n")
    studio("prompts", "add", "Title", "--file", "two.txt", "--group", "pgr_1", "--negative", "x")
    assert [one.document for one in api.of("POST", "/v1/prompt-groups")] == [{"title": "Blog"}]
    assert [one.document for one in api.of("POST", f"{GROUP}/templates")] == [
        {"template": "one"},
        {"template": "two", "negative_prompt": "x", "title": "Title"},
    ]
    api.on("GET", TEMPLATE, there(saved))
    api.on("PUT", TEMPLATE, ScriptedResponse({**saved, "version": 2}))
    assert "version 2" in studio("prompts", "change", "ptm_1", "--template", "new").output
    (changed,) = api.of("PUT", TEMPLATE)
    assert changed.document == {"title": "T", "template": "new", "negative_prompt": "n"}
    api.on("GET", f"{GROUP}/templates", ScriptedResponse(samples.page(saved)))
    listed = studio("prompts", "templates", "pgr_1").output.splitlines()[1]
    assert listed.split() == ["ptm_1", "1", "T", "old"]
    with pytest.raises(CliError, match="either"):
        studio("prompts", "add", "Blog")


def test_a_group_is_made_active_or_none_is(signed_in: Path, api: StandIn) -> None:
    path = "/v1/prompt-groups/active"
    api.on("PUT", path, ScriptedResponse({}))
    assert "pgr_1 is your active" in studio("prompts", "activate", "pgr_1").output
    assert "No prompt group" in studio("prompts", "activate").output
    assert [one.document for one in api.of("PUT", path)] == [
        {"group_id": "pgr_1", "template_id": None}, {"group_id": None, "template_id": None},
    ]  # fmt: skip


def test_a_prompt_is_rendered_with_its_sources(signed_in: Path, api: StandIn) -> None:
    rendered = {
        "prompt": "a fox, cartoon", "negative_prompt": "text", "source": "group",
        "negative_source": "account", "template": "ptm_1@2", "warning": "it is long",
    }  # fmt: skip
    api.on("POST", "/v1/prompts/render", ScriptedResponse(rendered))
    said = studio("prompts", "render", "a fox", "--type", "cartoon", "--title", "Foxes").output
    assert said.splitlines() == [
        "a fox, cartoon", "not: text", "template: group, ptm_1@2; negative prompt: account",
        "warning: it is long",
    ]  # fmt: skip
    (sent,) = api.of("POST", "/v1/prompts/render")
    assert sent.document == {"image_prompt": "a fox", "title": "Foxes", "image_type": "cartoon"}
