"""``studio jobs``: list, show, watch, cancel and redrive jobs; their logs and ledgers."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from studio_cli.amounts import dollars, with_unknown
from studio_cli.downloads import items_table, maker
from studio_cli.errors import CliError
from studio_cli.follow import announce, finish, print_warnings
from studio_cli.job_requests import given
from studio_cli.options import MaxCostOption, OutOption, OutOrNoneOption, WaitOption, YesOption
from studio_cli.prices import agree, price_of_images
from studio_cli.profiles import LOCAL
from studio_cli.redrives import estimates
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing, minute, second
from studio_cli.terminal import new_console, say
from studio_cli.wire import ItemStatus, Job

app = typer.Typer(no_args_is_help=True, help="List, show, watch, cancel and redrive jobs.")

SUMS: tuple[Literal["reserved", "settled", "released", "held"], ...] = (
    "reserved",
    "settled",
    "released",
    "held",
)

JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="Id of the job: job_...")]


@app.command("list")
def list_jobs(
    status: Annotated[str | None, typer.Option(help="List only jobs of this status.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many to list.")] = 25,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the newest jobs."""
    with open_client(profile) as client:
        jobs = client.jobs(status=status, limit=limit)
    table = Listing("job", "status", "images", "cost", "created (UTC)", "name", right=("cost",))
    for job in jobs:
        done = f"{job['counts']['succeeded']}/{job['counts']['total']}"
        table.add_row(
            job["id"], job["status"], done, _cost(job), minute(job["created_at"]), job["name"] or ""
        )
    new_console().print(table if jobs else "No jobs yet.")


@app.command()
def show(job_id: JobArgument, profile: ProfileOption = LOCAL) -> None:
    """Show a job and its images."""
    console = new_console()
    with open_client(profile) as client:
        job = client.job(job_id)
        items = client.items(job_id)
    console.print(f"{job['id']}  {job['status']}  cost {_cost(job)}  {job['name'] or ''}")
    print_warnings(job, console)
    console.print(items_table(items))


@app.command("watch")
def watch_job(
    job_id: JobArgument,
    out: OutOrNoneOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Watch a job until it ends."""
    with open_client(profile) as client:
        finish(client, job_id, new_console(), out)


@app.command()
def cancel(job_id: JobArgument, profile: ProfileOption = LOCAL) -> None:
    """Cancel the images of a job that have not started; finished images stay."""
    with open_client(profile) as client:
        job = client.cancel_job(job_id)
    say(f"{job['id']} is {job['status']}.")


@app.command()
def redrive(
    job_id: JobArgument,
    unknown: Annotated[
        bool,
        typer.Option(
            "--unknown", help="Run the images of unknown outcome; they may be paid twice."
        ),
    ] = False,
    cancelled: Annotated[
        bool, typer.Option("--cancelled", help="Run the images that were cancelled.")
    ] = False,
    items: Annotated[
        str | None, typer.Option(metavar="N,N", help="Run these images, by number: 3,4.")
    ] = None,
    max_cost: MaxCostOption = None,
    yes: YesOption = False,
    wait: WaitOption = True,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Run the failed images of a job again; only those are paid again.

    The highest cost is printed first, with a question if the images may cost something. Without a
    terminal there is no question, and the order goes out.
    """
    if sum((unknown, cancelled, items is not None)) > 1:
        raise typer.BadParameter("give one of --unknown, --cancelled and --items")
    only: ItemStatus = "unknown" if unknown else "cancelled" if cancelled else "failed"
    numbers = read_numbers(items) if items else []
    console = new_console()
    selection: dict[str, object] = {} if only == "failed" else {"only": only}
    if numbers:
        selection = {"items": numbers}
    with open_client(profile) as client:
        costs = estimates(client, job_id, only, numbers)
        if costs:
            agree(price_of_images(costs), yes)
        announce(client.redrive_job(job_id, selection | given(max_cost=max_cost)), console)
        if wait:
            finish(client, job_id, console, out)


@app.command()
def logs(
    job_id: JobArgument,
    level: Annotated[
        list[str] | None, typer.Option(help="info, warning or error. Repeatable.")
    ] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Show the log of a job, oldest line first."""
    with open_client(profile) as client:
        found = client.logs(job_id, level or [])
    table = Listing("time (UTC)", "level", "phase", "image", "message")
    for line in found:
        number = "" if line["item"] is None else str(line["item"])
        table.add_row(second(line["at"]), line["level"], line["phase"], number, line["message"])
    new_console().print(table if found else "No log lines.")


@app.command()
def ledger(job_id: JobArgument, profile: ProfileOption = LOCAL) -> None:
    """Show the ledger of a job: what it reserved, paid and released, and the sums."""
    with open_client(profile) as client:
        found = client.ledger(job_id)
    numbers = ("run", "image", "amount", "of reserve")
    table = Listing("time (UTC)", "type", *numbers, "basis", "by", right=numbers)
    for entry in found["data"]:
        by = maker({"id": entry["provider"], "model": entry["model"]}) if entry["provider"] else ""
        table.add_row(
            second(entry["at"]),
            entry["type"],
            str(entry["run"]),
            "" if entry["item"] is None else str(entry["item"]),
            dollars(entry["amount"]),
            dollars(entry["reservation_used"]) if entry["type"] == "settle" else "",
            entry["basis"],
            by,
        )
    console, sums = new_console(), found["totals"]
    console.print(table)
    shown = (f"{name} {dollars(sums[name])}" for name in SUMS)
    unknown = f", {sums['unknown_entries']} of unknown cost" if sums["unknown_entries"] else ""
    console.print(f"{', '.join(shown)}{unknown}")


def read_numbers(text: str) -> list[int]:
    """Return the numbers of a text such as ``3,4``.

    Raises:
        CliError: The text has something else.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise CliError(f"{text!r} are not numbers of images.", "write them as 3,4")
    return [int(part) for part in parts]


def _cost(job: Job) -> str:
    return with_unknown(job["cost"]["amount"], job["cost"]["unknown_entries"])
