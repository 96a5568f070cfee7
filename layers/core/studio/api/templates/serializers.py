"""Serializers of templates."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from studio.clock import rfc3339
from studio.domain.recipes.model import Recipe
from studio.domain.templates.model import Template, template_of

if TYPE_CHECKING:
    from studio.api.http.responses import Page
    from studio.api.templates import responses
    from studio.domain.templates.recommend import Recommendation
    from studio.domain.templates.search import SearchResult


def template(value: Template, saved: Recipe | None) -> "responses.Template":
    """Return a template; ``saved`` is its record, None for a built-in one."""
    return builtin(value) if saved is None else own(saved)


def own(saved: Recipe) -> "responses.Template":
    """Return a template of the tenant's own."""
    return {
        "id": saved.recipe_id,
        "version": saved.version,
        "title": saved.title,
        **_settings(template_of(saved)),
        "created_at": rfc3339(saved.created_at),
        "updated_at": rfc3339(saved.updated_at),
        "updated_by": saved.updated_by,
    }


def builtin(value: Template) -> "responses.Template":
    """Return a built-in template, which has no times."""
    return {
        "id": value.template_id,
        "version": value.version,
        "title": value.title,
        **_settings(value),
        "created_at": None,
        "updated_at": None,
        "updated_by": None,
    }


def templates(
    values: Sequence[tuple[Template, Recipe | None]], page: "Page"
) -> "responses.TemplateList":
    """Return a page of templates with their records."""
    return {"data": [template(value, saved) for value, saved in values], "page": page}


def found_templates(
    found: "Sequence[SearchResult]", saved: Mapping[Template, Recipe | None]
) -> "responses.FoundTemplates":
    """Return the results of a search; ``saved`` holds the records of the templates."""
    return {
        "data": [
            {"score": one.score / 100, "template": template(one.template, saved[one.template])}
            for one in found
        ]
    }


def recommended_templates(
    found: "Sequence[Recommendation]", saved: Mapping[Template, Recipe | None]
) -> "responses.RecommendedTemplates":
    """Return recommendations; ``saved`` holds the records of the templates."""
    return {
        "data": [
            {
                "score": one.score / 100,
                "reason": one.reason,
                "template": template(one.template, saved[one.template]),
            }
            for one in found
        ]
    }


def _settings(value: Template) -> "responses.TemplateSettings":
    return {
        "builtin": value.builtin,
        "description": value.description,
        "category": value.category,
        "platform": value.platform,
        "format_id": value.format_id,
        "width": value.width,
        "height": value.height,
        "aspect_ratio": value.aspect_ratio,
        "style": list(value.style),
        "avoid": list(value.avoid),
        "keywords": list(value.keywords),
        "provider": value.provider,
        "quality": value.quality,
    }
