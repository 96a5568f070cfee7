"""Renditions of an image: the files to make and the files that were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from studio.domain.assets.model import OutputFormat, StoredImage

Fit = Literal["cover", "contain", "pad", "inside"]
Gravity = Literal[
    "centre", "north", "north_east", "east", "south_east",
    "south", "south_west", "west", "north_west", "smart",
]  # fmt: skip
Kind = Literal["image", "rendition", "export", "preview", "contact_sheet", "original"]
Point = tuple[float, float]

# A crop around a point that was found with less certainty than this is a guess.
UNSURE_BELOW = 0.35
UNSURE_CROP = (
    "The smart crop is not sure what to keep in {}. A focal point or a gravity decides it."
)
_ALL = (0.0, 0.0, 1.0, 1.0)

# A preview's name is its export's name with this suffix.
PREVIEW = "-safe-zones"
CONTACT_SHEET = "contact-sheet"
# Most renditions of an order; all 63 formats fit in.
MAX_RENDITIONS = 80
# Most renditions that one image keeps.
MAX_KEPT = 200

PLACES: Mapping[Gravity, Point] = {
    "centre": (0.5, 0.5),
    "north": (0.5, 0.0),
    "north_east": (1.0, 0.0),
    "east": (1.0, 0.5),
    "south_east": (1.0, 1.0),
    "south": (0.5, 1.0),
    "south_west": (0.0, 1.0),
    "west": (0.0, 0.5),
    "north_west": (0.0, 0.0),
}
"""The point that each gravity except ``smart`` keeps: shares of the upright image's sides."""


@dataclass(frozen=True, slots=True)
class Framing:
    """Fit of an image into another shape.

    Attributes:
        fit: ``cover`` fills the box and crops. ``contain`` shows the whole image and may enlarge
            it. ``pad`` is ``contain`` on a ``background`` as large as the box. ``inside`` is
            ``contain`` that never enlarges.
        gravity: The part that a crop keeps; ``smart`` detects the subject.
        focal_point: The subject, from 0 to 1 of width and height; it overrides ``gravity``.
        background: ``#rrggbb``, around a padded image and behind a transparent one in a JPEG.
    """

    fit: Fit = "cover"
    gravity: Gravity = "centre"
    focal_point: Point | None = None
    background: str = "#ffffff"

    @property
    def focus(self) -> Point | Literal["smart"]:
        """The point that a crop keeps, or ``smart`` to detect it."""
        if self.focal_point is not None:
            return self.focal_point
        return "smart" if self.gravity == "smart" else PLACES[self.gravity]


CENTRED = Framing()
"""A cover crop from the centre."""


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """A file to make.

    Attributes:
        name: Its unique name among the image's files.
        width, height: Pixels; None if the other side and the image's shape decide.
        format: None for the best format for the image among those that the export takes.
        quality: Encoder quality, 1 to 100; with ``max_bytes`` the highest to try.
        export: The platform format that it is made for.
        keep_rights: Whether it states the creator and the copyright notice of its asset. An order
            decides that for all its files (``OutputPlan``).
    """

    name: str
    width: int | None = None
    height: int | None = None
    format: OutputFormat | None = None
    quality: int = 80
    max_bytes: int | None = None
    framing: Framing = CENTRED
    export: str | None = None
    keep_rights: bool = False


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """The files to make of an image, besides the image itself.

    Attributes:
        framing, max_bytes: Those of the image itself.
        safe_zones: Whether each export has a preview of what the platform covers.
        contact_sheet: Whether there is a page with all files.
        embed_recipe: Whether the files contain the recipe of the image.
        keep_rights: Whether the files state the creators and copyright notices of the sources.
    """

    framing: Framing = CENTRED
    max_bytes: int | None = None
    renditions: tuple[RenditionSpec, ...] = ()
    safe_zones: bool = False
    contact_sheet: bool = False
    embed_recipe: bool = False
    keep_rights: bool = False


PLAIN = OutputPlan()
"""The image alone."""


@dataclass(frozen=True, slots=True)
class Focus:
    """The point that a crop keeps; ``score`` is the confidence from 0 to 1."""

    x: float
    y: float
    score: float
    method: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A platform's requirement of a file; ``holds`` is None if it is not documented."""

    rule: str
    holds: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file of an image, or the reason why there is none.

    Attributes:
        spec: The order. A repeat gives nearly the same file, because files that are made together
            share scaled pixels.
        file: None if it could not be made.
        quality: The encoder's quality.
        window: Left, top, right, bottom of the visible part, from 0 to 1 of the image.
        enlarged: The factor of enlargement, above 1 if pixels were interpolated.
        problem: Code of the reason why there is no file.
    """

    kind: Kind
    spec: RenditionSpec
    file: StoredImage | None
    quality: int | None = None
    window: tuple[float, float, float, float] | None = None
    enlarged: float | None = None
    focus: Focus | None = None
    rules: tuple[Rule, ...] = ()
    problem: str | None = None

    @property
    def name(self) -> str:
        """Its unique name among the image's files."""
        return self.spec.name

    @property
    def is_guess(self) -> bool:
        """Whether it is a crop around a point that the detection is not sure of."""
        return (
            self.focus is not None
            and self.spec.framing.focus == "smart"
            and self.window not in (None, _ALL)
            and self.focus.method != "face"
            and self.focus.score < UNSURE_BELOW
        )
