"""A template: values for orders that leave them out."""

from dataclasses import dataclass
from math import gcd
from typing import Any, Literal

from studio.domain.operations.values import Quality
from studio.domain.platforms.model import PlatformId
from studio.domain.recipes.model import Recipe

Category = Literal["post", "story", "cover", "ad", "thumbnail", "avatar", "product", "article"]

TAKEN = frozenset({"search", "recommendations", "from-job"})
"""Names that no template can have, because paths of the API use them."""


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a template.

    Attributes:
        template_id: A built-in template has a point in its id, and no other one has.
        description: Its use, in a sentence or two.
        format_id: The platform format that gives its size.
        width, height: Exact size of images in pixels; both None if it gives none.
        aspect_ratio: Ratio of that size, or a ratio alone for about a megapixel; None for neither.
        style: Phrases that are added to prompts.
        avoid: What images must not show; it goes into negative prompts.
        keywords: Words to find and recommend it by.
        provider: The provider that the studio prefers for it, where it may choose.
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
        """Id and version, as assets store them."""
        return f"{self.template_id}@{self.version}"

    @property
    def builtin(self) -> bool:
        """True if it is built in."""
        return is_builtin(self.template_id)


def is_builtin(template_id: str) -> bool:
    """Tell by its id whether a template is built in."""
    return "." in template_id


def template_of(saved: Recipe) -> Template:
    """Return the template of a saved one."""
    body: dict[str, Any] = dict(saved.body)
    for name in ("style", "avoid", "keywords"):
        body[name] = tuple(body.get(name, ()))
    return Template(template_id=saved.recipe_id, version=saved.version, title=saved.title, **body)


def ratio_of(width: int, height: int) -> str:
    """Return the ratio of two sides in its lowest terms."""
    common = gcd(width, height)
    return f"{width // common}:{height // common}"
