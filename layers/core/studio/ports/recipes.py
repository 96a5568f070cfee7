"""Port of recipes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from studio.domain.recipes.model import Recipe


@dataclass(frozen=True, slots=True)
class RecipePage:
    """One page of recipes in the order of their names; ``next_after`` as in ``JobPage``."""

    recipes: Sequence[Recipe]
    next_after: str | None


class RecipeStore(Protocol):
    """Every version of each recipe; personas and templates have stores of the same kind."""

    def get(self, tenant: str, recipe_id: str, version: int | None = None) -> Recipe:
        """Return a version of a recipe, the newest where none is named.

        An old version outlives its recipe, because a job may name it.

        Raises:
            NotFoundError: the tenant has no such recipe or version.
        """
        ...

    def page(self, tenant: str, limit: int, after: str | None, prefix: str = "") -> RecipePage:
        """Return the newest versions of a tenant's recipes whose names begin with ``prefix``."""
        ...

    def between(self, tenant: str, first: str, last: str, limit: int) -> Sequence[Recipe]:
        """Return the newest versions of the first recipes whose names are in a range.

        The range has its ends. The recipes are in the order of their names, at most ``limit``.
        """
        ...

    def versions(
        self, tenant: str, recipe_id: str, limit: int, before: int | None
    ) -> Sequence[Recipe]:
        """Return the versions of a recipe before a version, the newest first."""
        ...

    def put(self, recipe: Recipe, replaces: int | None) -> Recipe:
        """Write a recipe and return it with its version, one above its last version.

        ``replaces`` is the version that the new one replaces, None for a free name.

        Raises:
            PreconditionFailedError: the recipe has changed; nothing was written.
        """
        ...

    def delete(self, tenant: str, recipe_id: str, version: int) -> None:
        """Delete a recipe; its name is free again and its next version counts on.

        Raises:
            PreconditionFailedError: the recipe has another version now.
        """
        ...
