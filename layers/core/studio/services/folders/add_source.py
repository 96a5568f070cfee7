"""Source images of folders."""

from datetime import datetime

from studio.domain.assets.model import Asset
from studio.domain.folders.model import Folder, Source
from studio.ports.folders import FolderStore


def add_source(folders: FolderStore, asset: Asset, folder: str, name: str, at: datetime) -> Source:
    """Add an asset to a folder as a source, if it is none yet, and return the source."""
    found = folders.source(asset.tenant, folder, asset.asset_id)
    if found is not None:
        return found
    folders.ensure(Folder(asset.tenant, folder, at, thumbnail_key=asset.thumbnail.key))
    source = source_of(asset, folder, name, at)
    folders.add_source(source)
    return source


def source_of(asset: Asset, folder: str, name: str, at: datetime) -> Source:
    """Return an asset as a source of a folder."""
    return Source(
        tenant=asset.tenant,
        folder=folder,
        asset_id=asset.asset_id,
        name=name,
        key=asset.image.key,
        thumbnail_key=asset.thumbnail.key,
        added_at=at,
    )
