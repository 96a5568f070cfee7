"""RenderAsset: the API has a file made of a finished image, and waits for it."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.renditions import DynamoRenditionStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.config import Settings
from studio.domain.renditions.documents import rendition_document, spec_of
from studio.services.renditions.render_asset import RenderAsset
from studio_imaging.errors import ImageRejectedError

logger = Logger()


@lru_cache
def build() -> RenderAsset:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read("ASSETS_TABLE_NAME", "BUCKET_NAME")
    return RenderAsset(
        assets=DynamoAssetStore(clients.dynamodb(), settings.assets_table),
        renditions=DynamoRenditionStore(clients.dynamodb(), settings.assets_table),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
    )


@logger.inject_lambda_context(correlation_id_path="asset_id")
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Make one file; what cannot be made is an answer too."""
    spec = spec_of(event["rendition"])
    try:
        rendition = build().run(event["tenant"], event["asset_id"], spec)
    except ImageRejectedError as error:
        logger.warning("image refused", extra={"code": error.code})
        return {"refused": {"code": error.code, "detail": str(error)}}
    logger.info("file made", extra={"rendition": spec.name, "problem": rendition.problem})
    return {"rendition": rendition_document(rendition)}
