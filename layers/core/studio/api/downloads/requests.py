"""Request bodies of downloads."""

from typing import Annotated

from pydantic import Field

from studio.domain.downloads.model import MAX_ASSETS, Files
from studio.domain.downloads.naming import MAX_PATTERN
from studio.services.orders.body import FolderName
from studio.services.orders.reading import Body


class DownloadBody(Body):
    """What to pack: ``asset_ids``, or the results of ``job_id`` or of ``folder``; one of them.

    ``naming`` is a pattern with the fields ``index``, ``item``, ``width``, ``height`` (which take
    a width of their own, such as ``{index:03}``), ``asset_id``, ``job_id``, ``label``, ``title``,
    ``operation``, ``rendition``, ``platform`` and ``date``. A slash makes a folder; the ending is
    always added. What a system would not take as a name is changed, and a name that is taken gets
    a number.

    ``files`` are the pictures, their ``renditions``, or ``all``: each picture, then what was made
    of it in the order of their names. Without ``naming`` pictures are named
    ``{index:03}-{label}``; with other files beside or instead of them,
    ``{index:03}-{label}/{rendition}``: a folder for each asset, wherein the picture itself is named
    ``image``.
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
