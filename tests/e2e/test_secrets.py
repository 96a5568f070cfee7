"""No planted key in anything the deployed stack wrote."""

import json
from collections.abc import Iterator

from tests.e2e.caller import Caller
from tests.e2e.stack import Stack
from tests.e2e.test_failures import openai_job


def written(stack: Stack) -> Iterator[str]:
    """Everything there is to read: logs, records, executions."""
    logs = stack.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        for stream in logs.describe_log_streams(logGroupName=name)["logStreams"]:
            for event in logs.get_log_events(
                logGroupName=name, logStreamName=stream["logStreamName"]
            )["events"]:
                yield event["message"]
    dynamodb = stack.client("dynamodb")
    for table in ("Jobs", "Assets", "Ledger", "Catalog"):
        for page in dynamodb.get_paginator("scan").paginate(
            TableName=stack.outputs[f"{table}TableName"]
        ):
            yield json.dumps(page["Items"], default=str)
    machines = stack.client("stepfunctions")
    for execution in machines.list_executions(
        stateMachineArn=stack.outputs["ProcessJobStateMachineArn"]
    )["executions"]:
        history = machines.get_execution_history(executionArn=execution["executionArn"])
        yield json.dumps(history["events"], default=str)


def test_planted_keys_appear_nowhere(stack: Stack, acme: Caller) -> None:
    openai_job(acme, ["a secret [[auth]]", "a refusal [[bad-request]]", "a loss [[cut]]"])
    texts = list(written(stack))
    assert sum("CallProvider" in text or "provider called" in text for text in texts) > 3
    for text in texts:
        assert "planted" not in text
        assert acme.token.split(".")[2] not in text
