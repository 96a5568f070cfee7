from functools import cache

import pytest

from benchmarks.crop_cases import Case, Half, cases, score
from studio_imaging.attention import Attention

# Every line is covered by other tests, and tracing makes the photographs three times as slow.
pytestmark = pytest.mark.untraced


@cache
def half(name: Half) -> tuple[Case, ...]:
    return tuple(cases(name))


def kept(one: Case) -> list[float]:
    attention = Attention(one.picture)
    found = []
    for width, height in one.windows():
        left, top = attention.place(width, height)
        found.append(score(one.box, (left, top, left + width, top + height)))
    return found


@pytest.mark.photos
def test_the_half_that_nothing_was_tuned_on_keeps_its_subjects() -> None:
    scores = [value for one in half("report") for value in kept(one)]

    assert len(scores) > 600
    # 95.6 % when this was written.
    assert sum(value >= 0.9 for value in scores) / len(scores) >= 0.9


@pytest.mark.photos
def test_portraits_that_nothing_was_tuned_on_keep_their_heads() -> None:
    portraits = [one for one in half("report") if one.kind == "portrait"]
    scores = [value for one in portraits for value in kept(one)]

    assert len(portraits) == 25
    # 85.8 % when this was written, and 82.6 % with a wider prior for heads.
    assert sum(value >= 0.9 for value in scores) / len(scores) >= 0.84


@pytest.mark.photos
def test_no_photograph_is_in_both_halves() -> None:
    names = [
        {part for one in half(name) for part in one.name.replace(" and ", " ").split()}
        for name in ("tune", "report")
    ]

    assert {name for name in names[0] & names[1] if not name.isdecimal()} == set()


@pytest.mark.photos
def test_the_cases_are_the_same_every_time() -> None:
    again = list(cases("report"))

    assert [(one.name, one.box) for one in again] == [(one.name, one.box) for one in half("report")]
    assert [one.picture.tobytes() for one in again[-5:]] == [
        one.picture.tobytes() for one in half("report")[-5:]
    ]


def test_a_window_without_the_subject_scores_nothing_and_one_with_all_it_can_hold_scores_all() -> (
    None
):
    box = (0.4, 0.2, 0.8, 0.6)

    assert score(box, (0.0, 0.0, 0.3, 1.0)) == 0
    assert score(box, (0.4, 0.0, 0.6, 1.0)) == 1
    assert abs(score(box, (0.2, 0.0, 0.6, 1.0)) - 0.5) < 1e-9
