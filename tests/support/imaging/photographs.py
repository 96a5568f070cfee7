"""Real photographs, read out of packages that are not installed.

requirements-photos.txt names wheels, and requirements-portraits.txt a source distribution.

They are other people's pictures under licences of their own, so none is kept in this repository.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from tarfile import TarFile
from typing import Final
from zipfile import ZipFile

from PIL import Image

FOLDER: Final = Path(__file__).parents[3] / ".local" / "photos"


@cache
def photograph_bytes(package: str, path: str) -> bytes:
    """Return a file of a wheel or of a source distribution.

    Raises:
        LookupError: the package or the file is not there; `make test` downloads the package.
    """
    archives = sorted([*FOLDER.glob(f"{package}-*.whl"), *FOLDER.glob(f"{package}-*.tar.gz")])
    if not archives:
        raise LookupError(f"{FOLDER} has no archive of {package}: `make test` downloads it")
    if archives[-1].suffix == ".whl":
        with ZipFile(archives[-1]) as wheel:
            return wheel.read(path)
    with TarFile.open(archives[-1]) as source:
        member = source.extractfile(path)
        if member is None:
            raise LookupError(f"{path} of {package} is not a file")
        return member.read()


def photograph(package: str, path: str, side: int | None = None) -> Image.Image:
    """Return a photograph as RGB or RGBA, shrunk to ``side`` pixels where it is larger."""
    with Image.open(BytesIO(photograph_bytes(package, path))) as file:
        if side is not None:
            file.draft("RGB", (side, side))
        picture = file.convert("RGBA" if file.mode in {"RGBA", "LA", "P"} else "RGB")
    if side is not None and max(picture.size) > side:
        picture.thumbnail((side, side), reducing_gap=2.0)
    return picture
