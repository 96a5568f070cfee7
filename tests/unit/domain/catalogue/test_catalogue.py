"""The catalogue's data and the questions asked of it."""

from dataclasses import replace
from datetime import date

import pytest

from studio.domain.catalogue.catalogue import ModelCard, provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.lifecycle import Lifecycle
from studio.domain.catalogue.limits import SourceRules
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.catalogue.parameters import Parameters
from studio.domain.catalogue.prices import PriceRow
from studio.domain.catalogue.sizes import FixedSizes
from studio.domain.operations.table import OPERATIONS, operation_of
from studio.domain.operations.values import Quality
from studio.errors import InvalidRequestError, UnknownModelError, UnknownProviderError
from studio.money import UNKNOWN, Cost
from tests.support.builders import TODAY

ALL_MODELS = [
    (provider, model) for provider in provider_ids() for model in provider_card(provider).models
]


def model(provider: str, name: str | None = None) -> ModelCard:
    return (
        provider_card(provider).models[name]
        if name
        else resolve_model(provider, None, day=TODAY)[0]
    )


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


# Prices of the reference: model, size, word, micro-dollars.
LISTED = [
    ("gpt-image-2", (1024, 1024), "low", 6_000),
    ("gpt-image-2", (1024, 1024), "medium", 53_000),
    ("gpt-image-2", (1024, 1536), "high", 165_000),
    ("gpt-image-2", (2160, 3840), "high", 401_000),
    ("gpt-image-2-2026-04-21", (1024, 1024), "high", 211_000),
    ("gpt-image-2.5-flare", (1024, 1024), "medium", 13_170),
    ("gpt-image-2.5-sunburst", (1536, 1024), "xhigh", 73_770),
    ("gpt-image-2.5-flare-2026-09-08", (3840, 2160), "max", 400_260),
    ("gpt-image-1.5", (1536, 1024), "medium", 50_000),
    ("gpt-image-1-mini", (1024, 1024), "low", 5_000),
]


@pytest.mark.parametrize(("name", "size", "word", "micros"), LISTED)
def test_a_listed_size_costs_its_price(
    name: str, size: tuple[int, int], word: str, micros: int
) -> None:
    estimate = model("openai", name).estimate(*size, word, 0)
    assert estimate == Cost(micros, "estimated", "openai-2026-11-20")


def test_the_prompt_counts_with_one_token_per_byte_at_most() -> None:
    # 3 bytes at $5 per million tokens are 15 micro-dollars.
    assert model("openai").estimate(1024, 1024, "low", 3).micros == 6_015


@pytest.mark.parametrize(
    ("size", "row"),
    [
        ((1536, 864), 53_000),  # inside 1536x1024, but a square may cost more: the dearer one
        ((1200, 1200), 101_000),  # only 3840x2160 contains it
        ((864, 1536), 53_000),
        ((3840, 1600), 101_000),
    ],
)
def test_a_size_between_rows_costs_at_most_the_next_that_contains_it(
    size: tuple[int, int], row: int
) -> None:
    assert model("openai").estimate(*size, "medium", 0).micros == row


def test_the_rows_of_other_words_do_not_count() -> None:
    assert model("openai").estimate(1536, 864, "low", 0).micros == 6_000


@pytest.mark.parametrize(
    ("provider", "name", "word"),
    [
        ("openai", "gpt-image-2.6-flare", "medium"),
        ("openai", "gpt-image-2.6-sunburst", "high"),
        ("openai", "gpt-image-1-mini", "high"),
        ("openai", "chatgpt-image-latest", "low"),
        ("openai", "gpt-image-2", None),
        ("runware", "runware:100@1", None),
        ("runware", "runware:97@1", None),
    ],
)
def test_what_has_no_price_stays_unknown(provider: str, name: str, word: str | None) -> None:
    assert model(provider, name).estimate(1024, 1024, word, 7) == UNKNOWN


def test_each_source_counts_with_the_most_tokens_it_may_have() -> None:
    card = model("openai")
    each = 6_900 * 8
    estimates = [card.estimate(1024, 1024, "low", 0, sources=number) for number in range(3)]
    assert [estimate.micros for estimate in estimates] == [6_000, 6_000 + each, 6_000 + 2 * each]
    # 2.5 micro-dollars a token for the mini model, and what is left of one counts whole.
    mini = replace(model("openai", "gpt-image-1-mini"), sources=SourceRules(1, max_tokens=3))
    assert mini.estimate(1024, 1024, "low", 0, sources=1).micros == 5_008


