"""Second part of the demo: photos copied to the bucket, and a batch from a table."""

import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from studio_cli.aws import Aws
from studio_cli.batches import check_table, watch_batch
from studio_cli.client import StudioClient
from studio_cli.demo_money import check_money
from studio_cli.demo_user import TENANT
from studio_cli.errors import CliError
from studio_cli.folders import pairs
from studio_cli.pair_files import SavedPair, save_pairs
from studio_cli.profiles import Profile, project_root
from studio_cli.sample_shop import FOLDER, RECIPE, RECIPE_JOB, TABLE, photos
from studio_cli.terminal import done

WAIT_SECONDS = 90
POLL_SECONDS = 0.5


def play_shop(client: StudioClient, profile: Profile, console: Console) -> None:
    """Make product images from a shop's photos by a rule, then run a table as a batch.

    Raises:
        CliError: An image is missing in time, a batch fails or a ledger does not add up.
    """
    console.print()
    client.replace(
        f"/v1/recipes/{RECIPE}", {"title": "Product without its background", "job": RECIPE_JOB}
    )
    client.put(f"/v1/folders/{FOLDER}/rule", {"recipe_id": RECIPE})
    done(console, f"recipe {RECIPE} is the rule of folder {FOLDER}")
    shop_photos = photos()
    _copy_to_bucket(shop_photos, profile)
    done(console, f"{len(shop_photos)} photos with GPS coordinates in EXIF copied to the bucket")
    made = _wait_for_pairs(client, len(shop_photos), console)
    out = project_root() / "out" / FOLDER
    saved = save_pairs(client, made, out)
    for pair in made:
        check_money(client, pair["job_id"], console, quiet=True)
    sheet = _write_pairs(out.parent, saved)
    done(console, f"{len(made)} product images with their sources, {sheet.name} in out/")
    _run_table(client, out.parent, console)


def _copy_to_bucket(shop_photos: dict[str, bytes], profile: Profile) -> None:
    """Write files to the bucket without the API, as a shop's sync does."""
    s3 = Aws(profile.region, profile.endpoint).s3
    for name, data in shop_photos.items():
        s3.put_object(Bucket=profile.bucket, Key=f"uploads/{TENANT}/{FOLDER}/{name}", Body=data)


def _wait_for_pairs(client: StudioClient, count: int, console: Console) -> list[dict[str, Any]]:
    deadline = time.monotonic() + WAIT_SECONDS
    with console.status("the rule makes product images ...") as status:
        while True:
            found = pairs(client, FOLDER)
            made = [pair for pair in found if pair["status"] == "succeeded"]
            status.update(f"{len(made)} of {count} product images made ...")
            if len(made) >= count:
                return made
            if time.monotonic() > deadline:
                raise CliError(
                    f"Only {len(made)} of {count} product images were made in time.",
                    "read the log: .local/ministack.log",
                )
            time.sleep(POLL_SECONDS)


def _write_pairs(out: Path, saved: list[SavedPair]) -> Path:
    """Write ``pairs.png``, a page of sources with their results, and return its path."""
    # The package is not installed, as for the contact sheet.
    sys.path.insert(0, str(project_root() / "layers" / "imaging"))
    from studio_imaging.contact_sheet import Tile, compose

    tiles = []
    for pair in saved:
        if pair.source and pair.result:
            told = "as stored: upright, without GPS"
            tiles.append(Tile(pair.source.read_bytes(), pair.source.name, told))
            tiles.append(Tile(pair.result.read_bytes(), pair.result.name, f"by the rule {RECIPE}"))
    path = out / "pairs.png"
    sheet = compose(tiles, title=f"{FOLDER}: photos and product images")
    path.write_bytes(sheet.data)
    return path


def _run_table(client: StudioClient, out: Path, console: Console) -> None:
    console.print()
    table = out / "banners.csv"
    table.write_text(TABLE, encoding="utf-8")
    checked = check_table(client, table, {"mapping": {}}, console)
    batch = client.spend(
        f"/v1/batch-imports/{checked['id']}/submit", {"name": "banners", "concurrency": 2}
    )
    last = watch_batch(client, batch["id"], console)
    if last["state"] != "succeeded":
        raise CliError(f"The batch ended as {last['state']}.")
    jobs = client.pages(f"/v1/batches/{batch['id']}/jobs")
    for row in jobs:
        check_money(client, row["job_id"], console, quiet=True)
    done(console, f"batch of {len(jobs)} rows made; the ledgers of all its jobs add up")
