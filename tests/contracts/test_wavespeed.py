"""The inputs that WaveSpeed gets for each request."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from studio.domain.operations.table import MOTION_PRESETS
from studio.domain.provider_calls.model import ProviderRequest
from studio.providers.wavespeed.adapter import WaveSpeedProvider
from tests.support.stand_ins.wavespeed import WaveSpeedStandIn
from tests.support.vendors.wavespeed_requests import (
    AVATAR,
    EDIT,
    IDEOGRAM,
    IDEOGRAM_INPAINT,
    INPAINT,
    KEY,
    LAMP,
    MASK,
    OWN_SEED,
    QWEN,
    VIDEO,
    VOICE,
    WORDS,
    adapter,
    begun,
)

SIZED = {"prompt": "a red house by the sea", "size": "512*256", "output_format": "png"}
RATIO = {"prompt": "a red house by the sea"}


@pytest.fixture
def stand_in() -> Iterator[WaveSpeedStandIn]:
    with WaveSpeedStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: WaveSpeedStandIn, client: httpx.Client) -> WaveSpeedProvider:
    return adapter(stand_in, client)


def media(stand_in: WaveSpeedStandIn, number: int) -> str:
    return f"{stand_in.files_url}/media/{number}"


@pytest.mark.parametrize(
    ("wanted", "body"),
    [
        (WORDS, SIZED | {"seed": OWN_SEED}),
        (
            replace(WORDS, seed=7, steps=30, guidance="3.5"),
            SIZED | {"seed": 7, "num_inference_steps": 30, "guidance_scale": 3.5},
        ),
        (replace(WORDS, seed=2**31 + 7), SIZED | {"seed": 7}),
        (replace(WORDS, seed=0), SIZED | {"seed": 0}),
        (QWEN, SIZED | {"seed": OWN_SEED}),
        (IDEOGRAM, RATIO | {"aspect_ratio": "16:9"}),
        (replace(IDEOGRAM, width=736, height=1312), RATIO | {"aspect_ratio": "9:16"}),
        (replace(IDEOGRAM, width=1152, height=864), RATIO | {"aspect_ratio": "4:3"}),
        (replace(IDEOGRAM, width=1024, height=1024), RATIO | {"aspect_ratio": "1:1"}),
        (replace(EDIT, strength="0.55"), SIZED | {"seed": OWN_SEED, "strength": 0.55, "image": 1}),
        (INPAINT, SIZED | {"seed": OWN_SEED, "image": 1, "mask_image": 2}),
        (
            IDEOGRAM_INPAINT,
            RATIO | {"aspect_ratio": "3:4", "image": 1, "mask_image": 2},
        ),
        (
            VIDEO,
            {
                "prompt": WORDS.prompt, "seed": OWN_SEED,
                "resolution": "720p", "duration": 5, "image": 1,
            },
        ),
        (
            replace(
                VIDEO, sources=(LAMP, VOICE), negative_prompt="rain", seed=7,
                options={"resolution": "1080p", "duration": 10, "motion_preset": "orbit"},
            ),
            {
                "prompt": f"{WORDS.prompt}. The camera orbits slowly around the subject.",
                "negative_prompt": "rain", "seed": 7,
                "resolution": "1080p", "duration": 10, "image": 1, "audio": 2,
            },
        ),
        (AVATAR, {"seed": OWN_SEED, "resolution": "480p", "image": 1, "audio": 2}),
        (
            replace(AVATAR, prompt="smiling", options={"resolution": "720p"}),
            {"prompt": "smiling", "seed": OWN_SEED, "resolution": "720p", "image": 1, "audio": 2},
        ),
    ],
)  # fmt: skip
def test_each_input_goes_where_its_model_takes_it(
    stand_in: WaveSpeedStandIn,
    provider: WaveSpeedProvider,
    wanted: ProviderRequest,
    body: dict[str, Any],
) -> None:
    begun(provider, wanted)
    sent = stand_in.requests[-1]
    files = {name: media(stand_in, number) for name, number in body.items() if name in (
        "image", "mask_image", "audio"
    )}  # fmt: skip
    assert sent.path == f"/api/v3/{wanted.model}"
    assert sent.json() == body | files
    assert len(stand_in.paid) == 1


@pytest.mark.parametrize("motion", MOTION_PRESETS)
def test_each_way_to_move_the_camera_has_words_of_its_own(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider, motion: str
) -> None:
    begun(provider, replace(VIDEO, prompt="a house. ", options={"motion_preset": motion}))
    said, _, camera = stand_in.requests[-1].json()["prompt"].partition(". ")
    assert said == "a house"
    assert camera.startswith("The camera ")
    assert motion.partition("-")[0] in camera.replace("stands still", "still")
    assert motion.partition("-")[2] in camera


def test_a_model_without_a_way_to_move_gets_the_callers_words(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    begun(provider, replace(VIDEO, prompt="a house. "))
    assert stand_in.requests[-1].json()["prompt"] == "a house. "


def test_files_are_uploaded_first_and_their_bytes_come_without_the_key(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    begun(provider, INPAINT)
    ticket, put, _, masked, call = stand_in.requests
    assert [it.method for it in stand_in.requests] == ["POST", "PUT", "POST", "PUT", "POST"]
    assert ticket.json() == {
        "filename": "image.png", "size": len(LAMP.data), "content_type": "image/png",
    }  # fmt: skip
    assert (put.body, masked.body) == (LAMP.data, MASK.data)
    assert put.headers["host"].startswith("localhost:")
    assert KEY not in repr((put, masked))
    assert call.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("wanted", [WORDS, INPAINT, IDEOGRAM, VIDEO, AVATAR])
def test_the_handle_is_short_and_holds_no_key(
    provider: WaveSpeedProvider, wanted: ProviderRequest
) -> None:
    handle = begun(provider, replace(wanted, prompt="x" * 1000))
    assert len(handle) <= 400
    assert KEY not in handle
