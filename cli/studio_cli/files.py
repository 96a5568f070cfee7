"""Small JSON files of the CLI, some of them secret."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio_cli.errors import CliError
from studio_cli.terminal import printable


def write_private(path: Path, document: Mapping[str, object]) -> None:
    """Write a JSON file atomically; only its owner may read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2)
        file.write("\n")
    draft.replace(path)


def read_object(path: Path) -> dict[str, object]:
    """Return the JSON object of a file; an empty one if there is no file.

    Raises:
        CliError: The file holds something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise CliError(f"{path} is not JSON.", f"remove it: rm {path}") from error
    if not isinstance(document, dict):
        raise CliError(f"{path} does not hold a JSON object.", f"remove it: rm {path}")
    return document


def read_request(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file.

    Raises:
        CliError: The file holds something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CliError(f"{path} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise CliError(f"{path} does not hold a JSON object.")
    return document


def file_name(text: str) -> str:
    """Return a name of the API as one name of a file, without separators and controls."""
    return re.sub(r"[/\\:\ufffd]+", "-", printable(text)).lstrip(".") or "file"


def slug(text: str) -> str:
    """Return a label as a file name: lower case words with hyphens, at most 80 characters."""
    return re.sub(r"[\W_]+", "-", text.lower())[:80].strip("-") or "image"
