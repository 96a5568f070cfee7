"""No planted key in anything the deployed stack wrote, whichever provider refused it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.entries import provider_ids
from tests.support.local_aws.caller import TERMINAL, Caller
from tests.support.local_aws.deployment import Stack
from tests.support.local_aws.openai_jobs import openai_job

# What is quoted back, what is half told, and what is kept somewhere in between.
SCENARIOS = ("auth", "bad-request", "cut")
# Whose answers to words are asked for later.
POLLED = ("huggingface", "runware", "wavespeed")
PROVIDERS = [name for name in provider_ids() if provider_card(name).auth != "none"]
_READ_BYTES = 1_000_000


def pages(stack: Stack, service: str, operation: str, **options: Any) -> Iterator[dict[str, Any]]:
    yield from stack.client(service).get_paginator(operation).paginate(**options)


def written(stack: Stack) -> Iterator[str]:
    """Everything there is to read: logs, records, executions, files."""
    for page in pages(stack, "logs", "describe_log_groups"):
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for events in pages(stack, "logs", "filter_log_events", logGroupName=name):
                yield from (event["message"] for event in events["events"])
    for names in pages(stack, "dynamodb", "list_tables"):
        for table in names["TableNames"]:
            for rows in pages(stack, "dynamodb", "scan", TableName=table):
                yield json.dumps(rows["Items"], default=str)
    for machine in ("ProcessJob", "RunBatch"):
        arn = stack.outputs[f"{machine}StateMachineArn"]
        for page in pages(stack, "stepfunctions", "list_executions", stateMachineArn=arn):
            for execution in page["executions"]:
                history = {"executionArn": execution["executionArn"]}
                for events in pages(stack, "stepfunctions", "get_execution_history", **history):
                    yield json.dumps(events["events"], default=str)
    yield from stored(stack)


def stored(stack: Stack) -> Iterator[str]:
    """The files of the bucket: name, facts and content, of a large one its beginning."""
    s3, bucket = stack.client("s3"), stack.outputs["BucketName"]
    for page in pages(stack, "s3", "list_objects_v2", Bucket=bucket):
        for listed in page.get("Contents", []):
            found = s3.get_object(Bucket=bucket, Key=listed["Key"])
            content = found["Body"].read(_READ_BYTES).decode("latin-1")
            yield f"{listed['Key']} {found['Metadata']} {content}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_that_quotes_the_key_is_not_quoted(
    stack: Stack, acme: Caller, provider: str
) -> None:
    items = [{"prompt": f"a secret [[{name}]]", "size": "1024x1024"} for name in SCENARIOS]
    job = acme.finish(acme.create(items=items, provider={"id": provider})["id"], 110)
    told = [item["problem"]["code"] for item in acme.items(job["id"]) if item["problem"]]
    assert "provider-auth" in told
    assert "planted" not in json.dumps(acme.items(job["id"]))


@pytest.mark.parametrize("provider", POLLED)
def test_a_refused_poll_does_not_quote_the_key(acme: Caller, provider: str) -> None:
    """A call whose poll is refused is waited for until its deadline, so the job need not end."""
    items = [{"prompt": "a secret [[poll-auth]]", "size": "1024x1024"}]
    created = acme.create(items=items, provider={"id": provider})
    acme.until(created["id"], lambda job: job["waiting"] or job["status"] in TERMINAL, 110)
    assert "planted" not in json.dumps(acme.items(created["id"]))
    assert "planted" not in json.dumps(acme.get(f"/v1/jobs/{created['id']}/logs").json())


def test_planted_keys_appear_nowhere(stack: Stack, acme: Caller) -> None:
    openai_job(acme, ["a secret [[auth]]", "a refusal [[bad-request]]", "a loss [[cut]]"])
    texts = list(written(stack))
    assert sum("CallProvider" in text or "provider called" in text for text in texts) > 3
    assert any("a secret [[auth]]" in text for text in texts)
    for text in texts:
        assert "planted" not in text
        assert acme.token.split(".")[2] not in text
