"""SaveImage: the last step of an image in ``process_job``."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.clock import utc_now
from studio.config import Settings
from studio.services.workflow.save_image import SaveImage
from studio.services.workflow.steps import ImageTask, StepResult

logger = Logger()


@lru_cache
def build() -> SaveImage:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(
        "JOBS_TABLE_NAME", "ASSETS_TABLE_NAME", "LEDGER_TABLE_NAME", "BUCKET_NAME"
    )
    return SaveImage(
        jobs=DynamoJobStore(clients.dynamodb(), settings.tables),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
        now=utc_now,
    )


@logger.inject_lambda_context(correlation_id_path="job_id")
def lambda_handler(event: dict[str, Any], context: object) -> StepResult:
    """Make a rendered image an asset and book what it cost."""
    result = build().run(ImageTask.from_event(event), event["step"])
    logger.info("image saved", extra={"item": event["item"], "outcome": result["outcome"]})
    return result
