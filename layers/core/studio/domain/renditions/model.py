"""What files are to be made of a picture, and what became of them."""

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

# Names of files that are made besides: a preview's is its export's with this behind.
PREVIEW = "-safe-zones"
CONTACT_SHEET = "contact-sheet"
# The most that an order may ask for, beside its main picture; all 63 formats fit in.
MAX_RENDITIONS = 80
# The most that are kept of one picture.
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
"""What each gravity but ``smart`` keeps: parts of width and height of the upright picture."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How a picture comes into another shape.

    Attributes:
        fit: ``cover`` fills the box and crops; ``contain`` shows all, enlarged if need be; ``pad``
            is contain with ``background`` around, as large as the box; ``inside`` is contain that
            never enlarges.
        gravity: Which part a crop keeps; ``smart`` finds it.
        focal_point: The part that matters, from 0 to 1 of width and height; it wins.
        background: ``#rrggbb``, around a padded picture and under a transparent one in a JPEG.
    """

    fit: Fit = "cover"
    gravity: Gravity = "centre"
    focal_point: Point | None = None
    background: str = "#ffffff"

    @property
    def focus(self) -> Point | Literal["smart"]:
        """The point that a crop keeps, or that it is to be found."""
        if self.focal_point is not None:
            return self.focal_point
        return "smart" if self.gravity == "smart" else PLACES[self.gravity]


CENTRED = Framing()
"""Covers from the centre."""


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """A file to make.

    Attributes:
        name: Its name among the files of its picture.
        width, height: Pixels; None for what the other one and the picture's shape give.
        format: None for the one that suits the picture best, of those that the export takes.
        quality: The encoder's, 1 to 100; the highest to try where ``max_bytes`` is given.
        export: The platform's format that it is made for.
    """

    name: str
    width: int | None = None
    height: int | None = None
    format: OutputFormat | None = None
    quality: int = 80
    max_bytes: int | None = None
    framing: Framing = CENTRED
    export: str | None = None


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """What is to be made of a picture beside the picture itself.

    Attributes:
        framing, max_bytes: Of the picture itself.
        safe_zones: Also a preview of each export that shows what platforms cover.
        contact_sheet: Also one page with all files.
        embed_recipe: Write what made the picture into its files.
    """

    framing: Framing = CENTRED
    max_bytes: int | None = None
    renditions: tuple[RenditionSpec, ...] = ()
    safe_zones: bool = False
    contact_sheet: bool = False
    embed_recipe: bool = False


PLAIN = OutputPlan()
"""The picture alone."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What a crop was told, or found, to keep; ``score`` is how sure, from 0 to 1."""

    x: float
    y: float
    score: float
    method: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that a platform wants of a file; ``holds`` is None where it is not documented."""

    rule: str
    holds: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file of a picture, or why it could not be made.

    Attributes:
        spec: What was wanted; ordered anew it gives nearly the same file, as pixels that several
            files share are scaled once for all of them.
        file: None where it could not be made.
        quality: The encoder's quality that was used.
        window: Left, top, right, bottom of what is seen, from 0 to 1 of the picture.
        enlarged: Above 1 where pixels had to be invented.
        problem: Code of why there is no file.
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
        """Its name among the files of its picture."""
        return self.spec.name
