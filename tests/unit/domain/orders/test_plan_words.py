"""plan_job: what becomes of an order's words, with each model that may come to make it."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.catalogue.orderable import resolve_model
from studio.domain.jobs.image_spec import ImageSpec, SourceRef
from studio.domain.operations.table import OPERATIONS
from studio.domain.orders.estimate import reestimate
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.prompt_parts import PromptParts
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.domain.prompts.enhance import missing_words
from studio.domain.prompts.persona import Persona
from studio.domain.routing.fallback import apply_substitute
from studio.errors import InvalidRequestError
from tests.support.builders import TODAY, an_order

BRAND = Persona("our-brand", 3, style=("matte colours",), avoid=("text",))
BOTH = PromptParts(BRAND, enhance=True)
SHORT = resolve_model("runware", "runware:101@1", day=TODAY)[0].prompt_max


def planned(order: JobRequest) -> ImageSpec:
    return plan_job(order).images[0].spec


def images(*orders: ImageRequest, **changes: Any) -> JobRequest:
    return replace(an_order(), images=orders, **changes)


def test_a_prompt_is_sent_untouched_unless_more_is_asked_for() -> None:
    prompt = "  a red fox \n"
    spec = planned(
        images(ImageRequest(prompt, 64, 64, negative_prompt=" rain "), provider="runware")
    )
    assert (spec.prompt, spec.original_prompt, spec.persona) == (prompt, None, None)
    assert not spec.enhance_prompt


def test_both_prompts_and_the_persona_are_kept() -> None:
    spec = planned(an_order("a red fox", prompt_parts=BOTH))
    words = ", ".join(("a red fox", "matte colours", *missing_words("a red fox")))
    assert (spec.prompt, spec.original_prompt) == (words, "a red fox")
    assert (spec.persona, spec.enhance_prompt) == ("our-brand@3", True)


def test_a_prompt_to_which_nothing_was_added_is_its_own_original() -> None:
    spec = planned(an_order("a red fox in matte colours", prompt_parts=PromptParts(BRAND)))
    assert (spec.prompt, spec.original_prompt) == ("a red fox in matte colours", None)
    assert spec.persona == "our-brand@3"


def test_what_a_persona_avoids_goes_into_the_negative_prompt_where_there_is_one() -> None:
    order = images(
        ImageRequest("a fox", 1024, 1024, negative_prompt="rain"), prompt_parts=PromptParts(BRAND)
    )
    assert planned(replace(order, provider="stability")).negative_prompt == "rain, text"
    dropped = planned(replace(order, provider="openai"))
    assert dropped.negative_prompt is None
    assert [text for text in dropped.warnings if "negative prompt" in text]


def test_an_image_without_a_prompt_stays_without_one() -> None:
    plan = plan_job(an_order("a red fox", None, prompt_parts=BOTH))
    skipped = plan.images[1]
    assert skipped.skipped
    assert (skipped.spec.prompt, skipped.spec.original_prompt, skipped.spec.persona) == (
        None, None, None,
    )  # fmt: skip


def test_the_estimate_is_of_the_final_prompt() -> None:
    plain, worded = (
        plan_job(an_order("a red fox", prompt_parts=one)) for one in (PromptParts(), BOTH)
    )
    long = plan_job(an_order(worded.images[0].spec.prompt))
    assert plain.reserve < worded.reserve == long.reserve


def test_the_rules_stop_where_the_model_does() -> None:
    full = "-" * (SHORT - 3) + "fox"
    assert (
        planned(an_order(full, provider="runware", prompt_parts=PromptParts(enhance=True))).prompt
        == full
    )


def test_a_persona_that_does_not_fit_is_refused_where_the_prompt_stands() -> None:
    long = "-" * (SHORT - 3) + "fox"
    with pytest.raises(InvalidRequestError) as caught:
        planned(an_order("a fox", long, provider="runware", prompt_parts=PromptParts(BRAND)))
    assert [field.pointer for field in caught.value.fields] == ["/items/1/prompt"]


def test_a_substitute_is_given_the_words_that_it_takes() -> None:
    room = len(", gentle natural light")
    own = "-" * (SHORT - room - 3) + "fox"
    order = an_order(
        own,
        prompt_parts=PromptParts(enhance=True),
        fallback=(("runware", "runware:101@1"),),
    )
    spec = planned(order)
    (heir,) = spec.substitutes
    assert spec.prompt == f"{own}, {', '.join(missing_words('fox'))}"
    assert heir.prompt == f"{own}, gentle natural light"
    taken = apply_substitute(spec, heir)
    assert (taken.prompt, taken.original_prompt, taken.enhance_prompt) == (heir.prompt, own, True)
    assert reestimate(spec).micros == plan_job(order).reserve


def test_a_substitute_with_no_room_has_no_other_original() -> None:
    own = "-" * (SHORT - 3) + "fox"
    fallback = (("runware", "runware:101@1"),)
    (heir,) = planned(
        an_order(own, prompt_parts=PromptParts(enhance=True), fallback=fallback)
    ).substitutes
    assert (heir.prompt, heir.original_prompt) == (own, None)


def test_an_instruction_is_left_as_it_is_and_that_is_said() -> None:
    order = images(
        ImageRequest("brighter", None, None, sources=(SourceRef(url="https://shop.test/1.jpg"),)),
        operation="edit.general",
        provider="builtin",
        prompt_parts=BOTH,
    )
    spec = planned(order)
    assert (spec.prompt, spec.original_prompt, spec.persona) == ("brighter", None, None)
    assert (spec.negative_prompt, spec.enhance_prompt) == (None, False)
    assert [text for text in spec.warnings if "nothing was added" in text]
    silent = planned(replace(order, prompt_parts=PromptParts()))
    assert not [text for text in silent.warnings if "nothing was added" in text]


def test_only_what_makes_whole_images_of_words_has_words_added() -> None:
    described = {name for name, operation in OPERATIONS.items() if operation.described}
    assert described == {"generate", *(name for name in OPERATIONS if name.startswith("control."))}
