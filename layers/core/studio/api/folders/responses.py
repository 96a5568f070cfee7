"""Response shapes of folders."""

from typing import Literal

from typing_extensions import TypedDict

from studio.api.http.responses import Page
from studio.domain.folders.model import FolderState


class FolderCounts(TypedDict):
    """How many sources a folder has: all, with a result, with failures only, without a result."""

    sources: int
    done: int
    failed: int
    to_do: int


class Folder(TypedDict):
    """A folder. ``thumbnail_url`` is signed and valid for at least ten minutes."""

    sku: str
    name: str
    state: FolderState
    counts: FolderCounts
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


class Pair(TypedDict):
    """A source image and its result. The URLs are signed and valid for at least ten minutes.

    ``thumbnail_url`` shows the result, or the source while there is no result.
    """

    input_asset_id: str
    input_name: str
    input_url: str
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
    """A page of pairs, oldest source first."""

    data: list[Pair]
    page: Page
