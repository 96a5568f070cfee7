"""A folder, its source images, and the pairs of source and result."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FolderState = Literal["pending", "approved", "archived"]
SourceState = Literal["pending", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of one tenant.

    Attributes:
        sources, done: How many sources it has, and how many of them have a result.
        failed: How many sources have only failed results, and how many images without a source
            failed.
        standalone: How many results it has that were made without a source of the studio, such as
            from a prompt or from a URL.
        refused: How many files for it are in quarantine. All counts always equal the number of
            rows.
        thumbnail_key: Key of its first source's thumbnail, or of its first result's without one.
        recipe_id: The recipe to run for each new source, None for none.
    """

    tenant: str
    name: str
    created_at: datetime
    title: str | None = None
    state: FolderState = "pending"
    sources: int = 0
    done: int = 0
    failed: int = 0
    standalone: int = 0
    refused: int = 0
    thumbnail_key: str | None = None
    main_asset_id: str | None = None
    recipe_id: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source image in a folder; ``job_id`` is the job that the folder's rule started for it."""

    tenant: str
    folder: str
    asset_id: str
    name: str
    key: str
    thumbnail_key: str | None
    added_at: datetime
    state: SourceState = "pending"
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one image of a job; ``key`` is None if it failed.

    Attributes:
        source_id: The source in the folder; None for an image without one.
        source_url: The address of a source that is no asset.
    """

    tenant: str
    folder: str
    source_id: str | None
    asset_id: str
    job_id: str
    item: int
    at: datetime
    key: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A source and one of its results, or none yet; or a result that has no source."""

    source: Source | None
    result: Result | None
