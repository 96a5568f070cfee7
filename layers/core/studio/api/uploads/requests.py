"""Request bodies of uploads."""

from typing import Annotated

from pydantic import Field

from studio.services.orders.body import FolderName
from studio.services.orders.reading import Body


class UploadBody(Body):
    """A file to be sent: its name, type, exact size, and its SHA-256 if it is known.

    The form takes a file of exactly so many ``bytes``. ``sha256`` only serves to recognise a file
    that is a picture already; what is sent is not compared with it.
    """

    filename: Annotated[str, Field(min_length=1, max_length=300)]
    media_type: Annotated[str, Field(min_length=1, max_length=100, examples=["image/jpeg"])]
    bytes: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    folder: FolderName | None = None
