"""``studio templates``, and jobs with a template."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from studio.api.templates import serializers
from studio.domain.templates.builtin import builtin_templates
from studio_cli.errors import CliError
from studio_cli.main import commands
from tests.support.cli import samples
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem

PATH = "/v1/templates/our-posts"
STORY = serializers.builtin(builtin_templates()["instagram.story"])
OWN: dict[str, Any] = {
    **STORY, "id": "our-posts", "title": None, "width": None, "height": None,
    "aspect_ratio": "4:5", "category": "post",
}  # fmt: skip


def studio(*words: str) -> Result:
    return CliRunner().invoke(commands, words, catch_exceptions=False, env={"COLUMNS": "160"})


def test_templates_are_listed_by_what_they_have(signed_in: Path, api: StandIn) -> None:
    page = {"next_cursor": None, "limit": 100}
    plain = {**OWN, "aspect_ratio": None, "id": "plain"}
    full, empty = ({"data": data, "page": page} for data in ([OWN, plain, STORY], []))
    api.on("GET", "/v1/templates", ScriptedResponse(full), ScriptedResponse(empty))
    words = ("templates", "list", "--platform", "instagram", "--category", "story")
    rows = [line.split() for line in studio(*words, "--ratio", "9:16").output.splitlines()]
    assert rows[1:] == [
        ["our-posts", "post", "4:5"],
        ["plain", "post", "any"],
        ["instagram.story", "story", "1080x1920", "Instagram", "story"],
    ]
    assert "No such template." in studio("templates", "list").output
    asked, plainly = api.of("GET", "/v1/templates")
    assert plainly.query == {"limit": ["100"]}
    assert asked.query == {
        "platform": ["instagram"], "category": ["story"], "aspect_ratio": ["9:16"],
        "limit": ["100"],
    }  # fmt: skip


def test_templates_are_found_and_recommended(signed_in: Path, api: StandIn) -> None:
    found = {"score": 0.5, "template": STORY}
    api.on(
        "GET",
        "/v1/templates/search",
        ScriptedResponse({"data": [found]}),
        ScriptedResponse({"data": []}),
    )
    assert "0.50" in studio("templates", "search", "behind", "scenes").output
    assert "No template" in studio("templates", "search", "zebra").output
    assert api.of("GET", "/v1/templates/search")[0].query == {
        "q": ["behind scenes"], "limit": ["10"],
    }  # fmt: skip
    fits = {**found, "reason": "Made for Instagram."}
    path = "/v1/templates/recommendations"
    api.on("GET", path, ScriptedResponse({"data": [fits]}), ScriptedResponse({"data": []}))
    assert "Made for Instagram." in studio("templates", "recommend", "--use", "story").output
    assert "No template fits." in studio("templates", "recommend", "--prompt", "x").output
    assert api.of("GET", path)[0].query == {"use": ["story"], "limit": ["5"]}
    with pytest.raises(CliError, match="nothing to go by"):
        studio("templates", "recommend")


def test_a_template_is_saved_shown_and_taken_away(signed_in: Path, api: StandIn) -> None:
    there = ScriptedResponse({**OWN, "version": 1}, headers={"ETag": '"tag"'})
    api.on("GET", PATH, problem(404, "not-found", "Not found"), there)
    api.on(
        "PUT", PATH, ScriptedResponse({"version": 1}, status=201), ScriptedResponse({"version": 2})
    )
    said = ("--category", "story", "--format", "ig_story", "--style", "flat light")
    more = ("--avoid", "props", "--keyword", "spring", "--provider", "openai", "--title", "T")
    assert "version 1" in studio("templates", "save", "our-posts", *said, *more).output
    studio("templates", "save", "our-posts", "--category", "post", "--size", "1600x900")
    first, second = api.of("PUT", PATH)
    assert first.document == {
        "category": "story", "format_id": "ig_story", "style": ["flat light"],
        "avoid": ["props"], "keywords": ["spring"], "provider": "openai", "title": "T",
    }  # fmt: skip
    assert second.document == {"category": "post", "width": 1600, "height": 900}
    assert second.headers["if-match"] == '"tag"'
    shown = json.loads(studio("templates", "show", "our-posts").output)
    assert (shown["aspect_ratio"], "version" in shown) == ("4:5", False)
    api.on("DELETE", PATH, ScriptedResponse(status=204, body=b""))
    assert "deleted" in studio("templates", "delete", "our-posts").output
    for size in ("1600", "x900", "1600xhigh"):
        with pytest.raises(CliError, match="is not a size"):
            studio("templates", "save", "our-posts", "--size", size)


def test_a_jobs_image_becomes_a_template(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/templates/from-job", ScriptedResponse({"version": 1}, status=201))
    words = ("templates", "save", "our-posts", "--from-job", "job_1", "--item", "2")
    assert "version 1" in studio(*words, "--category", "ad", "--title", "Ad").output
    (asked,) = api.of("POST", "/v1/templates/from-job")
    assert asked.document == {
        "id": "our-posts", "job_id": "job_1", "item": 2, "category": "ad", "title": "Ad",
    }  # fmt: skip
    with pytest.raises(CliError, match="has these settings"):
        studio(*words, "--size", "64x64")


def test_a_job_by_a_template_leaves_size_and_quality_to_it(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model(1)), status=202))
    studio("create", "a", "--template", "instagram.story", "--no-wait")
    studio("create", "a", "--template", "instagram.story", "--size", "64x64", "--no-wait")
    first, second = api.of("POST", "/v1/jobs")
    said = {
        "operation": "generate", "prompt": "a", "variations": 1,
        "template_id": "instagram.story",
    }  # fmt: skip
    assert first.document == said
    assert second.document == {**said, "size": "64x64"}
