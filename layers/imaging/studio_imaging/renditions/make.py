"""Make all files that are wanted of one picture: one decode, shared scaling, both cores."""

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

# Thousandth of a pixel: what a fraction loses on its way.
_FUZZ: Final = 1e-3
# No photograph has so few.
_COLOURS_OF_GRAPHICS: Final = 256

MOST_PIXELS: Final = 160_000_000
"""All files of one picture together, which bounds the time and the bytes that they take: the
largest picture and, twice over almost, all formats of all platforms (75 million)."""


@dataclass(frozen=True, slots=True)
class Made:
    """One rendition, or why there is none.

    Attributes:
        rendition: What was asked for.
        image: The file; None when it could not be made within its rules.
        quality: What the file has; less than was asked for only to keep to its bytes.
        chroma_kept: False where colour was given up for its bytes: fewer samples, or a palette.
        encodes: How many files were made to find it; 0 where it is the same as another one.
        window: Left, top, right, bottom of what is shown, as fractions of the upright source.
        enlarged: Pixels of the file to one of the source; over 1 where pixels were invented.
        focus: The caller's point, or the one found.
        focus_in_safe: Whether that lies in the safe part of the file.
        problem: ``byte-limit``, ``too-large-for-format`` (a side) or ``too-many-pixels`` (of its
            own, or with those before it more than ``MOST_PIXELS``); None where there is a file.
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
    """All renditions in their order, a thumbnail of the first, and facts of the source.

    The thumbnail shows the whole source where the first rendition could not be made.
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
    """Decode a picture once and make every rendition of it.

    Args:
        data: The source, a whole file.
        renditions: What to make.
        threads: How many renditions to work on at a time; more than one pays on as many cores.
        limits: Largest source accepted.

    Raises:
        ImageRejectedError: the source is too large, of another type, or broken.
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
    # Held on to, the whole decode would stay in memory beside what it was reduced to.
    del decoded
    plans = _plans(source, renditions, placements, sizes)
    files = make_files(plans, threads)
    return Set(
        made=tuple(_reports(renditions, sizes, placements, plans, files)),
        thumbnail=_thumbnail(plans, files) or thumbnail_of(source.largest),
        source=facts,
    )


def _typed(renditions: Sequence[Rendition], image: Image.Image) -> Sequence[Rendition]:
    """Give every rendition the format that suits the picture."""
    if not any(rendition.for_graphics for rendition in renditions) or not _is_graphic(image):
        return renditions
    return [
        replace(rendition, format=rendition.for_graphics or rendition.format)
        for rendition in renditions
    ]


def _is_graphic(image: Image.Image) -> bool:
    return image.mode == "RGBA" or image.getcolors(_COLOURS_OF_GRAPHICS) is not None


def _sizes(renditions: Sequence[Rendition], source: tuple[int, int]) -> list[Size]:
    """The sizes of all files; those are a problem that would be too much with the ones before."""
    sizes: list[Size] = []
    pixels = 0
    for size in (size_of(rendition, source) for rendition in renditions):
        own = size.width * size.height if size.problem is None else 0
        over = pixels + own > MOST_PIXELS
        sizes.append(replace(size, problem="too-many-pixels") if over else size)
        pixels += 0 if over else own
    return sizes


def _scales(renditions: Sequence[Rendition], source: tuple[int, int]) -> list[float]:
    """The scales at which the source is needed, that of the thumbnail where it is made of it."""
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
    """Find for each rendition that can be made where its pixels come from."""
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
    """Report a file; tries are counted for the first of those that share it."""
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
