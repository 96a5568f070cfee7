"""``studio jobs``: logs, the ledger and redrives of chosen images."""

from pathlib import Path

import pytest

from studio_cli.errors import CliError
from studio_cli.jobs import read_numbers
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn

JOB = "/v1/jobs/job_1"
LINES = [
    {
        "at": "2026-11-30T17:58:43.380Z", "level": "info", "phase": "PREP", "item": None,
        "message": "the job starts",
    },
    {
        "at": "2026-11-30T17:58:44.001Z", "level": "error", "phase": "AI_CALL", "item": 2,
        "message": "The provider refused this prompt.",
    },
]  # fmt: skip


def redriven(api: StandIn, *words: str) -> tuple[object, str]:
    """Redrive a job of a good, a failed and an unpriced image: the request and the cost line."""
    items = samples.items(
        samples.item_model(1),
        samples.failed_item(2),
        samples.item_model(3, status="cancelled", estimate=samples.UNPRICED),
    )
    api.on("GET", f"{JOB}/items", ScriptedResponse(samples.page(*items)))
    api.on(
        "POST", f"{JOB}/redrive", ScriptedResponse(samples.job(samples.item_model()), status=202)
    )
    result = studio("jobs", "redrive", "job_1", "--no-wait", *words)
    assert result.exit_code == 0, result.output
    return api.of("POST", f"{JOB}/redrive")[-1].document, result.stderr.splitlines()[0]


def test_a_log_is_shown_line_by_line(signed_in: Path, api: StandIn) -> None:
    api.on("GET", f"{JOB}/logs", ScriptedResponse({"data": LINES}), ScriptedResponse({"data": []}))
    lines = studio("jobs", "logs", "job_1").output.splitlines()
    assert [line.rstrip().split(maxsplit=4) for line in lines[1:]] == [
        ["2026-11-30", "17:58:43", "info", "PREP", "the job starts"],
        ["2026-11-30", "17:58:44", "error", "AI_CALL", "2     The provider refused this prompt."],
    ]
    words = ("--level", "warning", "--level", "error")
    assert studio("jobs", "logs", "job_1", *words).output.strip() == "No log lines."
    asked = [one.query for one in api.of("GET", f"{JOB}/logs")]
    assert asked == [{}, {"level": ["warning", "error"]}]


def test_a_ledger_is_shown_with_its_sums(signed_in: Path, api: StandIn) -> None:
    found = samples.ledger(
        samples.entry("reserve", 100_000),
        samples.entry("settle", 40_000, used=50_000),
        samples.entry("settle", None, number=2, used=50_000),
        samples.entry("release", 0),
    )
    api.on("GET", f"{JOB}/ledger", ScriptedResponse(found))
    lines = studio("jobs", "ledger", "job_1").output.splitlines()
    rows = [line.split()[2:] for line in lines[1:-1]]
    assert rows == [
        ["reserve", "1", "$0.10", "priced"],
        ["settle", "1", "1", "$0.04", "$0.05", "priced"],
        ["settle", "1", "2", "unknown", "$0.05", "unknown"],
        ["release", "1", "$0.00", "priced"],
    ]
    assert lines[-1] == (
        "reserved $0.10, settled $0.04, released $0.00, held $0.00, 1 of unknown cost"
    )


@pytest.mark.parametrize(
    ("words", "document", "cost"),
    [
        ((), {}, "cost: 1 image, at most $0.05"),
        (("--cancelled",), {"only": "cancelled"}, "cost: 1 image, 1 of unknown price"),
        (
            ("--items", "1, 3", "--max-cost", "0.50"),
            {"items": [1, 3], "max_cost": "0.50"},
            "cost: 2 images, at most $0.05 and 1 of unknown price",
        ),
    ],
)
def test_a_redrive_selects_images_and_says_what_they_cost_at_most(
    signed_in: Path, api: StandIn, words: tuple[str, ...], document: object, cost: str
) -> None:
    assert redriven(api, *words) == (document, cost)


def test_a_redrive_of_no_image_names_no_cost(signed_in: Path, api: StandIn) -> None:
    api.on(
        "GET", f"{JOB}/items", ScriptedResponse(samples.page(*samples.items(samples.item_model())))
    )
    api.on(
        "POST", f"{JOB}/redrive", ScriptedResponse(samples.job(samples.item_model()), status=202)
    )
    assert studio("jobs", "redrive", "job_1", "--no-wait").stderr == ""


def test_a_redrive_selects_in_one_way(signed_in: Path, api: StandIn) -> None:
    assert studio("jobs", "redrive", "job_1", "--items", "1", "--cancelled").exit_code == 2
    assert studio("jobs", "redrive", "job_1", "--items", "1", "--unknown").exit_code == 2
    assert api.requests == []


@pytest.mark.parametrize("text", ["", "1,", "a", "1-3", "-1", "²"])
def test_numbers_of_images_are_numbers(text: str) -> None:
    with pytest.raises(CliError, match="not numbers of images"):
        read_numbers(text)
