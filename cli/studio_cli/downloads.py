"""Downloads of a job's images, and the table that describes them."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studio_cli.amounts import with_basis
from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.files import slug
from studio_cli.tables import Listing
from studio_cli.wire import Asset, Item, Provider

_SUFFIXES = {"image/jpeg": "jpg", "model/gltf-binary": "glb"}


@dataclass(frozen=True, slots=True)
class SavedImage:
    """A finished image on this machine."""

    item: Item
    asset: Asset
    path: Path
    data: bytes


def download(client: StudioClient, items: Sequence[Item], folder: Path) -> list[SavedImage]:
    """Download every finished image into a folder, and return them in order.

    The label names the file. An existing file with other content is not replaced.

    Raises:
        CliError: A file differs from its record.
    """
    folder.mkdir(parents=True, exist_ok=True)
    images: list[SavedImage] = []
    taken: set[str] = set()
    for item in items:
        if item["asset_id"] is None:
            continue
        asset, data = fetch(client, item["asset_id"])
        stem = slug(item_label(item))
        name = stem if stem not in taken else f"{stem}-{item['item']}"
        taken.add(name)
        path = folder / f"{name}.{suffix_of(asset['media_type'])}"
        if path.exists() and path.read_bytes() != data:
            # The file of an earlier job, which may have been paid.
            path = path.with_stem(f"{name}-{asset['id']}")
        path.write_bytes(data)
        images.append(SavedImage(item, asset, path, data))
    return images


def fetch(client: StudioClient, asset_id: str) -> tuple[Asset, bytes]:
    """Return the record and the file of an asset.

    Raises:
        CliError: The hash of the file differs from the record.
    """
    asset = client.asset(asset_id)
    data = client.asset_content(asset_id)
    if hashlib.sha256(data).hexdigest() != asset["sha256"]:
        raise CliError(f"The file of {asset_id} differs from its record.", "try again")
    return asset, data


def suffix_of(media_type: str) -> str:
    """Return the file name extension of a media type, without the dot."""
    return _SUFFIXES.get(media_type, media_type.rpartition("/")[2])


def item_label(item: Item) -> str:
    """Return the label of an image, or its number in the job."""
    return item["label"] or f"Image {item['item']}"


def items_table(items: Sequence[Item], images: Sequence[SavedImage] = ()) -> Listing:
    """Return a table of a job's images: provider and model, size, bytes, cost, time, result."""
    of_item = {image.item["item"]: image for image in images}
    numbers = ("bytes", "cost", "secs")
    table = Listing("image", "made by", "size", *numbers, "result", right=numbers)
    for item in items:
        image = of_item.get(item["item"])
        problem = item["problem"]
        table.add_row(
            item_label(item),
            maker(item["provider"]),
            f"{image.asset['width']}x{image.asset['height']}" if image else item["size"] or "",
            f"{image.asset['bytes']:,}" if image else "",
            with_basis(item["cost"]),
            _seconds(item),
            f"{item['status']}: {problem['detail']}" if problem else _result(item, image),
        )
    return table


def maker(provider: Provider) -> str:
    """Return a provider and its model as words."""
    return f"{provider['id']} {provider['model']}" if provider["model"] else provider["id"]


def _result(item: Item, image: SavedImage | None) -> str:
    return os.path.relpath(image.path) if image else item["asset_id"] or item["status"]


def _seconds(item: Item) -> str:
    started, finished = item["started_at"], item["finished_at"]
    if started is None or finished is None:
        return ""
    taken = datetime.fromisoformat(finished) - datetime.fromisoformat(started)
    return f"{taken.total_seconds():.1f}"
