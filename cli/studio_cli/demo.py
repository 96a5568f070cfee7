"""``studio demo``: shows the whole studio in one command, on the real template."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from studio_cli.demo_article import play_article
from studio_cli.demo_shop import play_shop
from studio_cli.demo_social import play_social
from studio_cli.demo_user import USERNAME, demo_user_file
from studio_cli.errors import CliError
from studio_cli.local import bring_up
from studio_cli.ops_keys import store_key
from studio_cli.profiles import LOCAL, Profile, local_folder, project_root
from studio_cli.session import open_client
from studio_cli.terminal import done, new_console

KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "runware": "RUNWARE_API_KEY"}


def demo(
    no_console: Annotated[
        bool, typer.Option("--no-console", help="Do not serve the web console.")
    ] = False,
) -> None:
    """Make the images of a sample article, a shop, a table and social platforms.

    The free preview renderer makes them. With PROVIDER=openai or PROVIDER=runware the provider
    makes real images of the article and charges them. The environment must hold its key, in
    OPENAI_API_KEY or RUNWARE_API_KEY.
    """
    began = time.monotonic()
    provider = os.environ.get("PROVIDER") or "builtin"
    key = provider_key(provider)
    console = new_console()
    profile = bring_up(console, with_console=not no_console)
    if key:
        store_key(profile, provider, key)
        done(console, f"key of {provider} stored under {profile.provider_keys_path}")
    with open_client(LOCAL) as client:
        state, images = play_article(client, provider, console)
        play_shop(client, profile, console)
        if images:
            play_social(client, images[0].asset["id"], console)
    print_next_steps(profile, console, time.monotonic() - began, with_console=not no_console)
    if state != "succeeded":
        raise typer.Exit(1)


def provider_key(provider: str) -> str | None:
    """Return the key of a provider; None for the built-in provider, which needs none.

    Raises:
        CliError: The demo does not know the provider, or its key is not in the environment.
    """
    if provider == "builtin":
        return None
    variable = KEY_VARIABLES.get(provider)
    if variable is None:
        names = ", ".join(("builtin", *KEY_VARIABLES))
        raise CliError(f"The demo does not know PROVIDER={provider}.", f"use one of: {names}")
    key = os.environ.get(variable)
    if not key:
        raise CliError(f"PROVIDER={provider} needs a key.", f"set {variable}, or unset PROVIDER")
    return key


def print_next_steps(
    profile: Profile, console: Console, seconds: float, *, with_console: bool
) -> None:
    """Print the addresses of the stack, its demo user and commands to try next."""
    studio = Path(sys.executable).parent / "studio"
    shown = studio.relative_to(project_root()) if studio.is_relative_to(project_root()) else studio
    lines = (
        "",
        f"Done in {seconds:.0f} s. The stack keeps running:",
        *([f"  console    {shown} console"] if with_console else []),
        f"  API        {profile.api_url}",
        f"  client id  {profile.user_pool_client_id}",
        f"  sign-in    {USERNAME}, password in {demo_user_file(local_folder())};"
        " the CLI is signed in",
        f'  try next   {shown} create "a paper boat on a pond" --variations 3',
        f"             {shown} contents list",
        f"             {shown} jobs list",
        f"             {shown} assets list",
        "  stop       make stop",
    )
    for line in lines:
        console.print(line, soft_wrap=True)
