"""``studio contents``: articles with image slots, and the jobs that make their images."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console

from studio_cli.client import Document, StudioClient
from studio_cli.content_files import Draft, located, read_contents
from studio_cli.errors import ApiError, CliError
from studio_cli.follow import announce, finish
from studio_cli.job_requests import given
from studio_cli.jobs import read_numbers
from studio_cli.options import MaxCostOption, OutOption, OutOrNoneOption, WaitOption, YesOption
from studio_cli.prices import agree, price_of
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing, minute
from studio_cli.terminal import new_console, say
from studio_cli.transport import Query
from studio_cli.wire import Estimate, Job

app = typer.Typer(no_args_is_help=True, help="Make all images of an article with one command.")

ContentArgument = Annotated[str, typer.Argument(metavar="CONTENT", help="Id: cnt_...")]
ForceOption = Annotated[
    bool, typer.Option("--force", help="With images that are made or failed already.")
]
ImagesOption = Annotated[
    str | None, typer.Option("--images", metavar="N,N", help="Only these, by number: 1,3.")
]


@app.command("import")
def import_contents(
    path: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    profile: ProfileOption = LOCAL,
) -> None:
    """Import contents: an article with front matter, JSON, or a CSV with a row an image.

    A content whose external reference is there already is left out.
    """
    drafts = read_contents(path)
    with open_client(profile) as client:
        for draft in drafts:
            import_draft(client, path.name, draft)


@app.command("list")
def list_contents(
    status: Annotated[
        str | None, typer.Option(help="With an image that is pending, generated or failed.")
    ] = None,
    ref: Annotated[str | None, typer.Option("--ref", help="Of this external reference.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to list.")] = 25,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the newest contents."""
    filters: Query = {**given(status=status, external_ref=ref)}
    with open_client(profile) as client:
        found = client.pages("/v1/contents", filters, most=limit)
    numbers = ("images", "made", "pending", "failed")
    table = Listing("content", *numbers, "changed (UTC)", "title", right=numbers)
    for one in found:
        counts = one["counts"]
        table.add_row(
            one["id"],
            *(str(counts[name]) for name in ("images", "generated", "pending", "failed")),
            minute(one["updated_at"]),
            one["title"],
        )
    new_console().print(table if found else "No contents yet.")


@app.command()
def show(content_id: ContentArgument, profile: ProfileOption = LOCAL) -> None:
    """Show a content and its images."""
    with open_client(profile) as client:
        found = client.get(_path(content_id))
    console = new_console()
    console.print(f"{found['id']}  {found['title']}")
    if found["job_id"]:
        console.print(f"{found['job_id']} makes images for it.")
    console.print(slots_table(found["images"]))


