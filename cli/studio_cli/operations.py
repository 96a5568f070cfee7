"""``studio run`` and ``studio operations``: everything that can be done to a picture."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.jobs import WaitOption, announce, finish, given, source_of
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console
from studio_cli.wanted_files import FormatsOption, RenditionOption, output

_SOUND = (".wav", ".mp3")


def list_operations(profile: ProfileOption = LOCAL) -> None:
    """List what can be done, what each operation takes and who does it."""
    with open_client(profile) as client:
        operations = client.get("/v1/operations")["data"]
    table = Table(box=None, pad_edge=False)
    for heading in ("operation", "prompt", "takes", "providers"):
        table.add_column(heading, overflow="fold")
    for one in operations:
        names = (f"{each['name']}{'*' * (each['need'] == 'required')}" for each in one["inputs"])
        table.add_row(one["id"], one["prompt"], ", ".join(names), ", ".join(one["providers"]))
    console = new_console()
    console.print(table)
    console.print("* required. More of one: GET /v1/operations/{id}", style="dim")


def run(
    operation: Annotated[str, typer.Argument(metavar="OPERATION", help="Such as edit.inpaint.")],
    pictures: Annotated[
        list[str] | None, typer.Argument(metavar="PICTURE...", help="Files, URLs or assets.")
    ] = None,
    prompt: Annotated[str | None, typer.Option(help="What to do, in words.")] = None,
    mask: Annotated[str | None, typer.Option(help="White where the picture changes.")] = None,
    style_image: Annotated[str | None, typer.Option(help="Whose style to take.")] = None,
    background: Annotated[str | None, typer.Option(help="What to put behind.")] = None,
    lighting: Annotated[str | None, typer.Option(help="Whose light to take.")] = None,
    audio: Annotated[str | None, typer.Option(help="WAV or MP3 to speak.")] = None,
    input_: Annotated[
        list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="Such as left=200.")
    ] = None,
    size: Annotated[str | None, typer.Option(help="Default: what the operation gives.")] = None,
    quality: Annotated[str | None, typer.Option(help="draft, standard or premium.")] = None,
    provider: Annotated[str | None, typer.Option(help="Default: the stack's own.")] = None,
    model: Annotated[str | None, typer.Option(help="Default: the provider's own.")] = None,
    format_: Annotated[str | None, typer.Option("--format", help="webp, jpg, png, avif.")] = None,
    formats: FormatsOption = None,
    rendition: RenditionOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse what the model does not take.")
    ] = False,
    max_cost: Annotated[str | None, typer.Option(help="Dollars, such as 0.50.")] = None,
    wait: WaitOption = True,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Do something to a picture, watch it and download the result."""
    if model and not provider:
        raise CliError("A model belongs to a provider.", "name it too: --provider")
    files = {
        "mask": mask,
        "style_image": style_image,
        "background": background,
        "lighting": lighting,
        "audio": audio,
    }
    body: dict[str, object] = {"operation": operation} | given(
        prompt=prompt,
        input=read_inputs(input_ or []) or None,
        size=size,
        quality=quality,
        provider={"id": provider, "model": model} if provider else None,
        output=output(format_, formats, rendition),
        strict=strict or None,
        max_cost=max_cost,
    )
    console = new_console()
    with open_client(profile) as client:
        if pictures:
            body["sources"] = [source_of(client, text, None, console) for text in pictures]
        for name, text in files.items():
            if text is not None:
                body[name] = _file(client, text, console)
        job = client.create_job(body)
        announce(job, console)
        if wait:
            finish(client, job["id"], console, out)


def read_inputs(pairs: list[str]) -> dict[str, object]:
    """Read ``name=value``: numbers and true or false as such, everything else as text.

    Raises:
        CliError: something has no name or no value.
    """
    values: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not (name and equals and text):
            raise CliError(f"{pair!r} is no input.", "write it as name=value")
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        values[name] = value if isinstance(value, bool | int | float) else text
    return values


def _file(client: StudioClient, text: str, console: Console) -> dict[str, str]:
    """Name a file; sound goes with the order, pictures are uploaded."""
    path = Path(text)
    if path.suffix.lower() in _SOUND and path.is_file():
        return {"base64": b64encode(path.read_bytes()).decode()}
    return source_of(client, text, None, console)
