"""An operation, its inputs, and how a value for an input is checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from studio.domain.operations.values import OptionValue, Role
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
"""A value as JSON gives it, numbers with a point being Decimals."""


@dataclass(frozen=True, slots=True)
class Option:
    """An input of an operation besides words and files.

    Attributes:
        min, max: Of a number, or the length of a text, both included.
        choices: Of a word, or of a number that has only these.
        required: An order without it is refused.
    """

    type: OptionType
    description: str
    min: Decimal | None = None
    max: Decimal | None = None
    choices: tuple[str, ...] = ()
    required: bool = False

    def read(self, name: str, value: Scalar) -> OptionValue | FieldError:
        """Return a value as requests carry it, or what is wrong with it."""
        wrong = self._wrong(value)
        if wrong:
            return FieldError(f"/input/{name}", *wrong)
        if self.type == "number" or isinstance(value, Decimal):
            return f"{Decimal(value):f}"
        return value

    def _wrong(self, value: Scalar) -> tuple[str, str] | None:
        if self.choices and (isinstance(value, bool) or str(value) not in self.choices):
            return "not-a-choice", f"Give one of {', '.join(self.choices)}"
        types, wanted = _TYPES[self.type]
        if not isinstance(value, types) or (isinstance(value, bool) and self.type != "flag"):
            return "wrong-type", f"Give {wanted}"
        if isinstance(value, str):
            return self._outside(Decimal(len(value.strip())), "characters")
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
    """Something the studio can do.

    Attributes:
        id: Studio and name, such as ``edit.inpaint``.
        prompt: Whether words are taken; None where they are not.
        files: The files that it takes, by what they are for.
        options: Its other inputs by name.
        one_of: Inputs of which at least one must be given, files and options alike.
        keeps: Whether the picture is passed on as it is, for the files that are made of it.
        sized: Whether the caller says how large the result is; else the source decides.
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

    @property
    def described(self) -> bool:
        """Whether its prompt describes a whole picture; else it is an instruction."""
        return self.studio in ("create", "control")
