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
    """Recipes, every version of each; stores of their own keep personas and templates so."""

    def get(self, tenant: str, recipe_id: str, version: int | None = None) -> Recipe:
        """Return a version of a recipe, the newest where none is named.

        An old version is there even after its recipe was deleted: a job may name it.

        Raises:
            NotFoundError: the tenant has no such recipe or version.
        """
        ...

    def page(self, tenant: str, limit: int, after: str | None) -> RecipePage:
        """Return the newest versions of a tenant's recipes."""
        ...

    def put(self, recipe: Recipe, replaces: int | None) -> Recipe:
        """Write a recipe and return it with its version: one more than its last one.

        ``replaces`` is the version that it takes the place of, None for a name that is free.

        Raises:
            PreconditionFailedError: the recipe moved meanwhile; nothing was written.
        """
        ...

    def delete(self, tenant: str, recipe_id: str, version: int) -> None:
        """Take a recipe away; its name is free again and its versions count on.

        Raises:
            PreconditionFailedError: it is not at this version any more.
        """
        ...
