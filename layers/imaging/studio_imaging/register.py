"""The image that the studio keeps of an uploaded file: checked, upright, sRGB, only pixels.

The file is encoded again from its pixels. So its location, names, comments and old previews are not
kept.
"""

from dataclasses import dataclass
from typing import Final, cast

from studio_imaging.decode import MOST_PIXELS, Decoded, Limits, SourceFacts, decode
from studio_imaging.encode import EncodedImage, encode
from studio_imaging.formats import OutputFormat, SourceFormat
from studio_imaging.parts import is_lossless
from studio_imaging.polyglot import refuse_polyglot
from studio_imaging.thumbnail import thumbnail_of
from studio_imaging.xmp import Generated, packet, read_packet

UPLOAD_LIMITS: Final = Limits(max_bytes=25 * 1024 * 1024, max_pixels=MOST_PIXELS)

# The kept format and its quality. Sources of later edits get more bytes than results.
_KEPT: Final[dict[SourceFormat, tuple[OutputFormat, int]]] = {
    "jpg": ("jpg", 95),
    "webp": ("webp", 95),
    "avif": ("avif", 95),
    "png": ("png", 100),
    "gif": ("png", 100),
}


@dataclass(frozen=True, slots=True)
class Registered:
    """The kept image, its WebP thumbnail and the facts of the uploaded file.

    Attributes:
        image: The kept image.
        thumbnail: Its thumbnail.
        source: Format and size of the uploaded file.
        source_type: The file's own statement that a generator made it; None if it has none. This
            is the only metadata that the kept image has too.
    """

    image: EncodedImage
    thumbnail: EncodedImage
    source: SourceFacts
    source_type: Generated | None


def register(data: bytes, limits: Limits = UPLOAD_LIMITS) -> Registered:
    """Return the image to keep: the first frame of a file, checked and encoded again.

    JPEG, WebP, AVIF and PNG keep their format; a GIF becomes a PNG. A lossless WebP stays lossless,
    and an AVIF keeps its number of colour samples.

    Raises:
        ImageRejectedError: The file is too large, of another type, broken or a polyglot.
    """
    decoded = decode(data, limits)
    image, generated = _kept(data, decoded)
    return Registered(
        image=image,
        thumbnail=thumbnail_of(decoded.image),
        source=decoded.source,
        source_type=generated,
    )


def kept_picture(data: bytes, limits: Limits = UPLOAD_LIMITS) -> EncodedImage:
    """Return the image to keep of a file, see ``register``.

    Raises:
        ImageRejectedError: The file is too large, of another type, broken or a polyglot.
    """
    return _kept(data, decode(data, limits))[0]


def _kept(data: bytes, decoded: Decoded) -> tuple[EncodedImage, Generated | None]:
    """Return the image to keep, and its own statement that a generator made it.

    Raises:
        ImageRejectedError: The file is a polyglot.
    """
    refuse_polyglot(data)
    kept, quality = _KEPT[decoded.source.format]
    full_colour, lossless = kept == "jpg", kept == "webp" and is_lossless(data)
    if kept == "avif":
        from studio_imaging.avif_colour import avif_colour

        full_colour = avif_colour(data).full_chroma
    found = read_packet(data)
    generated = cast("Generated", found.source_type) if found and found.is_generated else None
    xmp = packet(generated) if generated else None
    image = encode(
        decoded.image, kept, quality, full_colour=full_colour, lossless=lossless, xmp=xmp
    )
    return image, generated
