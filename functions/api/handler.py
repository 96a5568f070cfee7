"""The HTTPS API: every route of ``studio.api.routes`` behind one function."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from studio.adapters import aws
from studio.adapters.dynamodb_assets import DynamoAssetStore
from studio.adapters.dynamodb_folders import DynamoFolderStore
from studio.adapters.dynamodb_jobs import DynamoJobStore
from studio.adapters.dynamodb_ledger import DynamoLedgerStore
from studio.adapters.dynamodb_recipes import DynamoRecipeStore
from studio.adapters.dynamodb_renditions import DynamoRenditionStore
from studio.adapters.dynamodb_schedules import DynamoScheduleStore
from studio.adapters.dynamodb_uploads import DynamoUploadStore
from studio.adapters.dynamodb_webhooks import DynamoWebhookStore
from studio.adapters.job_transactions import Tables
from studio.adapters.notifications import SqsDeliveryQueue, SsmWebhookSecrets
from studio.adapters.registrar import LambdaRegistrar
from studio.adapters.renderer import LambdaRenderer
from studio.adapters.s3 import S3BlobStore
from studio.adapters.s3_inbox import S3Inbox
from studio.adapters.scheduler import SchedulerTimer
from studio.adapters.workflow import StepFunctionsWorkflow
from studio.api.app import build_app
from studio.api.backend import Backend
from studio.clock import utc_now
from studio.config import listed, named_settings
from studio.money import parse_usd
from studio.ports import WebClient
from studio.webhooks.recipients import Recipients

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from studio.batches.ports import BatchStore, BatchWorkflow, ImportCheck, ImportStore
    from studio.downloads.ports import DownloadBuilder, DownloadStore
    from studio.routing.ports import RestraintStore

logger = Logger()


@lru_cache
def build() -> APIGatewayHttpResolver:
    """Wire the application; kept while the function is warm."""
    given = named_settings(
        "JOBS_TABLE_NAME",
        "ASSETS_TABLE_NAME",
        "LEDGER_TABLE_NAME",
        "CATALOG_TABLE_NAME",
        "BUCKET_NAME",
        "PROCESS_JOB_STATE_MACHINE_ARN",
        "RUN_BATCH_STATE_MACHINE_ARN",
        "VALIDATE_IMPORT_FUNCTION_NAME",
        "BUILD_DOWNLOAD_FUNCTION_NAME",
        "REGISTER_UPLOAD_FUNCTION_NAME",
        "RENDER_ASSET_FUNCTION_NAME",
        "DELIVERY_QUEUE_URL",
        "WEBHOOK_SECRETS_PATH",
        "SCHEDULE_GROUP_NAME",
        "START_BATCH_FUNCTION_ARN",
        "SCHEDULER_ROLE_ARN",
        "DEAD_LETTER_QUEUE_ARN",
        "CURSOR_KEY",
        "PROVIDERS",
        "STUDIO_VERSION",
        "AWS_REGION",
    )
    catalog, bucket = given["CATALOG_TABLE_NAME"], given["BUCKET_NAME"]
    tables = Tables(
        given["JOBS_TABLE_NAME"], given["ASSETS_TABLE_NAME"], given["LEDGER_TABLE_NAME"]
    )
    limit = os.environ.get("TENANT_MONTHLY_LIMIT_USD")
    backend = Backend(
        jobs=DynamoJobStore(aws.dynamodb(), tables),
        assets=DynamoAssetStore(aws.dynamodb(), tables.assets),
        renditions=DynamoRenditionStore(aws.dynamodb(), tables.assets),
        ledger=DynamoLedgerStore(aws.dynamodb(), tables.ledger),
        recipes=DynamoRecipeStore(aws.dynamodb(), catalog),
        personas=DynamoRecipeStore(aws.dynamodb(), catalog, "persona"),
        templates=DynamoRecipeStore(aws.dynamodb(), catalog, "template"),
        schedules=DynamoScheduleStore(aws.dynamodb(), catalog),
        webhooks=DynamoWebhookStore(aws.dynamodb(), catalog),
        restraint=lambda: _restraint(catalog),
        imports=lambda: _imports(catalog),
        batches=lambda: _batches(tables.jobs, catalog),
        import_check=lambda: _import_check(given["VALIDATE_IMPORT_FUNCTION_NAME"]),
        batch_workflow=lambda: _batch_workflow(given["RUN_BATCH_STATE_MACHINE_ARN"]),
        downloads=lambda: _downloads(catalog),
        download_builder=lambda: _download_builder(given["BUILD_DOWNLOAD_FUNCTION_NAME"]),
        uploads=DynamoUploadStore(aws.dynamodb(), tables.assets),
        folders=DynamoFolderStore(aws.dynamodb(), tables.assets),
        inbox=lambda: S3Inbox(aws.s3(), bucket),
        registrar=lambda: LambdaRegistrar(
            aws.lambda_waiting(), given["REGISTER_UPLOAD_FUNCTION_NAME"]
        ),
        renderer=lambda: LambdaRenderer(aws.lambda_waiting(), given["RENDER_ASSET_FUNCTION_NAME"]),
        blobs=lambda: S3BlobStore(aws.s3(), bucket),
        workflow=lambda: StepFunctionsWorkflow(
            aws.step_functions(), given["PROCESS_JOB_STATE_MACHINE_ARN"]
        ),
        web=_web,
        webhook_secrets=lambda: SsmWebhookSecrets(aws.ssm(), given["WEBHOOK_SECRETS_PATH"]),
        delivery_queue=lambda: SqsDeliveryQueue(aws.sqs(), given["DELIVERY_QUEUE_URL"]),
        timer=lambda: SchedulerTimer(
            aws.scheduler(),
            given["SCHEDULE_GROUP_NAME"],
            given["START_BATCH_FUNCTION_ARN"],
            given["SCHEDULER_ROLE_ARN"],
            given["DEAD_LETTER_QUEUE_ARN"],
        ),
        now=utc_now,
        monthly_limit=parse_usd(limit) if limit else None,
        providers=listed(given["PROVIDERS"]),
        recipients=Recipients.of(
            os.environ.get("NOTIFICATION_SENDER"), os.environ.get("NOTIFICATION_DOMAINS")
        ),
        cursor_key=given["CURSOR_KEY"].encode(),
        version=given["STUDIO_VERSION"],
        region=given["AWS_REGION"],
    )
    return build_app(backend, logger)


def _web() -> WebClient:
    # Imported late: an HTTP client of its own is only needed to look at a webhook's URL.
    from studio.adapters.guarded_http import GuardedClient, trusted_hosts

    return GuardedClient(trusted_hosts=trusted_hosts(os.environ.get("TRUSTED_HOSTS")))


def _restraint(catalog: str) -> "RestraintStore":
    from studio.adapters.dynamodb_restraint import DynamoRestraintStore

    return DynamoRestraintStore(aws.dynamodb(), catalog)


def _imports(catalog: str) -> "ImportStore":
    from studio.adapters.dynamodb_imports import DynamoImportStore

    return DynamoImportStore(aws.dynamodb(), catalog)


def _batches(jobs: str, catalog: str) -> "BatchStore":
    from studio.adapters.dynamodb_batches import DynamoBatchStore

    return DynamoBatchStore(aws.dynamodb(), jobs, catalog)


def _import_check(function: str) -> "ImportCheck":
    from studio.adapters.batch_workflow import LambdaImportCheck

    return LambdaImportCheck(aws.lambda_(), function)


def _batch_workflow(machine: str) -> "BatchWorkflow":
    from studio.adapters.batch_workflow import StepFunctionsBatchWorkflow

    return StepFunctionsBatchWorkflow(aws.step_functions(), machine)


def _downloads(catalog: str) -> "DownloadStore":
    from studio.adapters.dynamodb_downloads import DynamoDownloadStore

    return DynamoDownloadStore(aws.dynamodb(), catalog)


def _download_builder(function: str) -> "DownloadBuilder":
    from studio.adapters.download_builder import LambdaDownloadBuilder

    return LambdaDownloadBuilder(aws.lambda_(), function)


def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Answer one HTTP request."""
    return build().resolve(event, context)
