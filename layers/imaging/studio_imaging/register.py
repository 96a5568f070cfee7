"""Turn an uploaded file into the picture that is kept: checked, upright, sRGB, nothing but pixels.

The file is written anew from its pixels, so whatever it carried beside them (location, names,
comments, an old preview) cannot be part of what is kept.
"""

from dataclasses import dataclass
from typing import Final, cast

from studio_imaging.decode import MOST_PIXELS, Limits, SourceFacts, decode
from studio_imaging.encode import EncodedImage, encode
from studio_imaging.formats import OutputFormat, SourceFormat
from studio_imaging.polyglot import refuse_polyglot
from studio_imaging.thumbnail import thumbnail_of
from studio_imaging.xmp import Generated, packet, read_packet

UPLOAD_LIMITS: Final = Limits(max_bytes=25 * 1024 * 1024, max_pixels=MOST_PIXELS)

# Format kept and its quality. A source of later edits is worth more bytes than a result.
_KEPT: Final[dict[SourceFormat, tuple[OutputFormat, int]]] = {
    "jpg": ("jpg", 95),
    "webp": ("webp", 95),
    "avif": ("avif", 90),
    "png": ("png", 100),
    "gif": ("png", 100),
}


@dataclass(frozen=True, slots=True)
class Registered:
    """The picture as it is kept, its WebP thumbnail and facts of the file that came.

    Attributes:
        source_type: What it says of itself, if that is that a generator made it: of all that a
            file says, this stays with the picture.
    """

    image: EncodedImage
    thumbnail: EncodedImage
    source: SourceFacts
    source_type: Generated | None


def register(data: bytes, limits: Limits = UPLOAD_LIMITS) -> Registered:
    """Check a file by its content and write its first frame anew, with one decode.

    JPEG, WebP, AVIF and PNG keep their format, a GIF becomes a PNG.

    Raises:
        ImageRejectedError: the file is too large, of another type, broken, or a second file too.
    """
    decoded = decode(data, limits)
    refuse_polyglot(data)
    kept, quality = _KEPT[decoded.source.format]
    said = read_packet(data)
    generated = cast("Generated", said.source_type) if said and said.says_generated else None
    xmp = packet(generated) if generated else None
    return Registered(
        image=encode(decoded.image, kept, quality, full_colour=True, xmp=xmp),
        thumbnail=thumbnail_of(decoded.image),
        source=decoded.source,
        source_type=generated,
    )
