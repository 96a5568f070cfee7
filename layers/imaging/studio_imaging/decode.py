"""Safe decoding of untrusted images to upright sRGB pixels, RGB or RGBA.

The checks run in this order: bytes, type, structure, pixels in the header, then the pixels
themselves. The result holds only pixels, without EXIF, GPS, XMP, comments, text or colour profile.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from PIL import ExifTags, Image, ImageFile

from studio_imaging.avif import frame_sizes
from studio_imaging.errors import ImageRejectedError
from studio_imaging.formats import PARSER_ERRORS, SourceFormat, plugin, sniff
from studio_imaging.normalise import Facts, normalised
from studio_imaging.parts import first_frame
from studio_imaging.structure import refuse_cut, refuse_many_parts

if TYPE_CHECKING:
    from studio_imaging.colour import Declared
    from studio_imaging.png_animation import HiddenFrame
    from studio_imaging.png_file import PngFile

_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# From this EXIF orientation on, width and height change places.
_FIRST_SIDEWAYS: Final = 5
# Only a PNG can be longer, and each of its rows costs memory even if it is short.
_LONGEST_SIDE: Final = 65_535


MOST_PIXELS: Final = 64_000_000
"""The most pixels of any image: an upload, a result, or a file made of one."""

Target: TypeAlias = tuple[int, int] | Callable[[int, int], tuple[int, int]]
"""Width and height that are needed, or a function of the upright source's width and height."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most bytes and pixels of a source. A limit above ``MOST_PIXELS`` has no effect."""

    max_bytes: int = 64 * 1024 * 1024
    max_pixels: int = MOST_PIXELS


DEFAULT_LIMITS: Final = Limits()
# A second check for every caller. Some plugins ask Pillow before they allocate memory.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The real format of the source, and its upright size in pixels."""

    format: SourceFormat
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """The pixels (RGB or RGBA, sRGB, upright, no metadata) and the facts of their source."""

    image: Image.Image
    source: SourceFacts


def open_image(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Image.Image:
    """Return the pixels of an image at full size; of an animation, the first frame.

    Raises:
        ImageRejectedError: The image is too large, of another type, or broken.
    """
    return decode(data, limits).image


def decode(
    data: bytes,
    limits: Limits = DEFAULT_LIMITS,
    *,
    target: Target | None = None,
) -> Decoded:
    """Return the pixels of an image and the facts of its source.

    Args:
        data: The whole file.
        limits: The largest file and image to accept.
        target: The size that the caller needs. A JPEG at least twice as large is decoded at 1/2,
            1/4 or 1/8 scale, never below the target. This saves about 80 % of the time and 90 %
            of the memory.

    Raises:
        ImageRejectedError: The image is too large, of another type, or broken.
    """
    kind = _kind(data, limits)
    with _parser_errors_as_rejections():
        _refuse_before_parsing(data, kind, limits)
        frame = _hidden_frame(data, limits) if kind == "png" else None
        png = _read_png(data if frame is None else frame.data) if kind == "png" else None
        file = plugin(kind)(io.BytesIO(data if png is None else png.data))
        _check_pixels(file.size, limits)
        size = file.size
        if target is not None and kind == "jpg":
            _reduce_while_decoding(file, target)
        shown = file.tile[0].extents if kind == "gif" else None
        if kind == "webp":
            shown = first_frame(data)
        file.load()
        orientation = _orientation(file)
        colours = _colours(data, kind, file) if png is None else png.colours
        image = normalised(file, Facts(colours, png, shown))
        if frame is not None and frame.canvas != size:
            image, size = _on_canvas(image, frame), frame.canvas
        if orientation in _UPRIGHT:
            image = image.transpose(_UPRIGHT[orientation])
    image.info.clear()
    width, height = size[::-1] if orientation >= _FIRST_SIDEWAYS else size
    return Decoded(image, SourceFacts(kind, width, height))


def _kind(data: bytes, limits: Limits) -> SourceFormat:
    """Return the format of a file.

    Raises:
        ImageRejectedError: The file is too large or of another type.
    """
    if len(data) > limits.max_bytes:
        raise ImageRejectedError(
            "image-too-large", f"the file has {len(data)} bytes, the limit is {limits.max_bytes}"
        )
    kind = sniff(data)
    if kind is None:
        from studio_imaging.naming import named

        raise ImageRejectedError(
            "image-type-unsupported",
            f"the file is {named(data)}, not a JPEG, PNG, WebP, AVIF or GIF image",
        )
    return kind


def _refuse_before_parsing(data: bytes, kind: SourceFormat, limits: Limits) -> None:
    """Refuse a file that would cost its parser too much time or memory."""
    refuse_cut(data, kind)
    refuse_many_parts(data, kind)
    if kind == "webp":
        # Pillow's parser allocates the canvas while it opens the file.
        _check_pixels(_webp_canvas(data), limits)
    if kind == "avif":
        # The decoder allocates the size of each frame, not the size that the container states.
        for size in frame_sizes(data):
            _check_pixels(size, limits)


def _reduce_while_decoding(file: ImageFile.ImageFile, target: Target) -> None:
    """Let a JPEG be decoded at 1/2, 1/4 or 1/8 scale, at least as large as the target."""
    width, height = file.size
    sideways = _orientation(file) >= _FIRST_SIDEWAYS
    if not isinstance(target, tuple):
        target = target(height, width) if sideways else target(width, height)
    file.draft(None, target[::-1] if sideways else target)


@contextmanager
def _parser_errors_as_rejections() -> Iterator[None]:
    """Turn every error of a parser into an ImageRejectedError.

    Warnings about odd metadata are ignored; the warning about decompression bombs is an error.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise ImageRejectedError("image-too-large", "the image has too many pixels") from error
        except PARSER_ERRORS as error:
            if "truncated" in str(error).lower():
                raise ImageRejectedError("image-truncated", "the file stops early") from error
            raise ImageRejectedError("image-unreadable", "the file cannot be decoded") from error


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """Return width and height from a WebP header (RFC 9649: sections 2.5 to 2.7)."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return (
            int.from_bytes(data[24:27], "little") + 1,
            int.from_bytes(data[27:30], "little") + 1,
        )
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return (
        int.from_bytes(data[26:28], "little") & 0x3FFF,
        int.from_bytes(data[28:30], "little") & 0x3FFF,
    )


