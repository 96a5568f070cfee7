"""Response shapes of assets."""

from studio.api.http.responses import Answer, Cost, File, Page
from studio.domain.assets.model import AssetKind, SourceType


class AssetLinks(Answer):
    """Paths of an asset's files."""

    content: str
    thumbnail: str
    renditions: str


class Asset(File):
    """A picture; ``recipe`` is everything that made it. An uploaded one has no job or cost."""

    id: str
    kind: AssetKind
    operation: str
    job_id: str | None
    item: int | None
    label: str | None
    title: str | None
    thumbnail: File
    cost: Cost | None
    recipe: dict[str, str | int | None]
    source_type: SourceType | None
    signed_by: str | None
    created_at: str
    links: AssetLinks


class AssetList(Answer):
    """A page of assets."""

    data: list[Asset]
    page: Page
