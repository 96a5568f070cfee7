"""G1, G1b, G1c, G2, G12: the essentials set of one image compared with other ways to make it.

All ways make the set in turn, round after round, so that a busy machine slows all of them.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from statistics import mean, median
from tempfile import NamedTemporaryFile
from typing import Final

from PIL import Image

from benchmarks.contenders import ALONE, QUALITY, SIZES, WAYS, Way
from benchmarks.measure import Figure, Ratio, ratio, seconds
from benchmarks.pictures import collage, photo_like, sources
from studio_imaging.encode import encode
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.bytes_limit import write
from studio_imaging.renditions.make import make
from studio_imaging.renditions.plan import Rendition
from tests.support.imaging.reference import luma, resampled, ssim

ROUNDS = 5
# Ratios to the plain loop for each source: one thread, two threads.
LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "1024 JPEG": (0.50, 0.35), "1024 PNG": (0.32, 0.24),
    "4096 JPEG": (0.14, 0.11), "4096 PNG": (0.13, 0.12),
}  # fmt: skip
WEBP_LIMIT = 0.50
THUMBNAIL_LIMITS = (0.25, 0.15)
LEAST_SSIM = 0.98
MOST_BYTES = 1.05
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one way in one round: wall clock, and processor time of all cores."""

    wall: float
    cpu: float


def measure() -> list[Figure]:
    """Measure all figures, source by source."""
    figures: list[Figure] = []
    for name, data in sources():
        print(f"  {name} ...", file=sys.stderr, flush=True)
        figures += _set(name, data)
        figures += _quality(name, data)
        figures += _memory(name, data)
        if name.startswith("1024 JPEG"):
            figures += _webp(name, data)
        if name.startswith("4096 JPEG"):
            figures += _thumbnail(name, data)
    return [*figures, *_searches()]


def _set(name: str, data: bytes) -> Iterator[Figure]:
    rounds = _rounds(WAYS, data, "jpg")
    one, two = LIMITS[name.partition(",")[0]]
    limits = {"ours": ("G1", one), "ours, 2 threads": ("G1b", two)}
    for way, (goal, limit) in limits.items():
        found = _ratio(rounds, way, "plain loop")
        wall = median(took.wall for took in rounds[way])
        cpu = _cpu(rounds, way, "plain loop")
        yield Figure(
            goal, f"{name}: {way} / plain loop", found.median, limit,
            note=f"{1000 * wall:.0f} ms; CPU {cpu:.3f}; {found.spread}",
        )  # fmt: skip
    for way in WAYS:
        if way not in {*limits, "plain loop"}:
            found = _ratio(rounds, "ours", way)
            cpu = _cpu(rounds, "ours", way)
            yield Figure(
                "G1", f"{name}: ours / {way}", found.median, note=f"CPU {cpu:.2f}; {found.spread}"
            )
    floor = ratio(ROUNDS, _encoding(data), partial(seconds, partial(WAYS["ours"], data, "jpg")))
    yield Figure(
        "G1", f"{name}: encoding alone / ours", floor.median, note=f"the floor; {floor.spread}"
    )


def _rounds(ways: Mapping[str, Way], data: bytes, output: OutputFormat) -> dict[str, list[Took]]:
    found: dict[str, list[Took]] = {way: [] for way in ways}
    for number in range(ROUNDS):
        # Each round starts with another way.
        order = [*ways][number % len(ways) :] + [*ways][: number % len(ways)]
        for way in order:
            wall, cpu = time.perf_counter(), time.process_time()
            ways[way](data, output)
            found[way].append(Took(time.perf_counter() - wall, time.process_time() - cpu))
    return found


def _ratio(rounds: Mapping[str, list[Took]], measured: str, reference: str) -> Ratio:
    return Ratio(
        tuple(
            above.wall / below.wall
            for above, below in zip(rounds[measured], rounds[reference], strict=True)
        )
    )


def _cpu(rounds: Mapping[str, list[Took]], measured: str, reference: str) -> float:
    """Return the median ratio of processor time, which other processes hardly change."""
    return median(
        above.cpu / below.cpu
        for above, below in zip(rounds[measured], rounds[reference], strict=True)
    )


def _encoding(data: bytes) -> partial[float]:
    """Return a measurement of the encoding of the finished images and the thumbnail alone."""
    orders = [
        Rendition(str(number), "png", 1, width, height)
        for number, (width, height) in enumerate(SIZES[:-1])
    ]
    pictures = [_opened(made.image.data) for made in make(data, orders).made if made.image]
    small = pictures[0].resize((205, 256))

    def all_of_them() -> None:
        for picture in pictures:
            encode(picture, "jpg", QUALITY["jpg"])
        encode(small, "webp", 80)

    return partial(seconds, all_of_them)


