"""``studio login``: connect the CLI to a deployed stack."""

from typing import Annotated

import typer

from studio_cli.auth import sign_in
from studio_cli.aws import Aws, stack_outputs
from studio_cli.profiles import (
    LOCAL,
    STACK_NAME,
    Profile,
    load_profile,
    profile_from_outputs,
    save_profile,
)
from studio_cli.terminal import say


def login(
    profile: Annotated[str, typer.Option(help="Name for the profile of this stack.")],
    username: Annotated[
        str, typer.Option(envvar="STUDIO_USERNAME", prompt=True, help="The Cognito user.")
    ],
    password: Annotated[
        str,
        typer.Option(
            envvar="STUDIO_PASSWORD", prompt=True, hide_input=True, help="The user's password."
        ),
    ],
    stack_name: Annotated[str, typer.Option(help="The CloudFormation stack.")] = STACK_NAME,
    region: Annotated[str | None, typer.Option(help="AWS region of the stack.")] = None,
) -> None:
    """Save a deployed stack as a profile and sign in to it."""
    stack = load_profile(LOCAL) if profile == LOCAL else _connect(profile, stack_name, region)
    sign_in(stack, username, password, lambda: typer.prompt("New password", hide_input=True))
    say(f"Signed in to {stack.api_url} as {username}. Use it with --profile {profile}.")


def _connect(name: str, stack_name: str, region: str | None) -> Profile:
    aws = Aws(region, endpoint=None)
    stack = profile_from_outputs(name, stack_outputs(aws, stack_name), aws.region)
    save_profile(stack)
    return stack
