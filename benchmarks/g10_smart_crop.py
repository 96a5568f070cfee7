"""G10: how many subjects the smart crop keeps compared with other methods, and its share of time.

The images are the half of the labelled set that was not used for tuning (crop_cases.py). The
benchmark names and skips methods that are not installed (requirements-bench.txt).
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from statistics import fmean
from typing import Final, TypeAlias

from PIL import Image

from benchmarks.contenders import QUALITY, SIZES
from benchmarks.crop_cases import Case, cases, score
from benchmarks.measure import Figure, ratio, seconds
from benchmarks.pictures import sources
from studio_imaging.attention import Attention
from studio_imaging.decode import decode
from studio_imaging.renditions.make import make
from studio_imaging.renditions.plan import Rendition

ROUNDS = 9
# A case is lost if its score is below this.
KEPT: Final = 0.9
MOST_LOST: Final = 15.0
MOST_TIME: Final = 0.02

Place: TypeAlias = Callable[[float, float], tuple[float, float]]
Method: TypeAlias = Callable[[Image.Image], Place]


def measure() -> list[Figure]:
    """Score every installed method, then measure the time of the studio's method."""
    found = list(cases("report"))
    methods = _installed()
    scores = {name: _scores(method, found) for name, method in methods.items()}
    figures = [_lost(name, scores[name]) for name in methods]
    figures += _speeds(methods, found)
    return [*figures, *_shares()]


def _installed() -> dict[str, Method]:
    found: dict[str, Method] = {"ours": lambda picture: Attention(picture).place, "centre": _centre}
    if find_spec("smartcrop") and find_spec("numpy"):
        found["PyPI smartcrop"] = _smartcrop
    if find_spec("pyvips"):
        found["libvips attention"] = lambda picture: _libvips(picture, "attention")
        found["libvips entropy"] = lambda picture: _libvips(picture, "entropy")
    for name in ("smartcrop", "pyvips"):
        if not find_spec(name):
            print(f"  {name} is not installed and not compared", file=sys.stderr)
    return found


def _centre(_: Image.Image) -> Place:
    return lambda width, height: ((1 - width) / 2, (1 - height) / 2)


def _smartcrop(picture: Image.Image) -> Place:
    cropper = import_module("smartcrop").SmartCrop()
    flat = picture.convert("RGB")

    def place(width: float, height: float) -> tuple[float, float]:
        size = round(width * flat.width), round(height * flat.height)
        best = cropper.crop(flat, *size)["top_crop"]
        return best["x"] / flat.width, best["y"] / flat.height

    return place


def _libvips(picture: Image.Image, interesting: str) -> Place:
    flat = picture.convert("RGB")
    image = import_module("pyvips").Image.new_from_memory(
        flat.tobytes(), flat.width, flat.height, 3, "uchar"
    )

    def place(width: float, height: float) -> tuple[float, float]:
        size = max(1, round(width * flat.width)), max(1, round(height * flat.height))
        found = image.smartcrop(*size, interesting=interesting)
        return -found.xoffset / flat.width, -found.yoffset / flat.height

    return place


def _scores(method: Method, found: list[Case]) -> dict[str, list[float]]:
    """Return the scores of a method by kind of image."""
    scores: dict[str, list[float]] = {}
    for one in found:
        place = method(one.picture)
        for width, height in one.windows():
            left, top = place(width, height)
            kept = score(one.box, (left, top, left + width, top + height))
            scores.setdefault(one.kind, []).append(kept)
    return scores


def _lost(name: str, scores: dict[str, list[float]]) -> Figure:
    every = [value for kind in scores.values() for value in kind]
    kinds = ", ".join(f"{kind} {_percent_lost(values):.0f} %" for kind, values in scores.items())
    return Figure(
        "G10", f"crops that lose more than a tenth of the subject, {name}", _percent_lost(every),
        MOST_LOST if name == "ours" else None, "%",
        f"of {len(every)}; kept on average {100 * fmean(every):.1f} %; {kinds}",
    )  # fmt: skip


def _percent_lost(scores: list[float]) -> float:
    return 100 * sum(value < KEPT for value in scores) / len(scores)


def _speeds(methods: dict[str, Method], found: list[Case]) -> Iterator[Figure]:
    """Compare the time for all crops of every fifth image with each other method."""
    some = found[::5]
    ours = partial(_scores, methods["ours"], some)
    for name, method in methods.items():
        if name in {"ours", "centre"}:
            continue
        took = ratio(3, partial(seconds, ours), partial(seconds, partial(_scores, method, some)))
        yield Figure(
            "G10", f"time of seven crops an image of 480 pixels, ours / {name}", took.median,
            note=took.spread,
        )  # fmt: skip


def _shares() -> Iterator[Figure]:
    """Compare the time to find eight windows with the time to make the set `essentials`."""
    orders = [
        Rendition(str(number), "jpg", QUALITY["jpg"], width, height)
        for number, (width, height) in enumerate(SIZES)
    ]
    for name, data in sources():
        if "JPEG" not in name:
            continue
        find = partial(_eight, decode(data).image)
        find()
        took = ratio(ROUNDS, partial(seconds, find), partial(seconds, partial(make, data, orders)))
        yield Figure(
            "G10", f"{name}: eight smart windows / making the set", took.median, MOST_TIME,
            note=took.spread,
        )  # fmt: skip


def _eight(picture: Image.Image) -> None:
    attention = Attention(picture)
    own = picture.width / picture.height
    for width, height in SIZES:
        attention.place(min(1.0, width / height / own), min(1.0, own * height / width))
