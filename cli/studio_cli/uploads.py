"""``studio upload``: files to the bucket, each with a progress bar."""

import hashlib
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from studio_cli.client import StudioClient
from studio_cli.errors import ApiError, CliError
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing, minute
from studio_cli.terminal import new_console, printable

CSV = "text/csv"
SEND_SECONDS = 300

app = typer.Typer(no_args_is_help=True, help="List uploads and what became of them.")

PathsArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Images or CSV tables."),
]


def upload(
    paths: PathsArgument,
    folder: Annotated[
        str | None, typer.Option(help="Folder (SKU) of the images. Its rule runs.")
    ] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Upload images and CSV tables."""
    console, failed = new_console(), 0
    with open_client(profile) as client:
        for path in paths:
            try:
                sent = upload_file(client, path, folder, console)
            except CliError as error:
                failed += 1
                console.print(f"{path}: {error.message}", style="red")
                continue
            console.print(f"{path}: {sent.id}")
            if sent.rule_error:
                failed += 1
                message = f"{path}: the folder's rule started no job: {sent.rule_error}"
                console.print(message, style="yellow")
    if failed:
        raise typer.Exit(1)


@app.command("list")
def list_uploads(
    status: Annotated[
        str | None, typer.Option(help="waiting, expired, registered or quarantined.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to list.")] = 25,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the newest uploads; --status quarantined lists the refused files with their reasons."""
    with open_client(profile) as client:
        found = client.pages("/v1/uploads", {"status": status} if status else None, most=limit)
    table = Listing(
        "upload", "status", "folder", "file", "result", "created (UTC)",
        whole=("folder",), short=("file",),
    )  # fmt: skip
    for one in found:
        result = one["reason"] or one["rule_error"] or one["asset_id"] or ""
        created = minute(one["created_at"])
        table.add_row(
            one["id"], one["status"], one["folder"] or "", one["filename"], result, created
        )
    new_console().print(table if found else "No uploads.")


@dataclass(frozen=True, slots=True)
class Sent:
    """An uploaded file.

    Attributes:
        id: Id of the asset, or of the upload if the file is a CSV.
        rule_error: Why the folder's rule started no job; None if there is no error.
    """

    id: str
    rule_error: str | None = None


def upload_file(client: StudioClient, path: Path, folder: str | None, console: Console) -> Sent:
    """Upload one file and return its id.

    Raises:
        CliError: The API or the storage refuses the file.
    """
    media_type = CSV if path.suffix.lower() == ".csv" else mimetypes.guess_type(path.name)[0]
    announced = client.post(
        "/v1/uploads",
        {
            "filename": path.name,
            "media_type": media_type or "application/octet-stream",
            "bytes": path.stat().st_size,
            "sha256": _digest(path),
            **({"folder": folder} if folder else {}),
        },
    )
    if announced["asset"]:
        return Sent(announced["asset"]["id"])
    _send(announced, path, console)
    upload_id = str(announced["upload"]["id"])
    if media_type == CSV:
        return Sent(upload_id)
    try:
        completed = client.post(f"/v1/uploads/{upload_id}/complete")
    except ApiError as error:
        raise CliError(f"refused: {error.message}", error.next_step) from error
    return Sent(completed["asset"]["id"], completed["upload"]["rule_error"])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _send(announced: dict[str, Any], path: Path, console: Console) -> None:
    with path.open("rb") as file, _bar(file, path, console) as watched:
        answer = httpx.post(
            announced["url"],
            data=announced["fields"],
            files={"file": (path.name, watched)},
            timeout=SEND_SECONDS,
            trust_env=False,
        )
    if answer.status_code >= 400:
        raise CliError(f"the storage refused the file ({answer.status_code})")


class _Watched:
    """A file that moves a progress bar as it is read."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file = file
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._progress.advance(self._progress.task_ids[0], len(data))
        return data

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


@contextmanager
def _bar(file: BinaryIO, path: Path, console: Console) -> Iterator[Any]:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    with Progress(
        *columns, TransferSpeedColumn(), console=console, disable=not console.is_terminal,
        transient=True,
    ) as progress:  # fmt: skip
        progress.add_task(printable(path.name), total=path.stat().st_size)
        yield _Watched(file, progress)
