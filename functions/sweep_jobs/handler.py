"""SweepJobs: every minute, ends what was lost, and queues webhook deliveries that are due."""

from functools import lru_cache

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.delivery_queue import SqsDeliveryQueue
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.schedules import DynamoScheduleStore
from studio.adapters.dynamodb.sweep_cursor import DynamoSweepCursor
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.adapters.lambda_.invoker import LambdaInvoker
from studio.adapters.step_functions.batches import StepFunctionsBatchWorkflow
from studio.adapters.step_functions.jobs import StepFunctionsWorkflow
from studio.clock import utc_now
from studio.config import Settings
from studio.services.batches.sweep_batches import SweepBatches
from studio.services.jobs.sweep_jobs import SweepJobs, Swept
from studio.services.schedules.sweep_runs import SweepRuns
from studio.services.webhooks.sweep_deliveries import SweepDeliveries

logger = Logger()

# Environment variables of the function.
SETTINGS = (
    "JOBS_TABLE_NAME",
    "ASSETS_TABLE_NAME",
    "LEDGER_TABLE_NAME",
    "CATALOG_TABLE_NAME",
    "PROCESS_JOB_STATE_MACHINE_ARN",
    "RUN_BATCH_STATE_MACHINE_ARN",
    "FINISH_JOB_FUNCTION_NAME",
    "FINISH_BATCH_FUNCTION_NAME",
    "DELIVERY_QUEUE_URL",
)


@lru_cache
def build() -> tuple[SweepDeliveries, SweepJobs, SweepBatches, SweepRuns]:
    """Wire the services; kept while the function is warm."""
    settings = Settings.read(*SETTINGS)
    job_store = DynamoJobStore(clients.dynamodb(), settings.tables)
    jobs = SweepJobs(
        job_store,
        StepFunctionsWorkflow(clients.step_functions(), settings.process_job_arn),
        LambdaInvoker(clients.lambda_(), settings.finish_job_function),
        utc_now,
        DynamoSweepCursor(clients.dynamodb(), settings.catalog_table),
    )
    batches = SweepBatches(
        DynamoBatchStore(clients.dynamodb(), settings.jobs_table),
        StepFunctionsBatchWorkflow(clients.step_functions(), settings.run_batch_arn),
        LambdaInvoker(clients.lambda_(), settings.finish_batch_function),
        utc_now,
    )
    schedules = DynamoScheduleStore(clients.dynamodb(), settings.catalog_table)
    deliveries = SweepDeliveries(
        DynamoWebhookStore(clients.dynamodb(), settings.catalog_table),
        SqsDeliveryQueue(clients.sqs(), settings.delivery_queue_url),
        utc_now,
    )
    return deliveries, jobs, batches, SweepRuns(schedules, job_store, utc_now)


@logger.inject_lambda_context
def lambda_handler(event: dict[str, object], context: object) -> Swept:
    """Queue due deliveries, start what was not started, and end what was lost."""
    sweep_deliveries, sweep_jobs, sweep_batches, sweep_runs = build()
    # First, because each has a time.
    deliveries = sweep_deliveries.run()
    swept = sweep_jobs.run()
    # After the jobs: a batch ends when its jobs have ended.
    batches = sweep_batches.run()
    runs = sweep_runs.run()
    extra = {"jobs": swept, "batches": batches, "runs": runs, "deliveries": deliveries}
    oldest = sweep_jobs.report_oldest()
    logger.info("swept", extra={**extra, "oldest_job_seconds": oldest})
    return swept
