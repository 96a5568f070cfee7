"""RenditionStore in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.renditions.model import MAX_KEPT, Rendition
from tests.fakes import Memory


@dataclass
class FakeRenditionStore:
    """RenditionStore."""

    memory: Memory

    def of_asset(self, tenant: str, asset_id: str) -> Sequence[Rendition]:
        kept = self.memory.renditions.get((tenant, asset_id), {})
        return [kept[name] for name in sorted(kept)]

    def add(self, tenant: str, asset_id: str, rendition: Rendition) -> bool:
        kept = self.memory.renditions.setdefault((tenant, asset_id), {})
        if rendition.name in kept or len(kept) >= MAX_KEPT:
            return False
        kept[rendition.name] = rendition
        return True
