"""ValidateImport: checks an imported table in the background."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from studio import wiring
from studio.adapters import clients
from studio.adapters.dynamodb.imports import DynamoImportStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.config import Settings

if TYPE_CHECKING:
    from studio.services.batches.validate_import import ValidateImport

logger = Logger()

# Environment variables of the function.
SETTINGS = (
    "ASSETS_TABLE_NAME",
    "CATALOG_TABLE_NAME",
    "BUCKET_NAME",
    "PROVIDERS",
    "TENANT_MONTHLY_LIMIT_USD",
)


@lru_cache
def build() -> "ValidateImport":
    """Wire the service; kept while the function is warm."""
    from studio.services.batches.validate_import import ValidateImport

    settings = Settings.read(*SETTINGS)
    return ValidateImport(
        imports=DynamoImportStore(clients.dynamodb(), settings.catalog_table),
        intake=wiring.intake(settings),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
        monthly_limit=settings.monthly_limit,
    )


@logger.inject_lambda_context(correlation_id_path="import_id")
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Check an import."""
    status = build().run(event["tenant"], event["import_id"])
    logger.info("import checked", extra={"status": status})
    return {"status": status}
