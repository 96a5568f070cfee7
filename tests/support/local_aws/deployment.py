"""The real template on a local AWS of its own, with IAM enforced."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from studio_cli.aws_local import LocalAws, clean_environment, free_port
from tests.support.stand_ins.bedrock import BedrockStandIn
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.stand_ins.server import Recorded, StandIn
from tests.support.stand_ins.servers import STAND_INS

ROOT = Path(__file__).parents[3]
REGION = "eu-central-1"
NAME = "studio-e2e"
MONTHLY_LIMIT_USD = "40"
FIRST_PORT = 4700
CONSOLE_PORTS = 1000
"""Distance of the console's ports from those of the local AWS."""
_DEPLOY_SECONDS = 240


class RoleBedrockStandIn(BedrockStandIn):
    """Knows no secret of the role that a function runs as: any signature of a role will do."""

    def unsigned(self, request: Recorded) -> str | None:
        signed = request.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 Credential=")
        return None if signed else "MissingAuthenticationTokenException"


_STAND_INS: Mapping[str, type[StandIn]] = {"bedrock": RoleBedrockStandIn, **STAND_INS}


@dataclass(frozen=True)
class Stack:
    """A deployed stack and the providers that stand in for the real ones."""

    endpoint: str
    openai: OpenAIStandIn
    runware: RunwareStandIn
    stand_ins: Mapping[str, StandIn]
    console_port: int

    def client(self, service: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    @cached_property
    def outputs(self) -> dict[str, str]:
        stack = self.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
        return {entry["OutputKey"]: entry["OutputValue"] for entry in stack["Outputs"]}

    @cached_property
    def functions(self) -> dict[str, str]:
        """Physical names by logical id."""
        resources = self.client("cloudformation").describe_stack_resources(StackName=NAME)
        return {
            entry["LogicalResourceId"]: entry["PhysicalResourceId"]
            for entry in resources["StackResources"]
        }

    @property
    def api_url(self) -> str:
        return f"{self.endpoint}/_aws/execute-api/{self.outputs['ApiId']}"

    def invoke(self, logical_id: str, event: object) -> Any:
        answer = self.client("lambda").invoke(
            FunctionName=self.functions[logical_id], Payload=json.dumps(event)
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        return json.loads(answer["Payload"].read())

    def put_key(self, provider: str, account: str, value: object) -> None:
        self.client("ssm").put_parameter(
            Name=f"{self.outputs['ProviderKeysPath']}/{provider}/{account}",
            Value=value if isinstance(value, str) else json.dumps(value),
            Type="SecureString",
            Overwrite=True,
        )


@contextmanager
def deployed(folder: Path, first_port: int) -> Iterator[Stack]:
    """Start a local AWS, deploy the template as it stands and store the stand-ins' keys."""
    local = LocalAws(folder, first_port)
    with ExitStack() as running:
        stand_ins: dict[str, StandIn] = {
            provider: running.enter_context(stand_in(f"planted-{provider}-key"))
            for provider, stand_in in _STAND_INS.items()
        }
        running.callback(local.down)
        endpoint = local.up().endpoint
        # The local AWS holds its port, so runs side by side get ports of their own.
        console_port = free_port((urlsplit(endpoint).port or first_port) + CONSOLE_PORTS)
        _deploy(folder, endpoint, console_port)
        openai, runware = stand_ins["openai"], stand_ins["runware"]
        assert isinstance(openai, OpenAIStandIn)
        assert isinstance(runware, RunwareStandIn)
        stack = Stack(endpoint, openai, runware, stand_ins, console_port)
        for provider, stand_in in stand_ins.items():
            key = {"api_key": stand_in.api_key, "base_url": stand_in.base_url}
            # Only acme has an account at Runware.
            account = "tenants/acme" if provider == "runware" else "default"
            stack.put_key(provider, account, {**key, "rate_per_minute": 6000})
        stack.invoke("TestIntegrationFunction", {"tenants": True})
        yield stack


def _deploy(folder: Path, endpoint: str, console_port: int) -> None:
    assert urlsplit(endpoint).hostname == "127.0.0.1"
    command = [
        *(sys.executable, "-m", "samcli", "deploy", "--config-env", "local"),
        *("--stack-name", NAME, "--region", REGION),
        "--parameter-overrides",
        *(f"TenantMonthlyLimitUsd={MONTHLY_LIMIT_USD}", "TrustedHosts=localhost"),
        *("NotificationSender=studio@example.org", "AllowPersonalTenants=false"),
        *(f"LocalGatewayPort={urlsplit(endpoint).port}", f"LocalConsolePort={console_port}"),
    ]
    environment = clean_environment() | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "SAM_CLI_TELEMETRY": "0",
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
    }
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_DEPLOY_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
