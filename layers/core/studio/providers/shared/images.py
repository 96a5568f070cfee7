"""Reading of an image out of a response, in every form that holds its bytes or names its URL.

An adapter first reads the field that its vendor documents. ``find_image`` is for gateways and
changed services, whose responses have the image in another member.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from studio.media_files import is_media
from studio.providers.shared.base64_data import decode_base64
from studio.providers.shared.json_body import parse_value

# Members that hold an image or lead to one, those with the bytes first.
_MEMBERS: Final = (
    "b64_json", "base64", "b64", "image_base64", "imageBase64", "imageBase64Data", "image_b64",
    "imageDataURI", "bytesBase64Encoded", "bytes",
    "imageBytes", "image_bytes", "inlineData", "inline_data", "image", "images",
    "generatedImages", "generated_images", "choices", "message",
    "data", "content", "output", "outputs", "result", "results", "artifacts", "predictions", "file",
    "files", "url", "uri", "image_url", "imageUrl", "imageURL", "image_uri", "download_url",
    "signed_url", "fileData", "file_data", "fileUri", "file_uri", "href",
)  # fmt: skip
_DEPTH: Final = 8
_URLS: Final = ("https://", "http://", "//")
_AROUND: Final = " \t\r\n\"'<>\0"
# The beginning of a text that shows what it is.
_LEADING: Final = 64
_BYTES: Final = 256


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that the provider chose, to fetch the image from."""

    url: str


Content = bytes | Address
"""The bytes of an image, or where they are."""


def read_image(text: object) -> Content | None:
    """Return the image that a documented field holds, None if it cannot be read.

    The bytes are not checked. The text is base64 in any form, a ``data:`` URI or a URL. Instead
    of a text there may be an object or a list with one in it.
    """
    if not isinstance(text, str):
        return find_image(text)
    plain = text[:_LEADING].strip(_AROUND)
    if plain.lower().startswith(_URLS):
        scheme, colon, rest = text.strip(_AROUND).partition(":")
        return Address(f"{scheme.lower()}{colon}{rest}")
    if plain.startswith(("{", "[")):
        return find_image(parse_value(text.encode("utf-8", "replace")))
    data = decode_base64(text)
    if data is not None and (is_media(data) or not text.startswith("/")):
        return data
    if text.startswith("/"):
        return Address(text)
    return _percent_encoded(text)


def image_in_body(body: bytes) -> Content | None:
    """Return the image that a whole body is: its bytes, or a text that holds or names it.

    A gateway can send the base64 of a file as the body, whatever media type it states.
    """
    if is_media(body):
        return body
    text = body.strip().strip(b'"')
    return _certain(read_image(text.decode())) if text and text.isascii() else None


def first_image(texts: Iterable[object]) -> Content | None:
    """Return the first image that can be read among the values of a documented field."""
    return next((found for found in map(read_image, texts) if found is not None), None)


def are_texts(values: Iterable[object]) -> bool:
    """Return whether a documented field holds a text, so that an image was made."""
    return any(isinstance(value, str) and value for value in values)


def find_image(value: object, depth: int = _DEPTH) -> Content | None:
    """Return an image from anywhere in a document, None if there is none.

    Only members with the usual names are searched. Bytes count if they begin like an image, a
    video or a 3D model, and a URL counts if it has a host. Other texts are not taken for one.
    """
    if isinstance(value, str):
        return _certain(read_image(value))
    if isinstance(value, list) and value and all(map(_is_byte, value)):
        return _certain(bytes(value))
    inner: Iterable[object] = ()
    if isinstance(value, Mapping):
        inner = (value[name] for name in _MEMBERS if name in value)
    elif isinstance(value, list):
        inner = value
    found_inside = (find_image(one, depth - 1) for one in inner if depth)
    return next((found for found in found_inside if found is not None), None)


def _is_byte(value: object) -> bool:
    return type(value) is int and 0 <= value < _BYTES


def _certain(found: Content | None) -> Content | None:
    """Return what is an image beyond doubt, or the URL of one."""
    if isinstance(found, Address):
        return found if found.url.startswith(_URLS) else None
    return found if found is not None and is_media(found) else None


def _percent_encoded(text: str) -> bytes | None:
    """Return the content of a ``data:`` URI that is not in base64, None if it is no image."""
    head, _, tail = text.partition(",")
    data = unquote_to_bytes(tail) if head[:5].lower() == "data:" else b""
    return data if is_media(data) else None
