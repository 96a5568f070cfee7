"""Downloading a job's pictures, and the table that says what they are."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.table import Table

from studio_cli.amounts import with_basis
from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.files import slug
from studio_cli.wire import Asset, Item

_SUFFIXES = {"image/jpeg": "jpg", "model/gltf-binary": "glb"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture on this machine."""

    item: Item
    asset: Asset
    path: Path
    data: bytes


def download(client: StudioClient, items: Sequence[Item], folder: Path) -> list[Picture]:
    """Download every finished picture into a folder, named by its label; no other file is replaced.

    Raises:
        CliError: a file is not the one that its record describes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures: list[Picture] = []
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
            # An earlier job's, which may have been paid.
            path = path.with_stem(f"{name}-{asset['id']}")
        path.write_bytes(data)
        pictures.append(Picture(item, asset, path, data))
    return pictures


def fetch(client: StudioClient, asset_id: str) -> tuple[Asset, bytes]:
    """Read an asset's record and its file, and compare the file's hash with the record.

    Raises:
        CliError: they differ.
    """
    asset = client.asset(asset_id)
    data = client.asset_content(asset_id)
    if hashlib.sha256(data).hexdigest() != asset["sha256"]:
        raise CliError(f"The file of {asset_id} differs from its record.", "try again")
    return asset, data


def suffix_of(media_type: str) -> str:
    """Return the ending of a file by what is in it."""
    return _SUFFIXES.get(media_type, media_type.rpartition("/")[2])


def item_label(item: Item) -> str:
    """Return what people call an image of a job."""
    return item["label"] or f"Image {item['item']}"


def items_table(items: Sequence[Item], pictures: Sequence[Picture] = ()) -> Table:
    """Build the table of a job's images: who made them, size, bytes, cost with basis, seconds."""
    of_item = {picture.item["item"]: picture for picture in pictures}
    table = Table(box=None, pad_edge=False)
    for heading in ("image", "provider", "model", "size"):
        table.add_column(heading, overflow="fold")
    for heading in ("bytes", "cost", "seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("result", overflow="fold")
    for item in items:
        picture = of_item.get(item["item"])
        problem = item["problem"]
        table.add_row(
            item_label(item),
            item["provider"]["id"],
            item["provider"]["model"] or "",
            f"{picture.asset['width']}x{picture.asset['height']}" if picture else item["size"],
            f"{picture.asset['bytes']:,}" if picture else "",
            with_basis(item["cost"]),
            _seconds(item),
            f"{item['status']}: {problem['detail']}" if problem else _where(item, picture),
        )
    return table


def _where(item: Item, picture: Picture | None) -> str:
    return os.path.relpath(picture.path) if picture else item["asset_id"] or item["status"]


def _seconds(item: Item) -> str:
    started, finished = item["started_at"], item["finished_at"]
    if started is None or finished is None:
        return ""
    taken = datetime.fromisoformat(finished) - datetime.fromisoformat(started)
    return f"{taken.total_seconds():.1f}"
