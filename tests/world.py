"""The whole studio in one process: the real services on ports that a test chooses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from studio.adapters.dynamodb_assets import DynamoAssetStore
from studio.adapters.dynamodb_folders import DynamoFolderStore
from studio.adapters.dynamodb_jobs import DynamoJobStore
from studio.adapters.dynamodb_ledger import DynamoLedgerStore
from studio.adapters.dynamodb_restraint import DynamoRestraintStore
from studio.adapters.job_transactions import Tables
from studio.adapters.s3 import S3BlobStore
from studio.folders.ports import FolderStore
from studio.jobs.model import Job
from studio.ports import (
    AssetStore,
    BlobStore,
    CredentialStore,
    EventSink,
    JobStore,
    LedgerStore,
    Workflow,
)
from studio.providers.port import Credentials, ProviderFactory
from studio.routing.ports import RestraintStore
from studio.services.call_provider import CallProvider
from studio.services.cancel_job import CancelJob
from studio.services.create_job import CreateJob, KeyUse
from studio.services.fail_image import FailImage
from studio.services.finish_job import FinishJob
from studio.services.link_result import LinkResult
from studio.services.plan_image import JobOrder
from studio.services.post_process import PostProcess
from studio.services.prepare_source import PrepareSource
from studio.services.redrive_job import RedriveJob, Selection
from studio.services.restraint import Restraint
from studio.services.save_image import SaveImage
from studio.services.start_job import StartJob
from studio.services.steps import ImageTask
from studio.services.sweep_jobs import SweepJobs, Swept
from studio.sources.ports import Fetcher
from tests import stack
from tests.fake_edges import (
    FakeBlobStore,
    FakeClock,
    FakeCredentialStore,
    FakeEventSink,
    FakeRunEnder,
    FakeWorkflow,
)
from tests.fake_folders import FakeFolderStore
from tests.fake_provider import FakeProvider, FakeProviders
from tests.fake_restraint import FakeRestraintStore
from tests.fake_web import FakeWeb
from tests.fakes import FakeAssetStore, FakeJobStore, FakeLedgerStore, Memory

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that the services reach the outside through."""

    jobs: JobStore
    assets: AssetStore
    ledger: LedgerStore
    blobs: BlobStore
    restraint: RestraintStore
    credentials: CredentialStore
    workflow: Workflow
    events: EventSink
    providers: ProviderFactory
    fetcher: Fetcher
    folders: FolderStore


