"""Request bodies of uploads."""

from typing import Annotated

from pydantic import Field

from studio.services.orders.body import FolderName
from studio.services.orders.reading import Body


class UploadBody(Body):
    """A file to upload: its name, type, exact size, and its SHA-256 if it is known.

    The form accepts a file of exactly ``bytes`` bytes. ``sha256`` only finds an image that the
    studio has already. The uploaded bytes are not compared with it.
    """

    filename: Annotated[str, Field(min_length=1, max_length=300)]
    media_type: Annotated[str, Field(min_length=1, max_length=100, examples=["image/jpeg"])]
    bytes: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    folder: FolderName | None = None
