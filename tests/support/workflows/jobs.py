"""The whole studio in one process: the real services on ports that a test chooses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
from studio.adapters.dynamodb.contents import DynamoContentStore
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.ledger import DynamoLedgerStore
from studio.adapters.dynamodb.writes import RETRY, WriteRetry
from studio.adapters.s3.blobs import S3BlobStore
from studio.config import Tables
from studio.domain.batches.model import Batch
from studio.domain.jobs.model import Job
from studio.domain.orders.request import JobRequest
from studio.domain.provider_calls.model import Credentials
from studio.ports.assets import AssetStore
from studio.ports.blobs import BlobStore
from studio.ports.contents import ContentStore
from studio.ports.credentials import CredentialStore
from studio.ports.events import EventSink
from studio.ports.folders import FolderStore
from studio.ports.jobs import JobStore, Replayed, Workflow
from studio.ports.ledger import LedgerStore
from studio.ports.provider import ProviderFactory
from studio.ports.routing import CallLimitStore
from studio.ports.web import Fetcher
from studio.services.folders.link_result import LinkResult
from studio.services.jobs.cancel_job import CancelJob
from studio.services.jobs.create_job import CreateJob
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import RedriveJob, Selection
from studio.services.jobs.sweep_jobs import SweepJobs, Swept
from studio.services.routing.call_limiter import CallLimiter
from studio.services.workflow.call_provider import CallProvider
from studio.services.workflow.fail_image import FailImage
from studio.services.workflow.finish_job import FinishJob
from studio.services.workflow.post_process import PostProcess
from studio.services.workflow.prepare_source import PrepareSource
from studio.services.workflow.save_image import SaveImage
from studio.services.workflow.start_job import StartJob
from studio.services.workflow.steps import ImageTask
from tests.support.fakes.call_limits import FakeCallLimitStore
from tests.support.fakes.contents import FakeContentStore
from tests.support.fakes.edges import (
    FakeBlobStore,
    FakeClock,
    FakeCredentialStore,
    FakeEventSink,
    FakeFunctionInvoker,
    FakeKeyRegister,
    FakeSweepCursor,
    FakeWorkflow,
)
from tests.support.fakes.folders import FakeFolderStore
from tests.support.fakes.jobs import FakeJobStore
from tests.support.fakes.provider import FakeProvider, FakeProviders
from tests.support.fakes.stores import FakeAssetStore, FakeLedgerStore, Memory
from tests.support.fakes.web import FakeWeb
from tests.support.mock_aws import stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Payload = dict[str, Any]
Made = TypeVar("Made", Job, Batch)


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that the services reach the outside through."""

    jobs: JobStore
    assets: AssetStore
    ledger: LedgerStore
    blobs: BlobStore
    call_limits: CallLimitStore
    credentials: CredentialStore
    workflow: Workflow
    events: EventSink
    providers: ProviderFactory
    fetcher: Fetcher
    folders: FolderStore
    contents: ContentStore


