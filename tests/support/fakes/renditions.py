"""RenditionStore in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from studio.domain.renditions.model import MAX_KEPT, Rendition
from tests.support.fakes.stores import Memory


@dataclass
class FakeRenditionStore:
    """RenditionStore."""

    memory: Memory

    def of_asset(self, tenant: str, asset_id: str) -> Sequence[Rendition]:
        kept = self.memory.renditions.get((tenant, asset_id), {})
        return [kept[name] for name in sorted(kept)]

    def of_assets(
        self, tenant: str, asset_ids: Collection[str]
    ) -> Mapping[str, Sequence[Rendition]]:
        found = {asset_id: self.of_asset(tenant, asset_id) for asset_id in asset_ids}
        return {asset_id: made for asset_id, made in found.items() if made}

    def add(self, tenant: str, asset_id: str, rendition: Rendition) -> bool:
        kept = self.memory.renditions.setdefault((tenant, asset_id), {})
        if rendition.name in kept or len(kept) >= MAX_KEPT:
            return False
        kept[rendition.name] = rendition
        return True
