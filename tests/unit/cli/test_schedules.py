"""``studio schedule``."""

from pathlib import Path
from typing import Any

import pytest

from studio_cli.errors import CliError
from tests.support.cli.running import PAGE, studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem

STANDING: dict[str, Any] = {
    "id": "monday", "version": 3, "title": "Banners", "at": None, "cron": "0 9 ? * MON *",
    "rate": None, "timezone": "Europe/Berlin", "enabled": True, "recipe_id": "banner",
    "import_id": None, "changes": {"quality": "draft"},
    "budget": {"per_run": "1.00", "per_month": None},
    "next_runs": ["2026-11-23T09:00:00+01:00"],
    "created_at": "2026-11-20T12:00:00Z", "updated_at": "2026-11-20T12:00:00Z", "updated_by": "u",
}  # fmt: skip


KEPT = {
    "title": "Banners", "cron": "0 9 ? * MON *", "timezone": "Europe/Berlin", "enabled": True,
    "recipe_id": "banner", "changes": {"quality": "draft"},
    "budget": {"per_run": "1.00", "per_month": None},
}  # fmt: skip


def test_a_schedule_is_set_run_and_read(signed_in: Path, api: StandIn) -> None:
    path = "/v1/schedules/monday"
    api.on("GET", path, problem(404, "not-found", "Not found"), ScriptedResponse(STANDING))
    api.on("PUT", path, ScriptedResponse({"version": 1, "next_runs": []}, status=201))
    words = ("--recipe", "banner", "--cron", "0 9 ? * MON *", "--timezone", "Europe/Berlin")
    studio("schedule", "set", "monday", *words, "--per-month", "5.00", "--disabled")
    assert api.of("PUT", path)[0].document == {
        "cron": "0 9 ? * MON *",
        "recipe_id": "banner",
        "timezone": "Europe/Berlin",
        "enabled": False,
        "budget": {"per_month": "5.00"},
    }
    run = {
        "at": "2026-11-23T08:00:00Z", "trigger": "manual", "outcome": "started",
        "job_id": None, "batch_id": "bat_1", "message": None,
    }  # fmt: skip
    refused = {**run, "outcome": "skipped", "batch_id": None, "message": "over budget"}
    api.on(
        "POST",
        f"{path}/run",
        ScriptedResponse(run, status=202),
        ScriptedResponse(refused, status=202),
    )
    assert studio("schedule", "run", "monday").stdout.strip() == "monday: started bat_1"
    again = studio("schedule", "run", "monday")
    assert (again.exit_code, again.stdout.strip()) == (1, "monday: skipped over budget")
    assert api.of("POST", "/v1/estimates")[0].document == {
        "jobs": [{"recipe_id": "banner", "quality": "draft"}]
    }
    table = {"counts": {"images": 3}, "estimate": {"amount": "0.120000", "unknown_images": 0}}
    api.on("GET", "/v1/batch-imports/imp_1", ScriptedResponse(table))
    api.on("GET", "/v1/schedules/nightly", ScriptedResponse({**STANDING, "import_id": "imp_1"}))
    api.on("POST", "/v1/schedules/nightly/run", ScriptedResponse(run, status=202))
    nightly = studio("schedule", "run", "nightly")
    assert nightly.stderr.startswith("cost: 3 images, at most $0.12\n")
    api.on("GET", f"{path}/runs", ScriptedResponse({"data": [run], "page": PAGE}))
    assert "bat_1" in studio("schedule", "runs", "monday").output
    for wrong in (("--recipe", "a"), ("--recipe", "a", "--import", "b", "--rate", "1 day")):
        with pytest.raises(CliError):
            studio("schedule", "set", "tuesday", *wrong)


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (("--disabled",), {"enabled": False}),
        (("--per-month", "9"), {"budget": {"per_run": "1.00", "per_month": "9"}}),
        (("--rate", "1 day"), {"rate": "1 day", "cron": None}),
        (("--recipe", "other"), {"recipe_id": "other"}),
        (("--import", "imp_1"), {"import_id": "imp_1", "recipe_id": None, "changes": None}),
    ],
)
def test_a_schedule_keeps_what_is_not_said_again(
    signed_in: Path, api: StandIn, words: tuple[str, ...], changed: dict[str, object]
) -> None:
    path = "/v1/schedules/monday"
    api.on("GET", path, ScriptedResponse(STANDING, headers={"ETag": '"tag"'}))
    api.on(
        "PUT", path, ScriptedResponse({"version": 4, "next_runs": ["2026-11-30T09:00:00+01:00"]})
    )
    shown = studio("schedule", "set", "monday", *words)
    assert (shown.exit_code, shown.output.splitlines()) == (
        0,
        ["monday is at version 4.", "next run  2026-11-30T09:00:00+01:00"],
    )
    (asked,) = api.of("PUT", path)
    wanted = {name: value for name, value in (KEPT | changed).items() if value is not None}
    assert asked.document == wanted
    assert asked.headers["if-match"] == '"tag"'


def test_schedules_are_listed_with_their_next_time(signed_in: Path, api: StandIn) -> None:
    over = {**STANDING, "id": "over", "next_runs": []}
    api.on("GET", "/v1/schedules", ScriptedResponse({"data": [STANDING, over], "page": PAGE}))
    shown = studio("schedule", "list").output
    assert "2026-11-23 09:00" in shown
    assert "over" in shown
