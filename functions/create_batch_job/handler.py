"""CreateBatchJob: a line of ``run_batch`` becomes a job."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.dynamodb.job_transactions import Tables
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.recipes import DynamoRecipeStore
from studio.adapters.key_register import SsmKeyRegister
from studio.adapters.s3.blobs import S3BlobStore
from studio.clock import utc_now
from studio.config import listed, settings
from studio.domain.batches.manifest import ManifestEntry
from studio.money import parse_usd
from studio.services.batches.create_batch_job import CreateBatchJob, LineStep

if TYPE_CHECKING:
    from studio.services.orders.intake import JobRequestIntake

logger = Logger()


@lru_cache
def build() -> CreateBatchJob:
    """Wire the service; kept while the function is warm."""
    jobs, assets, ledger, catalog, bucket, providers, keys_path = settings(
        "JOBS_TABLE_NAME",
        "ASSETS_TABLE_NAME",
        "LEDGER_TABLE_NAME",
        "CATALOG_TABLE_NAME",
        "BUCKET_NAME",
        "PROVIDERS",
        "PROVIDER_KEYS_PATH",
    )
    keys = SsmKeyRegister(clients.ssm, keys_path)
    limit = os.environ.get("TENANT_MONTHLY_LIMIT_USD")
    blobs = S3BlobStore(clients.s3(), bucket)

    def intake() -> "JobRequestIntake":
        from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
        from studio.services.orders.intake import JobRequestIntake
        from studio.services.routing.provider_health import ProviderHealth

        recipes = DynamoRecipeStore(clients.dynamodb(), catalog)
        personas = DynamoRecipeStore(clients.dynamodb(), catalog, "persona")
        assets_known = DynamoAssetStore(clients.dynamodb(), assets)
        templates = DynamoRecipeStore(clients.dynamodb(), catalog, "template")
        health = ProviderHealth(DynamoCallLimitStore(clients.dynamodb(), catalog), utc_now)
        return JobRequestIntake(
            recipes.get,
            personas.get,
            templates.get,
            assets_known,
            lambda: blobs,
            listed(providers),
            utc_now,
            failing=health.failing,
            unconfigured=keys.missing,
        )

    return CreateBatchJob(
        batches=DynamoBatchStore(clients.dynamodb(), jobs),
        jobs=DynamoJobStore(clients.dynamodb(), Tables(jobs, ledger=ledger)),
        blobs=blobs,
        intake=intake,
        now=utc_now,
        monthly_limit=parse_usd(limit) if limit else None,
    )


@logger.inject_lambda_context(correlation_id_path="batch_id")
def lambda_handler(event: dict[str, Any], context: object) -> LineStep:
    """Make the job of a line, or find the one that it has."""
    place = ManifestEntry(event["line"], event["at"], event["bytes"])
    step = build().run(event["tenant"], event["batch_id"], event["run"], place)
    logger.info("batch line", extra={"line": place.line, **step})
    return step