@dataclass
class Studio:
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
    without_key: frozenset[str] = frozenset()
    delivered: list[tuple[str, Payload]] = field(default_factory=list)
    sweep_cursor: FakeSweepCursor = field(default_factory=FakeSweepCursor)

    def create(self, tenant: str, order: JobRequest, key: KeyUse) -> Job:
        """Create a job under a key that is new."""
        return made(self.submit(tenant, order, key))

    def submit(self, tenant: str, order: JobRequest, key: KeyUse) -> Job | Replayed:
        """Create a job, or find the answer that its key was given before."""
        ports = self.ports
        service = CreateJob(ports.jobs, ports.workflow, self.clock, self.monthly_limit, _answer)
        return service.run(tenant, order, key)

    def cancel(self, tenant: str, job_id: str) -> Job:
        """Cancel a job, and end it where the cancel asks for that."""
        finish_job = FakeFunctionInvoker(lambda **payload: self.invoke("FinishJob", payload))
        job = CancelJob(self.ports.jobs, finish_job, self.clock).run(tenant, job_id)
        finish_job.work()
        return job

    def redrive(
        self,
        tenant: str,
        job_id: str,
        key: KeyUse,
        selection: Selection | None = None,
        max_cost: int | None = None,
    ) -> Job:
        """Redrive a job under a key that is new."""
        return made(self.submit_redrive(tenant, job_id, key, selection, max_cost))

    def submit_redrive(
        self,
        tenant: str,
        job_id: str,
        key: KeyUse,
        selection: Selection | None = None,
        max_cost: int | None = None,
    ) -> Job | Replayed:
        """Redrive a job, or find the answer that its key was given before."""
        ports = self.ports
        service = RedriveJob(
            ports.jobs,
            ports.workflow,
            self.clock,
            self.monthly_limit,
            _answer,
            FakeKeyRegister(self.without_key),
            ports.contents,
        )
        return service.run(tenant, job_id, selection or Selection(), max_cost, key)

    def sweep(self) -> Swept:
        """Sweep, and end what the sweeper asks to have ended."""
        ports = self.ports
        finish_job = FakeFunctionInvoker(lambda **payload: self.invoke("FinishJob", payload))
        swept = SweepJobs(
            ports.jobs, ports.workflow, finish_job, self.clock, self.sweep_cursor
        ).run()
        finish_job.work()
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
        call_limits = CallLimiter(ports.call_limits, ports.credentials)
        return CallProvider(ports.jobs, ports.blobs, call_limits, ports.providers, self.clock)

    @property
    def prepare_source(self) -> PrepareSource:
        ports = self.ports
        return PrepareSource(ports.jobs, ports.blobs, lambda: ports.fetcher, self.clock)

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
        asked = event.get("asked", False)
        status = self.finish_job.run(event["tenant"], event["job_id"], event["run"], asked=asked)
        return {"status": status}


def made(outcome: Made | Replayed) -> Made:
    """Return what a request made; its key was not used before."""
    assert not isinstance(outcome, Replayed), "the key was used before"
    return outcome


def memory_studio(provider: FakeProvider | None = None, monthly_limit: int | None = None) -> Studio:
    """Return a studio that lives in this process's memory."""
    memory = Memory()
    return _studio(
        provider,
        monthly_limit,
        FakeJobStore(memory),
        FakeAssetStore(memory),
        FakeLedgerStore(memory),
        FakeBlobStore(),
        FakeCallLimitStore(),
        FakeFolderStore(),
        FakeContentStore(memory),
    )


def aws_studio(
    provider: FakeProvider | None = None,
    dynamodb: "tuple[DynamoDBClient, WriteRetry] | None" = None,
) -> Studio:
    """Return a studio on the tables and the bucket of the running mock account."""
    here = stack.clients()
    client, retry = dynamodb or (here.dynamodb, RETRY)
    return _studio(
        provider,
        None,
        DynamoJobStore(client, Tables(stack.JOBS, stack.ASSETS, stack.LEDGER), retry),
        DynamoAssetStore(client, stack.ASSETS),
        DynamoLedgerStore(client, stack.LEDGER),
        S3BlobStore(here.s3, stack.BUCKET),
        DynamoCallLimitStore(here.dynamodb, stack.CATALOG),
        DynamoFolderStore(client, stack.ASSETS, retry),
        DynamoContentStore(client, stack.JOBS, retry),
    )


def _studio(
    provider: FakeProvider | None,
    monthly_limit: int | None,
    jobs: JobStore,
    assets: AssetStore,
    ledger: LedgerStore,
    blobs: BlobStore,
    call_limits: CallLimitStore,
    folders: FolderStore,
    contents: ContentStore,
) -> Studio:
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
        call_limits=call_limits,
        credentials=FakeCredentialStore(accounts),
        workflow=workflow,
        events=events,
        providers=FakeProviders(vendor),
        fetcher=web,
        folders=folders,
        contents=contents,
    )
    return Studio(
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
