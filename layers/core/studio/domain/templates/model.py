"""A template: what an order takes over where it says nothing itself."""

from dataclasses import dataclass
from math import gcd
from typing import Any, Literal

from studio.domain.operations.values import Quality
from studio.domain.platforms.model import PlatformId
from studio.domain.recipes.model import Recipe

Category = Literal["post", "story", "cover", "ad", "thumbnail", "avatar", "product", "article"]

TAKEN = frozenset({"search", "recommendations", "from-job"})
"""Names that no template can have: the API's own paths have them."""


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a template.

    Attributes:
        template_id: Those that come with the studio have a point in it, which no other has.
        description: When to use it, in a sentence or two.
        format_id: The format of a platform whose size it has.
        width, height: Exact size of pictures in pixels; both None where it gives none.
        aspect_ratio: Of that size, or by itself for about a megapixel; None for neither.
        style: Phrases that are added to prompts.
        avoid: What must not be seen; it goes into negative prompts.
        keywords: Words by which it is found and recommended.
        provider: Who does this well: preferred where the studio chooses, and may.
    """

    template_id: str
    version: int
    title: str | None
    category: Category
    description: str | None = None
    platform: PlatformId | None = None
    format_id: str | None = None
    width: int | None = None
    height: int | None = None
    aspect_ratio: str | None = None
    style: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    provider: str | None = None
    quality: Quality | None = None

    @property
    def name(self) -> str:
        """Id and version, as pictures keep it."""
        return f"{self.template_id}@{self.version}"

    @property
    def builtin(self) -> bool:
        """Whether it comes with the studio."""
        return is_builtin(self.template_id)


def is_builtin(template_id: str) -> bool:
    """Tell by its id whether a template comes with the studio."""
    return "." in template_id


def template_of(saved: Recipe) -> Template:
    """Read a tenant's template from what is saved of it."""
    body: dict[str, Any] = dict(saved.body)
    for name in ("style", "avoid", "keywords"):
        body[name] = tuple(body.get(name, ()))
    return Template(template_id=saved.recipe_id, version=saved.version, title=saved.title, **body)


def ratio_of(width: int, height: int) -> str:
    """Write the ratio of two sides in its lowest terms."""
    common = gcd(width, height)
    return f"{width // common}:{height // common}"
