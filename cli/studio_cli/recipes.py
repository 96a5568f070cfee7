"""``studio recipe``: job requests saved under a name."""

from pathlib import Path
from typing import Annotated, Any

import typer

from studio_cli.errors import CliError
from studio_cli.files import read_request
from studio_cli.options import TitleOption
from studio_cli.profiles import LOCAL
from studio_cli.saved import print_saved
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import say, say_json

app = typer.Typer(
    no_args_is_help=True,
    help="Save job requests, which jobs, tables, folders and schedules can use.",
)

RecipeArgument = Annotated[str, typer.Argument(metavar="RECIPE", help="Name of the recipe.")]


@app.command()
def save(
    recipe: RecipeArgument,
    from_job: Annotated[str | None, typer.Option(help="Save the request of this job.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Save a request in a JSON file."),
    ] = None,
    title: TitleOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Save a request under a name, as a new version if the name exists."""
    if (from_job is None) == (file is None):
        raise CliError("Give either --from-job or --file.")
    body: dict[str, Any] = (
        {"from_job_id": from_job} if file is None else {"job": read_request(file)}
    )
    if title:
        body["title"] = title
    with open_client(profile) as client:
        saved = client.replace(f"/v1/recipes/{recipe}", body)
    say(f"{recipe} is at version {saved['version']}.")


@app.command("list")
def list_recipes(profile: ProfileOption = LOCAL) -> None:
    """List recipes."""
    print_saved(profile, "recipe")


@app.command()
def show(recipe: RecipeArgument, profile: ProfileOption = LOCAL) -> None:
    """Show the request of a recipe."""
    with open_client(profile) as client:
        say_json(client.get(f"/v1/recipes/{recipe}")["job"])


@app.command()
def delete(recipe: RecipeArgument, profile: ProfileOption = LOCAL) -> None:
    """Delete a recipe; its jobs stay."""
    with open_client(profile) as client:
        client.remove(f"/v1/recipes/{recipe}")
    say(f"{recipe} is deleted.")