def _opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def _quality(name: str, data: bytes) -> Iterator[Figure]:
    """Compare the pixels with a floating-point resampler, and the bytes with the plain loop."""
    orders = [
        Rendition(str(number), "png", 1, width, height)
        for number, (width, height) in enumerate(SIZES[:-1])
    ]
    full = _opened(data)
    likeness = []
    for made in make(data, orders).made:
        if made.image is not None:
            found = luma(_opened(made.image.data))
            likeness.append(ssim(found, resampled(full, found.size, made.window)))
    # The goal is a minimum, but the table has only maxima.
    yield Figure(
        "G1", f"{name}: 1 - least SSIM of the set", 1 - min(likeness), 1 - LEAST_SSIM,
        note=f"SSIM {min(likeness):.4f} to {max(likeness):.4f}",
    )  # fmt: skip
    ours, plain = (sum(map(len, WAYS[way](data, "jpg"))) for way in ("ours", "plain loop"))
    yield Figure("G1", f"{name}: bytes, ours / plain loop", ours / plain, MOST_BYTES)


def _webp(name: str, data: bytes) -> Iterator[Figure]:
    ways = {way: WAYS[way] for way in ("ours", "plain loop")}
    found = _ratio(_rounds(ways, data, "webp"), "ours", "plain loop")
    yield Figure(
        "G1c", f"{name}: WebP, ours / plain loop", found.median, WEBP_LIMIT, note=found.spread
    )


def _thumbnail(name: str, data: bytes) -> Iterator[Figure]:
    ways = {way: ALONE[way] for way in ("thumbnail", "plain thumbnail")}
    found = _ratio(_rounds(ways, data, "webp"), "thumbnail", "plain thumbnail")
    yield Figure(
        "G2", f"{name}: thumbnail, time, ours / plain", found.median, THUMBNAIL_LIMITS[0],
        note=found.spread,
    )  # fmt: skip
    with _on_disk(data) as path:
        nothing, ours, plain = (_peak(way, path) for way in ("nothing", *ways))
    yield Figure(
        "G2", f"{name}: thumbnail, memory, ours / plain",
        (ours - nothing) / (plain - nothing), THUMBNAIL_LIMITS[1],
        note=f"{(ours - nothing) / MEGABYTE:.0f} and {(plain - nothing) / MEGABYTE:.0f} MB",
    )  # fmt: skip


def _memory(name: str, data: bytes) -> Iterator[Figure]:
    width, height = _opened(data).size
    with _on_disk(data) as path:
        nothing = _peak("nothing", path)
        peaks = {way: _peak(way, path) for way in WAYS}
    others = ", ".join(f"{way} {(peak - nothing) / MEGABYTE:.0f}" for way, peak in peaks.items())
    yield Figure(
        "G12", f"{name}: peak of the process", peaks["ours"] / MEGABYTE,
        60 + 8 * width * height / MEGABYTE, "MB", f"above the idle process, MB: {others}",
    )  # fmt: skip
    # Pillow stores an RGB pixel in four bytes.
    yield Figure(
        "G12", f"{name}: memory taken / the decoded source",
        (peaks["ours"] - nothing) / (4 * width * height),
    )  # fmt: skip


@contextmanager
def _on_disk(data: bytes) -> Iterator[str]:
    """Yield the path of a temporary file for another process."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        yield file.name


def _peak(way: str, path: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.contenders", way, "jpg", path],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return int(done.stdout)


def _searches() -> Iterator[Figure]:
    """Count the encodes for 20 byte limits, from nearly met to hardly possible."""
    pictures = [
        photo_like(512),
        collage(1024).crop((0, 0, 640, 500)),
        collage(1024).resize((512,) * 2),
    ]
    formats: tuple[OutputFormat, ...] = ("jpg", "webp", "avif")
    for output in formats:
        tries = []
        for picture in pictures:
            most, least = (len(encode(picture, output, quality).data) for quality in (95, 30))
            for step in range(20):
                limit = round(least + (most - least) * step / 20)
                order = Rendition("one", output, 95, max_bytes=limit)
                tries.append(write(picture, order).encodes)
        yield Figure(
            "G1", f"{output} under a limit that it does not meet at once: encodes, mean",
            mean(tries), None, "encodes", f"worst {max(tries)} of {len(tries)} limits",
        )  # fmt: skip
