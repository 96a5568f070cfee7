from datetime import timedelta
from itertools import pairwise

import pytest

from studio.domain.jobs.model import ItemStatus, Stage
from studio_cli.curve import bar_percent, percent_after
from tests.support.cli import samples


def percent(seconds: float, status: ItemStatus = "running", stage: Stage = "AI_CALL") -> float:
    item = samples.item_model(status=status, stage=stage)
    result = samples.progress(item)["results"][0]
    return bar_percent(result, samples.BEGAN + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-5, 0), (0, 0), (3.5, 25), (7, 50), (9.5, 62.5), (12, 75), (12.5, 76), (22, 95), (900, 95)],
)
def test_half_in_seven_seconds_a_quarter_in_five_then_slowly_to_95(
    seconds: float, expected: float
) -> None:
    assert percent_after(seconds) == expected
    assert percent(seconds) == expected


def test_the_curve_never_goes_back() -> None:
    values = [percent_after(tenth / 10) for tenth in range(400)]
    assert all(before <= after for before, after in pairwise(values))


def test_an_image_that_waits_has_not_begun() -> None:
    assert percent(30, status="queued", stage="INIT") == 0


@pytest.mark.parametrize("status", ["succeeded", "failed", "skipped", "cancelled", "unknown"])
def test_only_the_end_fills_the_bar(status: ItemStatus) -> None:
    assert percent(0, status=status, stage="DONE") == 100


def test_a_quick_image_is_as_far_as_its_stage_says() -> None:
    assert percent(1, stage="PARSE") == 75
    assert percent(1, stage="SAVE") == 90
    assert percent(20, stage="PARSE") == 91
