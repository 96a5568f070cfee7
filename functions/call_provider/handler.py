"""CallProvider: the paid step of ``process_job``."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio import wiring
from studio.adapters import clients
from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.adapters.secrets import SsmCredentialStore
from studio.clock import utc_now
from studio.config import Settings
from studio.domain.catalogue.catalogue import is_keyless
from studio.providers.registry import ProviderRegistry
from studio.services.routing.call_limiter import CallLimiter
from studio.services.workflow.call_provider import CallProvider
from studio.services.workflow.steps import ImageTask, StepResult

logger = Logger()

# Environment variables of the function.
SETTINGS = (
    "JOBS_TABLE_NAME",
    "ASSETS_TABLE_NAME",
    "LEDGER_TABLE_NAME",
    "CATALOG_TABLE_NAME",
    "BUCKET_NAME",
    "PROVIDER_KEYS_PATH",
    "BEDROCK_REGION",
    "TRUSTED_HOSTS",
)


@lru_cache
def build() -> CallProvider:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(*SETTINGS)
    credentials = SsmCredentialStore(clients.ssm(), settings.provider_keys_path, is_keyless)
    limits = DynamoCallLimitStore(clients.dynamodb(), settings.catalog_table)
    return CallProvider(
        jobs=DynamoJobStore(clients.dynamodb(), settings.tables),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
        call_limits=CallLimiter(limits, credentials),
        providers=ProviderRegistry(
            credentials, lambda: wiring.web_client(settings), settings.bedrock_region
        ),
        now=utc_now,
    )


@logger.inject_lambda_context(correlation_id_path="job_id")
def lambda_handler(event: dict[str, Any], context: object) -> StepResult:
    """Get one image's bytes from its provider."""
    result = build().run(ImageTask.from_event(event))
    logger.info("provider called", extra={"item": event["item"], **result})
    return result
