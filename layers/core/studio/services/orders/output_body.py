"""The part of a job body that says which files are wanted, as pydantic models."""

from typing import Annotated

from pydantic import Field

from studio.domain.assets.model import OutputFormat
from studio.domain.renditions.model import MAX_RENDITIONS, Fit, Gravity
from studio.services.orders.reading import Body

# A WebP can have no longer side (RFC 9649).
MAX_RENDITION_SIDE = 16_383
MIN_BYTES = 1_000

EncoderQuality = Annotated[int, Field(ge=1, le=100)]
RenditionSide = Annotated[int, Field(ge=1, le=MAX_RENDITION_SIDE)]
Bytes = Annotated[int, Field(ge=MIN_BYTES, le=64 * 1024 * 1024)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", examples=["#ffffff"])]
RenditionName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", examples=["desktop", "mobile"])
]
Part = Annotated[float, Field(ge=0, le=1)]


class FocalPointBody(Body):
    """The part of a picture that matters, from 0 to 1 of its width and height."""

    x: Part
    y: Part


class FramingBody(Body):
    """How a picture comes into a shape that it does not have.

    ``fit``: ``cover`` fills the size and crops, ``contain`` shows the whole picture within the
    size, ``pad`` does too and fills the rest with ``background``, ``inside`` never enlarges.
    ``gravity`` says what a crop keeps, ``smart`` finds it; a ``focal_point`` wins.
    ``background`` is also what a transparent picture stands on in a JPEG.
    """

    fit: Fit = "cover"
    gravity: Gravity | None = None
    focal_point: FocalPointBody | None = None
    background: Colour = "#ffffff"
    max_bytes: Bytes | None = None


class RenditionBody(FramingBody):
    """A file to make of a picture; without a size, as large as it is.

    With one of ``width`` and ``height`` the other follows from the picture's shape. Where
    ``max_bytes`` is given ``quality`` is the highest to try.
    """

    name: RenditionName | None = None
    width: RenditionSide | None = None
    height: RenditionSide | None = None
    format: OutputFormat | None = None
    quality: EncoderQuality | None = None


class OutputBody(FramingBody):
    """The files that are wanted. WebP at 80 where nothing is said.

    What stands here itself is of the picture; ``renditions`` are further files of it, and
    ``formats`` names formats of platforms, or presets of them (``GET /v1/platforms``). They cost
    nothing. ``safe_zones`` adds a preview of each of those formats with what the platform covers,
    ``contact_sheet`` one page with all files, ``embed_recipe`` writes into the files what made
    the picture.
    """

    format: OutputFormat | None = None
    quality: EncoderQuality | None = None
    renditions: (
        Annotated[list[RenditionBody], Field(min_length=1, max_length=MAX_RENDITIONS)] | None
    ) = None
    formats: (
        Annotated[
            list[Annotated[str, Field(min_length=1, max_length=40)]],
            Field(
                min_length=1, max_length=MAX_RENDITIONS, examples=[["essentials", "ig_reel_cover"]]
            ),
        ]
        | None
    ) = None
    safe_zones: bool = False
    contact_sheet: bool = False
    embed_recipe: bool = False
