"""Ways to make the same files of one image: the studio's, a plain Pillow loop, and libvips.

All of them crop from the centre, use the same quality and colour sampling, and also make the
thumbnail. ``python -m benchmarks.contenders WAY FORMAT FILE`` makes the files once and prints the
peak memory in bytes.
"""

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final, cast

from PIL import Image, ImageOps

from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.make import make
from studio_imaging.renditions.plan import Rendition

# By default libvips starts a thread for each core. It reads this variable when it is loaded.
os.environ.setdefault("VIPS_CONCURRENCY", "1")

Way = Callable[[bytes, OutputFormat], list[bytes]]

# The set `essentials`: portrait, story, landscape, X, LinkedIn, Pinterest, YouTube, TikTok.
SIZES: Final = (
    (1080, 1350), (1080, 1920), (1200, 630), (1600, 900),
    (1200, 627), (1000, 1500), (1280, 720), (1080, 1920),
)  # fmt: skip
THUMBNAIL: Final = 256
QUALITY: Final[dict[OutputFormat, int]] = {"jpg": 85, "webp": 80}
# Pillow's defaults. The studio's own WebP settings are part of the measurement.
_PLAIN: Final[dict[OutputFormat, str]] = {"jpg": "JPEG", "webp": "WEBP"}


def planned(data: bytes, output: OutputFormat, threads: int = 1) -> list[bytes]:
    """Return the studio's files."""
    orders = [
        Rendition(str(number), output, QUALITY[output], width, height)
        for number, (width, height) in enumerate(SIZES)
    ]
    done = make(data, orders, threads=threads)
    return [made.image.data for made in done.made if made.image] + [done.thumbnail.data]


def two_threads(data: bytes, output: OutputFormat) -> list[bytes]:
    """Return the studio's files, made on two cores."""
    return planned(data, output, threads=2)


def plain(data: bytes, output: OutputFormat) -> list[bytes]:
    """Return the files of the simplest loop: open, scale, crop and save for each file."""
    files = [_plain_one(data, size, output, QUALITY[output]) for size in SIZES]
    return [*files, plain_thumbnail(data)]


def plain_thumbnail(data: bytes) -> bytes:
    """Return the thumbnail of the simplest loop: open, convert, scale, save."""
    return _plain_one(data, (THUMBNAIL, THUMBNAIL), "webp", 80)


def _plain_one(data: bytes, size: tuple[int, int], output: OutputFormat, quality: int) -> bytes:
    picture = Image.open(BytesIO(data)).convert("RGB")
    scale = max(size[0] / picture.width, size[1] / picture.height)
    whole = (
        max(size[0], round(picture.width * scale)),
        max(size[1], round(picture.height * scale)),
    )
    picture = picture.resize(whole, Image.Resampling.LANCZOS)
    left, top = (whole[0] - size[0]) // 2, (whole[1] - size[1]) // 2
    picture = picture.crop((left, top, left + size[0], top + size[1]))
    file = BytesIO()
    picture.save(file, _PLAIN[output], quality=quality)
    return file.getvalue()


def opened_once(data: bytes, output: OutputFormat) -> list[bytes]:
    """Return the files of a loop with one decode and Pillow's ``ImageOps.fit``."""
    source = Image.open(BytesIO(data)).convert("RGB")
    files = []
    for size in (*SIZES, (THUMBNAIL, THUMBNAIL)):
        picture = ImageOps.fit(source, size, Image.Resampling.LANCZOS)
        file = BytesIO()
        picture.save(file, _PLAIN[output], quality=QUALITY[output])
        files.append(file.getvalue())
    return files


def vips_each(data: bytes, output: OutputFormat) -> list[bytes]:
    """Return files of libvips as in its manual: a thumbnail operation on the source for each."""
    import pyvips

    return [
        _vips_file(pyvips.Image.thumbnail_buffer(data, width, height=height, crop="centre"), output)
        for width, height in (*SIZES, (THUMBNAIL, THUMBNAIL))
    ]


def vips_once(data: bytes, output: OutputFormat) -> list[bytes]:
    """Return files of libvips from one decode in memory."""
    import pyvips

    source = pyvips.Image.new_from_buffer(data, "").copy_memory()
    return [
        _vips_file(source.thumbnail_image(width, height=height, crop="centre"), output)
        for width, height in (*SIZES, (THUMBNAIL, THUMBNAIL))
    ]


def _vips_file(picture: object, output: OutputFormat) -> bytes:
    save = picture.write_to_buffer  # type: ignore[attr-defined]
    if output == "jpg":
        return cast("bytes", save(".jpg", Q=QUALITY["jpg"], subsample_mode="on", keep="none"))
    return cast("bytes", save(".webp", Q=QUALITY["webp"], effort=2, keep="none"))


def small(data: bytes, output: OutputFormat) -> list[bytes]:
    """Return the studio's thumbnail alone."""
    del output
    return [make(data, []).thumbnail.data]


def plain_small(data: bytes, output: OutputFormat) -> list[bytes]:
    """Return the loop's thumbnail alone."""
    del output
    return [plain_thumbnail(data)]


def nothing(data: bytes, output: OutputFormat) -> list[bytes]:
    """Return the file itself, which measures the memory of an idle process."""
    del output
    return [data]


WAYS: Final[dict[str, Way]] = {
    "ours": planned,
    "ours, 2 threads": two_threads,
    "plain loop": plain,
    "one decode and ImageOps.fit": opened_once,
    **({"libvips": vips_each, "libvips, one decode": vips_once} if find_spec("pyvips") else {}),
}
ALONE: Final[dict[str, Way]] = {
    "thumbnail": small, "plain thumbnail": plain_small, "nothing": nothing,
}  # fmt: skip


def _peak() -> int:
    """Return the peak memory of this process in bytes (Linux)."""
    (line,) = (
        line
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        if line.startswith("VmHWM")
    )
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    way, wanted, path = sys.argv[1:]
    (WAYS | ALONE)[way](Path(path).read_bytes(), cast("OutputFormat", wanted))
    print(_peak())
