"""``studio settings``: what the account and its user have chosen for their images."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import typer

from studio_cli.client import Document
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import say, say_json

app = typer.Typer(no_args_is_help=True, help="Show and change settings of the account and yours.")

Group = Literal["image-generation", "own", "account"]
GroupArgument = Annotated[
    Group, typer.Argument(help="image-generation and account are the account's, own is yours.")
]
_PATHS: Mapping[Group, str] = {
    "image-generation": "/v1/settings/image-generation",
    "own": "/v1/settings",
    "account": "/v1/settings/account",
}
_UNSHOWN = frozenset(
    {"version", "updated_at", "updated_by", "success", "warnings", "prompt_preference"}
)


@app.command()
def show(group: GroupArgument = "image-generation", profile: ProfileOption = LOCAL) -> None:
    """Show settings. A source "default" means that nothing is stored."""
    with open_client(profile) as client:
        found = client.get(_PATHS[group])
    members = {name: value for name, value in found.items() if name not in _UNSHOWN}
    config = members.pop("config", {})
    say_json({**config, **members})
    for warning in found.get("warnings", []):
        say(f"warning: {warning}")


@app.command("set")
def set_members(
    group: GroupArgument,
    members: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE", help="image_format=png, model=null.")
    ],
    profile: ProfileOption = LOCAL,
) -> None:
    """Change members of settings; the others stay. The value null removes a member.

    A new provider has its own default model unless a model is given too.
    """
    changes = read_members(members)
    with open_client(profile) as client:
        saved = client.amend(_PATHS[group], lambda found: changed(found or {}, changes))
    say(f"The settings {group} are at version {saved['version']}.")


def read_members(texts: Sequence[str]) -> dict[str, Any]:
    """Return the value of each name. A value is JSON, else it is text.

    Raises:
        CliError: A text has no name or no sign, or a name comes twice.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not name or not sign:
            raise CliError(f"{text!r} is not NAME=VALUE.", "such as image_format=png")
        if name in found:
            raise CliError(f"{name} is given twice.")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def changed(found: Document, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document to store: what is there now, with the changes."""
    kept = found.get("config", found)
    own = {name: value for name, value in kept.items() if name not in _UNSHOWN}
    if "provider" in changes and changes["provider"] != own.get("provider"):
        own.pop("model", None)
    return {name: value for name, value in {**own, **changes}.items() if value is not None}
