"""Every sample event of imports and batches does its work on the real handler."""

import json
import os
from dataclasses import replace
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.create_batch_job import handler as create_batch_job
from functions.fail_batch_row import handler as fail_batch_row
from functions.finish_batch import handler as finish_batch
from functions.sweep_jobs import handler as sweep_jobs
from functions.validate_import import handler as validate_import
from studio.adapters import clients as aws
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.dynamodb.imports import DynamoImportStore
from studio.adapters.dynamodb.schedules import DynamoScheduleStore
from studio.clock import utc_now
from studio.domain.batches.manifest import MANIFEST
from studio.domain.batches.model import Batch, BatchImport
from studio.domain.jobs.model import Counts
from studio.domain.schedules.model import Run
from studio.metrics import NAMESPACE
from tests.support.builders import an_idempotency
from tests.support.mock_aws.environment import environment, sample
from tests.support.mock_aws.metric_lines import values_of
from tests.support.mock_aws.stack import BUCKET, BUS, CATALOG, JOBS, clients

ORDER = b'{"operation":"generate","prompt":"a fox","size":"64x64"}\n'


class Context(LambdaContext):
    """What Lambda says of itself."""

    def __init__(self) -> None:
        self._function_name = "step"
        self._memory_limit_in_mb = 256
        self._invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:step"
        self._aws_request_id = "request"


@pytest.fixture
def functions(account: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    clients().events.create_event_bus(Name=BUS)
    for name in ("ValidateImport", "CreateBatchJob", "FailBatchRow", "FinishBatch", "SweepJobs"):
        for key, value in environment(f"{name}Function").items():
            monkeypatch.setenv(key, value)
    yield
    for handler in (validate_import, create_batch_job, fail_batch_row, finish_batch, sweep_jobs):
        handler.build.cache_clear()


def written(key: str, data: bytes) -> str:
    clients().s3.put_object(Bucket=BUCKET, Key=key, Body=data)
    return key


def test_the_samples_take_a_table_to_its_end(
    functions: None, capsys: pytest.CaptureFixture[str]
) -> None:
    imports = DynamoImportStore(aws.dynamodb(), CATALOG)
    batches = DynamoBatchStore(aws.dynamodb(), JOBS, CATALOG)
    event, line = sample("validate_import"), sample("create_batch_job")
    at = utc_now()
    value = BatchImport(event["tenant"], event["import_id"], None, "", at, "ann")
    value = replace(value, source=written(value.key("source.csv"), b"prompt\na fox\n"))
    imports.put(value)

    assert validate_import.lambda_handler(event, Context()) == {"status": "validated"}

    assert imports.get(value.tenant, value.import_id).totals.valid == 1
    batch = Batch(value.tenant, line["batch_id"], value.import_id, None, at, "ann", 1, Counts(1))
    written(batch.key(MANIFEST), ORDER)
    batches.create(batch, an_idempotency())
    step = create_batch_job.lambda_handler({**line, "bytes": len(ORDER)}, Context())
    assert step["outcome"] == "started"
    assert step["execution"] == step["job_id"]
    started = {"service": os.environ["POWERTOOLS_SERVICE_NAME"], "Outcome": "started"}
    assert values_of(capsys.readouterr().out, NAMESPACE, "BatchRows", started) == [1]
    ending = sample("finish_batch")
    assert finish_batch.lambda_handler(ending, Context()) == {"status": "running"}
    again = create_batch_job.lambda_handler({**line, "bytes": len(ORDER)}, Context())
    assert again == step
    assert fail_batch_row.lambda_handler(sample("fail_batch_row"), Context()) == step
    other = {**sample("fail_batch_row"), "line": 3}
    assert fail_batch_row.lambda_handler(other, Context())["outcome"] == "refused"
    refused = batches.row(value.tenant, batch.batch_id, 3)
    assert refused is not None
    assert (refused.status, refused.error_code) == ("failed", "execution-error")


def test_an_execution_that_died_ends_its_batch(functions: None) -> None:
    imports = DynamoImportStore(aws.dynamodb(), CATALOG)
    batches = DynamoBatchStore(aws.dynamodb(), JOBS, CATALOG)
    ending, at = sample("finish_batch"), utc_now()
    value = BatchImport(ending["tenant"], "imp_1", None, "", at, "ann", status="validated")
    imports.put(value)
    batch = Batch("acme", ending["batch_id"], "imp_1", None, at, "ann", 1, Counts(1))
    batches.create(batch, an_idempotency())
    event = {"detail": {"status": "ABORTED", "input": json.dumps(ending)}}

    assert finish_batch.lambda_handler(event, Context()) == {"status": "failed"}


def test_the_sweep_ends_a_run_of_a_schedule_that_was_lost(functions: None) -> None:
    schedules, at = DynamoScheduleStore(aws.dynamodb(), CATALOG), utc_now()
    schedules.claim(Run("acme", "nightly", at, "schedule", "schedule"), at)

    assert sweep_jobs.lambda_handler(sample("sweep_jobs"), Context())["failed"] == 0

    (run,) = schedules.runs("acme", "nightly", 10, None).runs
    assert (run.outcome, run.code) == ("failed", "execution-error")
