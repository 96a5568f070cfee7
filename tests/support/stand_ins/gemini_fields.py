"""Requests that the Gemini stand-in takes: fields, models, pictures.

Field names are taken in camel case and in snake case and bytes in both alphabets of base64, as
Google's JSON is. Tools, system words
and uploaded files are never sent by us, so they are refused like unknown fields.
"""

import base64
import re
from collections.abc import Iterable
from typing import Any

from tests.support.stand_ins.pictures import is_picture

_USUAL = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"}
_LONG = {"1:4", "4:1", "1:8", "8:1"}
# By model: aspect ratios, classes of size, most pictures to start from.
MODELS: dict[str, tuple[set[str], set[str], int]] = {
    "gemini-nano-banana-2.1": (_USUAL | _LONG, {"1K", "2K", "4K"}, 14),
    "gemini-3-pro-image": (_USUAL, {"1K", "2K", "4K"}, 14),
    "gemini-3.1-flash-lite-image": (_USUAL, {"1K"}, 14),
    "gemini-3.1-flash-image": (_USUAL | _LONG, {"512", "1K", "2K", "4K"}, 14),
    "gemini-2.5-flash-image": (_USUAL, {"1K"}, 3),
}
_TYPES = ("image/png", "image/jpeg", "image/webp")
_MODALITIES = (["IMAGE"], ["TEXT", "IMAGE"], ["IMAGE", "TEXT"])

MAX_BODY = 20 * 1024 * 1024


def camel(node: Any) -> Any:
    """Return a document with all its names in camel case."""
    if isinstance(node, dict):
        return {re.sub(r"_(\w)", lambda m: m[1].upper(), name): camel(value)
                for name, value in node.items()}  # fmt: skip
    return [camel(entry) for entry in node] if isinstance(node, list) else node


def wrong_field(model: str, body: dict[str, Any]) -> str | None:
    """Name the first field of a body in camel case that the service would not take."""
    unknown = _first_unknown(body, {"contents", "generationConfig"}, "")
    return (
        unknown
        or _wrong_contents(model, body.get("contents"))
        or _wrong_config(model, body.get("generationConfig", {}))
    )


def pictures(body: dict[str, Any]) -> list[bytes]:
    """Return the pictures of a request that is right."""
    parts = body["contents"][0]["parts"]
    return [decoded(part["inlineData"]["data"]) for part in parts if "text" not in part]


def decoded(text: str) -> bytes:
    """Decode base64 of either alphabet.

    Raises:
        ValueError: it is neither.
    """
    return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)


def prompt(body: dict[str, Any]) -> str:
    """Return the words of a request that is right."""
    parts = body["contents"][0]["parts"]
    return " ".join(part["text"] for part in parts if "text" in part)


def _wrong_contents(model: str, contents: Any) -> str | None:
    if not isinstance(contents, list) or len(contents) != 1 or not isinstance(contents[0], dict):
        return "contents"
    turn = contents[0]
    unknown = _first_unknown(turn, {"role", "parts"}, "contents[0].")
    if unknown or turn.get("role", "user") != "user":
        return unknown or "contents[0].role"
    parts = turn.get("parts")
    if not isinstance(parts, list) or not parts:
        return "contents[0].parts"
    for number, part in enumerate(parts):
        if not (isinstance(part, dict) and len(part) == 1 and _is_part(part)):
            return f"contents[0].parts[{number}]"
    shown = sum("inlineData" in part for part in parts)
    most = MODELS[model][2]
    return "contents[0].parts" if shown > most or shown == len(parts) else None


def _is_part(part: dict[str, Any]) -> bool:
    if "text" in part:
        return isinstance(part["text"], str) and part["text"] != ""
    blob = part.get("inlineData")
    if not isinstance(blob, dict) or set(blob) != {"mimeType", "data"}:
        return False
    try:
        data = decoded(blob["data"])
    except (AttributeError, ValueError):
        return False
    return blob["mimeType"] in _TYPES and is_picture(data, blob["mimeType"])


def _wrong_config(model: str, config: Any) -> str | None:
    if not isinstance(config, dict):
        return "generationConfig"
    known = {"responseModalities", "imageConfig", "seed"}
    unknown = _first_unknown(config, known, "generationConfig.")
    if unknown:
        return unknown
    seed = config.get("seed", 0)
    if type(seed) is not int or not -(2**31) <= seed < 2**31:
        return "generationConfig.seed"
    if config.get("responseModalities", ["IMAGE"]) not in _MODALITIES:
        return "generationConfig.responseModalities"
    image = config.get("imageConfig", {})
    if not isinstance(image, dict):
        return "generationConfig.imageConfig"
    where = "generationConfig.imageConfig."
    ratios, classes, _ = MODELS[model]
    checks = {
        "aspectRatio": image.get("aspectRatio", "1:1") not in ratios,
        "imageSize": image.get("imageSize", "1K") not in classes,
    }
    unknown = _first_unknown(image, checks, where)
    return unknown or next((where + name for name, wrong in checks.items() if wrong), None)


def _first_unknown(members: dict[str, Any], known: Iterable[str], where: str) -> str | None:
    return next((where + name for name in members if name not in known), None)
