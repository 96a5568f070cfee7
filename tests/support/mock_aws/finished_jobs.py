"""Brings jobs to their end as the workflow would, through the real adapters and services."""

import os
from dataclasses import dataclass

from studio.adapters import clients
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.events import EventBridgeSink
from studio.adapters.s3.blobs import S3BlobStore
from studio.clock import utc_now
from studio.config import Tables
from studio.domain.assets.model import Asset, StoredImage, asset_key
from studio.domain.jobs.model import LogLine
from studio.money import Cost
from studio.ports.jobs import ItemEnding
from studio.services.folders.link_result import LinkResult
from studio.services.workflow import settlement
from studio.services.workflow.fail_image import FailImage
from studio.services.workflow.finish_job import FinishJob
from studio.services.workflow.start_job import StartJob

CONTENT = b"the picture"
THUMBNAIL = b"the small picture"


@dataclass(frozen=True)
class Work:
    """The workflow's hands on one job."""

    job_id: str
    tenant: str = "acme"

    @property
    def jobs(self) -> DynamoJobStore:
        names = ("JOBS_TABLE_NAME", "ASSETS_TABLE_NAME", "LEDGER_TABLE_NAME")
        return DynamoJobStore(clients.dynamodb(), Tables(*(os.environ[name] for name in names)))

    @property
    def blobs(self) -> S3BlobStore:
        return S3BlobStore(clients.s3(), os.environ["BUCKET_NAME"])

    def start(self) -> None:
        """Begin the first run."""
        StartJob(self.jobs, utc_now).run(self.tenant, self.job_id, 1)

    def make(self, number: int, cost: Cost) -> str:
        """Make an image and return its asset id."""
        self._begin(number)
        item = self.jobs.get_item(self.tenant, self.job_id, number)
        at = utc_now()
        asset = Asset(
            tenant=self.tenant,
            asset_id=item.asset_id,
            job_id=self.job_id,
            item=number,
            operation="generate",
            created_at=at,
            image=self._store(item.asset_id, "image", CONTENT),
            thumbnail=self._store(item.asset_id, "thumbnail", THUMBNAIL),
            cost=cost,
            recipe={"provider": item.spec.provider, "prompt": item.spec.prompt, "seed": None},
            label=item.spec.label,
            folder=item.spec.folder,
        )
        ending = ItemEnding(
            before=item,
            status="succeeded",
            at=at,
            log=LogLine(at, "info", "SAVE", "Saved", number),
            asset=asset,
            settlement=settlement.settlement(item, cost, at),
        )
        assert self.jobs.finish_item(ending)
        return item.asset_id

    def refuse(self, number: int) -> None:
        """Have a provider refuse an image at no cost."""
        self._begin(number)
        item = self.jobs.get_item(self.tenant, self.job_id, number)
        assert self.jobs.finish_item(settlement.failed(item, utc_now(), "moderation", "Refused"))

    def finish(self, run: int = 1) -> None:
        """End the run; images without a result fail."""
        fail_image = FailImage(self.jobs, self.blobs, utc_now)
        events = EventBridgeSink(clients.events(), "default")
        folders = DynamoFolderStore(clients.dynamodb(), os.environ["ASSETS_TABLE_NAME"])
        service = FinishJob(self.jobs, fail_image, events, LinkResult(folders, utc_now), utc_now)
        service.run(self.tenant, self.job_id, run)

    def _begin(self, number: int) -> None:
        item = self.jobs.get_item(self.tenant, self.job_id, number)
        at = utc_now()
        log = LogLine(at, "info", "AI_CALL", "Calling the provider", number)
        assert self.jobs.begin_attempt(item, at, at, log)

    def _store(self, asset_id: str, name: str, data: bytes) -> StoredImage:
        key = asset_key(self.tenant, asset_id, name, "webp")
        self.blobs.write(key, data, "image/webp")
        return StoredImage(key, "image/webp", len(data), 64, 64, "0" * 64)
