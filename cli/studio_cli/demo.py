"""``studio demo``: shows the whole studio in one command, on the real template."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from studio_cli.amounts import with_basis
from studio_cli.client import StudioClient
from studio_cli.demo_money import check_money
from studio_cli.demo_shop import play_shop
from studio_cli.demo_social import play_social
from studio_cli.demo_user import USERNAME, demo_user_file
from studio_cli.downloads import SavedImage, download, item_label, items_table, maker
from studio_cli.errors import CliError
from studio_cli.local import bring_up
from studio_cli.ops_keys import store_key
from studio_cli.profiles import LOCAL, Profile, local_folder, project_root
from studio_cli.sample_article import IMAGES, TITLE
from studio_cli.session import open_client
from studio_cli.terminal import done, new_console
from studio_cli.watch import watch

KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "runware": "RUNWARE_API_KEY"}
MAX_COST = "0.50"


def demo() -> None:
    """Make the images of a sample article, a shop, a table and social platforms.

    The free preview renderer makes them. With PROVIDER=openai or PROVIDER=runware the provider
    makes real images of the article and charges them. The environment must hold its key, in
    OPENAI_API_KEY or RUNWARE_API_KEY.
    """
    began = time.monotonic()
    provider = os.environ.get("PROVIDER") or "builtin"
    key = provider_key(provider)
    console = new_console()
    profile = bring_up(console)
    if key:
        store_key(profile, provider, key)
        done(console, f"key of {provider} stored under {profile.provider_keys_path}")
    with open_client(LOCAL) as client:
        state, images = _run_article(client, provider, console)
        play_shop(client, profile, console)
        if images:
            play_social(client, images[0].asset["id"], console)
    print_next_steps(profile, console, time.monotonic() - began)
    if state != "succeeded":
        raise typer.Exit(1)


def provider_key(provider: str) -> str | None:
    """Return the key of a provider; None for the built-in provider, which needs none.

    Raises:
        CliError: The demo does not know the provider, or its key is not in the environment.
    """
    if provider == "builtin":
        return None
    variable = KEY_VARIABLES.get(provider)
    if variable is None:
        names = ", ".join(("builtin", *KEY_VARIABLES))
        raise CliError(f"The demo does not know PROVIDER={provider}.", f"use one of: {names}")
    key = os.environ.get(variable)
    if not key:
        raise CliError(f"PROVIDER={provider} needs a key.", f"set {variable}, or unset PROVIDER")
    return key


def _run_article(
    client: StudioClient, provider: str, console: Console
) -> tuple[str, list[SavedImage]]:
    """Run the job of the article and return its final state and its images."""
    job = client.create_job(
        {
            "operation": "generate",
            "name": TITLE,
            "items": [{**image, "title": TITLE} for image in IMAGES],
            "provider": {"id": provider, "model": None},
            "quality": "standard",
            "output": {"format": "webp", "quality": 80},
            "max_cost": MAX_COST,
        }
    )
    done(console, f"{job['id']} accepted: {job['counts']['total']} images for {TITLE!r}")
    ended = watch(client, job["id"], console)
    items = client.items(job["id"])
    out = project_root() / "out"
    images = download(client, items, out)
    if images:
        sheet = write_contact_sheet(images, out)
        done(console, f"{len(images)} images and {sheet.name} in {out.name}/")
    console.print(items_table(items, images))
    check_money(client, job["id"], console)
    return ended["state"], images


def write_contact_sheet(images: Sequence[SavedImage], folder: Path) -> Path:
    """Write ``contact-sheet.png``, a page with all images, and return its path."""
    # The package is not installed. If it were, a Lambda that lacks the layer would work on the
    # local AWS and fail on AWS.
    sys.path.insert(0, str(project_root() / "layers" / "imaging"))
    from studio_imaging.contact_sheet import Tile, compose

    tiles = [
        Tile(
            data=image.data,
            caption=item_label(image.item),
            sub_caption=_sub_caption(image),
        )
        for image in images
    ]
    path = folder / "contact-sheet.png"
    path.write_bytes(compose(tiles, title=TITLE).data)
    return path


def _sub_caption(image: SavedImage) -> str:
    size = f"{image.asset['width']}x{image.asset['height']}"
    return f"{maker(image.item['provider'])}, {size}, {with_basis(image.item['cost'])}"


def print_next_steps(profile: Profile, console: Console, seconds: float) -> None:
    """Print the addresses of the stack, its demo user and commands to try next."""
    studio = Path(sys.executable).parent / "studio"
    shown = studio.relative_to(project_root()) if studio.is_relative_to(project_root()) else studio
    lines = (
        "",
        f"Done in {seconds:.0f} s. The stack keeps running:",
        f"  console    {shown} console",
        f"  API        {profile.api_url}",
        f"  client id  {profile.user_pool_client_id}",
        f"  sign-in    {USERNAME}, password in {demo_user_file(local_folder())};"
        " the CLI is signed in",
        f'  try next   {shown} create "a paper boat on a pond" --variations 3',
        f"             {shown} jobs list",
        f"             {shown} assets list",
        "  stop       make stop",
    )
    for line in lines:
        console.print(line, soft_wrap=True)
