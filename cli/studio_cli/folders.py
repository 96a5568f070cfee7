"""``studio folders``: the folders of SKUs, their pairs and their rules."""

from typing import Annotated, Any

import typer

from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.options import OutOrNoneOption
from studio_cli.pair_files import save_pairs
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console, say

app = typer.Typer(
    no_args_is_help=True, help="List folders (SKUs) and their images, and set rules for new images."
)

FolderArgument = Annotated[str, typer.Argument(metavar="FOLDER", help="Such as a SKU.")]


@app.command("list")
def list_folders(profile: ProfileOption = LOCAL) -> None:
    """List folders with their state and counts."""
    with open_client(profile) as client:
        folders = client.pages("/v1/folders")
    numbered = ("sources", "done", "failed")
    table = Listing("folder", "state", *numbered, "rule", right=numbered, whole=("folder", "rule"))
    for folder in folders:
        counts = folder["counts"]
        numbers = (str(counts[name]) for name in numbered)
        rule = (folder["rule"] or {}).get("recipe_id", "")
        table.add_row(folder["sku"], folder["state"], *numbers, rule)
    new_console().print(table if folders else "No folders yet.")


@app.command("pairs")
def show_pairs(
    folder: FolderArgument,
    out: OutOrNoneOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the sources of a folder and their results."""
    console = new_console()
    with open_client(profile) as client:
        found = pairs(client, folder)
        if out:
            save_pairs(client, found, out)
    table = Listing("source", "status", "result", "job", short=("source",))
    for pair in found:
        result = pair["output_asset_id"] or ""
        table.add_row(pair["input_name"] or "-", pair["status"], result, pair["job_id"] or "")
    console.print(table if found else "The folder is empty.")


@app.command("rule")
def set_rule(
    folder: FolderArgument,
    recipe: Annotated[str | None, typer.Option(help="Run this recipe on each new image.")] = None,
    off: Annotated[bool, typer.Option("--off", help="Remove the rule.")] = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """Set or remove the rule for new images of a folder."""
    if (recipe is None) == (not off):
        raise CliError("Give either --recipe or --off.")
    with open_client(profile) as client:
        if off:
            client.delete(f"/v1/folders/{folder}/rule")
        else:
            client.put(f"/v1/folders/{folder}/rule", {"recipe_id": recipe})
    say(f"{folder}: {'no rule' if off else f'recipe {recipe} runs'} for new images.")


def pairs(client: StudioClient, folder: str) -> list[dict[str, Any]]:
    """Return all pairs of source and result of a folder."""
    return client.pages(f"/v1/folders/{folder}/pairs")
