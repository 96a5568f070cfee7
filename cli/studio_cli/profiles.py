"""Profiles: the stacks that commands can use.

The profiles of deployed stacks are in the user's configuration folder. The profile ``local``
belongs to one working copy and is in its folder ``.local``.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from studio_cli.errors import CliError
from studio_cli.files import read_object, write_private

LOCAL = "local"
STACK_NAME = "image-studio"


@dataclass(frozen=True, slots=True)
class Profile:
    """Addresses and settings of one stack.

    Attributes:
        api_url: Base URL of the HTTPS API, without ``/v1``.
        provider_keys_path: Prefix of the SSM parameters that hold provider keys.
        bucket: The bucket that takes files at ``uploads/{tenant}/{folder}/``.
        endpoint: Base URL of the local AWS; None for a stack on AWS.
        console_client_id: App client of the console; empty if the stack has no console.
        console_url: Address of the console on AWS; empty if the stack has no console.
    """

    name: str
    api_url: str
    region: str
    user_pool_id: str
    user_pool_client_id: str
    provider_keys_path: str
    bucket: str
    endpoint: str | None = None
    console_client_id: str = ""
    console_url: str = ""


def profile_from_outputs(
    name: str, outputs: Mapping[str, str], region: str, endpoint: str | None = None
) -> Profile:
    """Return a profile from the outputs of a stack.

    The local AWS serves the API at its own endpoint, at a path with the API's id.

    Raises:
        CliError: The stack is not an Image Studio.
    """
    try:
        local_url = f"{endpoint}/_aws/execute-api/{outputs['ApiId']}"
        return Profile(
            name=name,
            api_url=local_url if endpoint else outputs["ApiUrl"],
            region=region,
            user_pool_id=outputs["UserPoolId"],
            user_pool_client_id=outputs["UserPoolClientId"],
            provider_keys_path=outputs["ProviderKeysPath"],
            bucket=outputs["BucketName"],
            endpoint=endpoint,
            console_client_id=outputs.get("ConsoleClientId", ""),
            console_url=outputs.get("ConsoleUrl", ""),
        )
    except KeyError as error:
        raise CliError(
            f"The stack has no output {error}. It is not an Image Studio, or an older version.",
            "deploy this version: make deploy",
        ) from error


def folder_of(name: str) -> Path:
    """Return the folder of a profile and its tokens."""
    if name == LOCAL:
        return local_folder()
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "image-studio"


def project_root() -> Path:
    """Return the folder of the working copy that contains the current folder.

    Raises:
        CliError: The current folder is not in a working copy.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "template.yaml").is_file() and (folder / "statemachines").is_dir():
            return folder
    raise CliError(
        "The local stack belongs to a working copy, and this folder is not in one.",
        "change to the folder with template.yaml, or select a deployed stack with --profile",
    )


def local_folder() -> Path:
    """Return the git-ignored folder of the local AWS in this working copy."""
    return project_root() / ".local"


def save_profile(profile: Profile) -> None:
    """Add or replace a profile."""
    path = _path(profile.name)
    write_private(path, {**read_object(path), profile.name: asdict(profile)})


def load_profile(name: str) -> Profile:
    """Return the profile of a name.

    Raises:
        CliError: There is no such profile.
    """
    path = _path(name)
    entry = read_object(path).get(name)
    known = {field.name for field in fields(Profile)}
    if not isinstance(entry, dict) or set(entry) != known:
        make = "studio local up" if name == LOCAL else f"studio login --profile {name}"
        raise CliError(f"There is no profile {name!r} in {path}.", f"create it: {make}")
    return Profile(**entry)


def _path(name: str) -> Path:
    return folder_of(name) / "profiles.json"
