"""Headings: the member that one names, and the member that it may have been meant to be."""

import pytest

from studio.domain.batches.headings import member_named, nearest_member
from studio.domain.batches.members import MEMBERS


@pytest.mark.parametrize(
    ("heading", "member"),
    [
        ("prompt", "prompt"),
        ("Negative Prompt", "negative_prompt"),
        ("OUTPUT-quality", "output_quality"),
        ("aspectRatio", "aspect_ratio"),
        ("style  image", "style_image"),
        ("Prompt:", "prompt"),
        ("prompt text", None),
        ("", None),
        ("***", None),
        ("p" * 10_000, None),
    ],
)
def test_a_heading_names_a_member_loosely(heading: str, member: str | None) -> None:
    assert member_named(heading) == member


@pytest.mark.parametrize(
    ("heading", "member"),
    [
        ("qualty", "quality"),
        ("heigth", "height"),
        ("pormpt", "prompt"),
        ("negativ prompt", "negative_prompt"),
        ("sources", "source"),
        ("Quality level", "quality"),
        ("Max cost (USD)", "max_cost"),
        ("max cost per row", "max_cost"),
        ("the promt text", "prompt"),
        ("number of variations", "variations"),
        ("Recipe", "recipe_id"),
        ("Persona name", "name"),
        ("Aspect", "aspect_ratio"),
        ("Style", "style_image"),
        ("Unnamed: 2", None),
        ("Notiz", None),
        ("id", None),
        ("", None),
        ("\u200b", None),
        ("a" * 10_000, None),
    ],
)
def test_a_heading_without_a_meaning_has_a_nearest_member(heading: str, member: str | None) -> None:
    assert nearest_member(heading) == member


def test_no_two_members_have_one_name() -> None:
    assert [member_named(name) for name in MEMBERS] == list(MEMBERS)
