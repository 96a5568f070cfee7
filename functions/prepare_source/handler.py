"""PrepareSource: what ``process_job`` does for an image whose sources are not ready."""

import os
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.job_transactions import Tables
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.adapters.web.guarded_http import GuardedClient, trusted_hosts
from studio.clock import utc_now
from studio.config import settings
from studio.services.workflow.prepare_source import PrepareSource
from studio.services.workflow.steps import ImageTask, StepResult

logger = Logger()


@lru_cache
def build() -> PrepareSource:
    """Wire the service; kept while the function is warm."""
    jobs, ledger, bucket = settings("JOBS_TABLE_NAME", "LEDGER_TABLE_NAME", "BUCKET_NAME")
    return PrepareSource(
        jobs=DynamoJobStore(clients.dynamodb(), Tables(jobs, ledger=ledger)),
        blobs=S3BlobStore(clients.s3(), bucket),
        fetcher=GuardedClient(trusted_hosts=trusted_hosts(os.environ.get("TRUSTED_HOSTS"))),
        now=utc_now,
    )


@logger.inject_lambda_context(correlation_id_path="job_id")
def lambda_handler(event: dict[str, Any], context: object) -> StepResult:
    """Get ready what one image is made from."""
    result = build().run(ImageTask.from_event(event))
    logger.info("sources prepared", extra={"item": event["item"], "outcome": result["outcome"]})
    return result
