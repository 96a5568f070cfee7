"""Response shapes of contents, their images and their queue."""

from typing import Literal

from typing_extensions import TypedDict

from studio.api.http.responses import Page
from studio.api.jobs import responses as jobs
from studio.domain.contents.model import SlotDevice, SlotStatus, SlotType
from studio.domain.contents.queue import Reason

# What the start of a run answers.
Job = jobs.Job


class ContentCounts(TypedDict):
    """Number of images of a content: all, and in each state."""

    images: int
    pending: int
    generated: int
    failed: int


class ContentWords(TypedDict):
    """Members of a content that can change. ``version`` counts changes of it and its images."""

    id: str
    title: str
    meta_title: str | None
    external_ref: str | None
    labels: dict[str, str]
    version: int
    created_at: str
    created_by: str


class Content(ContentWords):
    """A content without its images. ``job_id`` is the open job that makes images for it."""

    counts: ContentCounts
    job_id: str | None
    updated_at: str


class ContentList(TypedDict):
    """A page of contents, newest first."""

    data: list[Content]
    page: Page


class ContentImageError(TypedDict):
    """Reason why an image could not be made."""

    code: str
    message: str | None


class ContentImageWords(TypedDict):
    """Members of an image slot that a caller may change. ``label`` is its name in the queue."""

    id: str
    content_id: str
    type: SlotType
    position: int | None
    device: SlotDevice
    label: str
    prompt: str | None
    alt_text: str | None
    version: int
    created_at: str


class ContentImage(ContentImageWords):
    """An image slot with its state.

    ``image_url`` is the file of the first device. ``desktop_url`` and ``mobile_url`` are the files
    of the devices that have one. ``notice`` names an image that was made of an earlier version.
    """

    status: SlotStatus
    asset_id: str | None
    image_url: str | None
    desktop_url: str | None
    mobile_url: str | None
    error: ContentImageError | None
    notice: str | None
    updated_at: str


class ContentWithImages(Content):
    """A content with its images, the featured one first."""

    images: list[ContentImage]


class ContentImageList(TypedDict):
    """All images of a content, the featured one first."""

    data: list[ContentImage]


class QueuedImage(TypedDict):
    """An image that a run would make. ``prompt`` is final; ``size`` null leaves it open."""

    image_id: str
    content_id: str
    content_title: str
    index: int
    label: str
    type: SlotType
    position: int | None
    devices: list[SlotDevice]
    prompt: str
    size: str | None
    status: Literal["queued"]
    progress: int
    image_url: str | None
    error: str | None


class ExcludedImage(TypedDict):
    """An image that a run would leave out, and why."""

    id: str
    label: str
    reason: Reason
    detail: str


class ContentQueue(TypedDict):
    """Images of the next run of a content, in its order. ``job_id`` is the job that is open now.

    ``estimate`` is its cost, null if it makes nothing or would be refused. ``warnings`` are those
    of its job, and say why it would be refused.
    """

    items: list[QueuedImage]
    total: int
    excluded: list[ExcludedImage]
    estimate: jobs.Estimate | None
    warnings: list[str]
    job_id: str | None
