"""The ``studio`` command and its subcommands."""

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError

from studio_cli import (
    assets,
    batches,
    contents,
    folders,
    integrations,
    jobs,
    local,
    operations,
    ops,
    personas,
    platforms,
    prompts,
    providers,
    recipes,
    schedules,
    settings,
    social,
    templates,
    uploads,
    webhooks,
)
from studio_cli.console import console
from studio_cli.create import create
from studio_cli.demo import demo
from studio_cli.errors import CliError
from studio_cli.estimates import estimate
from studio_cli.login import login
from studio_cli.spend import spend
from studio_cli.terminal import say_error

commands = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Image Studio: make finished images from prompts and source images.",
)
commands.add_typer(local.app, name="local")
commands.command()(login)
commands.command()(console)
commands.command()(create)
commands.command()(estimate)
commands.command()(operations.run)
commands.command("operations")(operations.list_operations)
commands.command()(social.social)
commands.command()(platforms.platforms)
commands.add_typer(jobs.app, name="jobs")
commands.add_typer(assets.app, name="assets")
commands.command()(uploads.upload)
commands.add_typer(uploads.app, name="uploads")
commands.add_typer(folders.app, name="folders")
commands.add_typer(recipes.app, name="recipe")
commands.add_typer(personas.app, name="persona")
commands.add_typer(templates.app, name="templates")
commands.add_typer(contents.app, name="contents")
commands.add_typer(settings.app, name="settings")
commands.add_typer(prompts.app, name="prompts")
commands.add_typer(batches.app, name="batch")
commands.add_typer(schedules.app, name="schedule")
commands.add_typer(webhooks.app, name="webhook")
commands.add_typer(providers.app, name="providers")
commands.add_typer(integrations.app, name="integrations")
commands.add_typer(ops.app, name="ops")
commands.command()(spend)
commands.command()(demo)


def app() -> None:
    """Run the command line; print a failure as a message and a next step, without a traceback."""
    try:
        commands()
    except CliError as error:
        for line in error.message.split("\n"):
            say_error(line, "red")
        if error.next_step:
            say_error(f"-> {error.next_step}")
        sys.exit(1)
    except (BotoCoreError, ClientError) as error:
        say_error(f"AWS refused: {error}", "red")
        sys.exit(1)
