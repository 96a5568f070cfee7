"""``studio run`` and ``studio operations``."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from studio.domain.jobs import model
from studio_cli.errors import CliError
from studio_cli.operations import MAX_ITEMS, read_inputs
from tests.support.cli import samples
from tests.support.cli.running import announced, studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn


def ordered(api: StandIn, *words: str) -> dict[str, Any]:
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model()), status=202))
    result = studio("run", *words, "--no-wait")
    assert result.exit_code == 0, result.output
    (asked,) = api.of("POST", "/v1/jobs")
    assert isinstance(asked.document, dict)
    return asked.document


def test_an_edit_names_its_image_mask_words_and_inputs(signed_in: Path, api: StandIn) -> None:
    announced(api)
    completed = {"asset": {"id": "ast_1"}, "upload": {"id": "upl_1", "rule_error": None}}
    api.on("POST", "/v1/uploads/upl_1/complete", ScriptedResponse(completed, status=201))
    (signed_in / "mask.png").write_bytes(b"mask")
    words = ("edit.inpaint", "https://shop.test/a.jpg", "--mask", "mask.png", "--prompt", "a hat")
    more = ("--input", "grow_mask=4", "--provider", "stability", "--strict", "--max-cost", "0.10")
    assert ordered(api, *words, *more) == {
        "operation": "edit.inpaint",
        "sources": [{"url": "https://shop.test/a.jpg"}],
        "mask": {"asset_id": "ast_1"},
        "prompt": "a hat",
        "input": {"grow_mask": 4},
        "provider": {"id": "stability", "model": None},
        "strict": True,
        "max_cost": "0.10",
    }


def test_several_files_become_an_image_each(signed_in: Path, api: StandIn) -> None:
    words = ("ast_1", "https://shop.test/deep/b.jpg", "--prompt", "a hat", "--folder", "SKU-1")
    assert ordered(api, "edit.general", *words) == {
        "operation": "edit.general",
        "items": [
            {"sources": [{"asset_id": "ast_1"}], "label": "ast_1", "prompt": "a hat"},
            {"sources": [{"url": "https://shop.test/deep/b.jpg"}], "label": "b", "prompt": "a hat"},
        ],
        "folder": "SKU-1",
    }


def test_several_files_may_become_one_image(signed_in: Path, api: StandIn) -> None:
    words = ("ast_1", "ast_2", "--together", "--prompt", "a hat")
    assert ordered(api, "edit.general", *words) == {
        "operation": "edit.general",
        "sources": [{"asset_id": "ast_1"}, {"asset_id": "ast_2"}],
        "prompt": "a hat",
    }


def test_more_files_than_a_job_has_images_send_nothing(signed_in: Path, api: StandIn) -> None:
    with pytest.raises(CliError, match="at most 50 images"):
        studio("run", "upscale.fast", *(f"ast_{number}" for number in range(51)))
    assert api.requests == []
    assert MAX_ITEMS == model.MAX_ITEMS


def test_what_is_not_said_is_left_to_the_studio(signed_in: Path, api: StandIn) -> None:
    assert ordered(api, "upscale.fast", "ast_1") == {
        "operation": "upscale.fast",
        "sources": [{"asset_id": "ast_1"}],
    }


def test_a_model_without_its_provider_sends_nothing(signed_in: Path, api: StandIn) -> None:
    with pytest.raises(CliError, match="belongs to a provider"):
        studio("run", "upscale.fast", "ast_1", "--model", "m")
    assert api.requests == []


def test_sound_goes_with_the_order(signed_in: Path, api: StandIn) -> None:
    (signed_in / "hello.wav").write_bytes(b"RIFF")
    body = ordered(api, "transform.avatar", "ast_1", "--audio", "hello.wav")
    assert body["audio"] == {"base64": b64encode(b"RIFF").decode()}


def test_inputs_are_numbers_words_and_flags() -> None:
    assert read_inputs(["left=200", "creativity=0.5", "keep_background=true", "preset=web"]) == {
        "left": 200, "creativity": 0.5, "keep_background": True, "preset": "web",
    }  # fmt: skip
    assert read_inputs(["search_prompt=[a]", "texture_resolution=null", 'x="1"']) == {
        "search_prompt": "[a]", "texture_resolution": "null", "x": '"1"',
    }  # fmt: skip


@pytest.mark.parametrize("pair", ["left", "=3", "left="])
def test_half_an_input_is_refused(pair: str) -> None:
    with pytest.raises(CliError, match="not an input"):
        read_inputs([pair])


def test_operations_are_listed_with_what_they_need(signed_in: Path, api: StandIn) -> None:
    inpaint = {
        "id": "edit.inpaint", "prompt": "required", "providers": ["builtin"],
        "inputs": [
            {"name": "mask", "need": "required"},
            {"name": "input.grow_mask", "need": "optional"},
        ],
    }  # fmt: skip
    api.on("GET", "/v1/operations", ScriptedResponse({"data": [inpaint]}))
    output = studio("operations").output
    assert "edit.inpaint" in output
    assert "mask*," in output
    assert "input.grow_mask" in output