@app.command()
def queue(
    content_id: ContentArgument,
    images: ImagesOption = None,
    force: ForceOption = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """Show what generate would make, and what it would leave out. Nothing runs."""
    with open_client(profile) as client:
        found = queue_of(client, content_id, _ids(client, content_id, images), force=force)
    show_queue(found, new_console())


@app.command()
def generate(
    content_id: ContentArgument,
    images: ImagesOption = None,
    force: ForceOption = False,
    max_cost: MaxCostOption = None,
    yes: YesOption = False,
    wait: WaitOption = True,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Make the pending images of a content in one job.

    The cost is printed first, with a question if the images may cost something. Without a terminal
    there is no question, and the order goes out.
    """
    console = new_console()
    with open_client(profile) as client:
        ids = _ids(client, content_id, images)
        found = queue_of(client, content_id, ids, force=force)
        agree(price_of(_estimate(found, content_id)), yes)
        body = given(image_ids=ids or None, force=force or None, max_cost=max_cost)
        job = start(client, content_id, body)
        announce(job, console)
        if wait:
            _finish(client, content_id, job["id"], console, out)


@app.command()
def watch(
    content_id: ContentArgument, out: OutOrNoneOption = None, profile: ProfileOption = LOCAL
) -> None:
    """Watch the job that makes images for a content until it ends."""
    console = new_console()
    with open_client(profile) as client:
        found = client.get(_path(content_id))
        if found["job_id"] is None:
            say(f"No job makes images for {content_id}.")
            console.print(slots_table(found["images"]))
            return
        _finish(client, content_id, found["job_id"], console, out)


def import_draft(client: StudioClient, name: str, draft: Draft) -> str:
    """Import a content of a file, unless its external reference is there; return its id.

    Raises:
        CliError: The API refuses the content; names the place in the file.
    """
    reference = draft.body.get("external_ref")
    if isinstance(reference, str) and reference:
        there = client.pages("/v1/contents", {"external_ref": reference}, most=1)
        if there:
            say(f"{there[0]['id']} has the reference {reference} already. Nothing was imported.")
            return str(there[0]["id"])
    try:
        made = client.post("/v1/contents", draft.body)
    except ApiError as error:
        raise located(name, draft, error) from error
    worded = sum(image["prompt"] is not None for image in made["images"])
    say(f"{made['id']}  {made['title']}: {len(made['images'])} images, {worded} with a prompt")
    return str(made["id"])


def queue_of(
    client: StudioClient, content_id: str, ids: Sequence[str] = (), *, force: bool = False
) -> Document:
    """Return the queue of a content, or of these images of it."""
    query: Query = {"image_id": list(ids)} if ids else {}
    if force:
        query["force"] = "1"
    return client.get(f"{_path(content_id)}/queue", query)


def show_queue(found: Document, console: Console) -> None:
    """Print what a run would make, what it leaves out, and its cost."""
    table = Listing("", "image", "for", "size", "prompt", right=("",))
    for item in found["items"]:
        devices, size = " and ".join(item["devices"]), item["size"] or ""
        table.add_row(str(item["index"]), item["label"], devices, size, item["prompt"])
    console.print(table if found["items"] else "No pending images with prompts found.")
    for one in found["excluded"]:
        console.print(f"left out: {one['detail']}", style="dim")
    said = {one["detail"] for one in found["excluded"]}
    for warning in found["warnings"]:
        if warning not in said:
            console.print(f"warning: {warning}", style="yellow")
    if found["estimate"]:
        console.print(f"cost: {price_of(found['estimate']).words}")
    if found["job_id"]:
        console.print(f"{found['job_id']} makes images for it now.")


def start(client: StudioClient, content_id: str, body: Mapping[str, object]) -> Job:
    """Start the job of a content and return it; a repeated request starts no second job."""
    return cast("Job", client.spend(f"{_path(content_id)}/jobs", body))


def slots_table(images: Sequence[Document]) -> Listing:
    """Return a table of the images of a content, with their files for the devices."""
    table = Listing("", "image", "for", "status", "made", "files", "text", right=("",))
    for image in images:
        error = image["error"]
        text = image["notice"] or image["alt_text"] or image["prompt"] or "no prompt"
        if error:
            text = error["message"] or error["code"]
        table.add_row(
            _number(image),
            image["label"],
            image["device"],
            image["status"],
            image["asset_id"] or "",
            ", ".join(name for name in ("desktop", "mobile") if image[f"{name}_url"]),
            text,
        )
    return table


def _finish(
    client: StudioClient, content_id: str, job_id: str, console: Console, out: Path | None
) -> None:
    """Watch the job of a content to its end, then list its images as they are now."""
    try:
        finish(client, job_id, console, out)
    finally:
        console.print(slots_table(client.get(_path(content_id))["images"]))


def _estimate(found: Document, content_id: str) -> Estimate:
    """Return the cost of a queue.

    Raises:
        CliError: It makes nothing, or the API would refuse its run.
    """
    if not found["items"]:
        raise CliError(
            "No pending images with prompts found.", f"see why: studio contents queue {content_id}"
        )
    estimate: Estimate | None = found["estimate"]
    if estimate is None:
        raise CliError("\n".join(("The run would be refused:", *found["warnings"])))
    return estimate


def _ids(client: StudioClient, content_id: str, numbers: str | None) -> list[str]:
    """Return the ids of the images of these numbers.

    Raises:
        CliError: The content has no image of a number.
    """
    if numbers is None:
        return []
    known = {_number(image): image["id"] for image in client.get(_path(content_id))["images"]}
    wanted = [str(number) for number in read_numbers(numbers)]
    for number in wanted:
        if number not in known:
            has = ", ".join(known) or "none"
            raise CliError(f"The content has no image {number}.", f"its images: {has}")
    return [known[number] for number in wanted]


def _number(image: Document) -> str:
    return str(image["id"]).rpartition("_")[2]


def _path(content_id: str) -> str:
    return f"/v1/contents/{content_id}"
