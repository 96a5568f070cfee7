"""FailBatchRow: where a row of ``run_batch`` goes whose CreateBatchJob failed on every try."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.config import Settings
from studio.services.batches.create_batch_job import RowStep
from studio.services.batches.fail_batch_row import FailBatchRow

logger = Logger()


@lru_cache
def build() -> FailBatchRow:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read("JOBS_TABLE_NAME", "ASSETS_TABLE_NAME", "LEDGER_TABLE_NAME")
    return FailBatchRow(
        DynamoBatchStore(clients.dynamodb(), settings.jobs_table),
        DynamoJobStore(clients.dynamodb(), settings.tables),
    )


@logger.inject_lambda_context(correlation_id_path="batch_id")
def lambda_handler(event: dict[str, Any], context: object) -> RowStep:
    """Record the row as failed, or go on with the job that it has."""
    logger.warning("a row failed", extra={"row": event["line"], "error": event["error"]})
    step = build().run(
        event["tenant"], event["batch_id"], event["run"], event["line"], event["error"]
    )
    logger.info("batch row", extra={"row": event["line"], **step})
    return step
