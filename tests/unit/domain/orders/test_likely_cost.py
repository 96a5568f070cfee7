"""The likely cost of an image, what is held for it, and whose price each is."""

from dataclasses import replace
from datetime import date

import pytest

from studio.domain.jobs.image_spec import SourceRef
from studio.domain.operations.values import Quality
from studio.domain.orders.estimate import PriceOrigin, price_origin
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import ImageRequest
from tests.support.builders import an_order

PHOTO = SourceRef(asset_id="a", key="k", media_type="image/png", bytes=9, width=800, height=600)


@pytest.mark.parametrize(
    ("provider", "model", "level", "likely"),
    [
        # The row of 1024x1024, and 400 bytes of text as 100 tokens at 5 USD a million.
        ("openai", "gpt-image-2", "draft", 6_000 + 500),
        ("openai", "gpt-image-2", "standard", 53_000 + 500),
        ("gemini", "gemini-nano-banana-2.1", "standard", 33_600 + 150),
        ("runware", "runware:101@1", "standard", 1_300),
        ("stability", "ultra", "standard", 80_000),
        ("huggingface", None, "standard", 2 * 25_000),
        ("runware", "runware:100@1", "standard", None),
        ("openai", "gpt-image-2.6-flare", "standard", None),
    ],
)
def test_the_likely_cost_is_the_published_price(
    provider: str, model: str | None, level: Quality, likely: int | None
) -> None:
    images = [ImageRequest("a" * 400, 1024, 1024)]
    (image,) = plan_job(
        an_order(provider=provider, model=model, quality=level, images=images)
    ).images
    assert image.likely.micros == likely
    if likely is not None:
        assert image.likely.basis == "estimated"
        assert image.estimate.micros is not None
        assert likely <= image.estimate.micros


def test_compute_grows_with_pixels_and_steps() -> None:
    def likely(side: int, steps: int | None) -> int | None:
        images = [ImageRequest("a", side, side)]
        order = an_order(provider="runware", model="runware:101@1", images=images, steps=steps)
        return plan_job(order).images[0].likely.micros

    assert likely(512, None) == 325
    assert likely(2048, None) == 5_200
    assert likely(1024, 14) == 650
    assert likely(1024, 56) == 2_600


def test_a_video_that_is_left_open_is_likely_the_usual_one() -> None:
    order = an_order(operation="transform.image_to_video", provider="wavespeed", sources=(PHOTO,))
    (image,) = plan_job(order).images
    assert (image.likely.micros, image.estimate.micros) == (500_000, 1_500_000)
    told = replace(order.images[0], options={"duration": 10, "resolution": "480p"})
    (image,) = plan_job(replace(order, images=[told])).images
    assert (image.likely.micros, image.estimate.micros) == (500_000, 500_000)


def test_what_is_held_is_the_dearest_of_the_chain_and_says_whose_it_is() -> None:
    order = an_order(provider="runware")
    (alone,) = plan_job(order).images
    assert alone.held_for == ("runware", "runware:101@1")
    (chain,) = plan_job(replace(order, fallback=(("openai", None),))).images
    assert chain.likely == alone.likely
    assert chain.held_for == ("openai", "gpt-image-2")
    (cheap,) = plan_job(an_order(fallback=(("runware", None),))).images
    assert cheap.held_for == ("openai", "gpt-image-2")


def test_a_skipped_image_costs_nothing() -> None:
    skipped = plan_job(an_order("a", None)).images[1]
    assert (skipped.likely.micros, skipped.estimate.micros) == (0, 0)


def test_the_origin_of_a_price_is_a_table_a_report_or_nothing() -> None:
    day = date(2026, 11, 30)
    assert price_origin("openai", "gpt-image-2") == PriceOrigin(
        "openai", "gpt-image-2", "table", "openai-2026-11-20", day
    )
    assert price_origin("runware", "runware:100@1").source == "reported"
    assert price_origin("openai", "gpt-image-2.6-flare").source == "reported"
    assert price_origin("wavespeed", "wavespeed-ai/flux-schnell").source == "none"
    assert price_origin("builtin", "preview-1").source == "table"
