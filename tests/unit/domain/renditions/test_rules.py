"""The rules of a format, held against a file."""

from dataclasses import replace

import pytest

from studio.domain.assets.model import StoredImage
from studio.domain.platforms.catalogue import format_of
from studio.domain.renditions.rules import rules_of

STORY = format_of("ig_story")
GOOD = StoredImage("", "image/jpeg", 400_000, 1080, 1920, "ab" * 32)


def _verdicts(
    file: StoredImage = GOOD,
    wanted: str = "ig_story",
    *,
    enlarged: float = 1.0,
    safe: bool | None = True,
    marked: str | None = None,
) -> dict[str, bool | None]:
    rules = rules_of(
        format_of(wanted), file, enlarged=enlarged, focus_in_safe=safe, marked_as=marked
    )
    assert all(rule.detail for rule in rules)
    return {rule.rule: rule.holds for rule in rules}


def test_a_good_file_keeps_every_rule() -> None:
    assert _verdicts(marked="trainedAlgorithmicMedia") == {
        "pixels": True,
        "type": True,
        "bytes": True,
        "colours": True,
        "not_enlarged": True,
        "focal_point_in_safe_area": True,
        "marked": True,
    }


@pytest.mark.parametrize(
    ("file", "broken"),
    [
        (replace(GOOD, width=1079), "pixels"),
        (replace(GOOD, height=1921), "pixels"),
        (replace(GOOD, media_type="image/webp"), "type"),
        (replace(GOOD, media_type="image/tiff"), "type"),
        (replace(GOOD, bytes=int(STORY.max_bytes or 0) + 1), "bytes"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(file: StoredImage, broken: str) -> None:
    assert [name for name, holds in _verdicts(file).items() if holds is False] == [broken]


def test_a_file_may_have_just_as_many_bytes_as_are_taken() -> None:
    assert _verdicts(replace(GOOD, bytes=int(STORY.max_bytes or 0)))["bytes"] is True


def test_enlarging_and_covering_are_said() -> None:
    verdicts = _verdicts(enlarged=1.01, safe=False)
    assert verdicts["not_enlarged"] is False
    assert verdicts["focal_point_in_safe_area"] is False


def test_what_no_platform_says_is_neither_kept_nor_broken() -> None:
    square = replace(GOOD, width=320, height=320, bytes=10**9)
    verdicts = _verdicts(square, "ig_profile", safe=None)
    assert verdicts["bytes"] is None
    assert verdicts["focal_point_in_safe_area"] is None
    assert "marked" not in verdicts
