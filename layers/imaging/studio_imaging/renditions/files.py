"""The files of a set: the pixels of each rendition, finished, and each different file made once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeAlias

from PIL import Image

from studio_imaging.encode import EncodedImage
from studio_imaging.renditions.bytes_limit import Written, write
from studio_imaging.renditions.crop import Placement
from studio_imaging.renditions.plan import Colour, Rendition, Size
from studio_imaging.renditions.scale import Cut, Sheet, flattened
from studio_imaging.thumbnail import thumbnail_of

# Encoders take up to 21 bytes a pixel in addition to the image (AVIF with alpha). Two larger
# files at a time would not fit into 2048 MB.
_LARGEST_IN_PARALLEL: Final = 20_000_000

Key: TypeAlias = tuple[object, ...]
"""All that the bytes of a file depend on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A rendition with everything known but its pixels."""

    rendition: Rendition
    size: Size
    placement: Placement
    cut: Cut

    @property
    def key(self) -> Key:
        """The key of the file; renditions with equal keys share one file."""
        rendition, cut, placement = self.rendition, self.cut, self.placement
        return (
            *(cut.sheet, cut.left, cut.top, self.size, placement.left, placement.top),
            *(rendition.format, rendition.quality, rendition.max_bytes),
            *(rendition.full_colour, rendition.xmp, rendition.flat, rendition.background),
        )


@dataclass(frozen=True, slots=True)
class File:
    """A file and, for the first rendition of a set, the thumbnail of the same image."""

    written: Written
    thumbnail: EncodedImage | None


def make_files(plans: Sequence[Plan | None], threads: int) -> dict[Key, File]:
    """Make each different file once.

    Args:
        plans: One for each rendition; None where it cannot be made.
        threads: How many files to work on at a time.
    """
    jobs = _distinct(plans)
    for plan in jobs:
        plan.cut.sheet.expect()
    first = plans[0].key if plans and plans[0] else None
    with_thumbnail = [plan.key == first for plan in jobs]
    if threads > 1 and len(jobs) > 1 and _fit_in_memory_together(jobs):
        with ThreadPoolExecutor(max_workers=threads) as pool:
            files = list(pool.map(_file, jobs, with_thumbnail))
    else:
        files = list(map(_file, jobs, with_thumbnail))
    return {plan.key: file for plan, file in zip(jobs, files, strict=True)}


def common_ground(renditions: Sequence[Rendition]) -> Colour | None:
    """Return the background that every rendition is flattened on; None where they differ."""
    grounds = {rendition.background if rendition.flat else None for rendition in renditions}
    return grounds.pop() if len(grounds) == 1 else None


def _distinct(plans: Sequence[Plan | None]) -> list[Plan]:
    """Return one plan for each different file.

    The largest files come first, so that no core ends with a long one alone. Files cut from one
    sheet follow each other, so that the sheet's memory is free soon.
    """
    largest_first = sorted((plan for plan in plans if plan), key=lambda plan: -plan.size.pixels)
    by_sheet: dict[Sheet, list[Plan]] = {}
    for plan in {plan.key: plan for plan in largest_first}.values():
        by_sheet.setdefault(plan.cut.sheet, []).append(plan)
    return [plan for of_sheet in by_sheet.values() for plan in of_sheet]


def _fit_in_memory_together(plans: Sequence[Plan]) -> bool:
    return max(plan.size.width * plan.size.height for plan in plans) <= _LARGEST_IN_PARALLEL


def _file(plan: Plan, with_thumbnail: bool) -> File:
    picture = _finished(plan)
    written = write(picture, plan.rendition)
    return File(written, thumbnail_of(picture) if with_thumbnail else None)


def _finished(plan: Plan) -> Image.Image:
    """Return the pixels of a rendition on its background; RGB or RGBA."""
    size, rendition = plan.size, plan.rendition
    shown = size.shown_width, size.shown_height
    picture = plan.cut.sheet.take(plan.cut.left, plan.cut.top, shown)
    if picture.mode == "RGBa":
        picture = picture.convert("RGBA")
    box = size.width, size.height
    if shown != box:
        ground = Image.new("RGB", box, rendition.background)
        at = plan.placement.left, plan.placement.top
        ground.paste(picture, at, picture if picture.mode == "RGBA" else None)
        return ground
    return flattened(picture, rendition.background) if rendition.flat else picture
