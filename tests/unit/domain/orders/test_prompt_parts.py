"""What a model is given: the caller's words, the persona's, then the rules'."""

from typing import Any

import pytest

from studio.domain.jobs.model import MAX_NEGATIVE_PROMPT
from studio.domain.orders.prompt_parts import UNTOUCHED, PromptParts, Words, compose_prompt
from studio.domain.prompts.enhance import missing_words
from studio.domain.prompts.persona import Persona, persona_of
from studio.domain.recipes.model import Recipe
from studio.domain.templates.model import Template
from studio.errors import FieldError, InvalidRequestError
from tests.support.builders import TENANT
from tests.support.fakes.edges import START

BRAND = Persona(
    "our-brand",
    3,
    ("matte colours",),
    ("teal", "sand", "white"),
    "calm",
    "young parents",
    ("text",),
)


LOOK = Template(
    "our-posts", 2, "Posts", "post", style=("flat light", "Matte colours"), avoid=("props", "text")
)


def of(prompt: str | None, negative: str | None = None, limit: int = 1000, **asked: Any) -> Words:
    return compose_prompt(prompt, negative, PromptParts(**asked), limit)


def refused(*words: Any, **asked: Any) -> FieldError:
    with pytest.raises(InvalidRequestError) as caught:
        of(*words, **asked)
    (field,) = caught.value.fields
    return field


@pytest.mark.parametrize("prompt", ["a fox", " a fox \n", "", None])
@pytest.mark.parametrize("negative", ["rain", "", None])
def test_without_persona_and_enhancement_nothing_is_touched(
    prompt: str | None, negative: str | None
) -> None:
    assert compose_prompt(prompt, negative, UNTOUCHED, 1000) == Words(prompt, negative)


@pytest.mark.parametrize("prompt", ["", None])
def test_where_nothing_is_said_nothing_is_added(prompt: str | None) -> None:
    assert of(prompt, "rain", persona=BRAND, enhance=True) == Words(prompt, "rain")


def test_the_words_of_a_persona_come_behind_the_callers() -> None:
    added = (
        "matte colours",
        "palette of teal, sand and white",
        "calm mood",
        "made for young parents",
    )
    found = of("a fox", "rain", persona=BRAND)
    assert found == Words(f"a fox, {', '.join(added)}", "rain, text", added)
    assert of("a fox", persona=BRAND).negative_prompt == "text"
    assert of("a fox", " ", persona=BRAND).negative_prompt == "text"


def test_what_the_caller_says_already_is_not_said_again() -> None:
    found = of("a fox in matte colours", "rain, text", persona=BRAND)
    assert "matte colours" not in found.added
    assert found.negative_prompt == "rain, text"


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"palette": ("teal",)}, ["palette of teal"]),
        ({"palette": ("teal", "sand")}, ["palette of teal and sand"]),
        ({"mood": "calm"}, ["calm mood"]),
        ({"avoid": ("text",)}, []),
    ],
)
def test_a_persona_says_only_what_it_has(members: dict[str, Any], words: list[str]) -> None:
    assert list(Persona("our-brand", 1, **members).words()) == words


def test_a_persona_that_adds_nothing_to_a_prompt_leaves_it_alone() -> None:
    assert of("a fox", None, persona=Persona("our-brand", 1)) == Words("a fox", None)


def test_the_rules_see_what_the_persona_has_said() -> None:
    lit = Persona("our-brand", 1, ("hard shadows",))
    light, *others = missing_words("a fox")
    found = of("a fox", persona=lit, enhance=True)
    assert found.added == ("hard shadows", *others)
    assert light not in str(found.prompt)


def test_the_rules_add_what_fits() -> None:
    whole = of("a fox", enhance=True)
    length = len(str(whole.prompt))
    assert of("a fox", enhance=True, limit=length) == whole
    shorter = of("a fox", enhance=True, limit=length - 1)
    assert shorter.added == whole.added[:-1]
    assert of("a fox", enhance=True, limit=5) == Words("a fox", None)


def test_a_later_phrase_is_added_where_an_earlier_one_is_too_long() -> None:
    light, composition, _ = missing_words("a fox")
    limit = len("a fox, ") + min(len(light), len(composition))
    shortest = min(light, composition, key=len)
    assert of("a fox", enhance=True, limit=limit).added == (shortest,)


def test_a_persona_is_heard_whole_or_not_at_all() -> None:
    length = len(str(of("a fox", persona=BRAND).prompt))
    assert of("a fox", persona=BRAND, limit=length).added
    field = refused("a fox", persona=BRAND, limit=length - 1)
    assert (field.pointer, field.code) == ("/prompt", "too-long")
    assert f"{length} characters; the model takes {length - 1}" in field.detail


def test_a_template_speaks_before_the_persona_and_what_both_say_is_said_once() -> None:
    alone = of("a fox", "rain", template=LOOK)
    assert alone == Words("a fox, flat light, Matte colours", "rain, props, text", LOOK.style)
    both = of("a fox", "rain", template=LOOK, persona=BRAND)
    assert both.added[:3] == ("flat light", "Matte colours", "matte colours")
    assert both.negative_prompt == "rain, props, text"
    assert of("a fox in flat light", template=LOOK).added == ("Matte colours",)
    bare = Template("bare", 1, None, "post")
    assert of("a fox", "rain", template=bare) == Words("a fox", "rain")


@pytest.mark.parametrize(
    ("asked", "adds"),
    [
        ({}, False),
        ({"template": Template("bare", 1, None, "post")}, False),
        ({"template": Template("a", 1, None, "post", style=("b",))}, True),
        ({"template": Template("a", 1, None, "post", avoid=("b",))}, True),
        ({"persona": BRAND}, True),
        ({"enhance": True}, True),
    ],
)
def test_a_wording_knows_whether_it_may_change_a_prompt(asked: dict[str, Any], adds: bool) -> None:
    assert PromptParts(**asked).adds is adds


def test_a_refusal_says_whose_words_do_not_fit() -> None:
    assert "words of the template it" in refused("a fox", None, 6, template=LOOK).detail
    both = refused("a fox", None, 6, template=LOOK, persona=BRAND).detail
    assert "words of the template and the persona it" in both
    longest = "x" * MAX_NEGATIVE_PROMPT
    assert "the template would avoid" in refused("a fox", longest, template=LOOK).detail


def test_what_is_avoided_fits_into_the_negative_prompt() -> None:
    longest = "x" * (MAX_NEGATIVE_PROMPT - len(", text"))
    assert of("a fox", longest, persona=BRAND).negative_prompt == f"{longest}, text"
    field = refused("a fox", f"{longest}x", persona=BRAND)
    assert (field.pointer, field.code) == ("/negative_prompt", "too-long")


def test_a_persona_is_read_from_what_is_saved() -> None:
    body = {
        "style": ["matte colours"], "palette": ["teal", "sand", "white"], "mood": "calm",
        "audience": "young parents", "avoid": ["text"],
    }  # fmt: skip
    assert persona_of(Recipe(TENANT, "our-brand", 3, None, body, START, START, "ann")) == BRAND
    bare = persona_of(Recipe(TENANT, "our-brand", 3, None, {}, START, START, "ann"))
    assert (bare, bare.name) == (Persona("our-brand", 3), "our-brand@3")
