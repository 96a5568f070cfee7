"""RegisterUpload: what arrived in the bucket becomes an image in its folder."""

from functools import cache, lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio import wiring
from studio.adapters import clients
from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.adapters.s3.upload_bucket import S3UploadBucket
from studio.clock import utc_now
from studio.config import Settings
from studio.services.uploads.register_upload import RegisterUpload

logger = Logger()

# Environment variables of the function.
SETTINGS = (
    "JOBS_TABLE_NAME",
    "ASSETS_TABLE_NAME",
    "LEDGER_TABLE_NAME",
    "CATALOG_TABLE_NAME",
    "BUCKET_NAME",
    "PROCESS_JOB_STATE_MACHINE_ARN",
    "PROVIDERS",
    "TENANT_MONTHLY_LIMIT_USD",
    "EVENT_BUS_NAME",
)


@lru_cache
def build() -> RegisterUpload:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(*SETTINGS)
    return RegisterUpload(
        uploads=DynamoUploadStore(clients.dynamodb(), settings.assets_table),
        folders=DynamoFolderStore(clients.dynamodb(), settings.assets_table),
        assets=DynamoAssetStore(clients.dynamodb(), settings.assets_table),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
        upload_bucket=S3UploadBucket(clients.s3(), settings.bucket),
        intake=cache(lambda: wiring.intake(settings)),
        create_job=lambda: wiring.create_job(settings, lambda job: job.job_id),
        events=lambda: wiring.event_sink(settings),
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
