"""The Hugging Face adapter against a stand-in that plays the documented contract.

What is sent, what comes at once and what refusals mean is here; calls that take longer have a
module of their own.
"""

import base64
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.huggingface.adapter import HuggingFaceProvider
from tests.contracts.huggingface_requests import CARD, EDIT, KEY, LAMP, WORDS, adapter, edit, words
from tests.support.stand_ins.huggingface import HuggingFaceStandIn
from tests.support.stand_ins.server import GATEWAY

DIALECTS = ("hf-inference", "fal-ai", "together", "replicate")
PRICES = {
    "hf-inference": UNKNOWN,
    "fal-ai": Cost(3_000, "priced", "huggingface-2026-11-20"),
    "together": Cost(2_700, "priced", "huggingface-2026-11-20"),
    "replicate": Cost(3_000, "priced", "huggingface-2026-11-20"),
}
URI = "data:image/png;base64," + base64.b64encode(LAMP.data).decode()
SIZE = {"width": 256, "height": 320}
TUNED = {"negative_prompt": "rain", "num_inference_steps": 4, "guidance_scale": 3.5, "seed": 7}


@pytest.fixture
def stand_in() -> Iterator[HuggingFaceStandIn]:
    with HuggingFaceStandIn(KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def provider(stand_in: HuggingFaceStandIn, client: httpx.Client) -> HuggingFaceProvider:
    return adapter(stand_in, client)


@pytest.fixture(params=[words(it) for it in DIALECTS], ids=DIALECTS)
def wish(request: pytest.FixtureRequest) -> ProviderRequest:
    """From words, by each provider: what a status means is the same."""
    asked: ProviderRequest = request.param
    return asked


def answer_to(wish: ProviderRequest, body: bytes, status: int = 200) -> ProviderOutcome:
    """Return what the adapter makes of one answer."""
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    with httpx.Client(transport=transport) as client:
        return HuggingFaceProvider(Credentials(KEY), CARD, client, GuardedClient()).submit(wish)


def dialect_of(wish: ProviderRequest) -> str:
    return wish.model.partition("/")[0]


def test_a_picture_comes_with_its_published_price(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, wish: ProviderRequest
) -> None:
    answer = provider.submit(replace(wish, seed=7))
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("PNG", (256, 320))
    assert (answer.cost, answer.seed) == (PRICES[dialect_of(wish)], 7)
    (paid,) = stand_in.paid
    # Only Replicate names a call in its answer; of the others the router's header is kept.
    named = "" if dialect_of(wish) == "replicate" else "req-"
    assert answer.provider_request_id == named + paid.request_id
    assert paid.micros == (answer.cost.micros or 0)


@pytest.mark.parametrize("dialect", ["hf-inference", "together"])
def test_an_edited_picture_comes_at_once_where_no_queue_is(
    provider: HuggingFaceProvider, dialect: str
) -> None:
    answer = provider.submit(edit(dialect))
    assert isinstance(answer, Generated)
    assert answer.cost == UNKNOWN
    with Image.open(BytesIO(answer.data)) as image:
        assert image.size == (256, 320)


def test_replicate_edits_while_it_is_waited_for(provider: HuggingFaceProvider) -> None:
    answer = provider.submit(edit("replicate"))
    assert isinstance(answer, Generated)
    with Image.open(BytesIO(answer.data)) as image:
        assert image.size == (40, 30)


ROUTES: list[tuple[ProviderRequest, str, dict[str, Any]]] = [
    (
        words("hf-inference"),
        "/hf-inference/models/black-forest-labs/FLUX.1-schnell",
        {"inputs": WORDS.prompt, "parameters": {**SIZE, **TUNED}},
    ),
    (
        words("fal-ai"),
        "/fal-ai/fal-ai/flux/schnell",
        {"prompt": WORDS.prompt, "image_size": SIZE, **TUNED},
    ),
    (
        words("together"),
        "/together/v1/images/generations",
        {
            "model": "black-forest-labs/FLUX.1-schnell",
            "prompt": WORDS.prompt,
            "response_format": "base64",
            **SIZE,
            "negative_prompt": "rain",
            "steps": 4,
            "guidance_scale": 3.5,
            "seed": 7,
        },
    ),
    (
        words("replicate"),
        "/replicate/v1/models/black-forest-labs/flux-schnell/predictions",
        {"input": {"prompt": WORDS.prompt, **SIZE, **TUNED}},
    ),
    (
        edit("fal-ai"),
        "/fal-ai/fal-ai/flux-kontext/dev?_subdomain=queue",
        {"prompt": WORDS.prompt, "image_url": URI, **TUNED},
    ),
    (
        edit("together"),
        "/together/v1/images/generations",
        {
            "model": "black-forest-labs/FLUX.1-kontext-dev",
            "prompt": WORDS.prompt,
            "response_format": "base64",
            "image_url": URI,
            **SIZE,
            "negative_prompt": "rain",
            "steps": 4,
            "guidance_scale": 3.5,
            "seed": 7,
        },
    ),
    (
        edit("replicate"),
        "/replicate/v1/models/black-forest-labs/flux-kontext-dev/predictions",
        {"input": {"prompt": WORDS.prompt, "input_image": URI, **TUNED}},
    ),
]


@pytest.mark.parametrize(("wish", "path", "body"), ROUTES)
def test_each_provider_is_spoken_to_in_its_own_way(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    wish: ProviderRequest,
    path: str,
    body: dict[str, Any],
) -> None:
    tuned = replace(wish, negative_prompt="rain", steps=4, guidance="3.5", seed=7)
    assert isinstance(provider.submit(tuned), Generated | Pending)
    sent = stand_in.requests[0]
    assert (sent.method, sent.path, sent.json()) == ("POST", path, body)


def test_hugging_face_s_own_machines_take_a_picture_among_parameters(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    tuned = replace(edit("hf-inference"), negative_prompt="rain", steps=4, guidance="3.5")
    assert isinstance(provider.submit(tuned), Generated)
    assert stand_in.requests[0].json() == {
        "inputs": base64.b64encode(LAMP.data).decode(),
        "parameters": {
            "prompt": WORDS.prompt,
            "target_size": SIZE,
            "negative_prompt": "rain",
            "num_inference_steps": 4,
            "guidance_scale": 3.5,
        },
    }


def test_what_was_not_given_is_not_sent(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    provider.submit(words("fal-ai"))
    assert stand_in.requests[0].json() == {"prompt": WORDS.prompt, "image_size": SIZE}


def test_a_model_of_replicate_with_a_version_has_a_path_of_its_own(
    stand_in: HuggingFaceStandIn, client: httpx.Client
) -> None:
    model = CARD.models[words("replicate").model]
    route = {"dialect": "replicate", "id": "stability-ai/sdxl:7762fd07"}
    card = replace(CARD, models={model.id: replace(model, route=route)})
    fetcher = GuardedClient(trusted_hosts=frozenset({"localhost"}))
    provider = HuggingFaceProvider(Credentials(KEY, stand_in.base_url), card, client, fetcher)
    assert isinstance(provider.submit(words("replicate")), Generated)
    sent = stand_in.requests[0]
    assert (sent.path, sent.json()["version"]) == ("/replicate/v1/predictions", "7762fd07")


def test_the_headers_of_each_provider(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    for dialect in DIALECTS:
        provider.submit(words(dialect))
    asked = [it.headers for it in stand_in.requests if it.method == "POST"]
    assert {it["authorization"] for it in asked} == {f"Bearer {KEY}"}
    assert [it["accept"] for it in asked] == ["image/png", *["application/json"] * 3]
    assert [it.get("prefer") for it in asked] == [None, None, None, "wait"]


@pytest.mark.parametrize("dialect", ["fal-ai", "together", "replicate"])
def test_of_several_pictures_the_first_is_taken(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, dialect: str
) -> None:
    stand_in.script(["several"])
    assert isinstance(provider.submit(words(dialect)), Generated)


def test_a_seed_that_fal_chose_is_told(provider: HuggingFaceProvider) -> None:
    answer = provider.submit(words("fal-ai"))
    assert isinstance(answer, Generated)
    assert answer.seed == 4711


@pytest.mark.parametrize("scenario", ["truncated-image", "huge-image"])
def test_bytes_are_handed_on_unchecked(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    scenario: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Generated)
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("auth", "auth"),
        ("payment", "credits"),
        ("permission", "permission"),
        ("gone", "model_gone"),
        ("gone-410", "model_gone"),
        ("bad-request", "validation"),
        ("unprocessable", "validation"),
        ("too-large", "validation"),
        ("moderated", "moderation"),
    ],
)
def test_a_refusal_has_a_kind_and_charges_nothing(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    scenario: str,
    kind: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, None)
    assert stand_in.paid == []


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("hf-inference", "(HTTP 422)."),
        ("fal-ai", "(seed, invalid_type)."),
        ("together", "(seed, invalid_type)."),
        ("replicate", "(HTTP 422)."),
    ],
)
def test_a_refusal_names_the_field_where_the_provider_does(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider, dialect: str, said: str
) -> None:
    stand_in.script(["unprocessable"])
    answer = provider.submit(words(dialect))
    assert isinstance(answer, Refused)
    assert answer.message.endswith(said)


