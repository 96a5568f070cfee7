"""StartJob: the first state of ``process_job``."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.clock import utc_now
from studio.config import Settings
from studio.services.workflow.start_job import Queue, StartJob

logger = Logger()


@lru_cache
def build() -> StartJob:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read("JOBS_TABLE_NAME", "ASSETS_TABLE_NAME", "LEDGER_TABLE_NAME")
    return StartJob(DynamoJobStore(clients.dynamodb(), settings.tables), utc_now)


@logger.inject_lambda_context(correlation_id_path="job_id")
def lambda_handler(event: dict[str, Any], context: object) -> Queue:
    """Begin a run and say which images there are to make."""
    queue = build().run(event["tenant"], event["job_id"], event["run"])
    logger.info("job started", extra={"run": event["run"], "images": len(queue["items"])})
    return queue
