"""BuildDownload: packs the files of a download in the background."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.downloads import DynamoDownloadStore
from studio.adapters.dynamodb.renditions import DynamoRenditionStore
from studio.adapters.s3.archives import S3Archives
from studio.adapters.s3.blobs import S3BlobStore
from studio.clock import utc_now
from studio.config import Settings
from studio.services.downloads.build_download import BuildDownload

logger = Logger()


@lru_cache
def build() -> BuildDownload:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read("ASSETS_TABLE_NAME", "CATALOG_TABLE_NAME", "BUCKET_NAME")
    return BuildDownload(
        downloads=DynamoDownloadStore(clients.dynamodb(), settings.catalog_table),
        assets=DynamoAssetStore(clients.dynamodb(), settings.assets_table),
        renditions=DynamoRenditionStore(clients.dynamodb(), settings.assets_table),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
        archives=S3Archives(clients.s3(), settings.bucket),
        now=utc_now,
    )


@logger.inject_lambda_context(correlation_id_path="download_id")
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Pack a download."""
    status = build().run(event["tenant"], event["download_id"])
    logger.info("download packed", extra={"status": status})
    return {"status": status}
