"""Prices of the catalogue: estimates by size, source, second and token, and what stays unknown."""

from dataclasses import replace

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.limits import SourceRules
from studio.domain.catalogue.prices import PriceRow
from studio.money import UNKNOWN, Cost
from tests.support.catalogue import model

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


def test_sources_of_unknown_tokens_have_no_price() -> None:
    card = replace(model("openai"), sources=SourceRules(4))
    assert card.estimate(1024, 1024, "low", 0, sources=1) == UNKNOWN
    assert card.estimate(1024, 1024, "low", 0).micros == 6_000


@pytest.mark.parametrize("provider", ["builtin", "runware"])
def test_a_source_costs_nothing_where_images_have_a_flat_price(provider: str) -> None:
    card = model(provider)
    plain = card.estimate(1024, 1024, None, 7)
    assert plain.micros is not None
    assert card.estimate(1024, 1024, None, 7, sources=1) == plain


def test_a_size_that_no_row_contains_has_no_price() -> None:
    assert model("openai").estimate(2880, 2880, "low", 0) == UNKNOWN


def test_a_reference_price_grows_with_pixels_and_steps_and_never_shrinks() -> None:
    flux = model("runware")
    at = {size: flux.estimate(size, size, None, 0).micros for size in (512, 1024, 1536)}
    assert at == {512: 1_300, 1024: 1_300, 1536: 6_582}
    assert flux.estimate(1024, 1024, None, 0, steps=56).micros == 2_600
    assert flux.estimate(1024, 1024, None, 0, steps=4).micros == 1_300


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


def test_a_row_contains_a_size_lying_or_standing() -> None:
    row = PriceRow(1024, 1536, "low", 1)
    assert row.covers(1536, 1024)
    assert row.covers(1024, 1536)
    assert not row.covers(1025, 1025)


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


def test_unconfirmed_prices_of_wavespeed_are_left_out() -> None:
    priced = {name for name, card in provider_card("wavespeed").models.items() if card.prices.known}
    assert priced == {
        "wavespeed-ai/flux-dev", "alibaba/wan-2.5/image-to-video", "wavespeed-ai/hunyuan-avatar",
        "wavespeed-ai/infinitetalk",
    }  # fmt: skip