def _check_pixels(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if max(size) > _LONGEST_SIDE:
        raise ImageRejectedError(
            "image-too-large",
            f"the image is {max(size)} pixels long, the limit is {_LONGEST_SIDE}",
        )
    if width * height > limits.max_pixels:
        raise ImageRejectedError(
            "image-too-large",
            f"the image has {width} x {height} pixels, the limit is {limits.max_pixels}",
        )


def _orientation(file: ImageFile.ImageFile) -> int:
    """Return the EXIF orientation, 1 to 8; 1 if there is none or the EXIF block is broken.

    An orientation in XMP does not count: browsers do not obey it.
    """
    exif = Image.Exif()
    try:
        exif.load(file.info.get("exif", b""))
        value = exif.get(ExifTags.Base.Orientation, 1)
    except PARSER_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _hidden_frame(data: bytes, limits: Limits) -> "HiddenFrame | None":
    """Return the frame that a PNG shows instead of its image.

    Raises:
        ImageRejectedError: The canvas is too large.
    """
    from studio_imaging.png_animation import hidden_frame

    frame = hidden_frame(data)
    if frame is not None:
        _check_pixels(frame.canvas, limits)
    return frame


def _on_canvas(image: Image.Image, frame: "HiddenFrame") -> Image.Image:
    whole = Image.new("RGBA", frame.canvas)
    whole.paste(image, frame.place)
    return whole


def _read_png(data: bytes) -> "PngFile":
    # Imported on first use, as a plugin is.
    from studio_imaging.png_file import read_png

    return read_png(data)


def _colours(data: bytes, kind: SourceFormat, file: ImageFile.ImageFile) -> "tuple[Declared, ...]":
    """Return the description of the colours of a file that is no PNG."""
    profile = file.info.get("icc_profile")
    if profile and kind != "gif":
        return (bytes(profile),)
    if kind == "avif":
        from studio_imaging.avif_colour import avif_colour
        from studio_imaging.colour import space_of_code_points

        colour = avif_colour(data)
        space = space_of_code_points(colour.primaries, colour.transfer)
        return () if space is None else (space,)
    return ()
