"""``studio batch``: tables with a job per row, checked before they cost anything, then run."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from studio_cli.amounts import dollars, with_unknown
from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.options import WaitOption, YesOption
from studio_cli.prices import Price, agree, price_of_estimate, price_of_import
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing, minute
from studio_cli.terminal import new_console, say, styled
from studio_cli.uploads import upload_file
from studio_cli.wire import ENDED_JOB

app = typer.Typer(no_args_is_help=True, help="Run a CSV table as a batch: one job per row.")

MAX_INLINE_BYTES = 700_000
POLL_SECONDS = 0.5
# What a shell does not turn into a tab.
TABS = {"\\t": "\t", "tab": "\t"}
SHOWN_ERRORS = 10
SHOWN_COLUMNS = 12

BatchArgument = Annotated[str, typer.Argument(metavar="BATCH", help="Id of the batch: bat_...")]


@app.command("import")
def import_table(
    path: Annotated[Path, typer.Argument(metavar="CSV", exists=True, dir_okay=False)],
    recipe: Annotated[str | None, typer.Option(help="Recipe with defaults for every row.")] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="Heading=member, such as Text=prompt. Repeatable."),
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="Default: detected.")] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Check a CSV table and price its rows. Nothing runs.

    The exit code is 1 if the table has no valid row.
    """
    console = new_console()
    options: dict[str, Any] = {"mapping": read_pairs(mapping or [])}
    if recipe:
        options["defaults"] = {"recipe_id": recipe}
    if delimiter:
        options["delimiter"] = TABS.get(delimiter, delimiter)
    with open_client(profile) as client:
        checked = check_table(client, path, options, console)
    if not checked["counts"]["valid"]:
        raise typer.Exit(1)
    console.print(f"Submit it: studio batch submit {checked['id']}")


@app.command()
def submit(
    import_id: Annotated[str, typer.Argument(metavar="IMPORT", help="Id: imp_...")],
    concurrency: Annotated[int, typer.Option(min=1, max=10, help="Jobs at the same time.")] = 1,
    max_cost: Annotated[
        str | None, typer.Option(help="Most that the batch may cost, in dollars: 20.00.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name to show.")] = None,
    yes: YesOption = False,
    wait: WaitOption = True,
    profile: ProfileOption = LOCAL,
) -> None:
    """Start a batch with the valid rows of a table.

    The highest cost is printed first, with a question if the images may cost something. Without a
    terminal there is no question, and the order goes out.
    """
    console = new_console()
    body: dict[str, object] = {"concurrency": concurrency}
    if max_cost:
        body["max_cost"] = max_cost
    if name:
        body["name"] = name
    with open_client(profile) as client:
        agree(price_of_import(client.get(f"/v1/batch-imports/{import_id}")), yes)
        batch = client.spend(f"/v1/batch-imports/{import_id}/submit", body)
        console.print(f"{batch['id']}  {batch['status']}")
        if wait:
            _end(watch_batch(client, batch["id"], console))


@app.command("watch")
def watch(batch_id: BatchArgument, profile: ProfileOption = LOCAL) -> None:
    """Watch a batch until it ends."""
    with open_client(profile) as client:
        _end(watch_batch(client, batch_id, new_console()))


@app.command("list")
def list_batches(profile: ProfileOption = LOCAL) -> None:
    """List batches."""
    with open_client(profile) as client:
        batches = client.pages("/v1/batches")
    table = Listing("batch", "status", "jobs", "cost", "created (UTC)", "name", right=("cost",))
    for batch in batches:
        jobs, spent = batch["jobs"], dollars(batch["cost"]["amount"])
        done = f"{jobs['succeeded']}/{jobs['total']}"
        created, name = minute(batch["created_at"]), batch["name"] or ""
        table.add_row(batch["id"], batch["status"], done, spent, created, name)
    new_console().print(table if batches else "No batches yet.")


@app.command()
def show(
    batch_id: BatchArgument,
    limit: Annotated[int, typer.Option(min=1, help="How many rows to list.")] = 100,
    profile: ProfileOption = LOCAL,
) -> None:
    """Show a batch and its rows that have started."""
    console = new_console()
    with open_client(profile) as client:
        batch = client.get(f"/v1/batches/{batch_id}")
        rows = client.pages(f"/v1/batches/{batch_id}/jobs", most=limit)
    console.print(f"{batch['id']}  {batch['status']}: {summary(batch)}  {batch['name'] or ''}")
    table = Listing("row", "status", "job", "images", "cost", "problem", right=("row", "cost"))
    for row in rows:
        images, spent = row["images"], row["cost"]
        table.add_row(
            str(row["row"]),
            row["status"],
            row["job_id"] or "",
            f"{images['succeeded']}/{images['total']}" if images else "",
            with_unknown(spent["amount"], spent["unknown_entries"]) if spent else "",
            row["problem"]["detail"] if row["problem"] else "",
        )
    if rows:
        console.print(table)
    jobs = batch["jobs"]
    if (left := jobs["total"] - len(rows)) > 0:
        waiting = f", {jobs['waiting']} wait" if jobs["waiting"] else ""
        console.print(f"{left} more rows{waiting}. --limit lists more of those that have started.")


@app.command()
def cancel(batch_id: BatchArgument, profile: ProfileOption = LOCAL) -> None:
    """Cancel the jobs of a batch that have not started; finished images stay."""
    with open_client(profile) as client:
        batch = client.post(f"/v1/batches/{batch_id}/cancel")
    say(f"{batch['id']} is {batch['status']}.")


