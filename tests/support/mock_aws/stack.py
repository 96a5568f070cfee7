"""One mock AWS account with what ``template.yaml`` creates.

Nothing of the template is written down a second time, so a test cannot pass on names, keys or
indexes that the template does not have. Logical ids serve as names.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from moto import mock_aws
from moto.backends import get_backend
from samcli.yamlhelper import yaml_parse

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient

ROOT = Path(__file__).parents[3]
REGION: Final = "eu-central-1"
ACCOUNT = "123456789012"
JOBS, ASSETS, LEDGER, CATALOG = "JobsTable", "AssetsTable", "LedgerTable", "CatalogTable"
BUCKET = "studio-test"
BUS = "EventBus"
SCHEDULE_GROUP = "ScheduleGroup"
RUN_BATCH_ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:RunBatchStateMachine"
STATE_MACHINE_ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:ProcessJobStateMachine"

# Thousands of tests begin with an empty account: what these services hold then is created by
# calls once and copied for each later test.
Copied = Literal["dynamodb", "scheduler"]
_COPIED: tuple[Copied, ...] = get_args(Copied)
_CREATED: dict[Copied, dict[str, Any]] = {}
_TABLE_MEMBERS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


@dataclass(frozen=True, slots=True)
class Clients:
    """Clients of the mock account."""

    dynamodb: "DynamoDBClient"
    s3: "S3Client"
    step_functions: "SFNClient"
    events: "EventBridgeClient"
    ssm: "SSMClient"
    sqs: "SQSClient"
    scheduler: "EventBridgeSchedulerClient"


@lru_cache
def template() -> dict[str, Any]:
    """Return the parsed template."""
    parsed: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text())
    return parsed


def tables() -> list[str]:
    """Return the logical ids of the tables."""
    return [
        name
        for name, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::DynamoDB::Table"
    ]


def queues() -> list[str]:
    """Return the logical ids of the queues."""
    return [
        name
        for name, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::SQS::Queue"
    ]


def queue_url(name: str) -> str:
    """Return where a queue is in the mock account."""
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"


@contextmanager
def mock_stack() -> Iterator[Clients]:
    """Enter an empty account and create the resources in it."""
    with mock_aws():
        create_resources()
        clients().events.create_event_bus(Name=BUS)
        yield clients()


def create_resources() -> None:
    """Create the template's resources in the account of the running mock."""
    here = clients()
    if _CREATED:
        for service, state in _CREATED.items():
            vars(_backend(service)).update(deepcopy(state))
    else:
        _create_what_is_copied(here)
        _CREATED.update({one: deepcopy(vars(_backend(one))) for one in _COPIED})
    here.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    for name in queues():
        here.sqs.create_queue(QueueName=name)
    # They are not copied: a mock that runs them keeps them in another place.
    for arn in (STATE_MACHINE_ARN, RUN_BATCH_ARN):
        here.step_functions.create_state_machine(
            name=arn.rpartition(":")[2],
            definition=json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/state-machine",
        )


def _backend(service: Copied) -> object:
    return get_backend(service)[ACCOUNT][REGION]


def _create_what_is_copied(here: Clients) -> None:
    for name in tables():
        properties = template()["Resources"][name]["Properties"]
        members = {key: properties[key] for key in _TABLE_MEMBERS if key in properties}
        here.dynamodb.create_table(TableName=name, **members)
    here.scheduler.create_schedule_group(Name=SCHEDULE_GROUP)


@lru_cache
def clients() -> Clients:
    """Return clients for any mock: moto answers old ones too, and making them is slow."""
    session = boto3.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION
    )
    return Clients(
        # The mock does not read a signature, which costs a third of a call.
        dynamodb=session.client(
            "dynamodb", config=Config(signature_version=UNSIGNED, user_agent="tests")
        ),
        s3=session.client("s3"),
        step_functions=session.client("stepfunctions"),
        events=session.client("events"),
        ssm=session.client("ssm"),
        sqs=session.client("sqs"),
        scheduler=session.client("scheduler"),
    )
