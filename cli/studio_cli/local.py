"""``studio local``: the real template on a local AWS."""

import typer
from rich.console import Console

from studio_cli.aws_local import HOST, LocalAws
from studio_cli.console_process import ConsoleProcess, is_built
from studio_cli.demo_user import USERNAME, demo_user_file, sign_in_demo_user
from studio_cli.deploy import deploy
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL, Profile, load_profile, local_folder, project_root
from studio_cli.terminal import done, new_console, say

app = typer.Typer(no_args_is_help=True, help="Run the stack on this machine.")


def bring_up(console: Console, *, with_console: bool = True) -> Profile:
    """Start the local AWS, deploy the template, sign in the demo user and return the profile.

    Args:
        console: Where to print.
        with_console: Whether to serve the web console, if it is built.

    Raises:
        CliError: One of the steps fails.
    """
    folder, root = local_folder(), project_root()
    server = ConsoleProcess(root)
    port = server.port()
    if with_console:
        say(f"The console will be at http://{HOST}:{port}")
    with console.status("Starting the local AWS ..."):
        aws = LocalAws(folder).up()
    done(console, f"local AWS at {aws.endpoint} (process {aws.pid})")
    with console.status("Deploying template.yaml ..."):
        profile = deploy(root, aws.endpoint, port)
    done(console, f"template.yaml deployed, API at {profile.api_url}")
    sign_in_demo_user(profile, folder)
    done(console, f"signed in as {USERNAME}")
    if with_console and is_built(root):
        done(console, f"console at {server.up(port).url}, signed in by: studio console")
    return profile


@app.command()
def up() -> None:
    """Start the local AWS, deploy the template and sign in a demo user."""
    bring_up(new_console())
    say('Try: studio create "a lighthouse at dusk"')


@app.command()
def down() -> None:
    """Stop the local AWS and the console, and keep their state."""
    ConsoleProcess(project_root()).down()
    stopped = LocalAws(local_folder()).down()
    say("The local AWS is stopped." if stopped else "The local AWS was not running.")


@app.command()
def status() -> None:
    """Show the addresses of the local AWS and its API, and the demo user's file."""
    folder = local_folder()
    aws = LocalAws(folder).running()
    if aws is None:
        raise CliError("The local AWS is not running.", "start it: studio local up")
    say(f"local AWS  {aws.endpoint} (process {aws.pid}, log {folder / 'ministack.log'})")
    profile = load_profile(LOCAL)
    say(f"API        {profile.api_url}")
    console = ConsoleProcess(project_root()).running()
    say(f"console    {console.url if console else 'not running'}")
    say(f"client id  {profile.user_pool_client_id}")
    say(f"demo user  {demo_user_file(folder)}")
