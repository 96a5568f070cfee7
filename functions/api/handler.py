"""The HTTPS API: every route of ``studio.api.routes`` behind one function."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.api.app import Dispatcher, GatewayResponse
from studio.api.http.dependencies import Dependencies
from studio.config import Settings

logger = Logger()

# Environment variables of the function.
SETTINGS = (
    "JOBS_TABLE_NAME",
    "ASSETS_TABLE_NAME",
    "LEDGER_TABLE_NAME",
    "CATALOG_TABLE_NAME",
    "BUCKET_NAME",
    "PROCESS_JOB_STATE_MACHINE_ARN",
    "RUN_BATCH_STATE_MACHINE_ARN",
    "VALIDATE_IMPORT_FUNCTION_NAME",
    "BUILD_DOWNLOAD_FUNCTION_NAME",
    "FINISH_JOB_FUNCTION_NAME",
    "REGISTER_UPLOAD_FUNCTION_NAME",
    "RENDER_ASSET_FUNCTION_NAME",
    "TEST_INTEGRATION_FUNCTION_NAME",
    "DELIVERY_QUEUE_URL",
    "WEBHOOK_SECRETS_PATH",
    "TRUSTED_HOSTS",
    "SCHEDULE_GROUP_NAME",
    "RUN_SCHEDULE_FUNCTION_ARN",
    "SCHEDULER_ROLE_ARN",
    "DEAD_LETTER_QUEUE_ARN",
    "PROVIDER_KEYS_PATH",
    "CURSOR_KEY",
    "ALLOW_PERSONAL_TENANTS",
    "PROVIDERS",
    "TENANT_MONTHLY_LIMIT_USD",
    "NOTIFICATION_SENDER",
    "NOTIFICATION_DOMAINS",
    "STUDIO_VERSION",
    "AWS_REGION",
)


@lru_cache
def build() -> Dispatcher:
    """Wire the application; kept while the function is warm."""
    settings = Settings.read(*SETTINGS)
    return Dispatcher(Dependencies(settings), logger)


def lambda_handler(event: dict[str, Any], context: object) -> GatewayResponse:
    """Answer one HTTP request."""
    return build().respond(event)
