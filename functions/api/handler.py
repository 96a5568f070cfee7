"""The HTTPS API: every route of ``studio.api.routes`` behind one function."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from studio.adapters import clients
from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.job_transactions import Tables
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.ledger import DynamoLedgerStore
from studio.adapters.dynamodb.recipes import DynamoRecipeStore
from studio.adapters.dynamodb.renditions import DynamoRenditionStore
from studio.adapters.dynamodb.schedules import DynamoScheduleStore
from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.adapters.key_register import SsmKeyRegister
from studio.adapters.lambda_.registrar import LambdaRegistrar
from studio.adapters.lambda_.renderer import LambdaRenderer
from studio.adapters.notifications import SqsDeliveryQueue, SsmWebhookSecrets
from studio.adapters.s3.blobs import S3BlobStore
from studio.adapters.s3.upload_bucket import S3UploadBucket
from studio.adapters.scheduler import SchedulerTarget
from studio.adapters.step_functions.jobs import StepFunctionsWorkflow
from studio.api.app import build_app
from studio.api.http.dependencies import Dependencies
from studio.clock import utc_now
from studio.config import listed, named_settings
from studio.domain.webhooks.recipients import Recipients
from studio.money import parse_usd
from studio.ports.web import WebClient

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from studio.ports.batches import BatchStore, BatchWorkflow, ImportCheck, ImportStore
    from studio.ports.downloads import DownloadBuilder, DownloadStore
    from studio.ports.routing import CallLimitStore

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
        "RUN_SCHEDULE_FUNCTION_ARN",
        "SCHEDULER_ROLE_ARN",
        "DEAD_LETTER_QUEUE_ARN",
        "PROVIDER_KEYS_PATH",
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
    dependencies = Dependencies(
        jobs=DynamoJobStore(clients.dynamodb(), tables),
        assets=DynamoAssetStore(clients.dynamodb(), tables.assets),
        renditions=DynamoRenditionStore(clients.dynamodb(), tables.assets),
        ledger=DynamoLedgerStore(clients.dynamodb(), tables.ledger),
        recipes=DynamoRecipeStore(clients.dynamodb(), catalog),
        personas=DynamoRecipeStore(clients.dynamodb(), catalog, "persona"),
        templates=DynamoRecipeStore(clients.dynamodb(), catalog, "template"),
        schedules=DynamoScheduleStore(clients.dynamodb(), catalog),
        webhooks=DynamoWebhookStore(clients.dynamodb(), catalog),
        call_limits=lambda: _restraint(catalog),
        imports=lambda: _imports(catalog),
        batches=lambda: _batches(tables.jobs, catalog),
        import_check=lambda: _import_check(given["VALIDATE_IMPORT_FUNCTION_NAME"]),
        batch_workflow=lambda: _batch_workflow(given["RUN_BATCH_STATE_MACHINE_ARN"]),
        downloads=lambda: _downloads(catalog),
        download_builder=lambda: _download_builder(given["BUILD_DOWNLOAD_FUNCTION_NAME"]),
        uploads=DynamoUploadStore(clients.dynamodb(), tables.assets),
        folders=DynamoFolderStore(clients.dynamodb(), tables.assets),
        upload_bucket=lambda: S3UploadBucket(clients.s3(), bucket),
        registrar=lambda: LambdaRegistrar(
            clients.lambda_waiting(), given["REGISTER_UPLOAD_FUNCTION_NAME"]
        ),
        renderer=lambda: LambdaRenderer(
            clients.lambda_waiting(), given["RENDER_ASSET_FUNCTION_NAME"]
        ),
        blobs=lambda: S3BlobStore(clients.s3(), bucket),
        workflow=lambda: StepFunctionsWorkflow(
            clients.step_functions(), given["PROCESS_JOB_STATE_MACHINE_ARN"]
        ),
        web=_web,
        webhook_secrets=lambda: SsmWebhookSecrets(clients.ssm(), given["WEBHOOK_SECRETS_PATH"]),
        delivery_queue=lambda: SqsDeliveryQueue(clients.sqs(), given["DELIVERY_QUEUE_URL"]),
        schedule_target=lambda: SchedulerTarget(
            clients.scheduler(),
            given["SCHEDULE_GROUP_NAME"],
            given["RUN_SCHEDULE_FUNCTION_ARN"],
            given["SCHEDULER_ROLE_ARN"],
            given["DEAD_LETTER_QUEUE_ARN"],
        ),
        keys=SsmKeyRegister(clients.ssm, given["PROVIDER_KEYS_PATH"]),
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
    return build_app(dependencies, logger)


def _web() -> WebClient:
    # Imported late: an HTTP client of its own is only needed to look at a webhook's URL.
    from studio.adapters.web.guarded_http import GuardedClient, trusted_hosts

    return GuardedClient(trusted_hosts=trusted_hosts(os.environ.get("TRUSTED_HOSTS")))


def _restraint(catalog: str) -> "CallLimitStore":
    from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore

    return DynamoCallLimitStore(clients.dynamodb(), catalog)


def _imports(catalog: str) -> "ImportStore":
    from studio.adapters.dynamodb.imports import DynamoImportStore

    return DynamoImportStore(clients.dynamodb(), catalog)


def _batches(jobs: str, catalog: str) -> "BatchStore":
    from studio.adapters.dynamodb.batches import DynamoBatchStore

    return DynamoBatchStore(clients.dynamodb(), jobs, catalog)


def _import_check(function: str) -> "ImportCheck":
    from studio.adapters.step_functions.batches import LambdaImportCheck

    return LambdaImportCheck(clients.lambda_(), function)


def _batch_workflow(machine: str) -> "BatchWorkflow":
    from studio.adapters.step_functions.batches import StepFunctionsBatchWorkflow

    return StepFunctionsBatchWorkflow(clients.step_functions(), machine)


def _downloads(catalog: str) -> "DownloadStore":
    from studio.adapters.dynamodb.downloads import DynamoDownloadStore

    return DynamoDownloadStore(clients.dynamodb(), catalog)


def _download_builder(function: str) -> "DownloadBuilder":
    from studio.adapters.lambda_.download_builder import LambdaDownloadBuilder

    return LambdaDownloadBuilder(clients.lambda_(), function)


def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Answer one HTTP request."""
    return build().resolve(event, context)
