"""FinishJob: the last state of ``process_job``, and the target of executions that died."""

import json
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.ledger import DynamoLedgerStore
from studio.adapters.events import EventBridgeSink
from studio.adapters.s3.blobs import S3BlobStore
from studio.clock import utc_now
from studio.config import Settings
from studio.services.folders.link_result import LinkResult
from studio.services.workflow.fail_image import FailImage
from studio.services.workflow.finish_job import FinishJob
from studio.services.workflow.report_month import ReportMonth

logger = Logger()

# Environment variables of the function.
SETTINGS = (
    "JOBS_TABLE_NAME",
    "ASSETS_TABLE_NAME",
    "LEDGER_TABLE_NAME",
    "BUCKET_NAME",
    "EVENT_BUS_NAME",
    "TENANT_MONTHLY_LIMIT_USD",
)


@lru_cache
def build() -> FinishJob:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read(*SETTINGS)
    jobs = DynamoJobStore(clients.dynamodb(), settings.tables)
    folders = DynamoFolderStore(clients.dynamodb(), settings.assets_table)
    return FinishJob(
        jobs,
        FailImage(jobs, S3BlobStore(clients.s3(), settings.bucket), utc_now),
        EventBridgeSink(clients.events(), settings.event_bus),
        LinkResult(folders, utc_now),
        utc_now,
        ReportMonth(
            DynamoLedgerStore(clients.dynamodb(), settings.ledger_table), settings.monthly_limit
        ),
    )


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """End a run.

    The event is the state's own input, or EventBridge's "Step Functions Execution Status
    Change" of an execution that died. That event carries the input as a string. The sweeper adds
    ``asked`` once the execution that asked the providers is over.
    """
    run = json.loads(event["detail"]["input"]) if "detail" in event else event
    logger.append_keys(correlation_id=run["job_id"])
    asked = run.get("asked", False)
    status = build().run(run["tenant"], run["job_id"], run["run"], asked=asked)
    logger.info("job finished", extra={"run": run["run"], "status": status})
    return {"status": status}
