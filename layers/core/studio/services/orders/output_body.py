"""The ``output`` member of a job body, as pydantic models."""

from typing import Annotated

from pydantic import Field

from studio.domain.assets.model import OutputFormat
from studio.domain.renditions.model import MAX_RENDITIONS, Fit, Gravity
from studio.services.orders.reading import Body

# The longest side of a WebP (RFC 9649).
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
    """The subject of an image, from 0 to 1 of its width and height."""

    x: Part
    y: Part


class FramingBody(Body):
    """Fit of an image into another shape.

    ``fit``: ``cover`` fills the size and crops. ``contain`` shows the whole image within the
    size. ``pad`` also fills the rest with ``background``. ``inside`` is ``contain`` that never
    enlarges. ``focal_point`` overrides ``gravity``; ``smart`` detects the subject. ``background``
    is also the colour behind a transparent image in a JPEG.
    """

    fit: Fit = "cover"
    gravity: Gravity | None = None
    focal_point: FocalPointBody | None = None
    background: Colour = "#ffffff"
    max_bytes: Bytes | None = None


class RenditionBody(FramingBody):
    """A file to make of an image; without a size, it is as large as the image.

    With one of ``width`` and ``height`` the other follows from the image's shape. With
    ``max_bytes``, ``quality`` is the highest to try.
    """

    name: RenditionName | None = None
    width: RenditionSide | None = None
    height: RenditionSide | None = None
    format: OutputFormat | None = None
    quality: EncoderQuality | None = None


class OutputBody(FramingBody):
    """The files to make. The default is WebP at quality 80.

    The members of this object itself are for the image. ``renditions`` are further files of it.
    ``formats`` names formats of platforms, or presets of them (``GET /v1/platforms``). Further
    files cost nothing. ``safe_zones`` adds a preview of each of those formats with the area that
    the platform covers. ``contact_sheet`` adds one page with all files. ``embed_recipe`` writes
    the recipe of the image into its files. ``keep_rights`` writes the creator and the copyright
    notice of source images, as their uploaded files state them.
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
    keep_rights: bool = False
