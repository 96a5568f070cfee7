"""Request bodies of prompts."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from studio.domain.prompts.image_template import PLACEHOLDERS, unknown_placeholders
from studio.domain.settings.model import ImageType
from studio.services.orders.body import NegativePrompt, Prompt, not_blank
from studio.services.orders.reading import Body

MAX_TEMPLATE = 8_000
_BRACES = "write {{ and }} for braces"


def _known_placeholders(text: str) -> str:
    unknown = unknown_placeholders(text)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise PydanticCustomError(
            "unknown_placeholder",
            "{detail}",
            {"detail": f"Unknown placeholder {unknown[0][:60]}; known: {known}; {_BRACES}"},
        )
    return text


Template = Annotated[
    str,
    Field(min_length=1, max_length=MAX_TEMPLATE, examples=["{image_prompt}, {image_type}"]),
    AfterValidator(not_blank),
    AfterValidator(_known_placeholders),
]
# One line, because lists show it.
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
PostTitle = Annotated[str, Field(max_length=300)]
GroupId = Annotated[str, Field(pattern=r"^pgr_[0-9A-HJKMNP-TV-Z]{26}$")]
TemplateId = Annotated[str, Field(pattern=r"^ptm_[0-9A-HJKMNP-TV-Z]{52}$")]


class PromptGroupBody(Body):
    """A prompt group to make."""

    title: Title
    description: Annotated[str, Field(max_length=2_000)] | None = None


class PromptGroupChangeBody(Body):
    """Changes of a prompt group; ``description: null`` removes the description."""

    title: Title | None = None
    description: Annotated[str, Field(max_length=2_000)] | None = None


class PromptTemplateBody(Body):
    """A template of a group. Without ``negative_prompt``, that of the account applies.

    Placeholders are ``{post_title}``, ``{image_prompt}`` and ``{image_type}``. ``{{`` and ``}}``
    stand for single braces.
    """

    title: Title | None = None
    template: Template
    negative_prompt: NegativePrompt | None = None


class ActiveGroupBody(Body):
    """The group to make active, and a template of it; without one, its first template applies.

    ``group_id: null`` makes no group active.
    """

    group_id: GroupId | None
    template_id: TemplateId | None = None


class ImageTemplateBody(Body):
    """The account's image template; null goes back to the one that is built in."""

    template: Template | None


class NegativePromptBody(Body):
    """The account's negative prompt; null goes back to the built-in one, and "" means none."""

    negative_prompt: NegativePrompt | None


class RenderBody(Body):
    """An image to preview the prompt of. ``template`` and ``negative_prompt`` override others.

    ``{post_title}`` is ``title``, or ``meta_title`` where ``title`` is empty. Without
    ``image_type``, that of the account's settings applies.
    """

    image_prompt: Prompt
    title: PostTitle | None = None
    meta_title: PostTitle | None = None
    image_type: ImageType | None = None
    template: Template | None = None
    negative_prompt: NegativePrompt | None = None
