"""ValidateImport: checks a table beside the request that brought it."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from studio.adapters import aws
from studio.adapters.dynamodb_assets import DynamoAssetStore
from studio.adapters.dynamodb_imports import DynamoImportStore
from studio.adapters.dynamodb_recipes import DynamoRecipeStore
from studio.adapters.s3 import S3BlobStore
from studio.config import listed, settings
from studio.money import parse_usd

if TYPE_CHECKING:
    from studio.services.validate_import import ValidateImport

logger = Logger()


@lru_cache
def build() -> "ValidateImport":
    """Wire the service; kept while the function is warm."""
    from studio.services.validate_import import ValidateImport

    assets, catalog, bucket, providers = settings(
        "ASSETS_TABLE_NAME", "CATALOG_TABLE_NAME", "BUCKET_NAME", "PROVIDERS"
    )
    limit = os.environ.get("TENANT_MONTHLY_LIMIT_USD")
    return ValidateImport(
        imports=DynamoImportStore(aws.dynamodb(), catalog),
        recipes=DynamoRecipeStore(aws.dynamodb(), catalog),
        personas=DynamoRecipeStore(aws.dynamodb(), catalog, "persona"),
        templates=DynamoRecipeStore(aws.dynamodb(), catalog, "template"),
        assets=DynamoAssetStore(aws.dynamodb(), assets),
        blobs=S3BlobStore(aws.s3(), bucket),
        monthly_limit=parse_usd(limit) if limit else None,
        providers=listed(providers),
    )


@logger.inject_lambda_context(correlation_id_path="import_id")
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Check an import."""
    status = build().run(event["tenant"], event["import_id"])
    logger.info("import checked", extra={"status": status})
    return {"status": status}
