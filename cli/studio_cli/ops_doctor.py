"""``studio ops doctor``: does after a deployment what users do, and says what fails."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import httpx
import typer
from botocore.exceptions import BotoCoreError, ClientError

from studio_cli.auth import authenticate
from studio_cli.client import StudioClient
from studio_cli.doctor_steps import NEEDED, Step, Trial, steps
from studio_cli.errors import CliError
from studio_cli.ops_stack import DeployedOption, OperatedStack, open_stack
from studio_cli.profiles import LOCAL, Profile, profile_from_outputs
from studio_cli.session import ProfileOption
from studio_cli.terminal import say
from studio_cli.user_pool import ADMIN, UserPool

RUNBOOK = "docs/runbook.md"
TENANT = "doctor"
_DEPLOYMENT = "a-deployment-is-not-complete"
_SIGN_IN = "a-sign-in-fails"


def doctor(
    receiver: Annotated[
        str | None,
        typer.Option(help="Address that takes a webhook. Without it no webhook is sent."),
    ] = None,
    username: Annotated[
        str | None,
        typer.Option(help="The user to sign in. Default: one of the tenant doctor, for this run."),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="STUDIO_PASSWORD", help="Of --username; asked for if left out."),
    ] = None,
    wait: Annotated[
        float, typer.Option(min=1, help="Seconds for a step; AWS fires a schedule within 60.")
    ] = 180,
    deployed: DeployedOption = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """Check a deployed stack: a sign-in, a picture, an upload, a batch, a schedule, a webhook.

    Everything is made by the free built-in provider. Nothing is left running; the finished images
    stay. The exit code is 1 if a step fails.
    """
    if username and not password:
        password = typer.prompt("Password", hide_input=True)
    stack = open_stack(profile, deployed=deployed)
    failed = not _examine(stack, receiver, wait, username, password)
    if not receiver:
        say("skipped  webhook: give --receiver with the address of a receiver")
    say("The stack is not in order." if failed else "The stack works.")
    if failed:
        raise typer.Exit(1)


def _examine(
    stack: OperatedStack,
    receiver: str | None,
    seconds: float,
    username: str | None,
    password: str | None,
) -> bool:
    """Do all steps and return whether every one succeeded."""
    try:
        opened = _complete(stack)
    except CliError as error:
        return _fail("stack", error, _DEPLOYMENT)
    say(f"ok       stack: {stack.name}, {len(stack.resources)} resources")
    try:
        with _signed_in(stack, opened, username, password) as client:
            say("ok       sign-in")
            passed = [_passes(step, Trial(client, seconds)) for step in steps(receiver)]
    except (CliError, BotoCoreError, ClientError) as error:
        return _fail("sign-in", error, _SIGN_IN)
    return all(passed)


def _complete(stack: OperatedStack) -> Profile:
    """Return the addresses of a stack that has all that the steps need.

    Raises:
        CliError: The stack cannot be read, or something is missing.
    """
    missing = [name for name in NEEDED if name not in stack.resources]
    if missing:
        raise CliError(f"missing or not finished: {', '.join(missing)}")
    return profile_from_outputs("doctor", stack.outputs, stack.aws.region, stack.endpoint)


def _passes(step: Step, trial: Trial) -> bool:
    began = time.monotonic()
    try:
        made = step.run(trial)
    except (CliError, httpx.HTTPError) as error:
        return _fail(step.name, error, step.section)
    say(f"ok       {step.name}: {made} ({time.monotonic() - began:.0f} s)")
    return True


def _fail(name: str, error: Exception, section: str) -> bool:
    text = error.message if isinstance(error, CliError) else str(error)
    say(f"FAILED   {name}: {text}")
    say(f"         read {RUNBOOK}#{section}")
    return False


@contextmanager
def _signed_in(
    stack: OperatedStack, profile: Profile, username: str | None, password: str | None
) -> Iterator[StudioClient]:
    """Sign in the given user, or one who is deleted at the end; the tokens are not kept."""
    if username:
        with _client(profile, username, password or "") as client:
            yield client
        return
    pool = UserPool(stack.aws.cognito, profile.user_pool_id)
    made, secret = f"doctor-{secrets.token_hex(8)}@example.com", f"{secrets.token_urlsafe(18)}-aA1"
    pool.add(made, TENANT, ADMIN, secret)
    try:
        pool.confirm(made, secret)
        with _client(profile, made, secret) as client:
            yield client
    finally:
        pool.remove(made)


def _client(profile: Profile, username: str, password: str) -> StudioClient:
    token = authenticate(profile, username, password).id_token
    return StudioClient(profile.api_url, lambda: token, use_proxies=profile.endpoint is None)
