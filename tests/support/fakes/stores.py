"""The stores in memory: the rules of ``studio.ports`` on plain dictionaries.

They are written from the port alone, not from the adapters; ``tests/contracts`` runs one suite
against both.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from studio.domain.assets.model import Asset
from studio.domain.contents.model import Article
from studio.domain.jobs.model import (
    Item,
    Job,
)
from studio.domain.ledger.model import LedgerEntry, MonthTotals
from studio.domain.renditions.model import Rendition
from studio.domain.uploads.model import Upload
from studio.errors import (
    NotFoundError,
)
from studio.ports.assets import AssetPage
from studio.ports.jobs import Idempotency
from tests.support.fakes.batches import Batches

JobKey = tuple[str, str]


@dataclass
class Memory:
    """Shared rows of the three stores, as the tables have them."""

    jobs: dict[JobKey, Job] = field(default_factory=dict)
    items: dict[JobKey, dict[int, Item]] = field(default_factory=dict)
    assets: dict[JobKey, Asset] = field(default_factory=dict)
    renditions: dict[JobKey, dict[str, Rendition]] = field(default_factory=dict)
    entries: dict[JobKey, dict[str, LedgerEntry]] = field(default_factory=dict)
    uploads: dict[JobKey, Upload] = field(default_factory=dict)
    months: Counter[JobKey] = field(default_factory=Counter)
    reservations: Counter[JobKey] = field(default_factory=Counter)
    keys: dict[tuple[str, str, str], Idempotency] = field(default_factory=dict)
    batches: Batches = field(default_factory=Batches)
    articles: dict[JobKey, Article] = field(default_factory=dict)


@dataclass
class FakeAssetStore:
    """AssetStore."""

    memory: Memory

    def get(self, tenant: str, asset_id: str) -> Asset:
        if (tenant, asset_id) not in self.memory.assets:
            raise NotFoundError(asset_id)
        return self.memory.assets[tenant, asset_id]

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        known = self.memory.assets
        return {name: known[tenant, name] for name in asset_ids if (tenant, name) in known}

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        known = self.memory.uploads
        found = [known[tenant, name] for name in upload_ids if (tenant, name) in known]
        return {upload.upload_id: upload.asset_id for upload in found if upload.asset_id}

    def page(self, tenant: str, limit: int, after: str | None) -> AssetPage:
        found = [
            asset
            for (owner, asset_id), asset in sorted(self.memory.assets.items(), reverse=True)
            if owner == tenant and (after is None or asset_id < after)
        ]
        kept = found[:limit]
        return AssetPage(kept, kept[-1].asset_id if len(found) > limit else None)


@dataclass
class FakeLedgerStore:
    """LedgerStore."""

    memory: Memory

    def entries(self, tenant: str, job_id: str) -> Sequence[LedgerEntry]:
        entries = self.memory.entries.get((tenant, job_id), {})
        return [entries[entry_id] for entry_id in sorted(entries)]

    def month(self, tenant: str, month: str) -> MonthTotals:
        key = (tenant, month)
        return MonthTotals(self.memory.months[key], self.memory.reservations[key])

    def committed(self, tenant: str, month: str) -> int:
        return self.memory.months[tenant, month]
