"""Look-up of the files of many assets for an archive."""

from collections.abc import Mapping, Sequence

from studio.domain.downloads.model import AssetFile, Files, files_of
from studio.ids import is_id
from studio.ports.assets import AssetStore
from studio.ports.renditions import RenditionStore

_ASSETS_AT_ONCE = 100


def find_files(
    assets: AssetStore,
    renditions: RenditionStore,
    tenant: str,
    asset_ids: Sequence[str],
    files: Files,
) -> Mapping[str, tuple[AssetFile, ...]]:
    """Return the files of the tenant's assets among the ids, by asset id."""
    wanted_ids = [asset_id for asset_id in asset_ids if is_id("ast", asset_id)]
    found = assets.get_many(tenant, wanted_ids)
    if files == "image":
        return {asset_id: files_of(asset, files, ()) for asset_id, asset in found.items()}
    wanted: dict[str, tuple[AssetFile, ...]] = {}
    here = list(found)
    # Each group keeps its files only, because full records of renditions are much larger.
    for start in range(0, len(here), _ASSETS_AT_ONCE):
        group = here[start : start + _ASSETS_AT_ONCE]
        made = renditions.of_assets(tenant, group)
        for asset_id in group:
            wanted[asset_id] = files_of(found[asset_id], files, made.get(asset_id, ()))
    return wanted
