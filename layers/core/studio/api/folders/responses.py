"""Shapes of answers about folders, for the contract."""

from typing import Literal

from studio.api.http.responses import Answer, Page


class FolderCounts(Answer):
    """Sources, those with a result, those with only failures, and those to do."""

    sources: int
    done: int
    failed: int
    to_do: int


class Folder(Answer):
    """A folder; ``thumbnail_url`` is good for ten minutes."""

    sku: str
    name: str
    state: Literal["pending", "approved", "archived"]
    counts: FolderCounts
    has_main_image: bool
    main_asset_id: str | None
    thumbnail_url: str | None
    rule: "Rule | None"
    created_at: str


class FolderList(Answer):
    """A page of folders by name."""

    data: list[Folder]
    page: Page


class Rule(Answer):
    """The recipe that is run with each new picture."""

    recipe_id: str


class Pair(Answer):
    """A source and what became of it; both URLs are good for ten minutes."""

    input_asset_id: str
    input_name: str
    input_url: str
    output_asset_id: str | None
    output_name: str | None
    output_url: str | None
    status: Literal["pending", "succeeded", "failed"]
    job_id: str | None
    item: int | None
    created_at: str


class PairList(Answer):
    """A page of pairs, oldest source first."""

    data: list[Pair]
    page: Page
