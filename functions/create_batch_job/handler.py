"""CreateBatchJob: a line of ``run_batch`` becomes a job."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from studio.adapters import aws
from studio.adapters.dynamodb_assets import DynamoAssetStore
from studio.adapters.dynamodb_batches import DynamoBatchStore
from studio.adapters.dynamodb_jobs import DynamoJobStore
from studio.adapters.dynamodb_recipes import DynamoRecipeStore
from studio.adapters.job_transactions import Tables
from studio.adapters.s3 import S3BlobStore
from studio.batches.manifest import Place
from studio.clock import utc_now
from studio.config import listed, settings
from studio.money import parse_usd
from studio.services.create_batch_job import CreateBatchJob, LineStep

if TYPE_CHECKING:
    from studio.orders.desk import OrderDesk

logger = Logger()


@lru_cache
def build() -> CreateBatchJob:
    """Wire the service; kept while the function is warm."""
    jobs, assets, ledger, catalog, bucket, providers = settings(
        "JOBS_TABLE_NAME",
        "ASSETS_TABLE_NAME",
        "LEDGER_TABLE_NAME",
        "CATALOG_TABLE_NAME",
        "BUCKET_NAME",
        "PROVIDERS",
    )
    limit = os.environ.get("TENANT_MONTHLY_LIMIT_USD")
    blobs = S3BlobStore(aws.s3(), bucket)

    def desk() -> "OrderDesk":
        from studio.adapters.dynamodb_restraint import DynamoRestraintStore
        from studio.orders.desk import OrderDesk
        from studio.services.provider_health import ProviderHealth

        recipes = DynamoRecipeStore(aws.dynamodb(), catalog)
        personas = DynamoRecipeStore(aws.dynamodb(), catalog, "persona")
        assets_known = DynamoAssetStore(aws.dynamodb(), assets)
        templates = DynamoRecipeStore(aws.dynamodb(), catalog, "template")
        health = ProviderHealth(DynamoRestraintStore(aws.dynamodb(), catalog), utc_now)
        return OrderDesk(
            recipes.get,
            personas.get,
            templates.get,
            assets_known,
            lambda: blobs,
            listed(providers),
            failing=health.failing,
        )

    return CreateBatchJob(
        batches=DynamoBatchStore(aws.dynamodb(), jobs),
        jobs=DynamoJobStore(aws.dynamodb(), Tables(jobs, ledger=ledger)),
        blobs=blobs,
        desk=desk,
        now=utc_now,
        monthly_limit=parse_usd(limit) if limit else None,
    )


@logger.inject_lambda_context(correlation_id_path="batch_id")
def lambda_handler(event: dict[str, Any], context: object) -> LineStep:
    """Make the job of a line, or find the one that it has."""
    place = Place(event["line"], event["at"], event["bytes"])
    step = build().run(event["tenant"], event["batch_id"], event["run"], place)
    logger.info("batch line", extra={"line": place.line, **step})
    return step
