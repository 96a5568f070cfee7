"""FinishBatch: the last state of ``run_batch``, and the target of executions that died."""

import json
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.adapters.events import EventBridgeSink
from studio.clock import utc_now
from studio.config import Settings
from studio.services.batches.finish_batch import FinishBatch

logger = Logger()


@lru_cache
def build() -> FinishBatch:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read("JOBS_TABLE_NAME", "EVENT_BUS_NAME")
    return FinishBatch(
        DynamoBatchStore(clients.dynamodb(), settings.jobs_table),
        EventBridgeSink(clients.events(), settings.event_bus),
        utc_now,
    )


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """End a run; the event is the state's input, or that of an execution that died."""
    run = json.loads(event["detail"]["input"]) if "detail" in event else event
    logger.append_keys(correlation_id=run["batch_id"])
    status = build().run(run["tenant"], run["batch_id"], run["run"])
    logger.info("batch finished", extra={"run": run["run"], "status": status})
    return {"status": status}
