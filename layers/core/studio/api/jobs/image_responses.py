"""Response shapes of the images of a job."""

from typing_extensions import TypedDict

from studio.api.http.responses import Cost, Framing
from studio.domain.assets.model import OutputFormat
from studio.domain.jobs.model import ItemStatus, Stage, WaitReason
from studio.domain.operations.model import OperationId
from studio.domain.operations.values import Quality, Role


class ItemProvider(TypedDict):
    """The provider and model of an image."""

    id: str
    model: str


class Source(TypedDict):
    """A source image. Both ids are null where the request held its bytes."""

    role: Role
    asset_id: str | None
    url: str | None


class Waiting(TypedDict):
    """Reason why an image waits for its provider, and when the studio looks again."""

    reason: WaitReason
    until: str
    provider: str


class Output(Framing):
    """The ordered files: the format of the image, and the names of its renditions."""

    format: OutputFormat
    quality: int
    max_bytes: int | None
    renditions: list[str]
    safe_zones: bool
    contact_sheet: bool
    embed_recipe: bool
    keep_rights: bool


class ItemProblem(TypedDict):
    """Reason why an image failed. ``retryable`` tells whether a redrive may succeed."""

    code: str
    detail: str
    retryable: bool


class MadeBy(ItemProvider):
    """The provider of an image. ``asked`` is the first one, where a fallback replaced it."""

    asked: ItemProvider | None
    why: str | None
    fallback: list[ItemProvider]


class Item(TypedDict):
    """One image of a job. ``original_prompt`` is the caller's, where words were added to it.

    ``thumbnail_url`` is signed and valid for at least ten minutes, null without a result.
    """

    item: int
    status: ItemStatus
    stage: Stage
    label: str | None
    type: str | None
    position: int | None
    title: str | None
    content_image_id: str | None
    prompt: str | None
    original_prompt: str | None
    persona: str | None
    template: str | None
    negative_prompt: str | None
    operation: OperationId
    input: dict[str, str | int | bool]
    size: str | None
    quality: Quality
    output: Output
    provider: MadeBy
    seed: int | None
    sources: list[Source]
    strength: str | None
    attempts: int
    asset_id: str | None
    thumbnail_url: str | None
    estimate: Cost
    cost: Cost | None
    problem: ItemProblem | None
    warnings: list[str]
    started_at: str | None
    finished_at: str | None
    waiting: Waiting | None


class Result(TypedDict):
    """One image in the progress document."""

    image_id: str | None
    content_image_id: str | None
    index: int
    label: str
    type: str | None
    position: int | None
    content_title: str | None
    status: ItemStatus
    stage: Stage
    stage_label: str
    progress: int
    provider: str
    model: str
    image_url: str | None
    thumbnail_url: str | None
    error: str | None
    error_code: str | None
    cost: Cost | None
    started_at: str | None
    finished_at: str | None
    waiting: Waiting | None
