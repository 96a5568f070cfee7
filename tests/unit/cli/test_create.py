"""``studio create`` with sources, recipes and personas."""

from pathlib import Path

import pytest

from studio_cli.errors import CliError
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import Answer, StandIn


def test_a_job_may_start_from_a_file_a_url_and_a_recipe(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/uploads", Answer({"asset": {"id": "ast_7"}, "upload": None}))
    api.on("POST", "/v1/jobs", Answer(samples.job(samples.item_model(1)), status=202))
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


def test_a_job_may_have_words_added_to_its_prompt(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", Answer(samples.job(samples.item_model(1)), status=202))
    studio("create", "a", "--enhance", "--persona", "our-brand", "--no-wait")
    studio("create", "a", "--no-wait")
    worded, plain = api.of("POST", "/v1/jobs")
    said = {
        "operation": "generate", "prompt": "a", "variations": 1, "size": "1024x1024",
        "quality": "standard", "output": {"format": "webp"},
    }  # fmt: skip
    assert plain.document == said
    assert worded.document == {**said, "enhance_prompt": True, "persona_id": "our-brand"}