@dataclass
class World:
    """A studio and what surrounds it.

    Attributes:
        ports: What the services use; a test may put something between.
        raw: The same without anything between, for looking.
        delivered: Every call of a function, in order, to be delivered again.
    """

    provider: FakeProvider
    clock: FakeClock
    workflow: FakeWorkflow
    events: FakeEventSink
    web: FakeWeb
    raw: Ports
    ports: Ports
    monthly_limit: int | None = None
    delivered: list[tuple[str, Payload]] = field(default_factory=list)

    def create(self, tenant: str, order: JobOrder, key: KeyUse) -> Job:
        ports = self.ports
        service = CreateJob(ports.jobs, ports.workflow, self.clock, self.monthly_limit, _answer)
        return service.run(tenant, order, key)

    def cancel(self, tenant: str, job_id: str) -> Job:
        return CancelJob(self.ports.jobs, self.clock).run(tenant, job_id)

    def redrive(
        self,
        tenant: str,
        job_id: str,
        key: KeyUse,
        selection: Selection | None = None,
        max_cost: int | None = None,
    ) -> Job:
        ports = self.ports
        service = RedriveJob(ports.jobs, ports.workflow, self.clock, self.monthly_limit, _answer)
        return service.run(tenant, job_id, selection or Selection(), max_cost, key)

    def sweep(self) -> Swept:
        """Sweep, and end what the sweeper asks to have ended."""
        ports = self.ports
        ender = FakeRunEnder(
            lambda tenant, job_id, run: self.invoke(
                "FinishJob", {"tenant": tenant, "job_id": job_id, "run": run}
            )
        )
        swept = SweepJobs(ports.jobs, ports.workflow, ender, self.clock).run()
        ender.work()
        return swept

    def invoke(self, function: str, payload: Payload) -> object:
        """Do what the function of a name does with its event."""
        self.delivered.append((function, payload))
        run: dict[str, Callable[[Payload], object]] = {
            "StartJob": self._start_job,
            "CallProvider": lambda event: self.call_provider.run(ImageTask.from_event(event)),
            "PrepareSource": lambda event: self.prepare_source.run(ImageTask.from_event(event)),
            "PostProcess": lambda event: self.post_process.run(ImageTask.from_event(event)),
            "SaveImage": lambda event: self.save_image.run(
                ImageTask.from_event(event), event["step"]
            ),
            "FailImage": lambda event: self.fail_image.run(ImageTask.from_event(event)),
            "FinishJob": self._finish_job,
        }
        return run[function](payload)

    @property
    def call_provider(self) -> CallProvider:
        ports = self.ports
        restraint = Restraint(ports.restraint, ports.credentials)
        return CallProvider(ports.jobs, ports.blobs, restraint, ports.providers, self.clock)

    @property
    def prepare_source(self) -> PrepareSource:
        ports = self.ports
        return PrepareSource(ports.jobs, ports.blobs, ports.fetcher, self.clock)

    @property
    def post_process(self) -> PostProcess:
        return PostProcess(self.ports.jobs, self.ports.blobs, self.clock)

    @property
    def save_image(self) -> SaveImage:
        return SaveImage(self.ports.jobs, self.ports.blobs, self.clock)

    @property
    def fail_image(self) -> FailImage:
        return FailImage(self.ports.jobs, self.ports.blobs, self.clock)

    @property
    def finish_job(self) -> FinishJob:
        ports = self.ports
        link_result = LinkResult(ports.folders, self.clock)
        return FinishJob(ports.jobs, self.fail_image, ports.events, link_result, self.clock)

    def _start_job(self, event: Payload) -> object:
        service = StartJob(self.ports.jobs, self.clock)
        return service.run(event["tenant"], event["job_id"], event["run"])

    def _finish_job(self, event: Payload) -> object:
        status = self.finish_job.run(event["tenant"], event["job_id"], event["run"])
        return {"status": status}


def memory_world(provider: FakeProvider | None = None, monthly_limit: int | None = None) -> World:
    """Return a studio that lives in this process's memory."""
    memory = Memory()
    return _world(
        provider,
        monthly_limit,
        FakeJobStore(memory),
        FakeAssetStore(memory),
        FakeLedgerStore(memory),
        FakeBlobStore(),
        FakeRestraintStore(),
        FakeFolderStore(),
    )


def aws_world(provider: FakeProvider | None = None) -> World:
    """Return a studio on the tables and the bucket of the running mock account."""
    here = stack.clients()
    return _world(
        provider,
        None,
        DynamoJobStore(here.dynamodb, Tables(stack.JOBS, stack.ASSETS, stack.LEDGER)),
        DynamoAssetStore(here.dynamodb, stack.ASSETS),
        DynamoLedgerStore(here.dynamodb, stack.LEDGER),
        S3BlobStore(here.s3, stack.BUCKET),
        DynamoRestraintStore(here.dynamodb, stack.CATALOG),
        DynamoFolderStore(here.dynamodb, stack.ASSETS),
    )


def _world(
    provider: FakeProvider | None,
    monthly_limit: int | None,
    jobs: JobStore,
    assets: AssetStore,
    ledger: LedgerStore,
    blobs: BlobStore,
    restraint: RestraintStore,
    folders: FolderStore,
) -> World:
    vendor = provider or FakeProvider()
    workflow, events, web = FakeWorkflow(), FakeEventSink(), FakeWeb()
    accounts = {
        (name, "default"): Credentials("secret")
        for name in ("builtin", "gemini", "openai", "runware")
    }
    ports = Ports(
        jobs=jobs,
        assets=assets,
        ledger=ledger,
        blobs=blobs,
        restraint=restraint,
        credentials=FakeCredentialStore(accounts),
        workflow=workflow,
        events=events,
        providers=FakeProviders(vendor),
        fetcher=web,
        folders=folders,
    )
    return World(
        provider=vendor,
        clock=FakeClock(),
        workflow=workflow,
        events=events,
        web=web,
        raw=ports,
        ports=ports,
        monthly_limit=monthly_limit,
    )


def _answer(job: Job) -> str:
    return job.job_id
