"""The list that recipes and personas share: objects saved under a name, in versions."""

from studio_cli.session import open_client
from studio_cli.tables import Listing, minute
from studio_cli.terminal import new_console


def print_saved(profile: str, kind: str) -> None:
    """Print the saved objects of a kind, such as ``recipe``, by name."""
    with open_client(profile) as client:
        saved = client.pages(f"/v1/{kind}s")
    table = Listing(kind, "version", "title", "changed (UTC)", whole=(kind,))
    for one in saved:
        table.add_row(one["id"], str(one["version"]), one["title"] or "", minute(one["updated_at"]))
    new_console().print(table if saved else f"No {kind}s yet.")
