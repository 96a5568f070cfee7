"""Models without a published price under a limit: the refusal names them and one with a price."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.catalogue.catalogue import planned_model
from studio.domain.orders.plan import check_limits
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.replan import replan
from studio.errors import CostUnknownError
from studio.money import UNKNOWN
from tests.support.builders import TODAY, a_job, a_spec, an_item, an_order

UNPRICED = [
    ("openai", "gpt-image-2.6-sunburst", "openai gpt-image-2"),
    ("openai", "gpt-image-2.6-flare", "openai gpt-image-2"),
    ("runware", "runware:97@1", "runware runware:101@1"),
    ("wavespeed", "wavespeed-ai/flux-schnell", "wavespeed wavespeed-ai/flux-dev"),
]


def refusal(**changes: Any) -> str:
    plan = plan_job(replace(an_order("a", "b"), **changes))
    with pytest.raises(CostUnknownError) as refused:
        check_limits(plan, max_cost=changes.get("max_cost"), monthly_limit=9_000_000)
    return str(refused.value)


@pytest.mark.parametrize(("provider", "model", "priced"), UNPRICED)
@pytest.mark.parametrize("limit", [{"limited": True}, {"max_cost": 900_000}])
def test_a_refusal_names_the_model_without_a_price_and_one_with_a_price(
    provider: str, model: str, priced: str, limit: dict[str, Any]
) -> None:
    assert refusal(provider=provider, model=model, **limit) == (
        "2 of 2 images have no known price, so no cost limit can be kept: "
        f"no price per image is published for {provider} {model}; {priced} has a price"
    )
    (name, _, other) = priced.partition(" ")
    order = replace(an_order("a", "b"), provider=name, model=other, limited=True)
    assert plan_job(order).unpriced == 0


def test_an_alternative_above_the_callers_limit_is_none() -> None:
    said = refusal(model="gpt-image-2.6-flare", max_cost=1)
    assert said.endswith("openai gpt-image-2.6-flare; choose a model with a price")


def test_a_provider_without_any_price_gets_the_next_of_the_studio() -> None:
    model = "hf-inference/black-forest-labs/FLUX.1-dev"
    order = an_order(provider="huggingface", model=model, limited=True, providers=("runware",))
    plan = plan_job(replace(order, operation="generate"))
    assert plan.priced_alternative is not None
    assert planned_model(*plan.priced_alternative).prices.known


def test_no_alternative_is_looked_for_without_a_limit() -> None:
    plan = plan_job(an_order(model="gpt-image-2.6-flare"))
    assert (plan.unpriced, plan.priced_alternative) == (1, None)


def test_a_price_that_only_lacks_a_size_says_so() -> None:
    plan = plan_job(an_order())
    unsized = replace(plan, images=(replace(plan.images[0], estimate=UNKNOWN),))
    with pytest.raises(CostUnknownError, match="openai gpt-image-2 needs a size; give a size"):
        check_limits(unsized, max_cost=1, monthly_limit=None)


def test_a_redrive_names_the_model_without_a_price() -> None:
    spec = a_spec(model="gpt-image-2.6-sunburst")
    item = an_item(a_job(), spec=spec, status="failed", estimate=UNKNOWN)
    with pytest.raises(CostUnknownError, match=r"published for openai gpt-image-2\.6-sunburst"):
        check_limits(replan([item], TODAY, ()), max_cost=1, monthly_limit=None)
