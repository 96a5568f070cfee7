"""CreateBatchJob: a row of ``run_batch`` becomes a job."""

from functools import cache, lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio import wiring
from studio.adapters import clients
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.clock import utc_now
from studio.config import Settings
from studio.domain.batches.manifest import entry_of
from studio.services.batches.create_batch_job import CreateBatchJob, RowStep

logger = Logger()

# Environment variables of the function.
SETTINGS = (
    "JOBS_TABLE_NAME",
    "ASSETS_TABLE_NAME",
    "LEDGER_TABLE_NAME",
    "CATALOG_TABLE_NAME",
    "BUCKET_NAME",
    "PROVIDERS",
    "TENANT_MONTHLY_LIMIT_USD",
)


@lru_cache
def build() -> CreateBatchJob:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(*SETTINGS)
    return CreateBatchJob(
        batches=DynamoBatchStore(clients.dynamodb(), settings.jobs_table),
        jobs=DynamoJobStore(clients.dynamodb(), settings.tables),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
        intake=cache(lambda: wiring.intake(settings)),
        now=utc_now,
        monthly_limit=settings.monthly_limit,
    )


@logger.inject_lambda_context(correlation_id_path="batch_id")
def lambda_handler(event: dict[str, Any], context: object) -> RowStep:
    """Make the job of a row, or find the one that it has."""
    place = entry_of(event)
    step = build().run(event["tenant"], event["batch_id"], event["run"], place)
    logger.info("batch row", extra={"row": place.row, **step})
    return step
