"""Put a picture that is known into a folder."""

from datetime import datetime

from studio.domain.assets.model import Asset
from studio.domain.folders.model import Folder, Source
from studio.ports.folders import FolderStore


def add_source(folders: FolderStore, asset: Asset, folder: str, name: str, at: datetime) -> Source:
    """Return the picture's place in a folder, made if there is none."""
    found = folders.source(asset.tenant, folder, asset.asset_id)
    if found is not None:
        return found
    folders.ensure(Folder(asset.tenant, folder, at, thumbnail_key=asset.thumbnail.key))
    source = source_of(asset, folder, name, at)
    folders.add_source(source)
    return source


def source_of(asset: Asset, folder: str, name: str, at: datetime) -> Source:
    """Describe a picture as a source of a folder."""
    return Source(
        tenant=asset.tenant,
        folder=folder,
        asset_id=asset.asset_id,
        name=name,
        key=asset.image.key,
        thumbnail_key=asset.thumbnail.key,
        added_at=at,
    )
