"""Cached look-ups for all rows of an import."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from studio.domain.assets.model import Asset
from studio.domain.recipes.model import Recipe
from studio.errors import NotFoundError
from studio.ports.assets import KnownAssets


@dataclass(slots=True)
class CachedRecipes:
    """The recipes of one kind and one tenant, each read once; missing ones are cached, too."""

    find: Callable[[str, str], Recipe]
    known: dict[str, Recipe | None] = field(default_factory=dict)

    def __call__(self, tenant: str, recipe_id: str) -> Recipe:
        """Return a recipe.

        Raises:
            NotFoundError: the tenant has no such recipe.
        """
        if recipe_id not in self.known:
            try:
                self.known[recipe_id] = self.find(tenant, recipe_id)
            except NotFoundError:
                self.known[recipe_id] = None
        recipe = self.known[recipe_id]
        if recipe is None:
            raise NotFoundError(f"there is no {recipe_id}")
        return recipe


@dataclass(slots=True)
class CachedAssets:
    """The assets of one tenant, each read once."""

    assets: KnownAssets
    known: dict[str, Asset | None] = field(default_factory=dict)

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        """Return the tenant's assets among the ids, by id."""
        new = [asset_id for asset_id in dict.fromkeys(asset_ids) if asset_id not in self.known]
        if new:
            found = self.assets.get_many(tenant, new)
            self.known |= {asset_id: found.get(asset_id) for asset_id in new}
        pairs = ((asset_id, self.known[asset_id]) for asset_id in asset_ids)
        return {asset_id: asset for asset_id, asset in pairs if asset is not None}

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        """Return the asset ids of the registered uploads among the ids."""
        return self.assets.of_uploads(tenant, upload_ids)
