"""Image templates: values are put in once, and a template that cannot be used is left out."""

import pytest

from studio.domain.jobs.model import MAX_PROMPT
from studio.domain.prompts.group import builtin_prompts
from studio.domain.prompts.image_template import build_prompt, unknown_placeholders

FALLBACK = "The image's own prompt was used, not the image template: "


def test_the_built_in_template_has_only_known_placeholders() -> None:
    template = builtin_prompts()["image_template"]
    assert unknown_placeholders(template) == ()
    prompt, warning = build_prompt(template, "Foxes", None, "a fox", "realistic")
    assert (prompt, warning) == ('A realistic image for the article "Foxes": a fox', None)


@pytest.mark.parametrize(
    ("template", "prompt"),
    [
        ("{image_prompt}", "a {fox}"),
        ("{post_title}/{post_title}", "{image_prompt.__class__}/{image_prompt.__class__}"),
        ("{{image_prompt}} {image_type}", "{image_prompt} cartoon"),
        ("{{{image_type}}}", "{cartoon}"),
        ("100 %s %(image_type)s $image_type", "100 %s %(image_type)s $image_type"),
    ],
)
def test_values_are_put_in_once(template: str, prompt: str) -> None:
    built = build_prompt(template, "{image_prompt.__class__}", "Meta", "a {fox}", "cartoon")
    assert built == (prompt, None)


@pytest.mark.parametrize(
    ("template", "unknown"),
    [
        ("{image_prompt.__class__}", "{image_prompt.__class__}"),
        ("{image_prompt!r:>9}", "{image_prompt!r:>9}"),
        ("{ image_prompt }", "{ image_prompt }"),
        ("{}", "{}"),
        ("{title} {image_type", "{title}"),
        ("a } b", "}"),
    ],
)
def test_a_template_with_an_unknown_placeholder_gives_way_to_the_prompt(
    template: str, unknown: str
) -> None:
    assert unknown_placeholders(template)[0] == unknown
    prompt, warning = build_prompt(template, "Foxes", None, "a fox", "cartoon")
    assert prompt == "a fox"
    assert warning == f"{FALLBACK}it has the unknown placeholder {unknown}"


@pytest.mark.parametrize("title", [None, "", " ", "\u200b"])
def test_the_meta_title_stands_in_for_a_title_that_shows_nothing(title: str | None) -> None:
    assert build_prompt("{post_title}", title, "Meta", "a", "cartoon") == ("Meta", None)
    prompt, warning = build_prompt("{post_title} {image_prompt}", title, title, "a", "cartoon")
    assert (prompt, warning) == ("a", f"{FALLBACK}there is no value for {{post_title}}")


def test_a_prompt_that_would_be_too_long_is_left_as_it_is() -> None:
    fits = build_prompt("{image_prompt}b", None, None, "a" * (MAX_PROMPT - 1), "cartoon")
    assert fits[1] is None
    prompt, warning = build_prompt("{image_prompt}b", None, None, "a" * MAX_PROMPT, "cartoon")
    assert prompt == "a" * MAX_PROMPT
    assert warning == f"{FALLBACK}its prompt is blank or has more than 32000 characters"
