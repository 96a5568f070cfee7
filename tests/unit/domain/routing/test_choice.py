"""The automatic choice: which models can, which is best, and the reason when none can."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.jobs.model import ProviderChoice, SourceRef
from studio.domain.orders.plan import check_limits
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import JobRequest
from studio.domain.routing.choice import Candidate, ranked, reason
from studio.errors import CostUnknownError, InvalidRequestError, OperationUnsupportedError
from tests.support.builders import TODAY, an_order

PHOTO = SourceRef(asset_id="ast_1", key="a", media_type="image/png", bytes=9, width=64, height=64)

PLAIN: Candidate[str] = Candidate(
    "",
    "other",
    "m",
    preview=False,
    refused=False,
    failing=False,
    listed=0,
    dropped=0,
    price=5,
)


def auto(*providers: str, **changes: Any) -> JobRequest:
    """An order that leaves the choice among these providers."""
    return replace(an_order(**changes), provider=None, providers=providers)


def chosen(order: JobRequest) -> ProviderChoice:
    plan = plan_job(order)
    assert plan.choice is not None
    made_by = {(image.spec.provider, image.spec.model) for image in plan.images}
    assert made_by == {(plan.choice.provider, plan.choice.model)}, "one job, one choice"
    return plan.choice


def test_a_named_provider_is_taken_before_all_others() -> None:
    choice = chosen(replace(auto("builtin", "openai"), provider="runware"))
    assert choice == ProviderChoice("runware", "runware", "runware:101@1", "The caller named it.")


def test_a_provider_that_is_alone_is_chosen_even_if_it_only_previews() -> None:
    choice = chosen(auto("builtin"))
    assert (choice.asked, choice.provider) == ("auto", "builtin")
    assert choice.reason == "It is the only provider here."


def test_a_preview_comes_after_every_model_though_it_is_free_and_first() -> None:
    choice = chosen(auto("builtin", "openai"))
    assert choice.provider == "openai"
    assert choice.reason == "It is an image model and not a preview; builtin would be next."


def test_of_two_that_can_the_cheaper_one_is_chosen() -> None:
    assert chosen(auto("openai", "runware")).reason == "It costs less; openai would be next."
    assert _first(price=9) == ("other", "It costs less; this would be next.")


def test_what_no_rule_decides_the_order_of_the_studio_does() -> None:
    assert _first() == ("this", "It comes first in the studio's order; other would be next.")


@pytest.mark.parametrize(
    ("worse", "why"),
    [
        ({"preview": True, "price": 0}, "is an image model and not a preview"),
        ({"refused": True, "price": 0}, "has a price that keeps the limit"),
        ({"failing": True, "price": 0}, "has not been failing lately"),
        ({"failing": True, "listed": 0}, "has not been failing lately"),
        ({"dropped": 1, "price": 0}, "takes more of what was asked for"),
        ({"price": None}, "has a known price"),
    ],
)
def test_each_rule_counts_before_the_price(worse: dict[str, Any], why: str) -> None:
    assert _first(**worse) == ("other", f"It {why}; this would be next.")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"preview": True}, {"refused": True}),
        ({"refused": True}, {"failing": True}),
        ({"failing": True}, {"listed": 1, "dropped": 9}),
        ({"dropped": 2}, {"dropped": 1, "price": None}),
    ],
)
def test_an_earlier_rule_counts_before_a_later_one(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert _first(second, **first)[0] == "other"


def _first(other: dict[str, Any] | None = None, **changes: Any) -> tuple[str, str]:
    """Rank a changed candidate before another one and say who won and why."""
    known = {
        "openai": replace(PLAIN, provider="this", **changes),
        "runware": replace(PLAIN, **(other or {})),
    }
    ranking = ranked(
        tuple(known), "generate", "standard", TODAY, lambda provider, _: known[provider]
    )
    return ranking[0].provider, reason(ranking, len(known))


def test_who_takes_what_was_asked_for_is_chosen() -> None:
    assert chosen(auto("openai", "runware", steps=20)).provider == "runware"


def test_whom_a_template_suggests_comes_before_what_is_dropped_and_costs() -> None:
    why = "It is what the template suggests; other would be next."
    assert _first({"price": 0}, suggested=True, dropped=1, price=9) == ("this", why)
    assert _first({"preview": True}, suggested=True)[0] == "this"
    for worse in ({"preview": True}, {"refused": True}, {"listed": 1}):
        assert _first(suggested=True, **worse)[0] == "other"


def test_a_suggestion_is_followed_only_among_who_may_be_chosen() -> None:
    order = auto("openai", "runware")
    assert chosen(order).provider == "runware"
    assert chosen(replace(order, suggested="openai")).provider == "openai"
    assert chosen(replace(order, suggested="stability")).provider == "runware"
    limited = replace(order, suggested="openai", max_cost=5_000)
    assert chosen(limited).provider == "runware"


def test_strict_makes_everything_a_must() -> None:
    order = auto("openai", "runware", steps=20, guidance="3", strict=True)
    choice = chosen(order)
    assert (choice.provider, choice.reason) == ("runware", "No other provider here can do this.")
    with pytest.raises(OperationUnsupportedError, match=r"openai: .* takes no steps") as refused:
        plan_job(replace(order, providers=("openai", "builtin")))
    could = str(refused.value).partition("could where it is configured: ")[2]
    assert "runware" in could.split(", ")


def test_a_model_is_chosen_that_does_what_the_default_does_not() -> None:
    order = auto("runware", strict=True)
    order = replace(order, images=[replace(order.images[0], negative_prompt="rain")])
    assert chosen(order).model == "runware:97@1"
    # Its price is unknown, so under a limit none is left.
    with pytest.raises(CostUnknownError):
        check_limits(plan_job(replace(order, limited=True)), max_cost=None, monthly_limit=1)


def test_a_limit_prefers_a_model_that_keeps_it_to_the_default() -> None:
    def attempt(provider: str, model: str | None) -> Candidate[str]:
        refused = model == "gpt-image-2"
        return replace(PLAIN, provider=provider, model=str(model), refused=refused)

    (best,) = ranked(("openai",), "generate", "standard", TODAY, attempt)
    assert best.model == "gpt-image-2-2026-04-21"


def test_a_limit_prefers_a_price_that_keeps_it() -> None:
    order = auto("openai", "runware", quality="premium")
    assert chosen(order).provider == "openai"
    assert chosen(replace(order, max_cost=5_000)).provider == "runware"
    assert chosen(replace(order, max_cost=5_000)).reason.startswith("It has a price that keeps")


def test_a_limit_is_no_reason_for_a_preview() -> None:
    assert chosen(auto("builtin", "openai", max_cost=1)).provider == "openai"


def test_every_image_counts() -> None:
    long = replace(an_order("a", "b" * 20_000), provider=None, providers=("runware", "openai"))
    assert chosen(long).provider == "openai", "runware takes prompts of 3000 characters"


def test_a_file_that_only_one_takes_decides() -> None:
    order = auto("builtin", "runware", "openai", sources=(PHOTO, replace(PHOTO, asset_id="b")))
    assert chosen(order).provider == "openai"


def test_an_operation_that_none_of_these_offers_names_those_that_do() -> None:
    order = replace(auto("gemini", sources=(PHOTO,)), operation="upscale.fast")
    with pytest.raises(OperationUnsupportedError) as refused:
        plan_job(order)
    (field,) = refused.value.fields
    assert field.pointer == "/operation"
    assert field.detail.startswith("gemini: Google Gemini")
    assert "does not offer upscale.fast" in field.detail
    told, _, others = field.detail.partition(" could where it is configured: ")
    assert told
    assert "builtin" in others.split(", ")


def test_what_is_wrong_with_the_order_itself_is_said_as_ever() -> None:
    order = auto("openai", "runware")
    options = {"style_preset": "nothing such"}
    order = replace(order, images=[replace(order.images[0], options=options)])
    with pytest.raises(InvalidRequestError) as refused:
        plan_job(order)
    assert not isinstance(refused.value, OperationUnsupportedError)
    assert refused.value.fields[0].pointer == "/items/0/input/style_preset"
