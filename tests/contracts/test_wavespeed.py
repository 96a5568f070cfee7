"""The WaveSpeed adapter: what it asks for, and what it makes of the answer to a new call."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from studio.domain.operations.table import MOTION_PRESETS
from studio.domain.provider_calls.model import (
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.providers.wavespeed.adapter import WaveSpeedProvider
from tests.contracts.wavespeed_requests import (
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
from tests.support.stand_ins.server import GATEWAY
from tests.support.stand_ins.wavespeed import WaveSpeedStandIn

SIZED = {"prompt": "a red house by the sea", "size": "512*256", "output_format": "png"}
RATIO = {"prompt": "a red house by the sea"}


@pytest.fixture
def stand_in() -> Iterator[WaveSpeedStandIn]:
    with WaveSpeedStandIn(KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def provider(stand_in: WaveSpeedStandIn, client: httpx.Client) -> WaveSpeedProvider:
    return adapter(stand_in, client)


def media(stand_in: WaveSpeedStandIn, number: int) -> str:
    return f"{stand_in.files_url}/media/{number}"


@pytest.mark.parametrize(
    ("wish", "body"),
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
    wish: ProviderRequest,
    body: dict[str, Any],
) -> None:
    begun(provider, wish)
    sent = stand_in.requests[-1]
    files = {name: media(stand_in, number) for name, number in body.items() if name in (
        "image", "mask_image", "audio"
    )}  # fmt: skip
    assert sent.path == f"/api/v3/{wish.model}"
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


@pytest.mark.parametrize("wish", [WORDS, INPAINT, IDEOGRAM, VIDEO, AVATAR])
def test_the_handle_is_short_and_holds_no_key(
    provider: WaveSpeedProvider, wish: ProviderRequest
) -> None:
    handle = begun(provider, replace(wish, prompt="x" * 1000))
    assert len(handle) <= 400
    assert KEY not in handle


@pytest.mark.parametrize("wish", [WORDS, EDIT, AVATAR], ids=["words", "picture", "voice"])
@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("bad-request", "validation"),
        ("unprocessable", "validation"),
        ("too-large", "validation"),
        ("refused-inside", "validation"),
        ("auth", "auth"),
        ("permission", "permission"),
        ("payment", "credits"),
        ("gone", "model_gone"),
    ],
)
def test_a_refusal_has_a_kind_and_costs_nothing(
    stand_in: WaveSpeedStandIn,
    provider: WaveSpeedProvider,
    scenario: str,
    kind: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, None)
    assert stand_in.paid == []


def test_a_refusal_says_the_services_word(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider
) -> None:
    stand_in.script(["bad-request", "too-large"])
    messages = [answer.message for answer in (provider.submit(WORDS), provider.submit(WORDS))
                if isinstance(answer, Refused)]  # fmt: skip
    assert messages == [
        "WaveSpeed does not accept the request (invalid_request).",
        "WaveSpeed does not accept the request.",
    ]


@pytest.mark.parametrize(
    ("scenario", "kind", "retry_after"),
    [
        ("rate-limit", "rate_limit", {3}),
        ("rate-limit-date", "rate_limit", set(range(1, 31))),
        ("rate-limit-bare", "rate_limit", {60}),
        ("limited-inside", "rate_limit", {60}),
        ("server-error", "transient", {None}),
        ("unavailable", "transient", {None}),
        ("busy-page", "transient", {None}),
        ("timeout", "transient", {None}),
    ],
)
def test_what_another_try_may_cure_says_when(
    stand_in: WaveSpeedStandIn,
    provider: WaveSpeedProvider,
    scenario: str,
    kind: str,
    retry_after: set[int | None],
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(WORDS)
    assert isinstance(answer, Throttled)
    assert answer.kind == kind
    assert answer.retry_after in retry_after
    assert stand_in.paid == []


@pytest.mark.parametrize(
    "scenario",
    ["cut", "cut-body", "lost", "garbage", "html", *GATEWAY, "odd-code", "no-id"],
)
def test_an_answer_that_is_lost_may_be_paid(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider, scenario: str
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(WORDS), OutcomeUnknown)


def test_a_service_that_stays_silent_may_be_paid(
    stand_in: WaveSpeedStandIn, client: httpx.Client
) -> None:
    provider = adapter(stand_in, client, read_timeout_seconds=1)
    assert isinstance(provider.submit(replace(WORDS, prompt="[[slow 30]]")), OutcomeUnknown)


def test_a_service_out_of_reach_was_not_asked(client: httpx.Client) -> None:
    with WaveSpeedStandIn(KEY) as gone:
        provider = adapter(gone, client)
    assert isinstance(provider.submit(WORDS), Throttled)
    assert isinstance(provider.submit(EDIT), Throttled)


def test_the_key_is_in_no_message_repr_or_log(
    stand_in: WaveSpeedStandIn, provider: WaveSpeedProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    heavy = {"slow", "huge-image", "result-too-large"}
    answers: list[ProviderOutcome | object] = []
    for name in sorted(stand_in.scenarios - heavy):
        stand_in.script([name])
        answer = provider.submit(EDIT)
        answers.append(answer)
        if isinstance(answer, Pending):
            answers += [provider.poll(answer.handle) for _ in range(3)]
        answers.append(provider.look_up(EDIT))
    assert any(isinstance(answer, Generated) for answer in answers)
    assert KEY not in repr(answers)
    assert KEY not in repr(provider)
    assert KEY not in caplog.text
