"""The date of an order decides what has ended."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from studio.domain.catalogue.catalogue import planned_model, provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.lifecycle import Lifecycle
from studio.domain.catalogue.orderable import card_of_day, resolve_model
from studio.domain.operations.values import Quality
from studio.domain.orders.plan_job import plan_job
from studio.errors import InvalidRequestError
from tests.support.builders import TODAY, an_order

END = date(2026, 12, 1)
DAY = timedelta(days=1)
ENDING = [
    ("openai", "gpt-image-1.5", END, "gpt-image-2.6-sunburst"),
    ("openai", "gpt-image-1-mini", END, "gpt-image-2.6-flare"),
    ("openai", "chatgpt-image-latest", END, "gpt-image-2.6-sunburst"),
    ("gemini", "gemini-3.1-flash-image", date(2026, 10, 29), "gemini-nano-banana-2.1"),
    ("gemini", "gemini-2.5-flash-image", date(2027, 3, 15), "gemini-nano-banana-2.1"),
]


@pytest.mark.parametrize(("provider", "name", "end", "successor"), ENDING)
def test_a_model_warns_before_its_last_day_and_is_replaced_from_it_on(
    provider: str, name: str, end: date, successor: str
) -> None:
    before, (warning,) = resolve_model(provider, name, day=end - DAY)
    assert before.id == name
    assert warning == f"{name} ends on {end}: change to {successor} before that day."
    for day in (end, end + 400 * DAY):
        after, (warning,) = resolve_model(provider, name, day=day)
        assert after.id == successor
        assert warning == f"{name} ended on {end}: {successor} is used instead."


@pytest.mark.parametrize(("provider", "name", "end", "successor"), ENDING)
def test_a_strict_order_refuses_a_model_that_has_ended(
    provider: str, name: str, end: date, successor: str
) -> None:
    assert resolve_model(provider, name, day=end - DAY, strict=True)[0].id == name
    with pytest.raises(InvalidRequestError) as caught:
        resolve_model(provider, name, day=end, strict=True)
    (field,) = caught.value.fields
    assert (field.pointer, field.code) == ("/provider/model", "model-retired")
    assert successor in field.detail


def test_a_chain_of_successors_is_followed_to_its_end() -> None:
    card = provider_card("openai")
    first, second = card.models["gpt-image-1.5"], card.models["gpt-image-2.6-sunburst"]
    later = replace(second, lifecycle=Lifecycle("sunset", END + DAY, "gpt-image-2"))
    chain = replace(card, models={**card.models, later.id: later})
    assert first.lifecycle.successor == later.id
    assert chain.on(END).retired[first.id].lifecycle.successor == later.id
    assert chain.on(END + DAY).retired[first.id].lifecycle.successor == "gpt-image-2"
    assert (
        chain.on(END + DAY).retired["gpt-image-1"].lifecycle.successor == "gpt-image-2.5-sunburst"
    )
    both = replace(chain, default_model=first.id, defaults={"generate": _levels(first.id)})
    assert both.on(END).default_model == later.id
    assert both.on(END + DAY).default_model == "gpt-image-2"
    assert both.on(END + DAY).defaults == {"generate": _levels("gpt-image-2")}


def _levels(model: str) -> dict[Quality, str]:
    return {"draft": model, "standard": model, "premium": model}


@pytest.mark.parametrize("provider", provider_ids())
@pytest.mark.parametrize("days", [0, 10, 11, 200, 4000])
def test_on_every_day_each_name_leads_to_a_model_of_that_day(provider: str, days: int) -> None:
    card = card_of_day(provider, TODAY + days * DAY)
    assert card.default_model in card.models
    assert all(
        model in card.models for levels in card.defaults.values() for model in levels.values()
    )
    for model in card.models.values():
        assert model.lifecycle.state != "retired"
        assert (model.lifecycle.state == "sunset") == (model.lifecycle.successor is not None)
    for name in card.retired:
        operation = planned_model(provider, name).operations[0]
        chosen, (warning, *_) = resolve_model(provider, name, operation, day=TODAY + days * DAY)
        assert chosen.id in card.models
        assert name in warning
        assert chosen.id in warning


def test_a_job_that_was_ordered_before_the_end_keeps_its_model() -> None:
    assert planned_model("openai", "gpt-image-1.5").id == "gpt-image-1.5"
    assert planned_model("openai", "dall-e-3").id == "gpt-image-2"


def test_the_day_of_an_order_decides_its_model() -> None:
    order = an_order(model="gpt-image-1.5", day=END - DAY)
    assert plan_job(order).images[0].spec.model == "gpt-image-1.5"
    plan = plan_job(replace(order, day=END))
    assert plan.images[0].spec.model == "gpt-image-2.6-sunburst"
    assert any("ended on 2026-12-01" in text for text in plan.warnings)


def test_the_automatic_choice_takes_no_model_that_has_ended() -> None:
    cheap = replace(an_order(), provider=None, providers=("openai",), max_cost=5_500)
    for day in (END - DAY, END, END + 400 * DAY):
        plan = plan_job(replace(cheap, day=day, quality="draft"))
        assert plan.images[0].spec.model in card_of_day("openai", day).models


def test_a_substitute_that_has_ended_says_so_and_a_strict_order_refuses_it() -> None:
    order = an_order(provider="runware", fallback=(("openai", "dall-e-3"),))
    plan = plan_job(order)
    assert plan.images[0].spec.substitutes[0].model == "gpt-image-2"
    assert any(text.startswith("dall-e-3 ended on") for text in plan.warnings)
    with pytest.raises(InvalidRequestError) as caught:
        plan_job(replace(order, strict=True))
    assert caught.value.fields[0].pointer == "/provider/fallback/0/model"
    assert caught.value.fields[0].code == "model-retired"
