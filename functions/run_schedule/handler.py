"""RunSchedule: the clock of a schedule has fired."""

import os
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.dynamodb.imports import DynamoImportStore
from studio.adapters.dynamodb.job_transactions import Tables
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.ledger import DynamoLedgerStore
from studio.adapters.dynamodb.recipes import DynamoRecipeStore
from studio.adapters.dynamodb.schedules import DynamoScheduleStore
from studio.adapters.key_register import SsmKeyRegister
from studio.adapters.s3.blobs import S3BlobStore
from studio.adapters.step_functions.batches import StepFunctionsBatchWorkflow
from studio.adapters.step_functions.jobs import StepFunctionsWorkflow
from studio.clock import utc_now
from studio.config import listed, settings
from studio.errors import NotFoundError
from studio.money import parse_usd
from studio.services.batches.submit_import import SubmitImport
from studio.services.schedules.run_schedule import RunSchedule

logger = Logger()


@lru_cache
def build() -> RunSchedule:
    """Wire the service; kept while the function is warm."""
    from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
    from studio.services.orders.intake import JobRequestIntake
    from studio.services.routing.provider_health import ProviderHealth

    jobs, assets, ledger, catalog, bucket, machine, batch_machine, providers, keys_path = settings(
        "JOBS_TABLE_NAME",
        "ASSETS_TABLE_NAME",
        "LEDGER_TABLE_NAME",
        "CATALOG_TABLE_NAME",
        "BUCKET_NAME",
        "PROCESS_JOB_STATE_MACHINE_ARN",
        "RUN_BATCH_STATE_MACHINE_ARN",
        "PROVIDERS",
        "PROVIDER_KEYS_PATH",
    )
    keys = SsmKeyRegister(clients.ssm, keys_path)
    limit = os.environ.get("TENANT_MONTHLY_LIMIT_USD")
    client = clients.dynamodb()
    intake = JobRequestIntake(
        DynamoRecipeStore(client, catalog).get,
        DynamoRecipeStore(client, catalog, "persona").get,
        DynamoRecipeStore(client, catalog, "template").get,
        DynamoAssetStore(client, assets),
        lambda: S3BlobStore(clients.s3(), bucket),
        listed(providers),
        utc_now,
        failing=ProviderHealth(DynamoCallLimitStore(client, catalog), utc_now).failing,
        unconfigured=keys.missing,
    )
    job_store = DynamoJobStore(client, Tables(jobs, assets, ledger))
    monthly_limit = parse_usd(limit) if limit else None
    imports = DynamoImportStore(client, catalog)
    return RunSchedule(
        DynamoScheduleStore(client, catalog),
        job_store,
        StepFunctionsWorkflow(clients.step_functions(), machine),
        lambda: intake,
        lambda: imports,
        lambda: SubmitImport(
            imports,
            DynamoBatchStore(client, jobs, catalog),
            job_store,
            DynamoLedgerStore(client, ledger),
            S3BlobStore(clients.s3(), bucket),
            StepFunctionsBatchWorkflow(clients.step_functions(), batch_machine),
            utc_now,
            monthly_limit,
            lambda batch: batch.batch_id,
        ),
        utc_now,
        monthly_limit,
    )


@logger.inject_lambda_context(correlation_id_path="schedule_id")
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, str | None]:
    """Start the job or batch of a schedule and say what came of it."""
    tenant, schedule_id = event["tenant"], event["schedule_id"]
    try:
        run = build().fired(tenant, schedule_id, event["scheduled_at"])
    except NotFoundError:
        logger.info("the schedule is gone")
        return {"outcome": "gone", "job_id": None, "batch_id": None}
    logger.info("schedule fired", extra={"outcome": run.outcome, "job_id": run.job_id})
    return {"outcome": run.outcome, "job_id": run.job_id, "batch_id": run.batch_id}
