"""Valid requests to the stand-ins, which tests change, and the function that sends them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import httpx

from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.server import StandIn

PICTURE = {"model": "gpt-image-2", "prompt": "a house", "size": "1024x1024"}
TASK = {
    "taskType": "imageInference",
    "taskUUID": "5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    "model": "runware:101@1",
    "positivePrompt": "a house",
    "width": 128,
    "height": 128,
}
PHOTO = png(40, 30, "lamp")

# Name of a file, its bytes, its type, as httpx takes them.
File = tuple[str | None, bytes, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """A form: text fields, and files by the names of their parts."""

    fields: Mapping[str, str]
    files: tuple[tuple[str, File], ...]

    def with_fields(self, **changes: str) -> Self:
        return replace(self, fields={**self.fields, **changes})

    def with_files(self, *files: tuple[str, File]) -> Self:
        return replace(self, files=files)


def file(data: bytes = PHOTO, name: str | None = "a.png", kind: str = "image/png") -> File:
    return name, data, kind


EDIT = Edit(PICTURE, (("image", file()),))


def data_uri(data: bytes = PHOTO, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


SEEDED = TASK | {"strength": 0.5, "inputs": {"seedImage": data_uri()}}


def send(
    server: StandIn,
    path: str,
    body: object,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Send a form or anything else as JSON."""
    given = {"authorization": f"Bearer {server.api_key}", **(headers or {})}
    content: dict[str, Any] = {"json": body}
    if isinstance(body, Edit):
        content = {"data": body.fields, "files": body.files}
    # Plain HTTP on the loopback: no certificates to load for each request.
    with httpx.Client(timeout=30, trust_env=False, verify=False) as client:  # noqa: S501
        return client.request(method, server.base_url + path, headers=given, **content)
