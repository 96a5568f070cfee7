"""``studio persona``: a brand's words for prompts, saved under a name."""

from typing import Annotated

import typer

from studio_cli.job_requests import given
from studio_cli.options import AvoidOption, StylePhrasesOption, TitleOption
from studio_cli.profiles import LOCAL
from studio_cli.saved import print_saved
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import say, say_json

app = typer.Typer(no_args_is_help=True, help="Save a brand's words, which jobs add to prompts.")

PersonaArgument = Annotated[str, typer.Argument(metavar="PERSONA", help="Name of the persona.")]
_WORDS = ("title", "style", "palette", "mood", "audience", "avoid")


@app.command()
def save(
    persona: PersonaArgument,
    style: StylePhrasesOption = None,
    palette: Annotated[list[str] | None, typer.Option(help="Name of a colour. Repeatable.")] = None,
    mood: Annotated[str | None, typer.Option(help='Such as "calm".')] = None,
    audience: Annotated[str | None, typer.Option(help='Such as "young parents".')] = None,
    avoid: AvoidOption = None,
    title: TitleOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Save a brand's words under a name, as a new version if the name exists."""
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
    say(f"{persona} is at version {saved['version']}.")


@app.command("list")
def list_personas(profile: ProfileOption = LOCAL) -> None:
    """List personas."""
    print_saved(profile, "persona")


@app.command()
def show(persona: PersonaArgument, profile: ProfileOption = LOCAL) -> None:
    """Show a persona's words."""
    with open_client(profile) as client:
        found = client.get(f"/v1/personas/{persona}")
    say_json({name: found[name] for name in _WORDS})


@app.command()
def delete(persona: PersonaArgument, profile: ProfileOption = LOCAL) -> None:
    """Delete a persona; its jobs stay."""
    with open_client(profile) as client:
        client.remove(f"/v1/personas/{persona}")
    say(f"{persona} is deleted.")