@app.command()
def redrive(
    batch_id: BatchArgument, yes: YesOption = False, profile: ProfileOption = LOCAL
) -> None:
    """Run the failed images of a batch again; only those are paid again.

    The price of the whole batch is printed first, with a question if it may cost something.
    Without a terminal there is no question, and the order goes out.
    """
    console = new_console()
    with open_client(profile) as client:
        batch = client.get(f"/v1/batches/{batch_id}")
        whole = price_of_estimate(batch["images"]["total"], batch["estimate"])
        agree(Price(f"a part of {whole.words}", whole.free), yes)
        client.spend(f"/v1/batches/{batch_id}/redrive", {})
        _end(watch_batch(client, batch_id, console))


def read_pair(text: str) -> tuple[str, str]:
    """Return heading and member of ``Heading=member``.

    Raises:
        CliError: One of them is missing.
    """
    heading, sign, member = text.rpartition("=")
    if not sign or not heading or not member:
        raise CliError(f"--map takes Heading=member, not {text!r}.")
    return heading, member


def read_pairs(texts: Iterable[str]) -> dict[str, str]:
    """Return the member of each heading.

    Raises:
        CliError: A heading has two members, or a member is the one of two headings.
    """
    mapping: dict[str, str] = {}
    for heading, member in map(read_pair, texts):
        if mapping.setdefault(heading, member) != member:
            raise CliError(f"--map gives {heading!r} both {mapping[heading]} and {member}.")
    for member in mapping.values():
        headings = [heading for heading, given in mapping.items() if given == member]
        if len(headings) > 1:
            raise CliError(f"--map gives {member} to {' and '.join(map(repr, headings))}.")
    return mapping


def check_table(
    client: StudioClient, path: Path, options: dict[str, Any], console: Console
) -> dict[str, Any]:
    """Check a table, print the findings and return the import.

    The faulty rows are written to ``NAME.errors.csv`` in the same folder.

    Args:
        client: The API.
        path: The CSV file.
        options: Members of the request: ``mapping``, ``defaults``, ``delimiter``.
        console: Where to print.
    """
    data = path.read_bytes()
    table: dict[str, Any] = {"name": path.name, **options}
    if len(data) <= MAX_INLINE_BYTES and _is_text(data):
        table["csv"] = data.decode("utf-8-sig")
    else:
        table["upload_id"] = upload_file(client, path, None, console).id
    checked = client.post("/v1/batch-imports", table)
    with console.status("checking ..."):
        while checked["status"] == "validating":
            time.sleep(POLL_SECONDS)
            checked = client.get(f"/v1/batch-imports/{checked['id']}")
    _show(checked, console)
    if checked["counts"]["faulty"]:
        errors = path.with_suffix(".errors.csv")
        errors.write_bytes(client.file(f"/v1/batch-imports/{checked['id']}/errors.csv"))
        console.print(f"faulty rows: {errors.name}")
    return checked


def watch_batch(client: StudioClient, batch_id: str, console: Console) -> dict[str, Any]:
    """Show a batch until it ends and return its last progress document.

    Ctrl-C stops only the display, not the batch.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    etag: str | None = None
    last: dict[str, Any] | None = None
    try:
        with Progress(
            *columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal
        ) as progress:
            task = progress.add_task(batch_id, total=100)
            while last is None or last["state"] not in ENDED_JOB:
                document, etag = client.changed(f"/v1/batches/{batch_id}/progress", etag)
                if document is not None:
                    last = document
                    progress.update(task, completed=last["percent"], description=summary(last))
                time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        console.print(f"The batch is still running. Watch it again: studio batch watch {batch_id}")
        raise
    console.print(f"{batch_id} {last['state']}: {summary(last)}")
    return last


def summary(document: dict[str, Any]) -> str:
    """Return a line about a batch: jobs, images and cost."""
    jobs, images = document["jobs"], document["images"]
    ended = sum(jobs[name] for name in ("succeeded", "partially_succeeded", "failed", "cancelled"))
    failed = f", {jobs['failed']} failed" if jobs["failed"] else ""
    spent = dollars(document["cost"]["amount"])
    return f"{ended}/{jobs['total']} jobs{failed}, {images['succeeded']} images, {spent}"


def _show(checked: dict[str, Any], console: Console) -> None:
    counts, estimate = checked["counts"], checked["estimate"]
    unknown = estimate["unknown_images"]
    more = f" and {unknown} images of unknown price" if unknown else ""
    rows = (
        f"{counts['valid']} of {counts['rows']} rows are valid, {counts['images']} images, "
        f"at most {dollars(estimate['amount'])}{more}"
    )
    invalid = checked["status"] == "invalid"
    outcome = "the table cannot be read" if invalid else rows
    console.print(f"{checked['id']}  {checked['status']}: {outcome}")
    for error in checked["errors"][:SHOWN_ERRORS]:
        place = f"row {error['row']}" if error["row"] else "table"
        column = f", {error['column']}" if error["column"] else ""
        console.print(styled(f"  {place}{column}: {error['detail']}", "yellow"))
    for warning in checked.get("warnings", []):
        console.print(styled(f"  {warning}", "yellow"))
    ignored = checked.get("ignored_columns", [])
    if ignored:
        console.print(styled(ignored_line(ignored, checked["nearest_columns"]), "yellow"))


def ignored_line(ignored: Sequence[str], nearest: Mapping[str, str]) -> str:
    """Return a line about the columns that mean nothing, those like a known one first."""
    named = sorted(ignored, key=lambda name: name not in nearest)
    words = [
        f"{name} (did you mean {nearest[name]}?)" if name in nearest else name
        for name in named[:SHOWN_COLUMNS]
    ]
    more = f" and {len(named) - SHOWN_COLUMNS} more" if len(named) > SHOWN_COLUMNS else ""
    return f"  ignored columns: {', '.join(words)}{more}"


def _end(last: dict[str, Any]) -> None:
    if last["state"] != "succeeded":
        raise typer.Exit(1)


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
