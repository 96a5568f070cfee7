"""Response shapes of folders."""

from typing import Literal

from typing_extensions import TypedDict

from studio.api.http.responses import Page
from studio.domain.folders.model import FolderState


class FolderCounts(TypedDict):
    """Number of sources and results of a folder.

    ``done`` counts sources with a result, and results without a source. ``failed`` counts sources
    with failures only, images without a source that failed, and files that were refused.
    ``to_do`` counts sources without a result.
    """

    sources: int
    done: int
    failed: int
    to_do: int


class Folder(TypedDict):
    """A folder. ``thumbnail_url`` is signed and valid for at least ten minutes.

    ``refused_files`` counts the files for it that are in quarantine.
    """

    sku: str
    name: str
    state: FolderState
    counts: FolderCounts
    refused_files: int
    has_main_image: bool
    main_asset_id: str | None
    thumbnail_url: str | None
    rule: "Rule | None"
    created_at: str


class FolderList(TypedDict):
    """A page of folders, by name."""

    data: list[Folder]
    page: Page


class Rule(TypedDict):
    """The recipe that runs with each new image."""

    recipe_id: str


class Input(TypedDict):
    """The source of a pair.

    ``input_asset_id`` is null for an image that was made without an asset as its source. Then
    ``input_url`` is the address of its source, or null.
    """

    input_asset_id: str | None
    input_name: str | None
    input_url: str | None


class Pair(Input):
    """A source image and its result. URLs of assets are signed and valid for at least ten minutes.

    ``thumbnail_url`` shows the result, or the source while there is no result.
    """

    output_asset_id: str | None
    output_name: str | None
    output_url: str | None
    thumbnail_url: str | None
    input_thumbnail_url: str | None
    status: Literal["pending", "succeeded", "failed"]
    job_id: str | None
    item: int | None
    created_at: str


class PairList(TypedDict):
    """A page of pairs: results without a source first, then the oldest source."""

    data: list[Pair]
    page: Page
