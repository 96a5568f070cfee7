"""Third part of the demo: the featured image in the formats of social platforms."""

from rich.console import Console

from studio_cli.client import StudioClient
from studio_cli.demo_money import check_money
from studio_cli.errors import CliError
from studio_cli.profiles import project_root
from studio_cli.social import show_files
from studio_cli.terminal import done
from studio_cli.watch import watch

PRESET = "essentials"


def play_social(client: StudioClient, asset_id: str, console: Console) -> None:
    """Make the most common formats of one finished image.

    Raises:
        CliError: The job fails, or its ledger does not add up.
    """
    console.print()
    job = client.create_job(
        {
            "operation": "social.optimize",
            "items": [{"sources": [{"asset_id": asset_id}], "label": PRESET}],
            "output": {"formats": [PRESET], "contact_sheet": True},
        }
    )
    done(console, f"{job['id']} accepted: the featured image in the formats of {PRESET!r}")
    ended = watch(client, job["id"], console)
    if ended["state"] != "succeeded":
        raise CliError(f"The job of the formats ended as {ended['state']}.")
    (item,) = client.items(job["id"])
    paths = show_files(client, item, project_root() / "out", console)
    check_money(client, job["id"], console, quiet=True)
    done(console, f"{len(paths)} files made of one image at no further cost")
