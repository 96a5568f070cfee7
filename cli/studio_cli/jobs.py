"""``studio jobs``: list, show, watch, cancel and redrive jobs."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from studio_cli.amounts import dollars
from studio_cli.downloads import items_table
from studio_cli.follow import announce, finish, print_warnings
from studio_cli.options import OutOption, WaitOption
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing, minute
from studio_cli.terminal import new_console, say
from studio_cli.wire import Job

app = typer.Typer(no_args_is_help=True, help="List, show, watch, cancel and redrive jobs.")

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
    out: Annotated[Path | None, typer.Option(help="Download the images into this folder.")] = None,
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
    wait: WaitOption = True,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Run the failed images of a job again; only those are paid again."""
    if unknown and cancelled:
        raise typer.BadParameter("give --unknown or --cancelled, not both")
    console = new_console()
    only: Literal["unknown", "cancelled"] | None = "unknown" if unknown else None
    only = "cancelled" if cancelled else only
    with open_client(profile) as client:
        announce(client.redrive_job(job_id, only=only), console)
        if wait:
            finish(client, job_id, console, out)


def _cost(job: Job) -> str:
    unknown = job["cost"]["unknown_entries"]
    return dollars(job["cost"]["amount"]) + (f" and {unknown} unknown" if unknown else "")
