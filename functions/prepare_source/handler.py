"""PrepareSource: what ``process_job`` does for an image whose sources are not ready."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio import wiring
from studio.adapters import clients
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.clock import utc_now
from studio.config import Settings
from studio.services.workflow.prepare_source import PrepareSource
from studio.services.workflow.steps import ImageTask, StepResult

logger = Logger()


@lru_cache
def build() -> PrepareSource:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(
        "JOBS_TABLE_NAME", "ASSETS_TABLE_NAME", "LEDGER_TABLE_NAME", "BUCKET_NAME", "TRUSTED_HOSTS"
    )
    return PrepareSource(
        jobs=DynamoJobStore(clients.dynamodb(), settings.tables),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
        web=lambda: wiring.web_client(settings),
        now=utc_now,
    )


@logger.inject_lambda_context(correlation_id_path="job_id")
def lambda_handler(event: dict[str, Any], context: object) -> StepResult:
    """Get ready what one image is made from."""
    result = build().run(ImageTask.from_event(event))
    logger.info("sources prepared", extra={"item": event["item"], "outcome": result["outcome"]})
    return result
