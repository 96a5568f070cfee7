"""The stack that an operator works on: its account, its outputs and its resources."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import typer

from studio_cli.aws import Aws, stack_outputs, stack_resources
from studio_cli.errors import CliError
from studio_cli.profiles import load_profile
from studio_cli.sam_config import deployed_name

DeployedOption = Annotated[
    bool,
    typer.Option(
        "--deployed", help="Use the stack of samconfig.toml, which needs no profile and no sign-in."
    ),
]


@dataclass(frozen=True)
class OperatedStack:
    """A stack, read with AWS credentials of its account.

    Attributes:
        name: Name of the CloudFormation stack.
        endpoint: Base URL of the local AWS; None for AWS.
    """

    aws: Aws
    name: str
    endpoint: str | None

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stack."""
        return dict(stack_outputs(self.aws, self.name))

    @cached_property
    def resources(self) -> dict[str, str]:
        """The physical names of what the stack has finished, by logical id."""
        return stack_resources(self.aws, self.name)

    def output(self, name: str) -> str:
        """Return one output.

        Raises:
            CliError: The stack does not have it.
        """
        return _of(self.outputs, name, "output")

    def resource(self, logical_id: str) -> str:
        """Return the physical name of one resource.

        Raises:
            CliError: The stack does not have it.
        """
        return _of(self.resources, logical_id, "resource")


def open_stack(profile_name: str, *, deployed: bool) -> OperatedStack:
    """Return the stack of a profile, or that of ``samconfig.toml``.

    Raises:
        CliError: There is no such profile, or this is no working copy.
    """
    if deployed:
        aws, name = deployed_name()
        return OperatedStack(aws, name, endpoint=None)
    profile = load_profile(profile_name)
    aws = Aws(profile.region, profile.endpoint)
    # The keys of an older version have another path.
    return OperatedStack(aws, profile.provider_keys_path.split("/")[-2], profile.endpoint)


def _of(found: dict[str, str], name: str, kind: str) -> str:
    if not (value := found.get(name)):
        raise CliError(f"The stack has no {kind} {name}.", "deploy this version: make deploy")
    return value
