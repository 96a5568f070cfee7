"""Response shapes of prompts."""

from typing_extensions import TypedDict

from studio.api.http.responses import Page
from studio.domain.prompts.group import PromptSource
from studio.domain.settings.model import ImageType


class PromptGroup(TypedDict):
    """A group of prompt templates."""

    id: str
    version: int
    title: str | None
    description: str | None
    created_at: str
    updated_at: str
    updated_by: str


class ActiveGroup(TypedDict):
    """The caller's active group, and the template of it that applies; null for none."""

    group_id: str | None
    template_id: str | None


class PromptTemplate(TypedDict):
    """A template of a group. ``version`` counts its changes."""

    id: str
    group_id: str
    version: int
    title: str | None
    template: str
    negative_prompt: str | None
    created_at: str
    updated_at: str
    updated_by: str


class ListedPromptGroup(PromptGroup):
    """A prompt group with its templates, the oldest first.

    A page has at most 100 templates. ``more_templates`` tells that the group may have others.
    """

    templates: list[PromptTemplate]
    more_templates: bool


class PromptGroupList(TypedDict):
    """A page of prompt groups, the oldest first."""

    data: list[ListedPromptGroup]
    page: Page


class PromptTemplateList(TypedDict):
    """A page of templates: those of a group, the oldest first, or versions, the newest first."""

    data: list[PromptTemplate]
    page: Page


class ImageTemplate(TypedDict):
    """The account's image template. ``version`` is 0 while none was ever stored."""

    template: str
    placeholders: list[str]
    source: PromptSource
    version: int
    updated_at: str | None
    updated_by: str | None


class AccountNegativePrompt(TypedDict):
    """The account's negative prompt. ``version`` is 0 while none was ever stored."""

    negative_prompt: str
    source: PromptSource
    version: int
    updated_at: str | None
    updated_by: str | None


class RenderedPrompt(TypedDict):
    """The prompt of an image, and where it comes from.

    ``template`` is ``id@version`` of the template of the caller's active group. ``warning`` says
    why the template was not used, or that the active group was deleted.
    """

    prompt: str
    negative_prompt: str
    image_type: ImageType
    source: PromptSource
    negative_source: PromptSource
    template: str | None
    warning: str | None
