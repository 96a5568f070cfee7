"""boto3 clients, made once per process, with time-outs below those of the functions."""

from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient

_CONFIG = Config(
    connect_timeout=3,
    read_timeout=15,
    retries={"mode": "standard", "max_attempts": 3},
)
# A presigned URL names the bucket's own region: the global host redirects for as long as a
# bucket is young, and some regions refuse the older signature that is boto3's default elsewhere.
_S3_CONFIG = _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


@lru_cache
def dynamodb() -> "DynamoDBClient":
    """Return the DynamoDB client."""
    return boto3.client("dynamodb", config=_CONFIG)


@lru_cache
def s3() -> "S3Client":
    """Return the S3 client."""
    return boto3.client("s3", config=_S3_CONFIG)


@lru_cache
def step_functions() -> "SFNClient":
    """Return the Step Functions client."""
    return boto3.client("stepfunctions", config=_CONFIG)


@lru_cache
def events() -> "EventBridgeClient":
    """Return the EventBridge client."""
    return boto3.client("events", config=_CONFIG)


@lru_cache
def ssm() -> "SSMClient":
    """Return the Systems Manager client."""
    return boto3.client("ssm", config=_CONFIG)


@lru_cache
def sqs() -> "SQSClient":
    """Return the SQS client."""
    return boto3.client("sqs", config=_CONFIG)


@lru_cache
def ses() -> "SESV2Client":
    """Return the SES client."""
    return boto3.client("sesv2", config=_CONFIG)


@lru_cache
def scheduler() -> "EventBridgeSchedulerClient":
    """Return the EventBridge Scheduler client."""
    return boto3.client("scheduler", config=_CONFIG)


@lru_cache
def lambda_() -> "LambdaClient":
    """Return the Lambda client."""
    return boto3.client("lambda", config=_CONFIG)


@lru_cache
def lambda_waiting() -> "LambdaClient":
    """Return a Lambda client for calls that are waited for, once: they are not repeated."""
    waiting = Config(read_timeout=26, retries={"mode": "standard", "total_max_attempts": 1})
    return boto3.client("lambda", config=_CONFIG.merge(waiting))
