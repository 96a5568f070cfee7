"""The settings of an image that was ordered, as those of a template."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.jobs.image_spec import FallbackRecord, ImageSpec
from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.from_image import settings_of
from studio.domain.templates.model import Template
from tests.support.builders import a_spec

STORY = builtin_templates()["instagram.story"]
PLAIN = Template("plain", 1, None, "ad", width=64, height=64, style=("flat light",))


def settings(template: Template | None = None, **changes: Any) -> dict[str, object]:
    return settings_of(a_spec(**changes), template)


def test_an_image_of_no_template_has_its_size_and_who_made_it() -> None:
    assert settings(quality="draft") == {
        "category": "post", "style": [], "avoid": [], "provider": "openai", "quality": "draft",
        "width": 64, "height": 64,
    }  # fmt: skip


def test_of_its_template_is_what_the_image_does_not_say() -> None:
    story = settings(STORY, width=1080, height=1920)
    assert story == {
        "category": "story", "platform": "instagram", "format_id": "ig_story",
        "style": list(STORY.style), "keywords": list(STORY.keywords), "avoid": [],
        "provider": "openai", "quality": "standard",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("template", "sides"), [(STORY, (64, 64)), (STORY, (1080, 1350)), (PLAIN, (64, 64))]
)
def test_a_size_that_is_no_formats_is_kept_as_it_is(
    template: Template, sides: tuple[int, int]
) -> None:
    kept = settings(template, width=sides[0], height=sides[1])
    assert "format_id" not in kept
    assert (kept["width"], kept["height"]) == sides


def test_who_was_asked_is_suggested_and_not_who_took_over() -> None:
    spec: ImageSpec = a_spec(provider="runware")
    spec = replace(spec, replaced=FallbackRecord("openai", "gpt-image-2", "it is ill", 1))
    assert settings_of(spec, None)["provider"] == "openai"


def test_what_was_avoided_and_the_style_that_was_named_are_phrases() -> None:
    found = settings(PLAIN, negative_prompt=" rain,fog , ,", options={"style_preset": "line-art"})
    assert found["avoid"] == ["rain", "fog"]
    assert found["style"] == ["flat light", "line art style"]
