"""Look-up of any number of assets by their ids."""

from collections.abc import Mapping, Sequence

from studio.domain.assets.model import Asset
from studio.ids import is_id
from studio.ports.assets import AssetStore

GROUP = 100
"""What one read of a store takes."""


def find_assets(assets: AssetStore, tenant: str, asset_ids: Sequence[str]) -> Mapping[str, Asset]:
    """Return the tenant's assets among the ids, by id."""
    found: dict[str, Asset] = {}
    wanted = [asset_id for asset_id in asset_ids if is_id("ast", asset_id)]
    for start in range(0, len(wanted), GROUP):
        found.update(assets.get_many(tenant, wanted[start : start + GROUP]))
    return found
