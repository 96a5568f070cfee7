"""Port of renditions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from studio.domain.renditions.model import Rendition


class RenditionStore(Protocol):
    """Records of the files that were made of images."""

    def of_asset(self, tenant: str, asset_id: str) -> Sequence[Rendition]:
        """Return the files of an asset, by name; none for an unknown asset."""
        ...

    def of_assets(
        self, tenant: str, asset_ids: Collection[str]
    ) -> Mapping[str, Sequence[Rendition]]:
        """Return the files of assets, by id; an asset without files is left out."""
        ...

    def add(self, tenant: str, asset_id: str, rendition: Rendition) -> bool:
        """Record a file; return False if the name is taken or the asset has too many files."""
        ...
