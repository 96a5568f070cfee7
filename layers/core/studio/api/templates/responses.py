"""Response shapes of templates."""

from typing_extensions import TypedDict

from studio.api.http.responses import Page
from studio.domain.operations.values import Quality
from studio.domain.platforms.model import PlatformId
from studio.domain.templates.model import Category


class TemplateSettings(TypedDict):
    """Values that a template sets."""

    builtin: bool
    description: str | None
    category: Category
    platform: PlatformId | None
    format_id: str | None
    width: int | None
    height: int | None
    aspect_ratio: str | None
    style: list[str]
    avoid: list[str]
    keywords: list[str]
    provider: str | None
    quality: Quality | None


class Template(TemplateSettings):
    """A template. A ``builtin`` one is read only. ``version`` counts its changes.

    An image keeps the ``id@version`` of its template.
    """

    id: str
    version: int
    title: str | None
    created_at: str | None
    updated_at: str | None
    updated_by: str | None


class TemplateList(TypedDict):
    """A page of templates: the account's own by name, then the built-in ones."""

    data: list[Template]
    page: Page


class FoundTemplate(TypedDict):
    """A template that matches a search, with its score from 0 to 1."""

    score: float
    template: Template


class FoundTemplates(TypedDict):
    """Templates that match a search, the best first."""

    data: list[FoundTemplate]


class RecommendedTemplate(FoundTemplate):
    """A recommended template, with its score from 0 to 1 and the reason."""

    reason: str


class RecommendedTemplates(TypedDict):
    """Recommended templates, the best first."""

    data: list[RecommendedTemplate]