def test_sources_whose_tokens_nobody_knows_have_no_price() -> None:
    card = replace(model("openai"), sources=SourceRules(4))
    assert card.estimate(1024, 1024, "low", 0, sources=1) == UNKNOWN
    assert card.estimate(1024, 1024, "low", 0).micros == 6_000


@pytest.mark.parametrize("provider", ["builtin", "runware"])
def test_a_source_costs_nothing_where_pictures_have_a_flat_price(provider: str) -> None:
    card = model(provider)
    plain = card.estimate(1024, 1024, None, 7)
    assert plain.micros is not None
    assert card.estimate(1024, 1024, None, 7, sources=1) == plain


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


def test_a_size_that_no_row_contains_has_no_price() -> None:
    assert model("openai").estimate(2880, 2880, "low", 0) == UNKNOWN


def test_a_reference_price_grows_with_pixels_and_steps_and_never_shrinks() -> None:
    flux = model("runware")
    at = {size: flux.estimate(size, size, None, 0).micros for size in (512, 1024, 1536)}
    assert at == {512: 1_300, 1024: 1_300, 1536: 6_582}
    assert flux.estimate(1024, 1024, None, 0, steps=56).micros == 2_600
    assert flux.estimate(1024, 1024, None, 0, steps=4).micros == 1_300


def test_classical_operations_have_a_model_of_their_own() -> None:
    assert model("builtin").operations == ("generate",)
    classic, warnings = resolve_model("builtin", None, "edit.inpaint", day=TODAY)
    assert (classic.id, warnings) == ("classic-1", ())
    assert not {"generate", "edit.search_replace"} & set(classic.operations)
    assert not [name for name in classic.operations if name.startswith("transform.")]
    roles = {role for name in classic.operations for role in OPERATIONS[name].files}
    assert roles == set(classic.sources.roles)
    assert classic.estimate(4096, 3072, None, 0) == Cost(0, "estimated", "builtin-1")


def test_the_built_in_provider_is_known_to_be_free() -> None:
    estimate = model("builtin").estimate(4096, 4096, None, 7)
    assert estimate == Cost(0, "estimated", "builtin-1")


def test_tokens_are_priced_by_kind_and_rounded_up() -> None:
    card = model("openai")
    cost = card.cost_of_tokens(text_in=10, image_in=100, image_out=1756)
    assert cost == Cost(50 + 800 + 52_680, "priced", "openai-2026-11-20")
    # The old mini model bills 2.5 micro-dollars for a token of an input picture.
    mini = model("openai", "gpt-image-1-mini")
    assert mini.cost_of_tokens(text_in=0, image_in=1, image_out=0).micros == 3


def test_output_text_has_its_own_rate_only_where_one_is_published() -> None:
    old, new = model("openai", "gpt-image-1.5"), model("openai", "gpt-image-2")
    assert old.cost_of_tokens(text_in=0, image_in=0, image_out=0, text_out=100).micros == 1_000
    assert new.cost_of_tokens(text_in=0, image_in=0, image_out=0, text_out=100).micros == 3_000


def test_2_6_has_no_estimate_but_its_tokens_have_a_price() -> None:
    cost = model("openai", "gpt-image-2.6-flare").cost_of_tokens(
        text_in=0, image_in=0, image_out=1000
    )
    assert cost == Cost(30_000, "priced", "openai-2026-11-20")


def test_tokens_without_rates_are_unknown() -> None:
    card = model("openai", "chatgpt-image-latest")
    assert card.cost_of_tokens(text_in=1, image_in=0, image_out=1) == UNKNOWN


def test_parameters_that_a_model_does_not_take_are_left_out_by_name() -> None:
    wanted = Parameters(seed=7, steps=500, guidance="99", negative_prompt="rain")
    dropped = ("seed", "steps", "guidance", "negative_prompt")
    assert model("openai").check_parameters(wanted) == (Parameters(), dropped)


def test_parameters_that_a_model_takes_are_kept() -> None:
    wanted = Parameters(seed=7, steps=30, guidance="3.5", negative_prompt="rain")
    assert model("runware", "runware:97@1").check_parameters(wanted) == (wanted, ())


