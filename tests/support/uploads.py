"""RegisterUpload on stores in memory."""

from typing import Any

from studio.domain.folders.model import Folder
from studio.domain.recipes.model import Recipe
from studio.domain.uploads.model import Upload
from studio.services.jobs.create_job import CreateJob
from studio.services.orders.intake import JobRequestIntake
from studio.services.uploads.register_upload import RegisterUpload
from tests.support.builders import TENANT
from tests.support.fakes.edges import (
    START,
    FakeBlobStore,
    FakeClock,
    FakeEventSink,
    FakeWorkflow,
)
from tests.support.fakes.folders import FakeFolderStore, FakeUploadBucket, FakeUploadStore
from tests.support.fakes.jobs import FakeJobStore
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.fakes.stores import FakeAssetStore, Memory

PLACE = f"uploads/{TENANT}/SKU-1"


class UploadBench:
    """The service on stores in memory, with a recipe and a rule on folder SKU-1."""

    def __init__(self, monthly_limit: int | None = None) -> None:
        self.memory, self.upload_bucket, self.clock = Memory(), FakeUploadBucket(), FakeClock()
        self.folders, self.blobs, self.workflow = FakeFolderStore(), FakeBlobStore(), FakeWorkflow()
        self.uploads = FakeUploadStore(self.memory, self.folders)
        self.recipes, self.bus = FakeRecipeStore(), FakeEventSink()
        body = {"operation": "generate", "prompt": "on white", "provider": {"id": "openai"}}
        self.recipes.put(Recipe(TENANT, "on-white", 0, None, body, START, START, "ann"), None)
        assets, jobs = FakeAssetStore(self.memory), FakeJobStore(self.memory)
        self.jobs = jobs
        self.service = RegisterUpload(
            uploads=self.uploads,
            folders=self.folders,
            assets=assets,
            blobs=self.blobs,
            upload_bucket=self.upload_bucket,
            intake=lambda: JobRequestIntake(
                self.recipes.get,
                FakeRecipeStore().get,
                FakeRecipeStore().get,
                assets,
                lambda: self.blobs,
                ("builtin",),
                self.clock,
            ),
            create_job=lambda: CreateJob(
                jobs, self.workflow, self.clock, monthly_limit, lambda job: job.job_id
            ),
            events=lambda: self.bus,
            now=self.clock,
        )

    def rule(self, folder: str = "SKU-1", recipe: str = "on-white") -> None:
        """Make a folder with a rule."""
        self.folders.ensure(Folder(TENANT, folder, START))
        self.folders.set_rule(TENANT, folder, recipe)

    def drop(self, data: bytes, name: str = "front.jpg", folder: str = "SKU-1") -> str:
        """Put a file into the bucket, deliver its event and return the outcome."""
        key = f"uploads/{TENANT}/{folder}/{name}"
        etag = self.upload_bucket.put(key, data)
        return self.service.run(key, etag)

    @property
    def rows(self) -> list[Upload]:
        """Return the records of the uploads."""
        return list(self.memory.uploads.values())

    def state(self) -> dict[str, Any]:
        """Return everything that is kept, without the ids and times that chance gave it."""
        names = {asset_id: f"#{sha}" for (_, sha), asset_id in self.uploads.claims.items()}
        return {
            "uploads": sorted(
                (row.key, row.status, row.reason_code, names.get(row.asset_id or ""))
                for row in self.rows
            ),
            "jobs": sorted(
                (job.origin.folder, *(names[str(s.asset_id)] for s in items[1].spec.sources))
                for job, items in (
                    (job, self.memory.items[key]) for key, job in self.memory.jobs.items()
                )
            ),
            "assets": sorted(names[asset_id] for _, asset_id in self.memory.assets),
            "sources": sorted((folder, names[a]) for _, folder, a in self.folders.sources),
            "counts": sorted((f.name, f.sources, f.refused) for f in self.folders.folders.values()),
            "events": sorted({(event.type, event.id) for event in self.bus.events}),
            "blobs": len(self.blobs.blobs),
        }
