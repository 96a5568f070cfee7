"""An operation, its inputs, and the check of an input's value."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from studio.domain.operations.values import OptionValue, Role, is_blank, parse_decimal
from studio.errors import FieldError

Studio = Literal["create", "edit", "upscale", "control", "transform", "social"]
Need = Literal["optional", "required"]
Produces = Literal["image", "video", "model"]
OptionType = Literal["integer", "number", "text", "word", "flag"]

_TYPES: Mapping[OptionType, tuple[tuple[type, ...], str]] = {
    "flag": ((bool,), "true or false"),
    "word": ((str,), "a word"),
    "text": ((str,), "a text"),
    "integer": ((int,), "a whole number"),
    "number": ((int, Decimal), "a number"),
}

OperationId = Literal[
    "generate",
    "edit.remove_background",
    "edit.inpaint",
    "edit.outpaint",
    "edit.search_replace",
    "edit.search_recolor",
    "edit.replace_background_relight",
    "edit.general",
    "upscale.fast",
    "upscale.conservative",
    "upscale.creative",
    "control.sketch",
    "control.structure",
    "control.style",
    "control.style_transfer",
    "transform.image_to_video",
    "transform.avatar",
    "transform.image_to_3d",
    "social.optimize",
    "render",
]

Scalar = str | int | bool | Decimal
"""A JSON value; a number with a decimal point is a Decimal."""


@dataclass(frozen=True, slots=True)
class Option:
    """An input of an operation besides prompts and files.

    Attributes:
        min, max: Limits of a number, or of a text's length, both included.
        choices: The allowed values of a word or a number; empty for no list.
        required: Whether an order must give it.
    """

    type: OptionType
    description: str
    min: Decimal | None = None
    max: Decimal | None = None
    choices: tuple[str, ...] = ()
    required: bool = False

    def read(self, name: str, value: Scalar) -> OptionValue | FieldError:
        """Return a value as provider requests carry it, or the error of the value."""
        if self.type == "number" and isinstance(value, str):
            with suppress(ValueError):
                value = parse_decimal(value)
        wrong = self._wrong(value)
        if wrong:
            return FieldError(f"/input/{name}", *wrong)
        if self.type == "number" or isinstance(value, Decimal):
            return f"{Decimal(value):f}"
        return value

    def _wrong(self, value: Scalar) -> tuple[str, str] | None:
        if self.choices and (isinstance(value, bool) or str(value) not in self.choices):
            return "not-a-choice", f"Give one of {', '.join(self.choices)}"
        types, expected = _TYPES[self.type]
        if not isinstance(value, types) or (isinstance(value, bool) and self.type != "flag"):
            return "wrong-type", f"Give {expected}"
        if isinstance(value, str):
            length = 0 if is_blank(value) else len(value.strip())
            return self._outside(Decimal(length), "characters")
        return self._outside(Decimal(value), "")

    def _outside(self, number: Decimal, unit: str) -> tuple[str, str] | None:
        low, high = self.min, self.max
        if (
            number.is_finite()
            and (low is None or number >= low)
            and (high is None or number <= high)
        ):
            return None
        return "out-of-range", f"Give {low} to {high} {unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the studio.

    Attributes:
        id: Studio and name, such as ``edit.inpaint``.
        prompt: Whether it needs a prompt; None if it takes none.
        files: Its files by their role.
        options: Its other inputs by name.
        one_of: Inputs of which the caller must give at least one, files and options alike.
        sized: Whether the caller sets the size of the result; else the source sets it.
        passthrough: Whether the image stays as it is and only its files are made.
        transparent: Whether its result needs a format with transparency.
    """

    id: OperationId
    studio: Studio
    title: str
    description: str
    prompt: Need | None
    files: Mapping[Role, Need]
    options: Mapping[str, Option]
    one_of: tuple[str, ...] = ()
    produces: Produces = "image"
    sized: bool = False
    passthrough: bool = False
    transparent: bool = False

    @property
    def described(self) -> bool:
        """True if its prompt describes a whole image; else the prompt is an instruction."""
        return self.studio in ("create", "control")
