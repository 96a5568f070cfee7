"""ValidateImport: checks a table beside the request that brought it."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.imports import DynamoImportStore
from studio.adapters.dynamodb.recipes import DynamoRecipeStore
from studio.adapters.key_register import SsmKeyRegister
from studio.adapters.s3.blobs import S3BlobStore
from studio.clock import utc_now
from studio.config import listed, settings
from studio.money import parse_usd

if TYPE_CHECKING:
    from studio.services.batches.validate_import import ValidateImport

logger = Logger()


@lru_cache
def build() -> "ValidateImport":
    """Wire the service; kept while the function is warm."""
    from studio.services.batches.validate_import import ValidateImport

    assets, catalog, bucket, providers, keys_path = settings(
        "ASSETS_TABLE_NAME", "CATALOG_TABLE_NAME", "BUCKET_NAME", "PROVIDERS", "PROVIDER_KEYS_PATH"
    )
    limit = os.environ.get("TENANT_MONTHLY_LIMIT_USD")
    return ValidateImport(
        imports=DynamoImportStore(clients.dynamodb(), catalog),
        recipes=DynamoRecipeStore(clients.dynamodb(), catalog),
        personas=DynamoRecipeStore(clients.dynamodb(), catalog, "persona"),
        templates=DynamoRecipeStore(clients.dynamodb(), catalog, "template"),
        assets=DynamoAssetStore(clients.dynamodb(), assets),
        blobs=S3BlobStore(clients.s3(), bucket),
        monthly_limit=parse_usd(limit) if limit else None,
        providers=listed(providers),
        now=utc_now,
        unconfigured=SsmKeyRegister(clients.ssm, keys_path).missing,
    )


@logger.inject_lambda_context(correlation_id_path="import_id")
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Check an import."""
    status = build().run(event["tenant"], event["import_id"])
    logger.info("import checked", extra={"status": status})
    return {"status": status}
