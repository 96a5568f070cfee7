"""RecipeStore in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from studio.domain.recipes.model import Recipe
from studio.errors import NotFoundError, PreconditionFailedError
from studio.ports.recipes import RecipePage

Name = tuple[str, str]


@dataclass
class FakeRecipeStore:
    """Every version of each recipe, and which recipes are live."""

    kept: dict[Name, dict[int, Recipe]] = field(default_factory=dict)
    live: set[Name] = field(default_factory=set)

    def get(self, tenant: str, recipe_id: str, version: int | None = None) -> Recipe:
        name = (tenant, recipe_id)
        known: Mapping[int, Recipe] = self.kept.get(name, {})
        if version is None and name in self.live:
            return known[max(known)]
        if version is None or version not in known:
            raise NotFoundError(recipe_id)
        return known[version]

    def page(self, tenant: str, limit: int, after: str | None, prefix: str = "") -> RecipePage:
        names = sorted(
            name for owner, name in self.live if owner == tenant and name.startswith(prefix)
        )
        found = [self.get(tenant, name) for name in names if after is None or name > after]
        kept = found[:limit]
        return RecipePage(kept, kept[-1].recipe_id if len(found) > limit else None)

    def between(self, tenant: str, first: str, last: str, limit: int) -> Sequence[Recipe]:
        names = sorted(
            name for owner, name in self.live if owner == tenant and first <= name <= last
        )
        return [self.get(tenant, name) for name in names[:limit]]

    def versions(
        self, tenant: str, recipe_id: str, limit: int, before: int | None
    ) -> Sequence[Recipe]:
        known = self.kept.get((tenant, recipe_id), {})
        numbers = sorted((one for one in known if before is None or one < before), reverse=True)
        return [known[number] for number in numbers[:limit]]

    def put(self, recipe: Recipe, replaces: int | None) -> Recipe:
        name = (recipe.tenant, recipe.recipe_id)
        known = self.kept.setdefault(name, {})
        last = max(known, default=0)
        if (replaces is None) == (name in self.live) or replaces not in (None, last):
            raise PreconditionFailedError(recipe.recipe_id)
        known[last + 1] = replace(recipe, version=last + 1)
        self.live.add(name)
        return known[last + 1]

    def delete(self, tenant: str, recipe_id: str, version: int) -> None:
        name = (tenant, recipe_id)
        if name not in self.live or max(self.kept[name]) != version:
            raise PreconditionFailedError(recipe_id)
        self.live.remove(name)


@dataclass
class BrokenRecipeStore(FakeRecipeStore):
    """Raises ``fault`` instead of returning a recipe, once it is set."""

    fault: Exception | None = None

    def get(self, tenant: str, recipe_id: str, version: int | None = None) -> Recipe:
        if self.fault is not None:
            raise self.fault
        return super().get(tenant, recipe_id, version)
