"""``studio ops keys``: provider keys in the Parameter Store of a stack.

A key is never printed. What is stored is recorded by the stack's own function, which may read keys.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from studio_cli.aws import Aws, stack_outputs
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL, Profile, load_profile
from studio_cli.secret_input import FileOption, read_secret
from studio_cli.session import ProfileOption
from studio_cli.terminal import say

app = typer.Typer(no_args_is_help=True, help="Manage the provider keys of a stack.")

_FUNCTION = "TestIntegrationFunctionName"
# What a stack keeps in the Parameter Store, and moved below /studio/.
_KINDS = ("providers", "webhooks")

TenantOption = Annotated[
    str | None, typer.Option(help="The tenant. Without it the key is that of the stack.")
]
ProviderArgument = Annotated[str, typer.Argument(metavar="PROVIDER", help="Such as openai.")]


@app.command("set")
def set_key(
    provider: ProviderArgument,
    tenant: TenantOption = None,
    file: FileOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Store the key of a provider. A JSON value can also hold base_url and rate_per_minute."""
    stack = load_profile(profile)
    value = read_secret(file, f"Key of {provider}")
    store_key(stack, provider, value, tenant)
    say(f"The key of {provider} is stored for {tenant or 'the stack'}.")


@app.command()
def register(profile: ProfileOption = LOCAL) -> None:
    """Record the keys that are stored, after a change with other tools."""
    answer = _register(load_profile(profile))
    say(f"The stack has keys of: {', '.join(answer['shared']) or 'no provider'}.")
    say(f"{answer['added']} keys of tenants are recorded now.")


@app.command()
def move(
    delete_old: Annotated[
        bool, typer.Option("--delete-old", help="Delete the keys at the old path as well.")
    ] = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """Copy keys and webhook secrets of an older version. Those at the new path stay."""
    stack = load_profile(profile)
    name = _stack_name(stack)
    ssm = Aws(stack.region, stack.endpoint).ssm
    found = [_copy(ssm, f"/{name}/{kind}", f"/studio/{name}/{kind}", delete_old) for kind in _KINDS]
    if any(found) and not delete_old:
        say("The old ones are kept. After the deployment: studio ops keys move --delete-old")
    function = _function(stack)
    if function is not None:
        _invoke(stack, function)


def store_key(profile: Profile, provider: str, value: str, tenant: str | None = None) -> None:
    """Store the key of a provider, for the stack or for a tenant, and record that it is there."""
    account = f"tenants/{tenant}" if tenant else "default"
    Aws(profile.region, profile.endpoint).ssm.put_parameter(
        Name=f"{_prefix(_stack_name(profile))}/{provider}/{account}",
        Value=value,
        Type="SecureString",
        Overwrite=True,
    )
    _register(profile)


def _copy(ssm: Any, old: str, new: str, delete_old: bool) -> int:  # noqa: ANN401 - a client
    """Copy what the new path lacks, say how many, and return how many the old one has."""
    there = {one["Name"] for one in _parameters(ssm, new)}
    found = list(_parameters(ssm, old))
    copied = 0
    for one in found:
        target = new + one["Name"].removeprefix(old)
        if target not in there:
            ssm.put_parameter(Name=target, Value=one["Value"], Type="SecureString")
            copied += 1
        if delete_old:
            ssm.delete_parameter(Name=one["Name"])
    say(f"{copied} of {len(found)} are copied from {old} to {new}.")
    return len(found)


def _parameters(ssm: Any, prefix: str) -> Iterator[Any]:  # noqa: ANN401 - client and its documents
    pages = ssm.get_paginator("get_parameters_by_path").paginate(
        Path=prefix, Recursive=True, WithDecryption=True
    )
    for page in pages:
        yield from page["Parameters"]


def _prefix(stack_name: str) -> str:
    return f"/studio/{stack_name}/providers"


def _stack_name(profile: Profile) -> str:
    """Return the stack of a profile; one of an older version has another path."""
    return profile.provider_keys_path.split("/")[-2]


def _function(profile: Profile) -> str | None:
    """Return the name of the function that records keys; None on an older version."""
    aws = Aws(profile.region, profile.endpoint)
    return stack_outputs(aws, _stack_name(profile)).get(_FUNCTION)


def _register(profile: Profile) -> dict[str, Any]:
    """Have the stack record the keys that are stored, and return how many.

    Raises:
        CliError: The stack has no such function, or it failed.
    """
    function = _function(profile)
    if function is None:
        raise CliError("The stack is of an older version.", "deploy this version: make deploy")
    return _invoke(profile, function)


def _invoke(profile: Profile, function: str) -> dict[str, Any]:
    answer = Aws(profile.region, profile.endpoint).lambda_.invoke(
        FunctionName=function, Payload=json.dumps({"tenants": True})
    )
    document: dict[str, Any] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        message = "The keys are stored, but could not be recorded."
        raise CliError(message, "try again: studio ops keys register")
    return document
