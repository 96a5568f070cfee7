"""Documents about templates."""

from studio.api.http.serializers import Document
from studio.domain.templates.model import Template


def settings(value: Template) -> Document:
    """What a template says, whoever made it."""
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


def builtin(value: Template) -> Document:
    """One of the studio's own, which nobody has saved."""
    return {
        "id": value.template_id,
        "version": value.version,
        "title": value.title,
        **settings(value),
        "created_at": None,
        "updated_at": None,
        "updated_by": None,
    }
