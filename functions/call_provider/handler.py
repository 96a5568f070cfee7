"""CallProvider: the paid step of ``process_job``."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import aws
from studio.adapters.dynamodb_jobs import DynamoJobStore
from studio.adapters.dynamodb_rates import DynamoRateLimiter
from studio.adapters.job_transactions import Tables
from studio.adapters.s3 import S3BlobStore
from studio.adapters.secrets import SsmCredentialStore
from studio.clock import utc_now
from studio.config import settings
from studio.providers.registry import ProviderRegistry
from studio.services.call_provider import CallProvider
from studio.services.steps import ImageTask, StepResult

logger = Logger()


@lru_cache
def build() -> CallProvider:
    """Wire the service; kept while the function is warm."""
    jobs, ledger, catalog, bucket, keys = settings(
        "JOBS_TABLE_NAME",
        "LEDGER_TABLE_NAME",
        "CATALOG_TABLE_NAME",
        "BUCKET_NAME",
        "PROVIDER_KEYS_PATH",
    )
    credentials = SsmCredentialStore(aws.ssm(), keys)
    return CallProvider(
        jobs=DynamoJobStore(aws.dynamodb(), Tables(jobs, ledger=ledger)),
        blobs=S3BlobStore(aws.s3(), bucket),
        limiter=DynamoRateLimiter(aws.dynamodb(), catalog),
        credentials=credentials,
        providers=ProviderRegistry(credentials),
        now=utc_now,
    )


@logger.inject_lambda_context(correlation_id_path="job_id")
def lambda_handler(event: dict[str, Any], context: object) -> StepResult:
    """Get one image's bytes from its provider."""
    result = build().run(ImageTask.from_event(event))
    logger.info("provider called", extra={"item": event["item"], **result})
    return result
