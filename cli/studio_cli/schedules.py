"""``studio schedule``: recipes and tables that run at set times."""

from typing import Annotated, Any

import typer

from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.job_requests import given
from studio_cli.options import TitleOption, YesOption
from studio_cli.prices import Price, agree, price_job, price_of_import
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing, minute
from studio_cli.terminal import new_console, say

app = typer.Typer(no_args_is_help=True, help="Run recipes and tables at set times.")

TIMINGS = frozenset({"at", "cron", "rate"})
WORK = frozenset({"recipe_id", "import_id"})
MEMBERS = (*sorted(TIMINGS), *sorted(WORK), "changes", "timezone", "enabled", "title", "budget")

ScheduleArgument = Annotated[str, typer.Argument(metavar="SCHEDULE", help="Name of the schedule.")]


@app.command("set")
def set_schedule(
    schedule: ScheduleArgument,
    recipe: Annotated[str | None, typer.Option(help="Recipe to run.")] = None,
    import_id: Annotated[
        str | None, typer.Option("--import", help="Checked table to run as a batch.")
    ] = None,
    cron: Annotated[str | None, typer.Option(help="Times, such as '0 9 ? * MON *'.")] = None,
    rate: Annotated[str | None, typer.Option(help="Interval, such as '1 day'.")] = None,
    at: Annotated[str | None, typer.Option(help="One time, such as 2026-12-24T09:00:00.")] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Time zone of --cron and --at: Europe/Berlin. Default: UTC.")
    ] = None,
    per_run: Annotated[str | None, typer.Option(help="Budget of one run in dollars.")] = None,
    per_month: Annotated[str | None, typer.Option(help="Budget of a month in dollars.")] = None,
    enabled: Annotated[
        bool | None, typer.Option("--enabled/--disabled", help="Switch it on or off.")
    ] = None,
    title: TitleOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Create or change a schedule; a change keeps every setting that no option gives."""
    if recipe and import_id:
        raise CliError("Give either --recipe or --import.")
    changes: dict[str, Any] = given(
        recipe_id=recipe,
        import_id=import_id,
        cron=cron,
        rate=rate,
        at=at,
        timezone=timezone,
        enabled=enabled,
        title=title,
    )
    if len(TIMINGS & changes.keys()) > 1:
        raise CliError("Give one of --cron, --rate and --at.")
    limits = given(per_run=per_run, per_month=per_month)
    with open_client(profile) as client:
        saved = client.amend(
            f"/v1/schedules/{schedule}", lambda current: merged(current, changes, limits)
        )
    say(f"{schedule} is at version {saved['version']}.")
    for upcoming in saved["next_runs"]:
        say(f"next run  {upcoming}")


def merged(
    current: dict[str, Any] | None, changes: dict[str, Any], limits: dict[str, str]
) -> dict[str, Any]:
    """Return the request for a schedule: the current one with changes.

    Args:
        current: The current schedule; None for a new one.
        changes: Members to set, at most one timing and one recipe or table.
        limits: Members of the budget to set.

    Raises:
        CliError: A new schedule has no timing, or no recipe and no table.
    """
    kept = {name: (current or {}).get(name) for name in MEMBERS}
    if TIMINGS & changes.keys():
        kept |= dict.fromkeys(TIMINGS)
    if WORK & changes.keys():
        kept |= dict.fromkeys(WORK)
    if "import_id" in changes:
        kept["changes"] = None
    budget = {**(kept["budget"] or {}), **limits}
    body = given(**{**kept, **changes, "budget": budget})
    if not WORK & body.keys():
        raise CliError("Give either --recipe or --import.")
    if not TIMINGS & body.keys():
        raise CliError("Give one of --cron, --rate and --at.")
    return body


@app.command("list")
def list_schedules(profile: ProfileOption = LOCAL) -> None:
    """List schedules."""
    with open_client(profile) as client:
        schedules = client.pages("/v1/schedules")
    table = Listing(
        "schedule", "when", "zone", "runs", "on", "next there", whole=("schedule", "runs")
    )
    for one in schedules:
        when = next(f"{name} {one[name]}" for name in ("at", "cron", "rate") if one[name])
        switched = "yes" if one["enabled"] else "no"
        work, upcoming = one["recipe_id"] or one["import_id"], next(iter(one["next_runs"]), "")
        table.add_row(one["id"], when, one["timezone"], work, switched, minute(upcoming))
    new_console().print(table if schedules else "No schedules yet.")


@app.command()
def runs(schedule: ScheduleArgument, profile: ProfileOption = LOCAL) -> None:
    """Show the runs of a schedule and what they started."""
    with open_client(profile) as client:
        found = client.pages(f"/v1/schedules/{schedule}/runs")
    table = Listing("at (UTC)", "by", "outcome", "started", "why")
    for run in found:
        row = (
            minute(run["at"]),
            run["trigger"],
            run["outcome"],
            started(run),
            run["message"] or "",
        )
        table.add_row(*row)
    new_console().print(table if found else "No runs yet.")


@app.command()
def run(schedule: ScheduleArgument, yes: YesOption = False, profile: ProfileOption = LOCAL) -> None:
    """Run a schedule now. The exit code is 1 if it starts nothing.

    The cost is printed first, with a question if the images may cost something. Without a terminal
    there is no question, and the order goes out.
    """
    with open_client(profile) as client:
        agree(_price(client, client.get(f"/v1/schedules/{schedule}")), yes)
        made = client.spend(f"/v1/schedules/{schedule}/run", {})
    result = started(made) or made["message"] or ""
    say(f"{schedule}: {made['outcome']} {result}")
    if made["outcome"] not in ("starting", "started"):
        raise typer.Exit(1)


@app.command()
def delete(schedule: ScheduleArgument, profile: ProfileOption = LOCAL) -> None:
    """Delete a schedule; its jobs stay."""
    with open_client(profile) as client:
        client.remove(f"/v1/schedules/{schedule}")
    say(f"{schedule} is deleted.")


def _price(client: StudioClient, saved: dict[str, Any]) -> Price:
    if saved["import_id"]:
        return price_of_import(client.get(f"/v1/batch-imports/{saved['import_id']}"))
    return price_job(client, {"recipe_id": saved["recipe_id"], **(saved["changes"] or {})})


def started(run: dict[str, Any]) -> str:
    """Return the id of the job or batch that a run started; "" if there is none."""
    return str(run["job_id"] or run["batch_id"] or "")
