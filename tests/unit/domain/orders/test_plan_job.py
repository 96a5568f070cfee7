"""plan_job: from an order to what will be made."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.catalogue.limits import SourceRules
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.orders.inputs import check_sources
from studio.domain.orders.plan import Plan, check_limits
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.errors import (
    CostUnknownError,
    InvalidRequestError,
    MaxCostExceededError,
    NothingToGenerateError,
    UnknownModelError,
    UnknownProviderError,
)
from studio.money import UNKNOWN, Cost
from tests.support.builders import TODAY, an_order


def test_every_image_is_planned_with_its_estimate() -> None:
    plan = plan_job(an_order("a red fox", "a blue whale"))
    assert [image.spec.prompt for image in plan.images] == ["a red fox", "a blue whale"]
    assert all(image.estimate.basis == "estimated" for image in plan.images)
    assert plan.reserve == sum(image.estimate.known_micros for image in plan.images) > 0
    assert plan.unpriced == 0


def test_the_same_order_gives_the_same_plan() -> None:
    order = an_order("a red fox", "a blue whale")
    assert plan_job(order) == plan_job(order)


def test_everything_the_caller_said_of_an_image_is_kept() -> None:
    image = ImageRequest(
        "a red fox", 640, 480, seed=0, label="Hero", type="featured", position=3, title="Fox"
    )
    order = replace(
        an_order(provider="builtin"),
        images=[image],
        quality="premium",
        output_format="avif",
        output_quality=60,
    )
    spec = plan_job(order).images[0].spec
    assert (spec.width, spec.height, spec.seed) == (640, 480, 0)
    assert (spec.label, spec.type, spec.position, spec.title) == ("Hero", "featured", 3, "Fox")
    assert (spec.quality, spec.output_format, spec.output_quality) == ("premium", "avif", 60)
    assert (spec.provider, spec.model) == ("builtin", "preview-1")


@pytest.mark.parametrize("empty", [None, ""])
def test_an_image_without_a_prompt_is_skipped_and_free(empty: str | None) -> None:
    plan = plan_job(an_order("a red fox", empty))
    assert plan.images[1].estimate == Cost(0, "estimated")
    assert plan.warnings == ("1 image without a prompt will be skipped",)
    assert plan_job(an_order("fox", empty, empty)).warnings == (
        "2 images without a prompt will be skipped",
    )


def test_an_order_without_any_prompt_is_refused() -> None:
    with pytest.raises(NothingToGenerateError, match="No pending images with prompts found"):
        plan_job(an_order(None, ""))


def test_what_a_model_does_not_take_is_left_out_with_a_warning() -> None:
    order = replace(an_order(), images=[ImageRequest("a red fox", 64, 64, seed=5)], steps=20)
    spec = plan_job(order).images[0].spec
    assert (spec.seed, spec.steps) == (None, None)
    assert len(spec.warnings) == 2


def test_a_retired_model_is_replaced_with_a_warning() -> None:
    plan = plan_job(an_order(model="dall-e-3"))
    assert plan.images[0].spec.model != "dall-e-3"
    assert "dall-e-3" in plan.warnings[0]


def test_wrong_orders_are_refused_with_the_field() -> None:
    with pytest.raises(UnknownProviderError):
        plan_job(an_order(provider="unknown"))
    with pytest.raises(UnknownModelError):
        plan_job(an_order(model="nothing"))
    with pytest.raises(InvalidRequestError) as refused:
        plan_job(an_order("short", "x" * 100_000))
    assert refused.value.fields[0].pointer == "/items/1/prompt"
    long = replace(an_order(), images=[ImageRequest("a red fox", 6000, 100)])
    with pytest.raises(InvalidRequestError):
        plan_job(long)


def _sourced(provider: str, count: int, **changes: Any) -> JobRequest:
    sources = tuple(SourceRef(url=f"https://shop.test/{number}.jpg") for number in range(count))
    return an_order("a red fox", provider=provider, sources=sources, **changes)


@pytest.mark.parametrize("provider", ["builtin", "openai", "runware"])
def test_as_many_sources_are_planned_as_the_model_takes(provider: str) -> None:
    most = resolve_model(provider, None, day=TODAY)[0].sources.max
    assert most >= 1
    order = _sourced(provider, most)
    assert plan_job(order).images[0].spec.sources == order.images[0].sources
    with pytest.raises(InvalidRequestError) as refused:
        plan_job(_sourced(provider, most + 1))
    (field,) = refused.value.fields
    assert (field.pointer, field.code) == ("/items/0/sources", "too-many")
    assert f"at most {most} source" in field.detail


def test_a_model_without_sources_says_so() -> None:
    taker = resolve_model("builtin", None, day=TODAY)[0]
    with pytest.raises(InvalidRequestError) as refused:
        check_sources(replace(taker, sources=SourceRules()), _sourced("builtin", 1).images[0])
    (field,) = refused.value.fields
    assert (field.pointer, field.code) == ("/sources", "not-taken")


def test_images_to_start_from_are_held_money_for() -> None:
    plain, one, four = (plan_job(_sourced("openai", count)) for count in (0, 1, 4))
    assert one.reserve == plain.reserve + 6_900 * 8
    assert four.reserve == plain.reserve + 4 * 6_900 * 8
    assert four.unpriced == 0


def test_strength_is_kept_for_a_source_and_left_out_without_one() -> None:
    assert plan_job(_sourced("builtin", 1, strength="0.4")).images[0].spec.strength == "0.4"
    spec = plan_job(_sourced("builtin", 0, strength="0.4")).images[0].spec
    assert spec.strength is None
    assert spec.warnings == ("Strength is of a source, and there is none: it was left out.",)
    spec = plan_job(_sourced("openai", 1, strength="0.4")).images[0].spec
    assert spec.strength is None
    assert len(spec.warnings) == 1


def test_the_callers_own_limit_is_kept_to_the_micro_dollar() -> None:
    plan = plan_job(an_order())
    check_limits(plan, max_cost=plan.reserve, monthly_limit=None)
    with pytest.raises(MaxCostExceededError) as refused:
        check_limits(plan, max_cost=plan.reserve - 1, monthly_limit=None)
    assert refused.value.fields[0].pointer == "/max_cost"


def test_no_limit_can_be_kept_without_a_price() -> None:
    plan = plan_job(an_order())
    unpriced = Plan((replace(plan.images[0], estimate=UNKNOWN),), ())
    assert (unpriced.reserve, unpriced.unpriced) == (0, 1)
    check_limits(unpriced, max_cost=None, monthly_limit=None)
    for limits in ({"max_cost": 1, "monthly_limit": None}, {"max_cost": None, "monthly_limit": 1}):
        with pytest.raises(CostUnknownError):
            check_limits(unpriced, **limits)


@pytest.mark.parametrize("operation", ["social.optimize", "render"])
def test_what_needs_no_provider_is_done_by_the_studio_itself(operation: str) -> None:
    source = SourceRef(
        asset_id="ast_1", key="k", media_type="image/png", bytes=9, width=9, height=9
    )
    order = an_order(None, operation=operation, sources=(source,))
    plan = plan_job(replace(order, provider=None, providers=("openai", "runware"), limited=True))
    (image,) = plan.images
    assert (image.spec.provider, image.spec.model) == ("builtin", "files-1")
    assert (image.estimate.micros, image.spec.output_format) == (0, "png")
    assert plan.choice is not None and "itself" in plan.choice.reason
