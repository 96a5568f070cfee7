"""A studio with its imports and batches, and the state machine run_batch as it is deployed."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.dynamodb.imports import DynamoImportStore
from studio.adapters.dynamodb.recipes import DynamoRecipeStore
from studio.adapters.dynamodb.writes import RETRY, WriteRetry
from studio.domain.batches.manifest import entries_of, entry_of, lane_name
from studio.domain.batches.model import Batch, BatchImport, BatchRow, execution_name
from studio.domain.jobs.model import OrderDefaults
from studio.ids import new_id
from studio.ports.batches import BatchStore, ImportStore
from studio.ports.jobs import Replayed
from studio.ports.recipes import RecipeStore
from studio.services.batches.cancel_batch import CancelBatch
from studio.services.batches.create_batch_job import CreateBatchJob, RowStep
from studio.services.batches.create_import import CreateImport, Table
from studio.services.batches.fail_batch_row import FailBatchRow
from studio.services.batches.finish_batch import FinishBatch
from studio.services.batches.redrive_batch import RedriveBatch
from studio.services.batches.submit_import import Submission, SubmitImport
from studio.services.batches.sweep_batches import SweepBatches
from studio.services.batches.validate_import import ValidateImport
from studio.services.jobs.cancel_job import CancelJob
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.sweep_jobs import Swept
from studio.services.orders.intake import JobRequestIntake
from tests.support.builders import TENANT, unique
from tests.support.fakes.batches import FakeBatchStore, FakeBatchWorkflow, FakeImportStore
from tests.support.fakes.edges import FakeFunctionInvoker, FakeKeyRegister
from tests.support.fakes.jobs import FakeJobStore
from tests.support.fakes.provider import FakeProvider
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.fakes.settings import FakeSettingsStore
from tests.support.mock_aws import stack
from tests.support.tables import table
from tests.support.workflows.asl import Interpreter, StateError, definition, drive
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import Studio, aws_studio, made, memory_studio

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass
class Death:
    """A function of run_batch that dies.

    Attributes:
        error: The error's name as Step Functions gives it.
        times: How many invocations still die.
        after: Whether each has done its work before it dies.
    """

    error: str
    times: int
    after: bool = False


@dataclass
class BatchStudio:
    """The services of batches, on the ports of the studio whose jobs they create.

    Attributes:
        deaths: Which functions of run_batch die, by their states.
        visited: States of run_batch that were entered.
        settings: The settings of accounts.
    """

    base: Studio
    imports: ImportStore
    batches: BatchStore
    recipes: RecipeStore
    personas: RecipeStore
    templates: RecipeStore
    workflow: FakeBatchWorkflow = field(default_factory=FakeBatchWorkflow)
    validator: FakeFunctionInvoker = field(default_factory=FakeFunctionInvoker)
    without_keys: set[str] = field(default_factory=set)
    deaths: dict[str, Death] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    settings: FakeSettingsStore = field(default_factory=FakeSettingsStore)

    def taken(self, text: str, upload_id: str | None = None, **options: Any) -> BatchImport:
        """Take a table without checking it."""
        members: dict[str, Any] = {"delimiter": None, "mapping": {}, "defaults": {}, "name": None}
        table = Table(
            text=None if upload_id else text, upload_id=upload_id, **{**members, **options}
        )
        service = CreateImport(self.imports, self.base.raw.blobs, self.validator, self.base.clock)
        return service.run(TENANT, table, "user-1")

    def checked(self, text: str, **options: Any) -> BatchImport:
        """Take a table and check it."""
        value = self.taken(text, **options)
        self.validate.run(TENANT, value.import_id)
        return self.imports.get(TENANT, value.import_id)

    def checked_file(self, data: bytes, **options: Any) -> BatchImport:
        """Check a table that was uploaded as a file."""
        upload_id = new_id("upl", self.base.clock())
        self.base.raw.blobs.write(f"imports/{TENANT}/{upload_id}/t.csv", data, "text/csv")
        return self.checked("", upload_id=upload_id, **options)

    def submit(self, value: BatchImport, wanted: Submission | None = None, key: str = "") -> Batch:
        """Submit an import under a key that is new."""
        return made(self.submit_again(value, wanted, key))

    def submit_again(
        self, value: BatchImport, wanted: Submission | None = None, key: str = ""
    ) -> Batch | Replayed:
        """Submit an import, or find the answer that its key was given before."""
        use = KeyUse("POST submit", key or unique("key"), "body")
        service = SubmitImport(
            self.imports,
            self.batches,
            self.base.raw.jobs,
            self.base.raw.ledger,
            self.base.raw.blobs,
            self.workflow,
            self.base.clock,
            self.base.monthly_limit,
            _answer,
            self.defaults,
        )
        return service.run(TENANT, value.import_id, wanted or Submission(), use, "user-1")

    def redrive(self, batch_id: str, key: str = "") -> Batch:
        """Redrive a batch under a key that is new."""
        return made(self.redrive_again(batch_id, key))

    def redrive_again(self, batch_id: str, key: str = "") -> Batch | Replayed:
        """Redrive a batch, or find the answer that its key was given before."""
        raw = self.base.raw
        service = RedriveBatch(
            self.batches, raw.jobs, raw.blobs, self.workflow, self.base.clock, _answer
        )
        return service.run(TENANT, batch_id, KeyUse("POST redrive", key or unique("key"), "body"))

    def cancel(self, batch_id: str) -> Batch:
        """Cancel a batch."""
        base = self.base
        finish_job = FakeFunctionInvoker(lambda **payload: base.invoke("FinishJob", payload))
        cancel_job = CancelJob(base.raw.jobs, finish_job, base.clock)
        batch = CancelBatch(self.batches, cancel_job).run(TENANT, batch_id)
        finish_job.work()
        return batch

    def step(self, batch: Batch, row: int) -> RowStep:
        """Do what the state CreateBatchJob does for a row."""
        name = batch.key("lines.jsonl")
        (place,) = [one for one in entries_of(self.base.raw.blobs.read(name)[0]) if one.row == row]
        return self.create_job.run(TENANT, batch.batch_id, batch.run, place)

    def run(self, batch: Batch) -> Batch:
        """Run the batch's execution to its end."""
        lanes = [batch.key(lane_name(batch.run, lane)) for lane in range(batch.concurrency)]
        document = {"tenant": TENANT, "batch_id": batch.batch_id, "run": batch.run, "lanes": lanes}
        steps = Interpreter(definition("run_batch"), self.visited, self._places).run(document)
        drive(steps, self._invoke, self.base.clock.advance)
        self.workflow.ended.add(execution_name(batch.batch_id, batch.run))
        return self.get(batch)

    def _places(self, lane: str) -> list[dict[str, Any]]:
        data, _ = self.base.raw.blobs.read(lane)
        return [json.loads(line) for line in data.splitlines()]

    def _invoke(self, function: str, payload: dict[str, Any]) -> object:
        """Run a function of run_batch, or let it die."""
        death = self.deaths.get(function)
        if death is not None and death.times > 0:
            death.times -= 1
            if death.after:
                self._work(function, payload)
            raise StateError(death.error)
        return self._work(function, payload)

    def _work(self, function: str, payload: dict[str, Any]) -> object:
        if function == "ProcessJob":
            self.run_execution(payload["Name"], payload["Input"])
            return {}
        tenant, batch_id, run = payload["tenant"], payload["batch_id"], payload["run"]
        if function == "FinishBatch":
            return {"status": self.finish.run(tenant, batch_id, run)}
        if function == "FailBatchRow":
            return self.fail_row.run(tenant, batch_id, run, payload["line"], payload["error"])
        place = entry_of(payload)
        return self.create_job.run(tenant, batch_id, run, place)

    def run_job(self, step: RowStep) -> None:
        """Do what the state RunJob does."""
        if step["outcome"] == "started":
            started = {"tenant": TENANT, "job_id": step["job_id"], "run": step["job_run"]}
            self.run_execution(step["execution"], started)

    def run_execution(self, name: str, started: dict[str, Any]) -> None:
        """Run an execution of process_job to its end."""
        self.base.workflow.start(name, **started)
        Engine(self.base).run_executions()

    def get(self, batch: Batch) -> Batch:
        """Read a batch again."""
        return self.batches.get(TENANT, batch.batch_id)

    def rows(self, batch: Batch) -> list[BatchRow]:
        """Return all rows that have started."""
        return list(self.batches.rows(TENANT, batch.batch_id, 100, None).rows)

    def sweep(self) -> Swept:
        """Sweep, and end what the sweeper asks to have ended."""
        finish_batch = FakeFunctionInvoker(self.finish.run)
        swept = SweepBatches(self.batches, self.workflow, finish_batch, self.base.clock).run()
        finish_batch.work()
        return swept

    @property
    def validate(self) -> ValidateImport:
        raw = self.base.raw
        return ValidateImport(self.imports, self.intake, raw.blobs, self.base.monthly_limit)

    @property
    def intake(self) -> JobRequestIntake:
        raw = self.base.raw
        return JobRequestIntake(
            self.recipes.get,
            self.personas.get,
            self.templates.get,
            raw.assets,
            lambda: raw.blobs,
            ("openai",),
            self.base.clock,
            keys=FakeKeyRegister(self.without_keys),
            defaults=self.defaults,
        )

    def defaults(self, tenant: str) -> OrderDefaults:
        """Return what the stored settings of a tenant give orders."""
        return self.settings.image_generation(tenant).order_defaults

    @property
    def create_job(self) -> CreateBatchJob:
        raw = self.base.raw
        return CreateBatchJob(
            self.batches,
            raw.jobs,
            raw.blobs,
            lambda: self.intake,
            self.base.clock,
            self.base.monthly_limit,
        )

    @property
    def fail_row(self) -> FailBatchRow:
        return FailBatchRow(self.batches, self.base.raw.jobs)

    @property
    def finish(self) -> FinishBatch:
        return FinishBatch(self.batches, self.base.ports.events, self.base.clock)


