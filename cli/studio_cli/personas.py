"""``studio persona``: a brand's words saved under a name."""

import json
from typing import Annotated

import typer

from studio_cli.job_requests import given
from studio_cli.profiles import LOCAL
from studio_cli.saved import print_saved
from studio_cli.session import ProfileOption, open_client

app = typer.Typer(no_args_is_help=True, help="Personas: a brand's words, added to prompts.")

PersonaArgument = Annotated[str, typer.Argument(metavar="PERSONA", help="Its name.")]
_WORDS = ("title", "style", "palette", "mood", "audience", "avoid")


@app.command()
def save(
    persona: PersonaArgument,
    style: Annotated[
        list[str] | None, typer.Option(help="A phrase on how pictures look; may be repeated.")
    ] = None,
    palette: Annotated[
        list[str] | None, typer.Option(help="A colour's name; may be repeated.")
    ] = None,
    mood: Annotated[str | None, typer.Option(help='Such as "calm".')] = None,
    audience: Annotated[str | None, typer.Option(help='Such as "young parents".')] = None,
    avoid: Annotated[
        list[str] | None, typer.Option(help="What must not be seen; may be repeated.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="For people.")] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Save a brand's words under a name; what was there gives way to a new version."""
    body = given(
        title=title,
        style=style,
        palette=palette,
        mood=mood,
        audience=audience,
        avoid=avoid,
    )
    with open_client(profile) as client:
        saved = client.replace(f"/v1/personas/{persona}", body)
    typer.echo(f"{persona} is at version {saved['version']}.")


@app.command("list")
def list_personas(profile: ProfileOption = LOCAL) -> None:
    """List personas."""
    print_saved(profile, "persona")


@app.command()
def show(persona: PersonaArgument, profile: ProfileOption = LOCAL) -> None:
    """Show a persona's words."""
    with open_client(profile) as client:
        found = client.get(f"/v1/personas/{persona}")
    typer.echo(json.dumps({name: found[name] for name in _WORDS}, indent=2, ensure_ascii=False))


@app.command()
def delete(persona: PersonaArgument, profile: ProfileOption = LOCAL) -> None:
    """Take a persona away; jobs ordered with it stay."""
    with open_client(profile) as client:
        client.remove(f"/v1/personas/{persona}")
    typer.echo(f"{persona} is gone.")
