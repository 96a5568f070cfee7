"""The catalogue's data and the questions asked of it."""

from datetime import date

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.lifecycle import Lifecycle
from studio.domain.catalogue.limits import SourceRules
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.catalogue.sizes import FixedSizes
from studio.domain.operations.table import OPERATIONS, operation_of
from studio.domain.operations.values import Quality
from studio.errors import UnknownModelError, UnknownProviderError
from studio.money import Cost
from tests.support.builders import TODAY
from tests.support.catalogue import model

ALL_MODELS = [
    (provider, model) for provider in provider_ids() for model in provider_card(provider).models
]


def test_the_catalogue_knows_its_providers() -> None:
    assert provider_ids() == (
        "bedrock", "builtin", "gemini", "huggingface", "openai", "runware", "stability",
        "wavespeed",
    )  # fmt: skip
    assert provider_ids() == tuple(sorted(provider_ids()))


def test_cards_say_how_to_treat_the_provider() -> None:
    openai, runware, builtin = map(provider_card, ("openai", "runware", "builtin"))

    assert (openai.base_url, openai.rate_per_minute) == ("https://api.openai.com/v1", 5)
    assert openai.read_timeout_seconds == 240
    assert (runware.base_url, runware.rate_per_minute) == ("https://api.runware.ai/v1", None)
    assert runware.read_timeout_seconds == 120
    assert (builtin.base_url, builtin.rate_per_minute) == (None, None)
    assert [card.repeatable for card in (openai, runware, builtin)] == [False, False, True]
    assert openai.checked_at == date(2026, 11, 30)


@pytest.mark.parametrize("name", ["imagen", "", "../catalogue/openai", "openai.json"])
def test_an_unknown_provider_is_named_at_its_field(name: str) -> None:
    with pytest.raises(UnknownProviderError) as caught:
        provider_card(name)
    assert [field.pointer for field in caught.value.fields] == ["/provider/id"]


def test_an_unknown_model_is_named_at_its_field() -> None:
    with pytest.raises(UnknownModelError) as caught:
        resolve_model("openai", "imagen-4", day=TODAY)
    assert [field.pointer for field in caught.value.fields] == ["/provider/model"]
    assert "gpt-image-2" in caught.value.fields[0].detail


@pytest.mark.parametrize(
    ("provider", "default"),
    [
        ("gemini", "gemini-nano-banana-2.1"),
        ("openai", "gpt-image-2"),
        ("runware", "runware:101@1"),
        ("builtin", "preview-1"),
        ("bedrock", "stability.sd3-5-large-v1:0"),
        ("stability", "sd3.5-large"),
        ("huggingface", "fal-ai/black-forest-labs/FLUX.1-dev"),
        ("wavespeed", "wavespeed-ai/flux-dev"),
    ],
)
def test_no_model_gives_the_default(provider: str, default: str) -> None:
    card, warnings = resolve_model(provider, None, day=TODAY)
    assert (card.id, card.lifecycle.state, warnings) == (default, "active", ())


@pytest.mark.parametrize("name", ["dall-e-2", "dall-e-3", "gpt-image-1"])
def test_a_retired_name_gives_its_active_successor_and_says_so(name: str) -> None:
    card, (warning,) = resolve_model("openai", name, day=TODAY)
    assert card.lifecycle.state == "active"
    assert name in warning
    assert card.id in warning


@pytest.mark.parametrize("name", ["amazon.nova-canvas-v1:0", "amazon.titan-image-generator-v2:0"])
def test_amazon_s_own_models_stand_for_one_of_stability(name: str) -> None:
    card, (warning,) = resolve_model("bedrock", name, day=TODAY)
    assert card.id == "stability.stable-image-core-v1:1"
    assert name in warning


def test_the_levels_of_bedrock_are_models() -> None:
    levels: tuple[Quality, ...] = ("draft", "standard", "premium")
    chosen = [resolve_model("bedrock", None, "generate", level, day=TODAY)[0] for level in levels]
    prices = [card.estimate(1024, 1024, None, 7).micros for card in chosen]
    assert prices == [40_000, 80_000, 140_000]


@pytest.mark.parametrize("name", ["gpt-image-1.5", "gpt-image-1-mini", "chatgpt-image-latest"])
def test_a_sunset_model_works_and_names_its_last_day(name: str) -> None:
    card, (warning,) = resolve_model("openai", name, day=TODAY)
    assert card.id == name
    assert "2026-12-01" in warning


@pytest.mark.parametrize(
    ("name", "successor"),
    [
        ("imagen-4.0-generate-001", "gemini-nano-banana-2.1"),
        ("imagen-4.0-ultra-generate-001", "gemini-3-pro-image"),
        ("imagen-4.0-fast-generate-001", "gemini-3.1-flash-lite-image"),
        ("gemini-3-pro-image-preview", "gemini-3-pro-image"),
    ],
)
def test_the_retired_names_of_gemini_lead_to_the_like_of_them(name: str, successor: str) -> None:
    card, (warning,) = resolve_model("gemini", name, day=TODAY)
    assert card.id == successor
    assert name in warning


def test_an_end_without_a_day_is_announced_without_one() -> None:
    ending = Lifecycle("sunset", None, "gemini-nano-banana-2.1")
    assert ending.on(date(2030, 1, 1)) == ending


