"""Uploads to the WaveSpeed stand-in: a ticket first, then the bytes, which come without a key."""

import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

from PIL import Image

from tests.support.stand_ins.pictures import is_picture
from tests.support.stand_ins.server import Recorded, Reply, html_reply
from tests.support.stand_ins.wavespeed_envelopes import envelope, error
from tests.support.stand_ins.wavespeed_fields import FILES, TYPES, wrong_ticket

# Of a recording whose length cannot be read.
_ANY_SECONDS = 8
UPLOADS = {
    "upload-auth", "upload-gone", "upload-rate-limit", "upload-unavailable", "upload-cut",
    "upload-html", "upload-no-ticket", "upload-unsafe", "upload-bad-header", "store-forbidden",
    "store-unavailable", "store-too-large", "store-cut",
}  # fmt: skip


@dataclass(slots=True)
class Upload:
    """A file that was announced; ``data`` is empty until it comes."""

    size: int
    media_type: str
    data: bytes = b""

    @property
    def kind(self) -> str:
        return TYPES[self.media_type]

    @property
    def whole(self) -> bool:
        """True if it came and is what it was said to be."""
        if self.kind == "image":
            return is_picture(self.data, self.media_type)
        heads = (b"ID3", b"\xff\xfb") if self.media_type == "audio/mpeg" else (b"RIFF",)
        return self.data.startswith(heads)

    @property
    def sides(self) -> tuple[int, int]:
        with Image.open(BytesIO(self.data)) as image:
            return image.size

    @property
    def seconds(self) -> int:
        """Begun seconds of a recording."""
        if self.media_type == "audio/mpeg":
            return _ANY_SECONDS
        with wave.open(BytesIO(self.data)) as sound:
            return int(-(-sound.getnframes() // sound.getframerate()))


class Uploads:
    """All files that were announced.

    Args:
        take: Gives the next scenario if its name begins as said.
    """

    def __init__(self, take: Callable[[str], str | None]) -> None:
        self._take = take
        self._kept: dict[str, Upload] = {}
        self._lock = Lock()

    def ticket(self, body: Any, files_url: str) -> Reply:
        wrong = wrong_ticket(body)
        if wrong:
            return error(400, f"property '{wrong}' is invalid")
        name = self._take("upload-")
        plain = {"upload-auth": 401, "upload-gone": 404, "upload-unavailable": 503}
        if name in plain:
            return error(plain[name], "No")
        if name == "upload-rate-limit":
            return error(429, "Slow down", headers={"retry-after": "3"})
        if name == "upload-html":
            return html_reply(200)
        if name == "upload-cut":
            return Reply(200, b"", cut="reset")
        media_type = body.get("content_type", "image/png")
        with self._lock:
            number = str(len(self._kept) + 1)
            self._kept[number] = Upload(body["size"], media_type)
        upload = {
            "method": "PUT",
            "url": f"{files_url}/storage/{number}?signature=planted",
            "headers": {"Content-Type": media_type},
        }
        if name == "upload-unsafe":
            upload["url"] = "ftp://files.example/1"
        if name == "upload-bad-header":
            upload["headers"] = {"X-Odd": "naïve\n"}
        data = {"upload": upload, "download_url": f"{files_url}/media/{number}"}
        return envelope({} if name == "upload-no-ticket" else data)

    def store(self, request: Recorded, number: str) -> Reply:
        upload = self._kept.get(number)
        if upload is None or request.method != "PUT":
            return html_reply(404)
        signed = request.path.endswith("?signature=planted")
        if not signed or "authorization" in request.headers:
            return html_reply(403)
        if request.media_type != upload.media_type or len(request.body) != upload.size:
            return html_reply(400)
        name = self._take("store-")
        if name:
            status = {"store-forbidden": 403, "store-unavailable": 503, "store-too-large": 413}
            return Reply(200, b"", cut="reset") if name == "store-cut" else html_reply(status[name])
        upload.data = request.body
        return Reply(200, b"")

    def of(self, body: Mapping[str, Any]) -> dict[str, Upload]:
        """Return the files that a call names, as far as they came."""
        named = {
            name: self._kept.get(str(body[name]).rpartition("/")[2])
            for name in FILES
            if name in body
        }
        return {name: upload for name, upload in named.items() if upload and upload.data}


def wrong_file(body: Mapping[str, Any], files: Mapping[str, Upload]) -> str | None:
    """Name the first field of a call whose file is not what it has to be."""
    for name in FILES.keys() & body.keys():
        if name not in files or files[name].kind != FILES[name] or not files[name].whole:
            return name
    fits = "mask_image" not in files or files["mask_image"].sides == files["image"].sides
    return None if fits else "mask_image"
