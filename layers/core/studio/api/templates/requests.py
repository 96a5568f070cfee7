"""Request bodies of templates."""

from typing import Annotated

from pydantic import Field

from studio.api.personas.requests import Phrase
from studio.domain.jobs.model import MAX_ITEMS
from studio.domain.operations.values import Quality
from studio.domain.platforms.model import PlatformId
from studio.domain.templates.model import Category
from studio.services.orders.body import AspectRatio, Name, RecipeId, Side
from studio.services.orders.reading import Body

Title = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(min_length=1, max_length=500)]
Keywords = Annotated[list[Phrase], Field(min_length=1, max_length=20)]


class TemplateBody(Body):
    """A template to save.

    The size is that of a platform's ``format_id``, or ``width`` with ``height``, or about one
    megapixel of an ``aspect_ratio``. Without a size, jobs keep their own. ``style`` has phrases
    that are added to prompts unchanged. ``avoid`` is added to negative prompts. ``provider`` is
    preferred where the studio chooses. Searches find the template by its ``keywords``.
    """

    title: Title | None = None
    description: Description | None = None
    category: Category
    platform: PlatformId | None = None
    format_id: Name | None = None
    width: Side | None = None
    height: Side | None = None
    aspect_ratio: AspectRatio | None = None
    style: Annotated[list[Phrase], Field(min_length=1, max_length=12)] | None = None
    avoid: Annotated[list[Phrase], Field(min_length=1, max_length=30)] | None = None
    keywords: Keywords | None = None
    provider: Name | None = None
    quality: Quality | None = None


class TemplateFromJobBody(Body):
    """A job's image whose settings become the template ``id``. Other members replace them."""

    id: RecipeId
    job_id: Annotated[str, Field(pattern=r"^job_[0-9A-HJKMNP-TV-Z]{26}$")]
    item: Annotated[int, Field(ge=1, le=MAX_ITEMS)] = 1
    title: Title | None = None
    description: Description | None = None
    category: Category | None = None
    keywords: Keywords | None = None
