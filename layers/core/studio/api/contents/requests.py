"""Request bodies of contents, their images and their runs."""

from typing import Annotated, Literal

from pydantic import Field

from studio.domain.contents.model import MAX_POSITION, MAX_SLOTS, MIN_POSITION, SlotDevice, SlotType
from studio.services.orders.body import Dollars, Prompt
from studio.services.orders.reading import Body

# A job takes 50 images and 20 contents; more ids than that are refused by what they name.
MAX_IDS = 100

# One line, because labels and mail subjects show it.
Title = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
ExternalRef = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
AltText = Annotated[str, Field(max_length=1_000)]
Position = Annotated[int, Field(ge=MIN_POSITION, le=MAX_POSITION)]
Labels = Annotated[
    dict[
        Annotated[str, Field(min_length=1, max_length=40)],
        Annotated[str, Field(max_length=100)],
    ],
    Field(max_length=10),
]
Id = Annotated[str, Field(min_length=1, max_length=64)]
Ids = Annotated[list[Id], Field(max_length=MAX_IDS)]


class ContentImageBody(Body):
    """An image slot: the one featured image, or an in-article image with a position.

    A position has one image for device ``all``, or one for ``desktop`` and one for ``mobile``.
    """

    type: SlotType
    position: Position | None = None
    device: SlotDevice = "all"
    prompt: Prompt | None = None
    alt_text: AltText | None = None


class ContentBody(Body):
    """A content, such as an article, with its images if they are known already."""

    title: Title
    meta_title: Title | None = None
    external_ref: ExternalRef | None = None
    labels: Labels = Field(default_factory=dict)
    images: Annotated[list[ContentImageBody], Field(max_length=MAX_SLOTS)] = Field(
        default_factory=list
    )


class ContentChangeBody(Body):
    """The members to change; a member that is left out stays, and null removes one."""

    title: Title = ""
    meta_title: Title | None = None
    external_ref: ExternalRef | None = None
    labels: Labels = Field(default_factory=dict)


class ContentImageChangeBody(Body):
    """The members to change; a member that is left out stays, and null removes one.

    A change of type, position, device or prompt puts the image back to ``pending``, and so does
    the status ``pending``.
    """

    type: SlotType = "in_article"
    position: Position | None = None
    device: SlotDevice = "all"
    prompt: Prompt | None = None
    alt_text: AltText | None = None
    status: Literal["pending"] = "pending"


class ContentRunBody(Body):
    """Selection of a content: all of it, or the images of ``image_ids``.

    ``force`` makes images again that are not pending. ``max_cost`` limits the job.
    """

    image_ids: Ids | None = None
    force: bool = False
    max_cost: Dollars | None = None


class ContentImagesRunBody(Body):
    """Ids of contents and of images to make, of at most 20 contents and 50 images.

    With ``content_id``, every id must be of this content. ``force`` and ``max_cost`` are those of
    ``ContentRunBody``.
    """

    ids: Ids | None = None
    content_id: Id | None = None
    force: bool = False
    max_cost: Dollars | None = None
