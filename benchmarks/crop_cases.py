"""The labelled set of the smart crop: images with a box that a crop must not cut.

The set has whole photographs, random crops of them, and their subjects on other backgrounds. The
random numbers are seeded, so the images are the same in each run.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, TypeAlias

from PIL import Image, ImageDraw, ImageFilter

from tests.support.imaging.photographs import photograph

Half: TypeAlias = Literal["tune", "report"]
Box: TypeAlias = tuple[float, float, float, float]

# Width / height of the targets, from a story to a wide cover.
RATIOS: Final = (9 / 16, 2 / 3, 4 / 5, 1.0, 16 / 9, 1.91, 3.0)
_LABELS: Final = Path(__file__).parent / "crop_photographs.json"
_SIDE: Final = 480
_JITTERS: Final = 4
_COMPOSITES: Final = 42
_SIZES: Final = ((480, 320), (320, 480), (400, 400), (480, 270), (320, 400))
# A crop that keeps more than this keeps the subject with any method.
_MOST_KEPT: Final = 0.9


@dataclass(frozen=True, slots=True)
class Case:
    """An image and the box of its subject: left, top, right and bottom as fractions."""

    name: str
    kind: str
    picture: Image.Image
    box: Box

    def windows(self) -> Iterator[tuple[float, float]]:
        """Yield width and height of the crops to place in this image, as fractions."""
        own = self.picture.width / self.picture.height
        for ratio in RATIOS:
            width, height = min(1.0, ratio / own), min(1.0, own / ratio)
            if min(width, height) <= _MOST_KEPT:
                yield width, height


def score(box: Box, window: Box) -> float:
    """Return the share of the box in a window, divided by the largest possible share."""
    kept = 1.0
    for low, high in ((0, 2), (1, 3)):
        inside = min(box[high], window[high]) - max(box[low], window[low])
        most = min(box[high] - box[low], window[high] - window[low])
        kept *= max(0.0, inside) / most
    return kept


def cases(half: Half) -> Iterator[Case]:
    """Yield the images of one half of the set."""
    labels = json.loads(_LABELS.read_text(encoding="utf-8"))
    photographs = [one for one in labels["photographs"] if one["half"] == half]
    grounds = [one for one in labels["grounds"] if one["half"] == half]
    lot = Random(f"smart crop {half}")  # noqa: S311 - images, not secrets
    for one in photographs:
        picture = photograph(one["package"], one["path"], _SIDE)
        box: Box = (*one["box"],)
        yield Case(one["id"], "photo", picture, box)
        for number in range(_JITTERS):
            yield _jittered(f"{one['id']} {number}", picture, box, lot)
    subjects = [(one["id"], _subject(one)) for one in photographs if "cut" in one]
    for number in range(_COMPOSITES):
        yield _composite(number, subjects, grounds, lot)
    yield from _portraits(half, [one for one in labels["portraits"] if one["half"] == half])


def _portraits(half: Half, portraits: list[dict[str, Any]]) -> Iterator[Case]:
    """Yield portraits, whole and in random crops; they leave the other images as they were."""
    lot = Random(f"portraits {half}")  # noqa: S311 - images, not secrets
    for one in portraits:
        picture = photograph(one["package"], one["path"])
        if "part" in one:
            picture = picture.crop(_pixels((*one["part"],), picture))
        picture.thumbnail((_SIDE, _SIDE))
        box: Box = (*one["box"],)
        yield Case(one["id"], "portrait", picture, box)
        for number in range(_JITTERS):
            cut = _jittered(f"{one['id']} {number}", picture, box, lot)
            yield replace(cut, kind="portrait")


def _pixels(box: Box, picture: Image.Image) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return (
        round(left * picture.width),
        round(top * picture.height),
        round(right * picture.width),
        round(bottom * picture.height),
    )


def _jittered(name: str, picture: Image.Image, box: Box, lot: Random) -> Case:
    """Return a random crop of an image that holds the subject."""
    left, top = lot.uniform(0, box[0]), lot.uniform(0, box[1])
    right, bottom = lot.uniform(box[2], 1), lot.uniform(box[3], 1)
    width, height = right - left, bottom - top
    pixels = _pixels((left, top, right, bottom), picture)
    inner = (
        (box[0] - left) / width,
        (box[1] - top) / height,
        (box[2] - left) / width,
        (box[3] - top) / height,
    )
    return Case(name, "jittered", picture.crop(pixels), inner)


def _subject(one: dict[str, Any]) -> Image.Image:
    """Return the subject of a photograph, with alpha."""
    picture = photograph(one["package"], one["path"], _SIDE)
    found = picture.crop(_pixels((*one["box"],), picture))
    if one["cut"] == "ellipse":
        mask = Image.new("L", found.size, 0)
        ImageDraw.Draw(mask).ellipse((2, 2, found.width - 3, found.height - 3), fill=255)
        found.putalpha(mask.filter(ImageFilter.GaussianBlur(2)))
    return found


def _composite(
    number: int,
    subjects: list[tuple[str, Image.Image]],
    grounds: list[dict[str, Any]],
    lot: Random,
) -> Case:
    """Return one subject, or two next to each other, at a random place on a background."""
    kind = ("plain", "blurred", "texture")[number % 3]
    size = lot.choice(_SIZES)
    ground = _ground(kind, size, grounds, lot)
    share = lot.uniform(0.18, 0.55)
    chosen = lot.sample(subjects, 2 if number % 7 == 0 else 1)
    parts = [_fitted(subject, round(share * min(size))) for _, subject in chosen]
    gap = round(0.04 * min(size))
    width = sum(part.width for part in parts) + gap * (len(parts) - 1)
    height = max(part.height for part in parts)
    left = lot.randint(0, max(0, size[0] - width))
    top = lot.randint(0, max(0, size[1] - height))
    at = left
    for part in parts:
        ground.paste(part, (at, top), part)
        at += part.width + gap
    box = (
        left / size[0],
        top / size[1],
        min(1.0, (left + width) / size[0]),
        min(1.0, (top + height) / size[1]),
    )
    return Case(f"{' and '.join(name for name, _ in chosen)} {number}", kind, ground, box)


def _fitted(subject: Image.Image, side: int) -> Image.Image:
    part = subject.copy()
    part.thumbnail((side, side))
    return part


def _ground(
    kind: str, size: tuple[int, int], grounds: list[dict[str, Any]], lot: Random
) -> Image.Image:
    if kind == "plain":
        colours = [tuple(lot.randrange(256) for _ in range(3)) for _ in range(2)]
        shade = Image.linear_gradient("L").resize(size)
        light = shade.point(lambda value: value // 5)
        return Image.composite(
            Image.new("RGB", size, colours[0]), Image.new("RGB", size, colours[1]), light
        )
    one = lot.choice([one for one in grounds if one["kind"] == kind])
    picture = photograph(one["package"], one["path"], _SIDE).convert("RGB")
    if kind == "blurred":
        return picture.resize(size).filter(ImageFilter.GaussianBlur(14))
    scale = max(1.0, max(size) / min(picture.size))
    wide = picture.resize((round(picture.width * scale) + 1, round(picture.height * scale) + 1))
    left = lot.randint(0, wide.width - size[0])
    top = lot.randint(0, wide.height - size[1])
    return wide.crop((left, top, left + size[0], top + size[1]))