@pytest.mark.parametrize(
    ("scenario", "kind", "retry_after"),
    [
        ("rate-limit", "rate_limit", {3}),
        ("rate-limit-date", "rate_limit", set(range(1, 31))),
        ("rate-limit-reset", "rate_limit", {55}),
        ("rate-limit-bare", "rate_limit", {None}),
        ("timeout", "transient", {None}),
        ("server-error", "transient", {None}),
        ("unavailable", "transient", {7}),
        ("loading", "transient", {21}),
    ],
)
def test_what_another_try_may_cure_says_when(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    scenario: str,
    kind: str,
    retry_after: set[int | None],
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Throttled)
    assert answer.kind == kind
    assert answer.retry_after in retry_after
    assert stand_in.paid == []


@pytest.mark.parametrize(
    ("estimated", "wait"),
    [
        ("20.4", 21), ("0", 1), ("-3", 1), ("7", 7), ("1e999999", 600), ('"20"', None),
        ("true", None), ("null", None),
    ],
)  # fmt: skip
def test_the_time_that_a_model_needs_to_load(estimated: str, wait: int | None) -> None:
    body = f'{{"error": "loading", "estimated_time": {estimated}}}'.encode()
    answer = answer_to(words("hf-inference"), body, 503)
    assert isinstance(answer, Throttled)
    assert answer.retry_after == wait


