"""Request bodies of downloads."""

from typing import Annotated

from pydantic import Field

from studio.domain.downloads.model import MAX_ASSETS, Files
from studio.domain.downloads.naming import MAX_PATTERN
from studio.services.orders.body import FolderName
from studio.services.orders.reading import Body


class DownloadBody(Body):
    """The files to pack: exactly one of ``asset_ids``, ``job_id`` and ``folder`` selects them.

    ``naming`` is a pattern with these fields: ``index``, ``item``, ``width``, ``height``,
    ``asset_id``, ``job_id``, ``label``, ``title``, ``operation``, ``rendition``, ``platform`` and
    ``date``. Numbers can have a width, such as ``{index:03}``. A slash makes a folder. The file's
    extension is always added. Characters that a file system refuses are replaced, and equal names
    get a number.

    ``files`` selects the images, their ``renditions``, or ``all``: each image, then its
    renditions in the order of their names. The default ``naming`` of images is
    ``{index:03}-{label}``. With renditions it is ``{index:03}-{label}/{rendition}``: a folder for
    each asset, with the image itself as ``image``.
    """

    asset_ids: (
        Annotated[
            list[Annotated[str, Field(max_length=40)]],
            Field(min_length=1, max_length=MAX_ASSETS),
        ]
        | None
    ) = None
    job_id: Annotated[str, Field(max_length=40)] | None = None
    folder: FolderName | None = None
    naming: Annotated[str, Field(min_length=1, max_length=MAX_PATTERN)] | None = None
    files: Files = "image"
