"""All renditions of one image: one decode, shared scaling and several threads."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

from studio_imaging.decode import DEFAULT_LIMITS, Limits, SourceFacts, decode
from studio_imaging.encode import EncodedImage
from studio_imaging.renditions.bytes_limit import Written
from studio_imaging.renditions.crop import Focus, Placement, Window, place
from studio_imaging.renditions.files import File, Key, Plan, common_ground, make_files
from studio_imaging.renditions.plan import Problem, Rendition, Size, size_of
from studio_imaging.renditions.scale import Sheet, Source, cut
from studio_imaging.thumbnail import SIDE, thumbnail_of

# Rounding error of a fraction, in pixels.
_FUZZ: Final = 1e-3
# A photograph has more colours.
_COLOURS_OF_GRAPHICS: Final = 256

MOST_PIXELS: Final = 160_000_000
"""The most pixels of all files of one image together, which limits time and bytes.

All formats of all platforms have 75 million pixels.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """The result of one rendition.

    Attributes:
        rendition: The rendition.
        image: The file; None if there is a problem.
        quality: Quality of the file; lower than requested only to meet the byte limit.
        chroma_kept: False if the file has fewer colour samples or a palette to save bytes.
        encodes: How many files were encoded to find it; 0 if another rendition has the same file.
        window: Left, top, right, bottom of the visible part, as fractions of the upright source.
        enlarged: Pixels of the file for one pixel of the source; over 1 for an enlarged image.
        focus: The point to keep in view.
        focus_in_safe: Whether the point is in the safe part of the file.
        problem: ``byte-limit``, ``too-large-for-format`` (a side) or ``too-many-pixels`` (alone, or
            with the renditions before more than ``MOST_PIXELS``); None if there is a file.
    """

    rendition: Rendition
    image: EncodedImage | None
    quality: int
    chroma_kept: bool
    encodes: int
    window: Window
    enlarged: float
    focus: Focus
    focus_in_safe: bool
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Set:
    """The results in the order of the renditions, a thumbnail, and the facts of the source.

    The thumbnail shows the first rendition, or the whole source if that one has a problem.
    """

    made: tuple[Made, ...]
    thumbnail: EncodedImage
    source: SourceFacts


def make(
    data: bytes,
    renditions: Sequence[Rendition],
    *,
    threads: int = 1,
    limits: Limits = DEFAULT_LIMITS,
) -> Set:
    """Return all renditions of an image, made from one decode.

    Args:
        data: The source, a whole file.
        renditions: The renditions to make.
        threads: How many files to work on at a time.
        limits: The largest source to accept.

    Raises:
        ImageRejectedError: The source is too large, of another type, or broken.
    """

    def needed(width: int, height: int) -> tuple[int, int]:
        scale = max(_scales(renditions, (width, height)))
        return math.ceil(width * scale - _FUZZ), math.ceil(height * scale - _FUZZ)

    decoded = decode(data, limits, target=needed)
    facts = decoded.source
    upright = facts.width, facts.height
    renditions = _typed(renditions, decoded.image)
    placements = _placements(renditions, decoded.image, upright)
    ground = common_ground(renditions)
    sizes = _sizes(renditions, upright)
    source = Source(decoded.image, upright, _scales(renditions, upright), ground)
    # Frees the full-size pixels; the source holds a reduced copy.
    del decoded
    plans = _plans(source, renditions, placements, sizes)
    files = make_files(plans, threads)
    return Set(
        made=tuple(_reports(renditions, sizes, placements, plans, files)),
        thumbnail=_thumbnail(plans, files) or thumbnail_of(source.largest),
        source=facts,
    )


def _typed(renditions: Sequence[Rendition], image: Image.Image) -> Sequence[Rendition]:
    """Return the renditions with the format that suits the image."""
    if not any(rendition.for_graphics for rendition in renditions) or not _is_graphic(image):
        return renditions
    return [
        replace(rendition, format=rendition.for_graphics or rendition.format)
        for rendition in renditions
    ]


