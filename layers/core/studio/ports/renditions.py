"""What the services need of where renditions are kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from studio.domain.renditions.model import Rendition, RenditionSpec


class RenditionStore(Protocol):
    """The files of pictures beside the pictures themselves."""

    def of_asset(self, tenant: str, asset_id: str) -> Sequence[Rendition]:
        """Return what was made of an asset, by name; nothing for an asset that is not there."""
        ...

    def of_assets(
        self, tenant: str, asset_ids: Collection[str]
    ) -> Mapping[str, Sequence[Rendition]]:
        """Return the same of up to 100 assets, by id; only of those of which something is kept."""
        ...

    def add(self, tenant: str, asset_id: str, rendition: Rendition) -> bool:
        """Keep a file that was made; False where one of its name is kept already, or too many."""
        ...


class Renderer(Protocol):
    """Makes files of finished pictures while somebody waits."""

    def render(self, tenant: str, asset_id: str, spec: RenditionSpec) -> Rendition:
        """Have a file made of an asset, and wait for it.

        Raises:
            InvalidRequestError: the asset is no picture that can be used.
            RendererUnavailableError: it could not be done now.
        """
        ...
