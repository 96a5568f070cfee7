"""Files that describe contents: an article with front matter, JSON, or a CSV with a row a slot."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio_cli.errors import ApiError, CliError
from studio_cli.front_matter import read_front_matter

OF_CONTENT = ("title", "meta_title", "external_ref")
OF_IMAGE = ("type", "position", "device", "prompt", "alt_text")
_SUFFIXES = (".md", ".markdown", ".json", ".csv")
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Draft:
    """A content as a file describes it.

    Attributes:
        body: The request for it.
        places: Where each member is, by its RFC 6901 pointer: ``line 7`` or ``row 2``.
    """

    body: dict[str, Any]
    places: Mapping[str, str] = field(default_factory=dict)


def read_contents(path: Path) -> list[Draft]:
    """Return the contents of a file.

    Raises:
        CliError: The file is not readable, or describes no content.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise CliError(f"{path.name} is of no known kind.", f"use one of: {', '.join(_SUFFIXES)}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CliError(f"{path.name} is not UTF-8.", "save it as UTF-8") from error
    if suffix == ".csv":
        drafts = list(_of_table(path.name, text))
    elif suffix == ".json":
        drafts = [Draft(body) for body in _of_json(path.name, text)]
    else:
        drafts = [Draft(*read_front_matter(path.name, text))]
    if not drafts:
        raise CliError(f"{path.name} has no content.")
    for draft in drafts:
        _name_types(draft.body)
    return drafts


def located(name: str, draft: Draft, error: ApiError) -> CliError:
    """Return a refusal of a draft with the place in the file of each wrong member."""
    if not error.fields:
        return CliError(f"{name}: {error.message}", error.next_step)
    lines = [f"{name} is refused:"]
    for wrong in error.fields:
        place = _place(draft.places, wrong.pointer)
        words = ", ".join(part for part in (place, _member(wrong.pointer)) if part)
        lines.append(f"  {words}: {wrong.detail}")
    return CliError("\n".join(lines), "correct the file and import it again")


def _name_types(body: dict[str, Any]) -> None:
    """Add the type that an image leaves out: with a position it is in the article."""
    images = body.get("images")
    for image in images if isinstance(images, list) else ():
        if isinstance(image, dict) and image.get("type") is None:
            image["type"] = "featured" if image.get("position") is None else "in_article"


def _of_json(name: str, text: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise CliError(f"{name} is nested too deeply.") from error
    except ValueError as error:
        raise CliError(f"{name} is not JSON: {error}") from error
    contents = document if isinstance(document, list) else [document]
    if not all(isinstance(content, dict) for content in contents):
        raise CliError(f"{name} is not a JSON object or a list of objects.")
    return contents


def _of_table(name: str, text: str) -> Iterator[Draft]:
    """Yield the contents of a table; a row without title and reference goes with the one above."""
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    drafts: dict[str, tuple[dict[str, Any], dict[str, str]]] = {}
    last = ""
    for number, given in _rows(name, rows):
        last = given.get("external_ref") or given.get("title") or last
        if not last:
            raise CliError(f"{name}, row {number}: the first row needs a title.")
        body, places = drafts.setdefault(last, ({"images": []}, {}))
        for column in OF_CONTENT:
            if column not in given:
                continue
            if given[column] != body.setdefault(column, given[column]):
                raise CliError(
                    f"{name}, row {number}: the {column} of {last} is {body[column]!r} in "
                    f"{places[f'/{column}']} and {given[column]!r} here."
                )
            places.setdefault(f"/{column}", f"row {number}")
        pointer = f"/images/{len(body['images'])}"
        image = {column: given[column] for column in OF_IMAGE if column in given}
        if image:
            body["images"].append(image | _number(image))
            places[pointer] = f"row {number}"
    yield from (Draft(body, places) for body, places in drafts.values())


def _rows(name: str, rows: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the cells of each row that has any."""
    number = 0
    try:
        _check_headings(name, [column.strip() for column in rows.fieldnames or ()])
        for number, row in enumerate(rows, 1):
            if None in row:
                raise CliError(
                    f"{name}, row {number}: it has more cells than the table has columns."
                )
            cells = {column.strip(): (cell or "").strip() for column, cell in row.items()}
            given = {column: cell for column, cell in cells.items() if cell}
            if given:
                yield number, given
    except csv.Error as error:
        raise CliError(f"{name}, row {number + 1}: {error}.") from error


def _check_headings(name: str, columns: list[str]) -> None:
    known = (*OF_CONTENT, *OF_IMAGE)
    for at, column in enumerate(columns):
        if column in columns[:at]:
            raise CliError(f"{name} has the column {column!r} twice.")
        if column not in known:
            raise CliError(
                f"{name} has the unknown column {column!r}.", f"known: {', '.join(known)}"
            )
    if "title" not in columns:
        raise CliError(f"{name} has no column title.")


def _number(image: Mapping[str, str]) -> dict[str, Any]:
    position = image.get("position", "")
    return {"position": int(position)} if position.isascii() and position.isdecimal() else {}


def _place(places: Mapping[str, str], pointer: str) -> str:
    """Return the place of a member, else that of the nearest one around it."""
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return places.get(pointer, "")


def _member(pointer: str) -> str:
    """Return a pointer in words: ``/images/1/prompt`` is the prompt of image 2."""
    parts = pointer.strip("/").split("/")
    if parts[0] == "images" and len(parts) > 1 and parts[1].isdecimal():
        return " ".join(
            (*parts[2:], "of" if parts[2:] else "", f"image {int(parts[1]) + 1}")
        ).strip()
    return " ".join(parts)
