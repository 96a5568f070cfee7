"""The option --profile, and the client of a profile's API."""

from typing import Annotated

import typer

from studio_cli.auth import id_token
from studio_cli.client import StudioClient
from studio_cli.profiles import load_profile

ProfileOption = Annotated[
    str,
    typer.Option("--profile", envvar="STUDIO_PROFILE", help="The stack to use."),
]


def open_client(profile_name: str) -> StudioClient:
    """Return a client of a profile's API.

    Raises:
        CliError: There is no such profile.
    """
    profile = load_profile(profile_name)
    return StudioClient(
        profile.api_url, lambda: id_token(profile), use_proxies=profile.endpoint is None
    )
