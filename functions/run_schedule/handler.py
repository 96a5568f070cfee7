"""RunSchedule: start the job or batch of a schedule whose time has come."""

from functools import cache, lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio import wiring
from studio.adapters import clients
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.schedules import DynamoScheduleStore
from studio.adapters.step_functions.jobs import StepFunctionsWorkflow
from studio.clock import utc_now
from studio.config import Settings
from studio.errors import NotFoundError
from studio.services.schedules.run_schedule import RunSchedule

logger = Logger()

# Environment variables of the function.
SETTINGS = (
    "JOBS_TABLE_NAME",
    "ASSETS_TABLE_NAME",
    "LEDGER_TABLE_NAME",
    "CATALOG_TABLE_NAME",
    "BUCKET_NAME",
    "PROCESS_JOB_STATE_MACHINE_ARN",
    "RUN_BATCH_STATE_MACHINE_ARN",
    "PROVIDERS",
    "TENANT_MONTHLY_LIMIT_USD",
)


@lru_cache
def build() -> RunSchedule:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(*SETTINGS)
    return RunSchedule(
        schedules=DynamoScheduleStore(clients.dynamodb(), settings.catalog_table),
        jobs=DynamoJobStore(clients.dynamodb(), settings.tables),
        workflow=StepFunctionsWorkflow(clients.step_functions(), settings.process_job_arn),
        intake=cache(lambda: wiring.intake(settings)),
        submit=lambda: wiring.submit_import(settings, lambda batch: batch.batch_id),
        now=utc_now,
        monthly_limit=settings.monthly_limit,
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
