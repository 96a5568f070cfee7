"""Look-ups that an import makes once for all of its rows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from studio.domain.assets.model import Asset
from studio.domain.recipes.model import Recipe
from studio.errors import NotFoundError
from studio.ports.assets import KnownAssets


@dataclass(slots=True)
class CachedRecipes:
    """Recipes of one tenant and one kind, each looked up once, found or not."""

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
    """Pictures of one tenant, each looked up once."""

    assets: KnownAssets
    known: dict[str, Asset | None] = field(default_factory=dict)

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        """Return those of the assets that the tenant has."""
        new = [asset_id for asset_id in dict.fromkeys(asset_ids) if asset_id not in self.known]
        if new:
            found = self.assets.get_many(tenant, new)
            self.known |= {asset_id: found.get(asset_id) for asset_id in new}
        pairs = ((asset_id, self.known[asset_id]) for asset_id in asset_ids)
        return {asset_id: asset for asset_id, asset in pairs if asset is not None}

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        """Return the asset ids of those of the uploads that are registered."""
        return self.assets.of_uploads(tenant, upload_ids)
