"""``studio run`` and ``studio operations``: the operations on images."""

import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.follow import submit
from studio_cli.job_requests import given, source_items, source_of
from studio_cli.options import (
    FormatOption,
    MaxCostOption,
    ModelOption,
    OutOption,
    ProviderOption,
    QualityOption,
    StrictOption,
    WaitOption,
    YesOption,
    provider_choice,
)
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console
from studio_cli.wanted_files import FormatsOption, RenditionOption, output

MAX_ITEMS = 50
_SOUND = (".wav", ".mp3")


def list_operations(profile: ProfileOption = LOCAL) -> None:
    """List the operations with their inputs and providers."""
    with open_client(profile) as client:
        operations = client.get("/v1/operations")["data"]
    table = Listing("operation", "prompt", "takes", "providers", whole=("operation", "takes"))
    for one in operations:
        names = (f"{each['name']}{'*' * (each['need'] == 'required')}" for each in one["inputs"])
        table.add_row(one["id"], one["prompt"], ", ".join(names), ", ".join(one["providers"]))
    console = new_console()
    console.print(table)
    console.print("* required. Details: GET /v1/operations/{id}", style="dim")


OperationArgument = Annotated[
    str, typer.Argument(metavar="OPERATION", help="Such as edit.inpaint. List: studio operations.")
]
SourcesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="SOURCE", help="Files, https URLs or assets: an image for each."),
]
PromptOption = Annotated[str | None, typer.Option(help="What to do, in words.")]
MaskOption = Annotated[str | None, typer.Option(help="Image, white where the source changes.")]
StyleOption = Annotated[str | None, typer.Option(help="Image whose style to take.")]
BackgroundOption = Annotated[str | None, typer.Option(help="Image to set as the background.")]
LightingOption = Annotated[str | None, typer.Option(help="Image whose light to take.")]
AudioOption = Annotated[str | None, typer.Option(help="WAV or MP3 to speak.")]
InputOption = Annotated[
    list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="Such as left=200.")
]
SizeOption = Annotated[str | None, typer.Option(help="Default: the operation's own.")]
TogetherOption = Annotated[bool, typer.Option("--together", help="Make one image of all sources.")]
FolderOption = Annotated[str | None, typer.Option(help="Folder of the sources and the results.")]


def run(
    operation: OperationArgument,
    sources: SourcesArgument = None,
    prompt: PromptOption = None,
    mask: MaskOption = None,
    style_image: StyleOption = None,
    background: BackgroundOption = None,
    lighting: LightingOption = None,
    audio: AudioOption = None,
    input_: InputOption = None,
    size: SizeOption = None,
    quality: QualityOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    format_: FormatOption = None,
    formats: FormatsOption = None,
    rendition: RenditionOption = None,
    together: TogetherOption = False,
    folder: FolderOption = None,
    strict: StrictOption = False,
    max_cost: MaxCostOption = None,
    yes: YesOption = False,
    wait: WaitOption = True,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Run an operation on images, watch the job and download the results.

    The cost is printed first, with a question if the images may cost something. Without a terminal
    there is no question, and the order goes out.
    """
    texts = sources or []
    each = len(texts) > 1 and not together
    if each and len(texts) > MAX_ITEMS:
        raise CliError(
            f"A job has at most {MAX_ITEMS} images.", "run the files in parts, or as a batch"
        )
    body: dict[str, object] = {"operation": operation} | given(
        input=read_inputs(input_ or []) or None,
        size=size,
        quality=quality,
        provider=provider_choice(provider, model),
        output=output(format_, formats, rendition),
        strict=strict or None,
        max_cost=max_cost,
        folder=folder,
    )
    files = given(
        mask=mask, style_image=style_image, background=background, lighting=lighting, audio=audio
    )
    console = new_console()
    with open_client(profile) as client:
        body |= _images(client, texts, prompt, folder, console, each=each)
        body |= {name: _file(client, text, console) for name, text in files.items()}
        submit(client, body, console, out if wait else None, yes=yes)


def _images(
    client: StudioClient,
    sources: Sequence[str],
    prompt: str | None,
    folder: str | None,
    console: Console,
    *,
    each: bool,
) -> dict[str, object]:
    """Return the members of the images: an item for each source, or one image of all sources."""
    words: dict[str, object] = given(prompt=prompt)
    if each:
        items = source_items(client, sources, folder, console)
        return {"items": [{**words, **item} for item in items]}
    if not sources:
        return words
    return {**words, "sources": [source_of(client, text, folder, console) for text in sources]}


def read_inputs(pairs: list[str]) -> dict[str, object]:
    """Return the inputs of ``name=value`` pairs: numbers, true, false, and all else as text.

    Raises:
        CliError: A pair has no name or no value.
    """
    values: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not (name and equals and text):
            raise CliError(f"{pair!r} is not an input.", "write it as name=value")
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        values[name] = value if isinstance(value, bool | int | float) else text
    return values


def _file(client: StudioClient, text: str, console: Console) -> dict[str, str]:
    """Return a file for the request: sound as base64, an image as an uploaded asset."""
    path = Path(text)
    if path.suffix.lower() in _SOUND and path.is_file():
        return {"base64": b64encode(path.read_bytes()).decode()}
    return source_of(client, text, None, console)
