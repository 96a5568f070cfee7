"""Port of asset records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from studio.domain.assets.model import Asset


@dataclass(frozen=True, slots=True)
class AssetPage:
    """One page of assets, newest first; ``next_after`` is the id to continue behind."""

    assets: Sequence[Asset]
    next_after: str | None


class AssetStore(Protocol):
    """Records of finished images; they are written by ``JobStore.finish_item``."""

    def get(self, tenant: str, asset_id: str) -> Asset:
        """Return an asset.

        Raises:
            NotFoundError: the tenant has no such asset.
        """
        ...

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        """Return those of the assets that the tenant has, by id."""
        ...

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        """Return the asset ids of those of the uploads that are registered."""
        ...

    def page(self, tenant: str, limit: int, after: str | None) -> AssetPage:
        """Return assets of a tenant, newest first."""
        ...


class KnownAssets(Protocol):
    """Look-ups of assets, for the intake of job bodies."""

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        """Return those of the assets that the tenant has, by id."""
        ...

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        """Return the asset ids of those of the uploads that are registered."""
        ...