@pytest.mark.parametrize("scenario", ["cut", "cut-body", *GATEWAY])
def test_a_lost_answer_leaves_the_outcome_unknown(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    scenario: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    assert isinstance(provider.submit(wish), OutcomeUnknown)
    assert isinstance(provider.look_up(wish), OutcomeUnknown)
    assert len([it for it in stand_in.requests if it.method == "POST"]) == 1


def test_a_router_that_stays_silent_leaves_the_outcome_unknown(
    stand_in: HuggingFaceStandIn, client: httpx.Client, wish: ProviderRequest
) -> None:
    impatient = replace(CARD, read_timeout_seconds=1)
    provider = HuggingFaceProvider(
        Credentials(KEY, stand_in.base_url), impatient, client, GuardedClient()
    )
    stand_in.script(["slow 30"])
    assert isinstance(provider.submit(wish), OutcomeUnknown)
    assert len(stand_in.paid) == 1


@pytest.mark.parametrize("scenario", ["garbage", "html", "wrong-type", "redirect"])
def test_an_answer_that_cannot_be_read_may_be_owed(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    scenario: str,
    wish: ProviderRequest,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(wish)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", UNKNOWN)


@pytest.mark.parametrize(
    ("dialect", "scenario", "kind"),
    [
        ("hf-inference", "no-image", "no_image"),
        ("fal-ai", "no-image", "no_image"),
        ("fal-ai", "null-image", "no_image"),
        ("fal-ai", "nsfw", "moderation"),
        ("together", "no-image", "no_image"),
        ("together", "null-image", "no_image"),
        ("replicate", "no-image", "no_image"),
        ("replicate", "null-image", "no_image"),
        ("replicate", "nsfw", "moderation"),
    ],
)
def test_an_answer_without_a_picture_may_be_owed(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    dialect: str,
    scenario: str,
    kind: str,
) -> None:
    stand_in.script([scenario])
    answer = provider.submit(words(dialect))
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, UNKNOWN)
    named = str(answer.provider_request_id).removeprefix("req-")
    assert named == stand_in.paid[0].request_id


def test_a_broken_picture_was_made_and_is_owed(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    stand_in.script(["invalid-base64"])
    answer = provider.submit(words("together"))
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("bad_answer", PRICES["together"])


@pytest.mark.parametrize(
    ("dialect", "document", "kind"),
    [
        ("fal-ai", {}, "no_image"),
        ("fal-ai", {"images": "many"}, "no_image"),
        ("fal-ai", {"images": [7, {"url": 8}]}, "no_image"),
        ("fal-ai", {"response_url": 7}, "bad_answer"),
        ("fal-ai", {"response_url": "https://[::1"}, "bad_answer"),
        ("fal-ai", {"response_url": "https://queue.fal.run/a/../../b"}, "bad_answer"),
        ("fal-ai", {"response_url": "https://queue.fal.run/" + "a/" * 6 + "a" * 400}, "bad_answer"),
        ("together", {"data": {"b64_json": "aGk="}}, "no_image"),
        ("together", {"data": [7, {"b64_json": 8}, {"b64_json": ""}]}, "no_image"),
        ("replicate", {}, "bad_answer"),
        ("replicate", {"urls": [], "status": "starting"}, "bad_answer"),
        ("replicate", {"output": [7], "status": "succeeded"}, "no_image"),
        ("replicate", {"status": "canceled"}, "no_image"),
        ("replicate", {"status": "aborted"}, "no_image"),
        ("replicate", [], "bad_answer"),
    ],
)
def test_answers_of_other_shapes(dialect: str, document: object, kind: str) -> None:
    answer = answer_to(words(dialect), json.dumps(document).encode())
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == (kind, UNKNOWN)


def test_a_key_that_no_request_can_carry_is_refused_unsent(
    stand_in: HuggingFaceStandIn, client: httpx.Client
) -> None:
    account = Credentials("hf_\nkey", stand_in.base_url)
    provider = HuggingFaceProvider(account, CARD, client, GuardedClient())
    answer = provider.submit(WORDS)
    assert isinstance(answer, Refused)
    assert answer.kind == "auth"
    assert not stand_in.requests


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("made", [words, edit])
def test_the_key_is_in_no_message_handle_repr_or_log(
    stand_in: HuggingFaceStandIn,
    provider: HuggingFaceProvider,
    caplog: pytest.LogCaptureFixture,
    dialect: str,
    made: Callable[[str], ProviderRequest],
) -> None:
    caplog.set_level(logging.DEBUG)
    names = sorted(stand_in.scenarios - {"slow"})
    stand_in.script(names)
    answers: list[object] = []
    for _ in names:
        answer = provider.submit(made(dialect))
        answers.append(answer)
        if isinstance(answer, Pending):
            answers.append(provider.poll(answer.handle))
    routed = [it for it in stand_in.requests if not it.path.startswith("/files/")]
    fetched = [it for it in stand_in.requests if it.path.startswith("/files/")]
    assert all(it.headers["authorization"] == f"Bearer {KEY}" for it in routed)
    assert not any(KEY in str(it.headers) for it in fetched)
    assert KEY not in repr(answers)
    assert KEY not in repr(provider)
    assert KEY not in caplog.text


def test_every_model_of_the_catalogue_is_one_that_the_router_knows(
    stand_in: HuggingFaceStandIn, provider: HuggingFaceProvider
) -> None:
    for model in CARD.models.values():
        (operation,) = model.operations
        base = EDIT if operation == "edit.general" else WORDS
        answer = provider.submit(replace(base, model=model.id))
        assert isinstance(answer, Generated | Pending), model.id
    assert len(stand_in.paid) == len(CARD.models)
