"""Requests for jobs: which members they have and which source images they name."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.uploads import upload_file

Value = TypeVar("Value")
MAX_LABEL = 120


def given(**members: Value | None) -> dict[str, Value]:
    """Return the members that have a value."""
    return {name: value for name, value in members.items() if value is not None}


def prompt_members(
    prompts: Sequence[str], size: str | None, variations: int, labels: Sequence[str] = ()
) -> dict[str, object]:
    """Return the members that depend on the prompts.

    One prompt gives variations of one image. Several prompts, or prompts with a label each, give
    an item each. Without a prompt, the recipe supplies the operation and the prompt.
    """
    sized: dict[str, object] = {"size": size} if size else {}
    if not prompts:
        return sized
    if len(prompts) == 1 and not labels:
        own: dict[str, object] = {"prompt": prompts[0], "variations": variations, **sized}
    else:
        items: list[dict[str, object]] = [{"prompt": prompt, **sized} for prompt in prompts]
        for item, label in zip(items, labels, strict=False):
            item["label"] = label
        own = {"items": items}
    return {"operation": "generate", **own}


def source_items(
    client: StudioClient, texts: Sequence[str], folder: str | None, console: Console
) -> list[dict[str, object]]:
    """Return an item for each source, with the name of the source as its label.

    Raises:
        CliError: There is no such file, or an upload fails.
    """
    return [
        {
            "sources": [source_of(client, text, folder, console)],
            "label": Path(text).stem[:MAX_LABEL],
        }
        for text in texts
    ]


def source_of(
    client: StudioClient, text: str, folder: str | None, console: Console
) -> dict[str, str]:
    """Return a source image for a request; upload it first if it is a file.

    Args:
        client: The API.
        text: An https URL, the id of an asset or the path of a file.
        folder: The folder to upload a file to.
        console: Shows the progress of the upload.

    Raises:
        CliError: There is no such file, or the upload fails.
    """
    if text.startswith("https://"):
        return {"url": text}
    if text.startswith("ast_"):
        return {"asset_id": text}
    path = Path(text)
    if not path.is_file():
        raise CliError(f"There is no file {text}.", "a source is a file, an https URL or an asset")
    return {"asset_id": upload_file(client, path, folder, console).id}
