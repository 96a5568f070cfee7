"""Shapes of answers about templates, for the contract."""

from studio.api.http.responses import Answer, Page
from studio.domain.operations.values import Quality
from studio.domain.platforms.model import PlatformId
from studio.domain.templates.model import Category


class Template(Answer):
    """A template. Those that are ``builtin`` are read only; ``version`` counts changes.

    Pictures keep ``id@version`` of the one that they were ordered by.
    """

    id: str
    version: int
    title: str | None
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
    created_at: str | None
    updated_at: str | None
    updated_by: str | None


class TemplateList(Answer):
    """A page of templates: the tenant's own by name, then the studio's."""

    data: list[Template]
    page: Page


class FoundTemplate(Answer):
    """A template and how well it answers a search, from 0 to 1."""

    score: float
    template: Template


class FoundTemplates(Answer):
    """Templates that answer a search, the best first."""

    data: list[FoundTemplate]


class RecommendedTemplate(FoundTemplate):
    """A template, how well it fits a wish from 0 to 1, and why."""

    reason: str


class RecommendedTemplates(Answer):
    """Templates that fit a wish, the best first."""

    data: list[RecommendedTemplate]