@pytest.mark.parametrize("operation", ["generate", "edit.general", "edit.search_replace"])
def test_a_level_of_quality_is_another_model_of_gemini(operation: str) -> None:
    levels: tuple[Quality, ...] = ("draft", "standard", "premium")
    chosen = [resolve_model("gemini", None, operation, level, day=TODAY)[0].id for level in levels]
    assert chosen == [
        "gemini-3.1-flash-lite-image", "gemini-nano-banana-2.1", "gemini-3-pro-image",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "successor"),
    [
        ("sd3-large", "sd3.5-large"),
        ("sd3-large-turbo", "sd3.5-large-turbo"),
        ("sd3-medium", "sd3.5-medium"),
        ("stable-diffusion-v1-6", "sd3.5-medium"),
    ],
)
def test_the_retired_names_of_stability_lead_to_the_like_of_them(name: str, successor: str) -> None:
    card, (warning,) = resolve_model("stability", name, day=TODAY)
    assert card.id == successor
    assert name in warning


def test_the_levels_of_stability_are_models() -> None:
    levels: tuple[Quality, ...] = ("draft", "standard", "premium")
    chosen = [resolve_model("stability", None, "generate", level, day=TODAY)[0] for level in levels]
    prices = [card.estimate(1024, 1024, None, 7).micros for card in chosen]
    assert prices == [35_000, 65_000, 80_000]
    assert all(card.sources.max for card in chosen)


@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - {
    "edit.general", "render", "social.optimize", "transform.image_to_video", "transform.avatar",
}))  # fmt: skip
def test_stability_has_one_endpoint_for_each_operation(operation: str) -> None:
    card = resolve_model("stability", None, operation, day=TODAY)[0]
    assert card.operations == (operation,)


def test_hidream_is_known_under_the_id_that_people_take_for_flux() -> None:
    assert "HiDream" in model("runware", "runware:97@1").title


@pytest.mark.parametrize(("provider", "name"), ALL_MODELS)
def test_the_data_of_each_model_is_consistent(provider: str, name: str) -> None:
    card = model(provider, name)
    sold = {row.quality for row in card.prices.rows}

    does = [operation_of(operation) for operation in card.operations]
    assert does
    assert (card.prompt_max > 0) == any(operation.prompt for operation in does)
    for operation in does:
        needed = {role for role, need in operation.files.items() if need == "required"}
        assert needed <= set(card.sources.roles)
        assert card.sources.max > 0 or not needed
        needed_options = {name for name, it in operation.options.items() if it.required}
        assert needed_options <= set(card.options)
    assert set(card.options) <= {name for operation in does for name in operation.options}
    assert set(card.quality) in ({"draft", "standard", "premium"}, set())
    assert sold <= {"low", "medium", "high", "xhigh", "max"} or not card.quality
    assert card.prices.version == provider_card(provider).price_version
    assert card.sizes.offers(card.request_size(1024, 1024))
    assert all(card.sizes.offers((row.width, row.height)) for row in card.prices.rows)
    if card.lifecycle.state == "sunset":
        assert card.lifecycle.successor in provider_card(provider).models


def test_levels_become_the_words_of_the_provider() -> None:
    openai, runware = model("openai"), model("runware")
    assert openai.quality_word("draft") == "low"
    assert openai.quality_word("standard") == "medium"
    assert openai.quality_word("premium") == "high"
    assert runware.quality_word("premium") is None


# Models that start from words and nothing else.
WORDS_ONLY = {
    "wavespeed-ai/qwen-image/text-to-image",
    "wavespeed-ai/qwen-image-2.0/text-to-image",
    "core",
    "stability.stable-image-core-v1:1",
    "stability.stable-image-ultra-v1:1",
} | {name for name in provider_card("huggingface").models if "Kontext" not in name}


@pytest.mark.parametrize(("provider", "name"), ALL_MODELS)
def test_every_model_that_stays_takes_sources_and_says_which(provider: str, name: str) -> None:
    card = model(provider, name)
    if card.lifecycle.state == "sunset" or name in WORDS_ONLY:
        assert card.sources == SourceRules()
        return
    assert card.sources.max > 0
    assert set(card.sources.media_types) >= {"image/png", "image/jpeg"}
    assert card.sources.max_bytes > 1_000_000
    assert (card.sources.max_tokens is None) == (card.prices.token_rates is None)


def test_classical_operations_have_a_model_of_their_own() -> None:
    assert model("builtin").operations == ("generate",)
    classic, warnings = resolve_model("builtin", None, "edit.inpaint", day=TODAY)
    assert (classic.id, warnings) == ("classic-1", ())
    assert not {"generate", "edit.search_replace"} & set(classic.operations)
    assert not [name for name in classic.operations if name.startswith("transform.")]
    roles = {role for name in classic.operations for role in OPERATIONS[name].files}
    assert roles == set(classic.sources.roles)
    assert classic.estimate(4096, 3072, None, 0) == Cost(0, "estimated", "builtin-1")


def test_old_models_offer_three_sizes() -> None:
    sizes = model("openai", "gpt-image-1.5").sizes
    assert isinstance(sizes, FixedSizes)
    assert sizes.sizes == ((1024, 1024), (1536, 1024), (1024, 1536))


def test_a_model_behind_the_router_says_how_its_provider_is_spoken_to() -> None:
    for name, card in provider_card("huggingface").models.items():
        assert card.route["dialect"] == name.partition("/")[0]
        assert card.route["id"]
        shown = "edit.general" in card.operations and card.route["dialect"] != "hf-inference"
        assert ("image" in card.route) == shown
    assert model("openai").route == {}
