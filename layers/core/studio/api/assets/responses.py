"""Response shapes of assets."""

from typing_extensions import TypedDict

from studio.api.http.responses import Cost, File, Page
from studio.domain.assets.model import AssetKind, SourceType


class AssetLinks(TypedDict):
    """Paths of an asset's files."""

    content: str
    thumbnail: str
    renditions: str


class Asset(File):
    """A finished file. ``recipe`` lists the settings that made it.

    ``job_id``, ``item`` and ``cost`` are null for an uploaded image. ``folder`` is the folder that
    the file was made or uploaded for. ``creator`` and ``copyright`` are what an uploaded file
    states, and what ``output.keep_rights`` kept of the sources. ``thumbnail_url`` is
    signed and valid for at least ten minutes.
    """

    id: str
    kind: AssetKind
    operation: str
    job_id: str | None
    item: int | None
    folder: str | None
    label: str | None
    title: str | None
    thumbnail: File
    thumbnail_url: str
    cost: Cost | None
    recipe: dict[str, str | int | None]
    source_type: SourceType | None
    signed_by: str | None
    creator: str | None
    copyright: str | None
    created_at: str
    links: AssetLinks


class AssetList(TypedDict):
    """A page of assets, newest first."""

    data: list[Asset]
    page: Page
