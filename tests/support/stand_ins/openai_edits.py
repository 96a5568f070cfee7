"""Check of a form to ``/images/edits`` by the OpenAI stand-in: its fields and its pictures.

Markups and streams are never sent by us, so they are refused like unknown fields.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image

from tests.support.stand_ins.forms import Part
from tests.support.stand_ins.pictures import is_picture

_MAX_PICTURES = 16
_MAX_BYTES = 50_000_000
_MAX_MASK_BYTES = 4_000_000
_TYPES = ("image/png", "image/webp", "image/jpeg")
_NUMBERS = {"n", "output_compression"}
_NOT_HERE = {"moderation", "partial_images", "stream"}

# What gpt-image-1 charges for a picture at high fidelity; that the later models do no more is
# assumed. Some text frames each picture (community report, 2025).
_BASE, _TILE, _SQUARE, _OBLONG, _FRAME = 65, 129, 4160, 6240, 32


def read_edit(parts: Sequence[Part]) -> tuple[dict[str, Any], list[bytes]] | str:
    """Return the fields as a JSON body would say them and the pictures, or what is wrong."""
    body: dict[str, Any] = {}
    pictures: list[Part] = []
    masks: list[Part] = []
    for part in parts:
        if part.name in ("image", "image[]"):
            pictures.append(part)
        elif part.name == "mask":
            masks.append(part)
        elif part.name in body or part.name in _NOT_HERE or part.filename is not None:
            return part.name
        else:
            body[part.name] = _value(part)
    wrong = _wrong_picture(pictures) or _wrong_mask(masks, pictures)
    return wrong or (body, [picture.data for picture in pictures])


def input_tokens(pictures: Sequence[bytes]) -> tuple[int, int]:
    """Return the text and the image tokens that the pictures are billed as."""
    return _FRAME * len(pictures), sum(map(_tokens, pictures))


def _value(part: Part) -> str | int:
    """Numbers of a form are decimal strings."""
    return int(part.text) if part.name in _NUMBERS and part.text.isdecimal() else part.text


def _wrong_picture(pictures: Sequence[Part]) -> str | None:
    """Name the part that the service would not take, None if all are fine."""
    if not 1 <= len(pictures) <= _MAX_PICTURES:
        return "image"
    name = "image" if len(pictures) == 1 else "image[]"
    fine = all(
        part.name == name
        and part.filename
        and part.media_type in _TYPES
        and len(part.data) < _MAX_BYTES
        and is_picture(part.data, part.media_type)
        for part in pictures
    )
    return None if fine else name


def _wrong_mask(masks: Sequence[Part], pictures: Sequence[Part]) -> str | None:
    """Name the mask if the service would not take it: one at most, over the first picture."""
    if not masks:
        return None
    mask = masks[0]
    fine = (
        len(masks) == 1
        and mask.filename
        and mask.media_type == "image/png"
        and len(mask.data) < _MAX_MASK_BYTES
        and is_picture(mask.data, "image/png")
    )
    return None if fine and _covers(mask.data, pictures[0].data) else "mask"


def _covers(mask: bytes, picture: bytes) -> bool:
    """Tell whether a mask has an alpha channel and the size of the picture."""
    with Image.open(BytesIO(mask)) as over, Image.open(BytesIO(picture)) as under:
        return over.mode in ("LA", "RGBA") and over.size == under.size


def _tokens(picture: bytes) -> int:
    with Image.open(BytesIO(picture)) as image:
        long, short = max(image.size), min(image.size)
    fitted = min(1.0, 2048 / long, 512 / short)
    tiles = -(-round(long * fitted) // 512) * -(-round(short * fitted) // 512)
    return _BASE + _TILE * tiles + (_SQUARE if long == short else _OBLONG)