def memory_batches(
    provider: FakeProvider | None = None, monthly_limit: int | None = None
) -> BatchStudio:
    """Return a studio in memory."""
    base, imports = memory_studio(provider, monthly_limit), FakeImportStore()
    assert isinstance(base.raw.jobs, FakeJobStore)
    batches = FakeBatchStore(base.raw.jobs.memory, imports)
    kept = (FakeRecipeStore(), FakeRecipeStore(), FakeRecipeStore())
    return BatchStudio(base, imports, batches, *kept)


def aws_batches(
    provider: FakeProvider | None = None,
    dynamodb: "tuple[DynamoDBClient, WriteRetry] | None" = None,
) -> BatchStudio:
    """Return a studio on the running mock account."""
    client, retry = dynamodb or (stack.clients().dynamodb, RETRY)
    return BatchStudio(
        aws_studio(provider, (client, retry)),
        DynamoImportStore(client, stack.CATALOG, retry),
        DynamoBatchStore(client, stack.JOBS, stack.CATALOG, retry),
        DynamoRecipeStore(client, stack.CATALOG, retry=retry),
        DynamoRecipeStore(client, stack.CATALOG, "persona", retry),
        DynamoRecipeStore(client, stack.CATALOG, "template", retry),
    )


def _answer(batch: Batch) -> str:
    return batch.batch_id


def submitted(
    *prompts: str,
    provider: FakeProvider | None = None,
    concurrency: int = 1,
    limit: int | None = None,
) -> tuple[BatchStudio, Batch]:
    """Return a studio in memory and its batch with a row for each prompt, not yet run."""
    studio = memory_batches(provider, limit)
    value = studio.checked(table(*prompts))
    return studio, studio.submit(value, Submission(concurrency=concurrency))
