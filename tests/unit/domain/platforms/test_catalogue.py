"""The platforms: what the data file says, and what names of formats and presets stand for."""

import re
from collections import Counter
from collections.abc import Callable
from typing import get_args

import pytest

from studio.domain.platforms import model
from studio.domain.platforms.catalogue import catalogue, expand, format_of, platform_of, presets_of
from studio.domain.platforms.model import WHOLE, Format, Safe
from studio.errors import InvalidRequestError, NotFoundError

FORMATS = list(catalogue().formats.values())
each_format = pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.id)


def test_sixty_three_formats_of_seven_platforms_are_known() -> None:
    assert tuple(catalogue().platforms) == get_args(model.PlatformId)
    assert len(FORMATS) == sum(len(one.formats) for one in catalogue().platforms.values()) == 63
    assert Counter(one.certainty for one in FORMATS) == {"A": 29, "B": 21, "C": 13}
    assert re.fullmatch(r"20[0-9]{2}-[01][0-9]", catalogue().checked_at)


@each_format
def test_a_format_is_whole(one: Format) -> None:
    across, down = (float(part) for part in one.ratio.split(":"))
    assert one.width / one.height == pytest.approx(across / down, rel=0.011)
    assert one.types
    assert set(one.types) <= set(get_args(model.FileType))
    assert one.max_bytes is None or one.max_bytes >= 500 * 1024
    assert one.kind in get_args(model.FormatKind)
    assert one.note is None or one.note.endswith(".")


@each_format
def test_a_safe_zone_leaves_room_and_says_who_says_so(one: Format) -> None:
    safe = one.safe
    margins = (safe.top, safe.bottom, safe.left, safe.right)
    assert safe.basis in get_args(model.Basis)
    assert (safe.basis == "none") == (margins == (0, 0, 0, 0) and safe.shape == "rect")
    assert all(isinstance(margin, int) and margin >= 0 for margin in margins)
    assert safe.top + safe.bottom < WHOLE
    assert safe.left + safe.right < WHOLE
    if safe.shape == "circle":
        assert one.width == one.height
        assert margins == (0, 0, 0, 0)


def test_a_format_is_found_with_all_that_is_known_of_it() -> None:
    story = format_of("ig_story")
    assert story.safe == Safe(top=1400, bottom=2000, basis="documented")
    assert story == Format(
        "ig_story", "instagram", "Story", 1080, 1920, "9:16", "organic", ("jpg", "png"),
        8 * 1024 * 1024, story.safe, "A", story.note,
    )  # fmt: skip
    assert format_of("ig_post_portrait").safe.left == 313
    assert format_of("tt_photo").safe.left == 560
    assert format_of("yt_banner").safe.top == 3530
    assert format_of("tt_ad_vertical").kind == "ad"
    assert format_of("x_profile").safe.shape == "circle"
    assert format_of("ig_profile").max_bytes is None


@pytest.mark.parametrize(
    ("look", "name", "near"),
    [
        (format_of, "ig_storys", "did you mean ig_story"),
        (lambda name: format_of(name, platform_of("x")), "ig_profile", "did you mean x_profile"),
        (format_of, "zzzz", "GET /v1/platforms"),
        (platform_of, "twitter", "known: instagram, facebook, x,"),
    ],
)
def test_what_is_not_known_is_said_with_what_is(
    look: Callable[[str], object], name: str, near: str
) -> None:
    with pytest.raises(NotFoundError, match=re.escape(near)):
        look(name)


def test_formats_and_presets_are_named_together_in_order_and_once() -> None:
    found = expand(["x_header", "essentials", "ig_story", "avatars", "x_header"])
    assert [one.id for one in found] == [
        "x_header",
        "ig_post_portrait", "ig_story", "fb_post_landscape", "x_post_landscape",
        "li_post_landscape", "pin_standard", "yt_thumbnail", "tt_photo",
        "ig_profile", "fb_profile", "x_profile", "li_profile", "yt_profile", "tt_profile",
        "pin_profile",
    ]  # fmt: skip
    assert expand([]) == ()


def test_every_unknown_name_is_told_with_what_was_meant() -> None:
    with pytest.raises(InvalidRequestError) as refused:
        expand(["ig_story", "Essential", "x_headre", "qqqq"])
    assert [(field.pointer, field.code) for field in refused.value.fields] == [
        ("/1", "format-unknown"), ("/2", "format-unknown"), ("/3", "format-unknown"),
    ]  # fmt: skip
    essential, header, nothing = (field.detail for field in refused.value.fields)
    assert "did you mean essentials" in essential
    assert "did you mean x_header" in header
    assert "did you mean" not in nothing


def test_names_of_presets_and_formats_do_not_collide() -> None:
    assert not set(catalogue().presets) & set(catalogue().formats)
    assert len({*catalogue().presets}) == 6 + len(catalogue().platforms)


def test_a_platforms_own_preset_is_all_of_it_but_ads() -> None:
    own, *others = presets_of(platform_of("instagram"))
    assert own.id == "instagram"
    assert [one.id for one in platform_of("instagram").formats if one not in own.formats] == [
        "ig_ad_feed_square", "ig_ad_story",
    ]  # fmt: skip
    assert [preset.id for preset in others] == [
        "essentials", "feed", "vertical", "avatars", "meta_ads",
    ]  # fmt: skip
    assert [preset.id for preset in presets_of(platform_of("tiktok"))] == [
        "tiktok", "essentials", "vertical", "avatars",
    ]  # fmt: skip


def test_what_the_upright_set_says_of_margins_is_the_tightest_of_them() -> None:
    upright = catalogue().presets["vertical"]
    tightest = [
        max(getattr(one.safe, edge) for one in upright.formats) // 100
        for edge in ("top", "bottom", "left", "right")
    ]
    assert [int(number) for number in re.findall(r"([0-9]+) %", upright.about)] == tightest
