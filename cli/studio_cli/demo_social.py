"""Act three of the demo: the featured picture in the formats of social platforms."""

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
    """Make the set of formats that a team needs most of one finished picture.

    Raises:
        CliError: it did not come out as it should.
    """
    console.print()
    job = client.create_job(
        {
            "operation": "social.optimize",
            "items": [{"sources": [{"asset_id": asset_id}], "label": PRESET}],
            "output": {"formats": [PRESET], "contact_sheet": True},
        }
    )
    done(console, f"{job['id']} accepted: the featured picture in the formats of {PRESET!r}")
    ended = watch(client, job["id"], console)
    if ended["state"] != "succeeded":
        raise CliError(f"The formats ended as {ended['state']}.")
    (item,) = client.items(job["id"])
    paths = show_files(client, item, project_root() / "out", console)
    check_money(client, job["id"], console, quiet=True)
    done(console, f"{len(paths)} files made of one paid picture, at no further cost")
