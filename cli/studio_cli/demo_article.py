"""First part of the demo: all images of an article, for desktop and mobile."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from studio_cli.amounts import with_basis
from studio_cli.client import StudioClient
from studio_cli.content_files import read_contents
from studio_cli.contents import import_draft, queue_of, show_queue, slots_table, start
from studio_cli.demo_money import check_money
from studio_cli.downloads import SavedImage, download, item_label, items_table, maker
from studio_cli.profiles import project_root
from studio_cli.terminal import done
from studio_cli.wanted_files import files_of, save_file
from studio_cli.watch import watch

ARTICLE = Path(__file__).with_name("sample_article.md")
MAX_COST = "0.50"
SETTINGS = {"image_format": "webp", "max_in_article_images": 2}


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of an image for a device, or an image that is its own only file.

    Attributes:
        device: ``desktop`` or ``mobile``; empty for an image without a device.
        size: Such as ``1536x1024``.
    """

    image: SavedImage
    device: str
    size: str
    data: bytes


def play_article(
    client: StudioClient, provider: str, console: Console
) -> tuple[str, list[SavedImage]]:
    """Import the sample article and make its images; return the job's state and the images.

    Raises:
        CliError: The article is refused, or the ledger of its job does not add up.
    """
    settings = {"provider": provider, **SETTINGS}
    client.replace("/v1/settings/image-generation", settings)
    (draft,) = read_contents(ARTICLE)
    content_id = import_draft(client, ARTICLE.name, draft)
    done(console, f"{ARTICLE.name} imported; its queue:")
    show_queue(queue_of(client, content_id), console)
    job = start(client, content_id, {"max_cost": MAX_COST})
    done(console, f"{job['id']} accepted: {job['counts']['total']} images")
    ended = watch(client, job["id"], console)
    items = client.items(job["id"])
    out = project_root() / "out"
    images = download(client, items, out)
    console.print(items_table(items, images))
    slots = client.get(f"/v1/contents/{content_id}")["images"]
    console.print(slots_table(slots))
    if images:
        devices = {slot["asset_id"]: slot["device"] for slot in slots}
        pictures = [
            picture
            for image in images
            for picture in _pictures(client, image, devices[image.asset["id"]])
        ]
        sheet = write_contact_sheet(pictures, draft.body["title"], out)
        done(console, f"{len(pictures)} files of {len(images)} images, {sheet.name} in {out.name}/")
    check_money(client, job["id"], console)
    return ended["state"], images


def write_contact_sheet(pictures: Sequence[Picture], title: str, folder: Path) -> Path:
    """Write ``contact-sheet.png``, a page with all files, and return its path."""
    # The package is not installed. If it were, a Lambda that lacks the layer would work on the
    # local AWS and fail on AWS.
    sys.path.insert(0, str(project_root() / "layers" / "imaging"))
    from studio_imaging.contact_sheet import Tile, compose

    tiles = [Tile(one.data, _caption(one), _sub_caption(one)) for one in pictures]
    path = folder / "contact-sheet.png"
    path.write_bytes(compose(tiles, title=title).data)
    return path


def _pictures(client: StudioClient, image: SavedImage, device: str) -> list[Picture]:
    """Return the files of an image for the devices, saved beside it; else the image itself.

    Args:
        client: The API.
        image: The image.
        device: The device that the image is for, or ``all``.
    """
    made = [one for one in files_of(client, image.asset["id"]) if one["file"]]
    pictures = []
    for one in made:
        path = save_file(client, one, image.path.with_suffix(""))
        size = f"{one['file']['width']}x{one['file']['height']}"
        pictures.append(Picture(image, one["name"], size, path.read_bytes()))
    size = f"{image.asset['width']}x{image.asset['height']}"
    return pictures or [Picture(image, "" if device == "all" else device, size, image.data)]


def _caption(picture: Picture) -> str:
    label = item_label(picture.image.item)
    return f"{label}, {picture.device}" if picture.device else label


def _sub_caption(picture: Picture) -> str:
    item = picture.image.item
    return f"{maker(item['provider'])}, {picture.size}, image {with_basis(item['cost'])}"
