"""CallProvider: the paid step of ``process_job``."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
from studio.adapters.dynamodb.job_transactions import Tables
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.adapters.secrets import SsmCredentialStore
from studio.clock import utc_now
from studio.config import settings
from studio.providers.registry import ProviderRegistry, is_keyless
from studio.services.routing.call_limiter import CallLimiter
from studio.services.workflow.call_provider import CallProvider
from studio.services.workflow.steps import ImageTask, StepResult

if TYPE_CHECKING:
    from studio.ports.web import Fetcher

logger = Logger()


@lru_cache
def build() -> CallProvider:
    """Wire the service; kept while the function is warm."""
    jobs, ledger, catalog, bucket, keys, region = settings(
        "JOBS_TABLE_NAME",
        "LEDGER_TABLE_NAME",
        "CATALOG_TABLE_NAME",
        "BUCKET_NAME",
        "PROVIDER_KEYS_PATH",
        "BEDROCK_REGION",
    )
    credentials = SsmCredentialStore(clients.ssm(), keys, is_keyless)
    return CallProvider(
        jobs=DynamoJobStore(clients.dynamodb(), Tables(jobs, ledger=ledger)),
        blobs=S3BlobStore(clients.s3(), bucket),
        call_limits=CallLimiter(DynamoCallLimitStore(clients.dynamodb(), catalog), credentials),
        providers=ProviderRegistry(credentials, _fetcher, region),
        now=utc_now,
    )


@lru_cache
def _fetcher() -> "Fetcher":
    # Imported late: only providers that answer with an address need it.
    from studio.adapters.web.guarded_http import GuardedClient, trusted_hosts

    return GuardedClient(trusted_hosts=trusted_hosts(os.environ.get("TRUSTED_HOSTS")))


@logger.inject_lambda_context(correlation_id_path="job_id")
def lambda_handler(event: dict[str, Any], context: object) -> StepResult:
    """Get one image's bytes from its provider."""
    result = build().run(ImageTask.from_event(event))
    logger.info("provider called", extra={"item": event["item"], **result})
    return result
