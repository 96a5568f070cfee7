"""Members of a job body that a table can give: their places, kinds, limits and descriptions.

The inputs of operations come from the table of operations, so each of its rows can be a row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from studio.domain.operations.model import Option
from studio.domain.operations.table import OPERATIONS

Kind = Literal[
    "text", "word", "integer", "decimal", "dollars", "flag", "size", "ratio", "file", "files",
    "names", "labels", "renditions",
]  # fmt: skip
Unit = Literal["px", "usd", "bytes", "s"]
NUMBERS: frozenset[Kind] = frozenset({"integer", "decimal", "dollars"})
Value = str | int | bool | list[object] | dict[str, object]

MAX_CELL = 300
_LONG = 2_000


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a job body.

    Attributes:
        path: Its place in a body.
        kind: How a cell is read.
        description: What it is, for people who write tables.
        low, high: Limits of a number, which tell 1.000 from 1000; None for no limit.
        unit: The unit of a number, as headings and cells may name it.
        longest: Most characters of a cell.
    """

    path: tuple[str, ...]
    kind: Kind
    description: str
    low: Decimal | None = None
    high: Decimal | None = None
    longest: int = MAX_CELL
    unit: Unit | None = None


def _number(kind: Kind, low: int, high: int, description: str, *path: str) -> Member:
    unit: Unit | None = "usd" if kind == "dollars" else None
    return Member(path, kind, description, Decimal(low), Decimal(high), unit=unit)


def _pixels(low: int, high: int, description: str, name: str) -> Member:
    return replace(_number("integer", low, high, description, name), unit="px")


def _file(name: str, description: str) -> Member:
    return Member((name,), "file", description, longest=_LONG)


_COMMON: Mapping[str, Member] = {
    "operation": Member(("operation",), "word", "Operation; `generate` if the cell is empty"),
    "recipe_id": Member(("recipe_id",), "text", "Recipe under the row", longest=64),
    "prompt": Member(("prompt",), "text", "What to make or change", longest=32_000),
    "negative_prompt": Member(
        ("negative_prompt",), "text", "What the image must not show", longest=4_000
    ),
    "enhance_prompt": Member(("enhance_prompt",), "flag", "Add words on light and composition"),
    "persona_id": Member(("persona_id",), "text", "Persona", longest=64),
    "template_id": Member(("template_id",), "text", "Template", longest=81),
    "source": Member(("sources",), "files", "Up to four source images", longest=4 * _LONG),
    "mask": _file("mask", "Mask, white where the source changes"),
    "style_image": _file("style_image", "Example of the style"),
    "background": _file("background", "Example of the new background"),
    "lighting": _file("lighting", "Example of the new light"),
    "audio": _file("audio", "Recording that the portrait speaks"),
    "strength": _number(
        "decimal", 0, 1, "How far the result may differ from the source", "strength"
    ),
    "size": Member(("size",), "size", "Width and height: `1024x1024`", unit="px"),
    "width": _pixels(64, 4096, "Width in pixels", "width"),
    "height": _pixels(64, 4096, "Height in pixels", "height"),
    "aspect_ratio": Member(("aspect_ratio",), "ratio", "Shape at about one megapixel: `16:9`"),
    "quality": Member(("quality",), "word", "`draft`, `standard` or `premium`"),
    "provider": Member(("provider", "id"), "word", "Provider; the studio chooses if it is empty"),
    "model": Member(("provider", "model"), "text", "Model of the provider"),
    "seed": _number("integer", 0, 4_294_967_294, "Seed of the first variation", "seed"),
    "steps": _number("integer", 1, 1000, "Steps of the model", "steps"),
    "guidance": _number("decimal", 0, 100, "How closely the model follows the prompt", "guidance"),
    "variations": _number("integer", 1, 10, "Images of the prompt", "variations"),
    "strict": Member(("strict",), "flag", "Refuse what the model does not take"),
    "format": Member(("output", "format"), "word", "File format, such as `webp`"),
    "output_quality": _number(
        "integer", 1, 100, "Quality of the encoder", "output", "quality"
    ),
    "max_bytes": Member(
        ("output", "max_bytes"), "integer", "Most bytes of the file",
        Decimal(1_000), Decimal(64 * 1024 * 1024), unit="bytes",
    ),
    "fit": Member(("output", "fit"), "word", "`cover`, `contain`, `pad` or `inside`"),
    "gravity": Member(("output", "gravity"), "word", "Part that a crop keeps, such as `smart`"),
    "background_color": Member(
        ("output", "background"), "text", "Colour behind the image: `#ffffff`"
    ),
    "formats": Member(
        ("output", "formats"), "names", "Platform formats: `essentials; ig_story`", longest=_LONG
    ),
    "renditions": Member(
        ("output", "renditions"), "renditions", "Further files: `mobile=640x960; 1200x628`",
        longest=_LONG,
    ),
    "safe_zones": Member(("output", "safe_zones"), "flag", "Add a preview of each format"),
    "contact_sheet": Member(("output", "contact_sheet"), "flag", "Add a page with all files"),
    "embed_recipe": Member(("output", "embed_recipe"), "flag", "Write the recipe into the files"),
    "keep_rights": Member(
        ("output", "keep_rights"), "flag", "Write the sources' creator and copyright into the files"
    ),
    "max_cost": _number("dollars", 0, 10**9, "Most dollars that the row may cost", "max_cost"),
    "folder": Member(("folder",), "text", "Folder of the results"),
    "name": Member(("name",), "text", "Name of the job"),
    "label": Member(("label",), "text", "Label of the images, as in names of archives"),
    "labels": Member(
        ("labels",), "labels", "Labels of the job: `campaign=spring; sku=1042`", longest=_LONG
    ),
}  # fmt: skip

_UNITS: Mapping[str, Unit] = {"Pixels": "px", "Seconds": "s"}
_KINDS: Mapping[str, Kind] = {"integer": "integer", "number": "decimal", "flag": "flag"}


def _of_option(name: str, option: Option) -> Member:
    limits = [Decimal(choice) for choice in option.choices if option.type == "integer"]
    return Member(
        ("input", name),
        _KINDS.get(option.type, "word" if option.choices else "text"),
        option.description,
        min(limits, default=option.min if option.type != "text" else None),
        max(limits, default=option.max if option.type != "text" else None),
        10_000 if option.type == "text" else MAX_CELL,
        _UNITS.get(option.description.partition(" ")[0]),
    )


def _inputs() -> dict[str, Member]:
    return {
        name: _of_option(name, option)
        for operation in OPERATIONS.values()
        for name, option in operation.options.items()
    }


MEMBERS: Mapping[str, Member] = {**_COMMON, **_inputs()}
"""The columns of a table by name, in the order of the template."""
