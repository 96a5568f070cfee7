"""RegisterUpload: what arrived in the bucket becomes a picture in its folder."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.job_transactions import Tables
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.recipes import DynamoRecipeStore
from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.adapters.key_register import SsmKeyRegister
from studio.adapters.s3.blobs import S3BlobStore
from studio.adapters.s3.upload_bucket import S3UploadBucket
from studio.adapters.step_functions.jobs import StepFunctionsWorkflow
from studio.clock import utc_now
from studio.config import listed, settings
from studio.money import parse_usd
from studio.services.jobs.create_job import CreateJob
from studio.services.uploads.register_upload import RegisterUpload

if TYPE_CHECKING:
    from studio.services.orders.intake import JobRequestIntake

logger = Logger()


@lru_cache
def build() -> RegisterUpload:
    """Wire the service; kept while the function is warm."""
    jobs, assets, ledger, catalog, bucket, machine, providers, keys_path = settings(
        "JOBS_TABLE_NAME",
        "ASSETS_TABLE_NAME",
        "LEDGER_TABLE_NAME",
        "CATALOG_TABLE_NAME",
        "BUCKET_NAME",
        "PROCESS_JOB_STATE_MACHINE_ARN",
        "PROVIDERS",
        "PROVIDER_KEYS_PATH",
    )
    keys = SsmKeyRegister(clients.ssm, keys_path)
    limit = os.environ.get("TENANT_MONTHLY_LIMIT_USD")
    blobs = S3BlobStore(clients.s3(), bucket)
    pictures = DynamoAssetStore(clients.dynamodb(), assets)

    def intake() -> "JobRequestIntake":
        from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
        from studio.services.orders.intake import JobRequestIntake
        from studio.services.routing.provider_health import ProviderHealth

        recipes = DynamoRecipeStore(clients.dynamodb(), catalog)
        personas = DynamoRecipeStore(clients.dynamodb(), catalog, "persona")
        templates = DynamoRecipeStore(clients.dynamodb(), catalog, "template")
        health = ProviderHealth(DynamoCallLimitStore(clients.dynamodb(), catalog), utc_now)
        return JobRequestIntake(
            recipes.get,
            personas.get,
            templates.get,
            pictures,
            lambda: blobs,
            listed(providers),
            utc_now,
            failing=health.failing,
            unconfigured=keys.missing,
        )

    return RegisterUpload(
        uploads=DynamoUploadStore(clients.dynamodb(), assets),
        folders=DynamoFolderStore(clients.dynamodb(), assets),
        assets=pictures,
        blobs=blobs,
        upload_bucket=S3UploadBucket(clients.s3(), bucket),
        intake=intake,
        create_job=lambda: CreateJob(
            DynamoJobStore(clients.dynamodb(), Tables(jobs, ledger=ledger)),
            StepFunctionsWorkflow(clients.step_functions(), machine),
            utc_now,
            parse_usd(limit) if limit else None,
            lambda job: job.job_id,
        ),
        now=utc_now,
    )


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Register one object: the event is the bucket's, or a key that the API asks about."""
    if "detail" in event:
        key, etag = event["detail"]["object"]["key"], event["detail"]["object"]["etag"]
    else:
        key, etag = event["key"], None
    outcome = build().run(key, etag)
    logger.info("upload registered", extra={"key": key, "outcome": outcome})
    return {"outcome": outcome}