def _is_graphic(image: Image.Image) -> bool:
    return image.mode == "RGBA" or image.getcolors(_COLOURS_OF_GRAPHICS) is not None


def _sizes(renditions: Sequence[Rendition], source: tuple[int, int]) -> list[Size]:
    """Return the sizes of all files; a file that passes ``MOST_PIXELS`` gets a problem."""
    sizes: list[Size] = []
    pixels = 0
    for size in (size_of(rendition, source) for rendition in renditions):
        own = size.width * size.height if size.problem is None else 0
        over = pixels + own > MOST_PIXELS
        sizes.append(replace(size, problem="too-many-pixels") if over else size)
        pixels += 0 if over else own
    return sizes


def _scales(renditions: Sequence[Rendition], source: tuple[int, int]) -> list[float]:
    """Return the scales of the source for all files, and for a thumbnail of the source."""
    sizes = _sizes(renditions, source)
    scales = [size.scale for size in sizes if size.problem is None]
    if not sizes or sizes[0].problem is not None:
        scales.append(min(1.0, SIDE / max(source)))
    return scales


def _placements(
    renditions: Sequence[Rendition], image: Image.Image, source: tuple[int, int]
) -> list[Placement]:
    attention = None
    if any(rendition.focus == "smart" for rendition in renditions):
        from studio_imaging.attention import Attention

        attention = Attention(image)
    return [
        place(rendition, size_of(rendition, source), source, attention) for rendition in renditions
    ]


def _plans(
    source: Source,
    renditions: Sequence[Rendition],
    placements: Sequence[Placement],
    sizes: Sequence[Size],
) -> list[Plan | None]:
    """Return the plan of each rendition; None for a rendition with a problem."""
    sheets: list[Sheet] = []
    plans: list[Plan | None] = [None] * len(renditions)
    largest_first = sorted(range(len(renditions)), key=lambda number: -sizes[number].pixels)
    for number in largest_first:
        rendition, size, placement = renditions[number], sizes[number], placements[number]
        if size.problem is None:
            plans[number] = Plan(
                rendition, size, placement, cut(sheets, source, placement.window, size)
            )
    return plans


def _thumbnail(plans: Sequence[Plan | None], files: Mapping[Key, File]) -> EncodedImage | None:
    """Return the thumbnail of the first rendition; None where that one cannot be made."""
    return files[plans[0].key].thumbnail if plans and plans[0] else None


def _reports(
    renditions: Sequence[Rendition],
    sizes: Sequence[Size],
    placements: Sequence[Placement],
    plans: Sequence[Plan | None],
    files: Mapping[Key, File],
) -> Iterator[Made]:
    """Yield the result of each rendition; only the first of equal files counts its encodes."""
    counted: set[Key] = set()
    for rendition, size, placement, plan in zip(renditions, sizes, placements, plans, strict=True):
        if plan is None:
            yield _unmade(rendition, size, placement)
        else:
            yield _made(plan, files[plan.key].written, first=plan.key not in counted)
            counted.add(plan.key)


def _made(plan: Plan, written: Written, *, first: bool) -> Made:
    """Return the result of a rendition with a file or too many bytes."""
    return Made(
        rendition=plan.rendition,
        image=written.image,
        quality=written.quality,
        chroma_kept=written.chroma_kept,
        encodes=written.encodes if first else 0,
        window=plan.cut.window,
        enlarged=plan.size.scale,
        focus=plan.placement.focus,
        focus_in_safe=plan.placement.focus_in_safe,
        problem=None if written.image else "byte-limit",
    )


def _unmade(rendition: Rendition, size: Size, placement: Placement) -> Made:
    """Return the result of a rendition with a problem of its size."""
    return Made(
        rendition=rendition,
        image=None,
        quality=rendition.quality,
        chroma_kept=True,
        encodes=0,
        window=placement.window,
        enlarged=size.scale,
        focus=placement.focus,
        focus_in_safe=placement.focus_in_safe,
        problem=size.problem,
    )
