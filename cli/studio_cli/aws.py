"""AWS clients of the user's own account or of the local AWS of this working copy."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from studio_cli.errors import CliError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

LOCAL_REGION = "us-east-1"
LOCAL_KEY = "test"
"""Access key id and secret of the root user of the local AWS."""
_FINISHED = frozenset(
    {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"}
)
_WAITING = Config(read_timeout=910, retries={"total_max_attempts": 1}, tcp_keepalive=True)


class Aws:
    """Creates the clients of one account.

    Args:
        region: AWS region; None for the one that the user has configured.
        endpoint: Base URL of the local AWS; None for AWS with the user's credentials.
    """

    def __init__(self, region: str | None, endpoint: str | None) -> None:
        key = LOCAL_KEY if endpoint else None
        self._session = boto3.Session(
            aws_access_key_id=key, aws_secret_access_key=key, region_name=region
        )
        self._endpoint = endpoint
        self._config = Config(proxies={}) if endpoint else Config()

    @property
    def region(self) -> str:
        """The region of the calls.

        Raises:
            CliError: No region is given or configured.
        """
        name: str | None = self._session.region_name
        if name is None:
            raise CliError("No AWS region is configured.", "give one: --region eu-central-1")
        return name

    @property
    def cloudformation(self) -> "CloudFormationClient":
        """CloudFormation: stacks and their outputs."""
        return self._session.client(
            "cloudformation", endpoint_url=self._endpoint, config=self._config
        )

    @property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """Cognito: users and their tokens."""
        return self._session.client("cognito-idp", endpoint_url=self._endpoint, config=self._config)

    @property
    def s3(self) -> "S3Client":
        """S3: the files of the bucket."""
        return self._session.client("s3", endpoint_url=self._endpoint, config=self._config)

    @property
    def lambda_(self) -> "LambdaClient":
        """Lambda: the functions of the stack. A call waits for the longest of them, once."""
        config = self._config.merge(_WAITING)
        return self._session.client("lambda", endpoint_url=self._endpoint, config=config)

    @property
    def dynamodb(self) -> "DynamoDBClient":
        """DynamoDB: the tables of the stack."""
        return self._session.client("dynamodb", endpoint_url=self._endpoint, config=self._config)

    @property
    def sqs(self) -> "SQSClient":
        """SQS: the queues of the stack."""
        return self._session.client("sqs", endpoint_url=self._endpoint, config=self._config)

    @property
    def ssm(self) -> "SSMClient":
        """Systems Manager: the parameters with the provider keys."""
        return self._session.client("ssm", endpoint_url=self._endpoint, config=self._config)


def stack_outputs(aws: Aws, stack_name: str) -> Mapping[str, str]:
    """Return the outputs of a deployed stack.

    Raises:
        CliError: The stack does not exist, or the user may not read it.
    """
    region = aws.region
    try:
        stacks = aws.cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise _unreadable(stack_name, region, error) from error
    outputs = stacks[0].get("Outputs", [])
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def stack_resources(aws: Aws, stack_name: str) -> dict[str, str]:
    """Return the physical names of what a stack has finished, by logical id.

    Raises:
        CliError: The stack does not exist, or the user may not read it.
    """
    pages = aws.cloudformation.get_paginator("list_stack_resources")
    try:
        return {
            one["LogicalResourceId"]: one.get("PhysicalResourceId", "")
            for page in pages.paginate(StackName=stack_name)
            for one in page["StackResourceSummaries"]
            if one["ResourceStatus"] in _FINISHED
        }
    except (BotoCoreError, ClientError) as error:
        raise _unreadable(stack_name, aws.region, error) from error


def _unreadable(stack_name: str, region: str, error: Exception) -> CliError:
    return CliError(
        f"The stack {stack_name!r} cannot be read in {region}: {error}",
        "check --stack-name and --region, and that your AWS credentials are valid",
    )
