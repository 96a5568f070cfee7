"""``studio console``: opens the web console."""

import webbrowser
from typing import Annotated

import typer

from studio_cli.console_process import ConsoleProcess, is_built
from studio_cli.console_session import OneTimeCodes
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL, load_profile, local_folder, project_root
from studio_cli.session import ProfileOption
from studio_cli.terminal import say


def console(
    profile_name: ProfileOption = LOCAL,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser, or print the address.")
    ] = True,
) -> None:
    """Open the web console; the one of the local stack signs in the demo user."""
    address = _local_address() if profile_name == LOCAL else load_profile(profile_name).console_url
    if not address:
        raise CliError(f"The stack {profile_name!r} has no console.", "deploy with Console=on")
    if not (browser and webbrowser.open(address)):
        say(address)


def _local_address() -> str:
    """Return the address of the local console with a code that signs the demo user in once."""
    root = project_root()
    if not is_built(root):
        raise CliError("The console is not built.", "build it: make console")
    profile = load_profile(LOCAL)
    server = ConsoleProcess(root)
    running = server.running() or server.up(server.port())
    return f"{running.url}/#code={OneTimeCodes(local_folder(), profile).new()}"