def test_a_distilled_model_takes_no_negative_prompt() -> None:
    kept, warnings = model("runware").check_parameters(Parameters(negative_prompt="rain"))
    assert kept.negative_prompt is None
    assert len(warnings) == 1


def test_an_empty_negative_prompt_is_none_at_all() -> None:
    kept, warnings = model("runware").check_parameters(Parameters(negative_prompt=""))
    assert (kept, warnings) == (Parameters(), ())


@pytest.mark.parametrize(
    ("wanted", "pointers"),
    [
        (Parameters(steps=0), ["/steps"]),
        (Parameters(steps=101), ["/steps"]),
        (Parameters(guidance="-0.1"), ["/guidance"]),
        (Parameters(guidance="50.01"), ["/guidance"]),
        (Parameters(guidance="NaN"), ["/guidance"]),
        (Parameters(guidance="much"), ["/guidance"]),
        (Parameters(steps=101, guidance="51"), ["/steps", "/guidance"]),
    ],
)
def test_parameters_out_of_range_are_named_all_at_once(
    wanted: Parameters, pointers: list[str]
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        model("runware").check_parameters(wanted)
    assert [field.pointer for field in caught.value.fields] == pointers


@pytest.mark.parametrize("wanted", [Parameters(steps=1, guidance="0"), Parameters(steps=100, guidance="50")])  # fmt: skip # noqa: E501
def test_the_limits_themselves_are_allowed(wanted: Parameters) -> None:
    assert model("runware").check_parameters(wanted) == (wanted, ())


def test_a_row_contains_a_size_lying_or_standing() -> None:
    row = PriceRow(1024, 1536, "low", 1)
    assert row.covers(1536, 1024)
    assert row.covers(1024, 1536)
    assert not row.covers(1025, 1025)


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


@pytest.mark.parametrize(
    ("name", "micros"),
    [
        ("fal-ai/black-forest-labs/FLUX.1-dev", 50_000),  # 1.05 megapixels are two begun ones
        ("fal-ai/black-forest-labs/FLUX.1-schnell", 6_000),
        ("together/black-forest-labs/FLUX.1-schnell", 5_400),
        ("replicate/black-forest-labs/FLUX.1-dev", 25_000),
        ("replicate/black-forest-labs/FLUX.1-schnell", 3_000),
        ("hf-inference/black-forest-labs/FLUX.1-dev", None),
        ("fal-ai/black-forest-labs/FLUX.1-Kontext-dev", None),
    ],
)
def test_the_prices_behind_the_router(name: str, micros: int | None) -> None:
    assert model("huggingface", name).estimate(1024, 1024, None, 7).micros == micros


@pytest.mark.parametrize(
    ("name", "options", "micros"),
    [
        ("alibaba/wan-2.5/image-to-video", {"duration": 5, "resolution": "480p"}, 250_000),
        ("alibaba/wan-2.5/image-to-video", {"duration": 10, "resolution": "1080p"}, 1_500_000),
        # What is not said counts as the dearest.
        ("alibaba/wan-2.5/image-to-video", {"duration": 5}, 750_000),
        ("alibaba/wan-2.5/image-to-video", {"resolution": "480p"}, 500_000),
        ("alibaba/wan-2.5/image-to-video", {}, 1_500_000),
        ("alibaba/wan-2.5/image-to-video-fast", {"duration": 5, "resolution": "480p"}, None),
        ("wavespeed-ai/hunyuan-avatar", {"resolution": "480p"}, 3_600_000),
        ("wavespeed-ai/infinitetalk", {}, 36_000_000),
    ],
)
def test_a_video_is_estimated_by_its_seconds(
    name: str, options: dict[str, str | int], micros: int | None
) -> None:
    assert model("wavespeed", name).estimate(1, 1, None, 0, options=options).micros == micros


def test_prices_of_wavespeed_that_nobody_confirmed_are_left_out() -> None:
    priced = {name for name, card in provider_card("wavespeed").models.items() if card.prices.known}
    assert priced == {
        "wavespeed-ai/flux-dev", "alibaba/wan-2.5/image-to-video", "wavespeed-ai/hunyuan-avatar",
        "wavespeed-ai/infinitetalk",
    }  # fmt: skip
