"""Who may take over, as it is planned."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.jobs.image_spec import ImageSpec, SourceRef
from studio.domain.jobs.model import Item
from studio.domain.orders.plan import PlannedImage
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.domain.routing.fallback import attempt_count, switch_to_substitute
from studio.money import Cost
from tests.support.builders import a_job, a_spec, an_item, an_order, auto_order

ALL = ("openai", "runware", "gemini")
PHOTO = SourceRef(url="https://shop.test/a.png")


def planned(order: JobRequest) -> PlannedImage:
    return plan_job(order).images[0]


def heirs(order: JobRequest) -> list[str]:
    return [one.provider for one in planned(order).spec.substitutes]


def named(*fallback: str, **changes: Any) -> JobRequest:
    return an_order(fallback=tuple((name, None) for name in fallback), **changes)


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (
            named("openai", provider="runware", operation="upscale.fast", sources=(PHOTO,)),
            "openai was named to take over and will not: OpenAI Images does not offer"
            " upscale.fast.",
        ),
        (
            named("openai", provider="runware", max_cost=2_000),
            "openai was named to take over and will not: it does not keep the limit on what may"
            " be spent.",
        ),
        (
            replace(an_order(), fallback=(("runware", "runware:100@1"),)),
            "runware was named to take over and will not: its price is not known.",
        ),
    ],
)
def test_who_was_named_and_cannot_take_over_is_told(order: JobRequest, why: str) -> None:
    assert heirs(order) == []
    assert why in plan_job(order).warnings
    assert not plan_job(named("openai", provider="runware")).warnings


def test_the_end_of_a_models_life_is_told_of_who_cannot_take_over() -> None:
    order = an_order(provider="runware", max_cost=2_000)
    gone, why = plan_job(replace(order, fallback=(("openai", "dall-e-3"),))).warnings
    assert "dall-e-3" in gone
    assert why.startswith("openai was named to take over and will not: it does not keep the limit")


def test_what_a_named_substitute_would_leave_out_is_told_at_the_order() -> None:
    order = named("runware", quality="premium")
    assert heirs(order) == ["runware"]
    (warning,) = plan_job(order).warnings
    assert warning.startswith("if runware takes over: ")
    assert "has no premium quality" in warning
    chosen = plan_job(auto_order("openai", "runware", quality="premium"))
    assert not chosen.warnings


def test_who_would_be_chosen_next_takes_over() -> None:
    order = auto_order("runware", "openai")
    assert (planned(order).spec.provider, heirs(order)) == ("runware", ["openai"])
    assert heirs(replace(order, allow_fallback=False)) == []


def test_a_named_provider_has_no_substitute_unless_the_caller_wants_one() -> None:
    assert heirs(an_order(providers=ALL)) == []
    assert "runware" in heirs(an_order(providers=ALL, allow_fallback=True))
    assert heirs(named("runware", providers=ALL)) == ["runware"]


def test_the_callers_list_is_the_order() -> None:
    assert heirs(named("gemini", "runware")) == ["gemini", "runware"]
    assert heirs(named("runware", "gemini")) == ["runware", "gemini"]
    first = replace(auto_order(*ALL), fallback=(("runware", None),))
    assert planned(first).spec.provider == "runware"


def test_the_callers_model_is_taken() -> None:
    order = replace(an_order(), fallback=(("runware", "runware:100@1"),), provider="builtin")
    order = replace(order, fallback=(("openai", "gpt-image-2-2026-04-21"),))
    (heir,) = planned(order).spec.substitutes
    assert heir.model == "gpt-image-2-2026-04-21"


def test_an_image_has_two_substitutes_at_most_and_none_twice() -> None:
    order = named("openai", "runware", "gemini", "builtin")
    assert heirs(order) == ["runware", "gemini"]


def test_a_preview_takes_over_only_where_the_caller_names_it() -> None:
    assert heirs(auto_order("builtin", "openai")) == []
    assert heirs(named("builtin")) == ["builtin"]


def test_who_cannot_make_it_takes_nothing_over() -> None:
    assert heirs(named("runware", images=[ImageRequest("b" * 5_000, 64, 64)])) == []
    strict = named("runware", strict=True, provider="runware", steps=20)
    assert heirs(replace(strict, fallback=(("openai", None),))) == []


def test_the_dearest_of_the_chain_is_held() -> None:
    alone, dear = planned(an_order(provider="runware")), planned(an_order())
    chain = planned(named("openai", provider="runware"))
    assert alone.estimate.known_micros < dear.estimate.known_micros
    assert chain.estimate == dear.estimate


def test_who_would_break_the_limit_takes_nothing_over() -> None:
    order = named("openai", provider="runware", max_cost=5_000)
    assert heirs(order) == []
    assert planned(order).estimate == planned(an_order(provider="runware")).estimate


def test_the_limit_is_kept_by_the_dearest_for_each_image() -> None:
    # Runware is cheaper for the small one, openai for the large one, and either keeps the limit.
    images = [ImageRequest("a", 64, 64), ImageRequest("b", 2048, 2048)]
    runware = {"provider": "runware", "model": "runware:101@1"}
    order = named("openai", quality="draft", images=images, **runware)
    chain = plan_job(order).reserve
    others: tuple[dict[str, Any], ...] = ({}, {"provider": "openai", "model": None})
    alone = [plan_job(replace(order, fallback=(), **one)) for one in others]
    assert chain > max(plan.reserve for plan in alone)
    assert heirs(replace(order, max_cost=chain)) == ["openai"]
    assert heirs(replace(order, max_cost=chain - 1)) == []


def test_an_unknown_price_makes_no_known_one_unknown() -> None:
    order = replace(an_order(), fallback=(("runware", "runware:100@1"),))
    assert heirs(order) == []
    unpriced = an_order(provider="runware", model="runware:100@1")
    assert heirs(replace(unpriced, fallback=(("openai", None),))) == ["openai"]
    assert planned(replace(unpriced, fallback=(("openai", None),))).estimate.micros is None


def test_an_image_that_is_skipped_has_none() -> None:
    plan = plan_job(replace(an_order("a", None), fallback=(("runware", None),)))
    assert [len(image.spec.substitutes) for image in plan.images] == [1, 0]
    assert plan.images[1].estimate == Cost(0, "estimated")


def test_a_substitute_has_what_it_takes_of_the_order_and_its_own_warnings() -> None:
    order = named("runware", steps=20)
    spec = planned(replace(order, images=[ImageRequest("a", 64, 64, seed=5)])).spec
    assert (spec.seed, spec.steps, len(spec.warnings)) == (None, None, 2)
    taken = switch_to_substitute(_item(spec), "it is ill")
    assert (taken.provider, taken.model) == ("runware", "runware:101@1")
    assert (taken.seed, taken.steps, taken.substitutes) == (5, 20, ())
    assert taken.warnings == (
        "openai gpt-image-2 was asked, runware runware:101@1 is used: openai: it is ill.",
    )


def test_the_first_that_was_asked_is_remembered_through_two_switches() -> None:
    spec = planned(named("runware", "gemini")).spec
    once = switch_to_substitute(_item(spec, attempt=1), "it is ill")
    twice = switch_to_substitute(_item(once, attempt=4), "it is busy")
    assert once.replaced is not None
    assert twice.replaced is not None
    assert (once.replaced.attempt, twice.replaced.attempt) == (1, 4)
    assert (twice.replaced.provider, twice.replaced.why) == ("openai", "it is busy")
    assert twice.warnings[-1].startswith("openai gpt-image-2 was asked, gemini ")
    assert "runware: it is busy" in twice.warnings[-1]


@pytest.mark.parametrize(
    ("since", "attempt", "rounds", "count"),
    [(0, 1, 0, 0), (0, 6, 5, 5), (0, 9, 2, 2), (6, 7, 6, 0)],
)
def test_the_tries_of_each_provider_are_its_own(
    since: int, attempt: int, rounds: int, count: int
) -> None:
    spec = a_spec()
    if since:
        spec = switch_to_substitute(
            _item(planned(named("runware")).spec, attempt=since), "it is ill"
        )
    assert attempt_count(_item(spec, attempt=attempt), rounds) == count


def _item(spec: ImageSpec, **changes: Any) -> Item:
    return an_item(a_job(images=1), spec=spec, **changes)
