"""``studio recipe`` and ``studio persona``."""

import json
from pathlib import Path

import pytest

from studio_cli.errors import CliError
from tests.support.cli.running import PAGE, studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem


def test_a_recipe_is_changed_on_the_basis_of_what_is_there(signed_in: Path, api: StandIn) -> None:
    path = "/v1/recipes/on-white"
    absent = problem(404, "not-found", "Not found")
    there = ScriptedResponse({"version": 1, "job": {"prompt": "a"}}, headers={"ETag": '"tag"'})
    api.on("GET", path, absent, there)
    api.on(
        "PUT", path, ScriptedResponse({"version": 1}, status=201), ScriptedResponse({"version": 2})
    )
    (signed_in / "body.json").write_text('{"operation": "generate", "prompt": "a"}')
    assert "version 1" in studio("recipe", "save", "on-white", "--file", "body.json").output
    studio("recipe", "save", "on-white", "--from-job", "job_1", "--title", "White")
    first, second = api.of("PUT", path)
    assert "if-match" not in first.headers
    assert second.headers["if-match"] == '"tag"'
    assert second.document == {"from_job_id": "job_1", "title": "White"}
    assert json.loads(studio("recipe", "show", "on-white").output) == {"prompt": "a"}
    api.on("DELETE", path, ScriptedResponse(status=204, body=b""))
    assert "deleted" in studio("recipe", "delete", "on-white").output
    assert api.of("DELETE", path)[0].headers["if-match"] == '"tag"'
    (signed_in / "bad.json").write_text("[]")
    with pytest.raises(CliError, match="not hold a JSON object"):
        studio("recipe", "save", "on-white", "--file", "bad.json")


def test_a_persona_is_saved_listed_shown_and_taken_away(signed_in: Path, api: StandIn) -> None:
    path = "/v1/personas/our-brand"
    words = {
        "title": "Brand", "style": ["matte", "grainy"], "palette": [], "mood": "calm",
        "audience": None, "avoid": ["text"],
    }  # fmt: skip
    stored = {"id": "our-brand", "version": 1, **words, "updated_at": "2026-11-20T12:00:00Z"}
    there = ScriptedResponse(stored, headers={"ETag": '"tag"'})
    api.on("GET", path, problem(404, "not-found", "Not found"), there)
    api.on(
        "PUT", path, ScriptedResponse({"version": 1}, status=201), ScriptedResponse({"version": 2})
    )
    said = ("--style", "matte", "--style", "grainy", "--mood", "calm", "--avoid", "text")
    assert "version 1" in studio("persona", "save", "our-brand", *said, "--title", "Brand").output
    studio("persona", "save", "our-brand", "--palette", "teal", "--audience", "parents")
    first, second = api.of("PUT", path)
    assert first.document == {name: value for name, value in words.items() if value}
    assert second.document == {"palette": ["teal"], "audience": "parents"}
    assert second.headers["if-match"] == '"tag"'
    assert json.loads(studio("persona", "show", "our-brand").output) == words
    other = {**stored, "id": "other", "title": None}
    empty, full = ({"data": data, "page": PAGE} for data in ([], [stored, other]))
    api.on("GET", "/v1/personas", ScriptedResponse(empty), ScriptedResponse(full))
    assert "No personas yet." in studio("persona", "list").output
    rows = [line.split() for line in studio("persona", "list").output.splitlines()]
    assert rows[1:] == [
        ["our-brand", "1", "Brand", "2026-11-20", "12:00"],
        ["other", "1", "2026-11-20", "12:00"],
    ]
    api.on("DELETE", path, ScriptedResponse(status=204, body=b""))
    assert "deleted" in studio("persona", "delete", "our-brand").output
    assert api.of("DELETE", path)[0].headers["if-match"] == '"tag"'
