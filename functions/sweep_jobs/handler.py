"""SweepJobs: on a schedule, starts and ends jobs whose start or end was lost."""

from functools import lru_cache

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.dynamodb.job_transactions import Tables
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.lambda_.invoker import LambdaInvoker
from studio.adapters.step_functions.batches import StepFunctionsBatchWorkflow
from studio.adapters.step_functions.jobs import StepFunctionsWorkflow
from studio.clock import utc_now
from studio.config import settings
from studio.services.batches.sweep_batches import SweepBatches
from studio.services.jobs.sweep_jobs import SweepJobs, Swept

logger = Logger()


@lru_cache
def build() -> SweepJobs:
    """Wire the service; kept while the function is warm."""
    jobs, machine, function = settings(
        "JOBS_TABLE_NAME", "PROCESS_JOB_STATE_MACHINE_ARN", "FINISH_JOB_FUNCTION_NAME"
    )
    store = DynamoJobStore(clients.dynamodb(), Tables(jobs))
    workflow = StepFunctionsWorkflow(clients.step_functions(), machine)
    return SweepJobs(store, workflow, LambdaInvoker(clients.lambda_(), function), utc_now)


@lru_cache
def build_batches() -> SweepBatches:
    """Wire the service of batches; kept while the function is warm."""
    jobs, machine, function = settings(
        "JOBS_TABLE_NAME", "RUN_BATCH_STATE_MACHINE_ARN", "FINISH_BATCH_FUNCTION_NAME"
    )
    store = DynamoBatchStore(clients.dynamodb(), jobs)
    workflow = StepFunctionsBatchWorkflow(clients.step_functions(), machine)
    return SweepBatches(store, workflow, LambdaInvoker(clients.lambda_(), function), utc_now)


@logger.inject_lambda_context
def lambda_handler(event: dict[str, object], context: object) -> Swept:
    """Start what was never started, and have ended whose execution is over."""
    swept = build().run()
    # After the jobs, because a batch ends when its jobs have ended.
    batches = build_batches().run()
    logger.info("swept", extra={"jobs": swept, "batches": batches})
    return swept
