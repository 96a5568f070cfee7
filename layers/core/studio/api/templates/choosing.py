"""Selection of templates for a request, from the tenant's own and the studio's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast, get_args

from studio.api.http.messages import Request
from studio.api.http.request_body import known_words
from studio.domain.platforms.model import PlatformId
from studio.domain.recipes.model import Recipe
from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.model import Category, Template, is_builtin, template_of
from studio.errors import MalformedRequestError
from studio.ports.recipes import RecipeStore

MAX_TEXT = 2_000
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """Properties that a template must have; an empty list takes any."""

    platforms: tuple[str, ...]
    categories: tuple[str, ...]
    ratios: tuple[str, ...]

    @classmethod
    def of(cls, request: Request) -> "Filter":
        """Read it from the query.

        Raises:
            MalformedRequestError: there is no such platform or category.
        """
        return cls(
            tuple(known_words(request, "platform", get_args(PlatformId))),
            tuple(known_words(request, "category", get_args(Category))),
            tuple(sorted(set(request.query.get("aspect_ratio", [])))),
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """The filter as a cursor keeps it."""
        lists = (self.platforms, self.categories, self.ratios)
        return tuple(",".join(values) for values in lists)

    def takes(self, template: Template) -> bool:
        """Tell whether a template has all that is asked for."""
        pairs = (
            (self.platforms, template.platform),
            (self.categories, template.category),
            (self.ratios, template.aspect_ratio),
        )
        return all(not wanted or given in wanted for wanted, given in pairs)


def walk(
    store: RecipeStore, tenant: str, after: str | None
) -> Iterator[tuple[Template, Recipe | None]]:
    """Walk over the tenant's own templates by name, then over the studio's, behind ``after``."""
    if after is None or not is_builtin(after):
        yield from _own(store, tenant, after)
    builtin = list(builtin_templates())
    first = builtin.index(after) + 1 if after in builtin else 0
    for name in builtin[first:]:
        yield builtin_templates()[name], None


def all_templates(store: RecipeStore, tenant: str) -> dict[Template, Recipe | None]:
    """Return the first hundred of the tenant's own templates, and all of the studio's."""
    own = store.page(tenant, _AT_ONCE, None).recipes
    known: dict[Template, Recipe | None] = {template_of(saved): saved for saved in own}
    return known | dict.fromkeys(builtin_templates().values())


def platform_of(request: Request) -> PlatformId | None:
    """Read the platform that is wanted.

    Raises:
        MalformedRequestError: there is no such platform, or there are two.
    """
    request.query_param("platform")
    found = known_words(request, "platform", get_args(PlatformId))
    return cast("PlatformId", found[0]) if found else None


def text_of(request: Request, name: str) -> str | None:
    """Read a text from the query; a blank one is none.

    Raises:
        MalformedRequestError: it is too long, or given twice.
    """
    text = (request.query_param(name) or "").strip()
    if len(text) > MAX_TEXT:
        raise MalformedRequestError(f"{name} must have at most {MAX_TEXT} characters")
    return text or None


def _own(
    store: RecipeStore, tenant: str, after: str | None
) -> Iterator[tuple[Template, Recipe | None]]:
    while True:
        page = store.page(tenant, _AT_ONCE, after)
        for saved in page.recipes:
            yield template_of(saved), saved
        after = page.next_after
        if after is None:
            return
