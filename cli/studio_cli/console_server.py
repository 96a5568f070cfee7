"""The console on this machine: built files, page routing, and the API under the same origin.

``python -m studio_cli.console_server PORT`` serves the console of the local stack. It listens on
the loopback interface and answers only requests that name it as host. The headers are those that
``template.yaml`` gives to CloudFront.
"""

import gzip
import json
import mimetypes
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from studio_cli.console_headers import page_headers
from studio_cli.console_session import OneTimeCodes
from studio_cli.profiles import LOCAL, Profile, load_profile, local_folder, project_root

HOST = "127.0.0.1"
API_PATHS = ("/v1/", "/health", "/problems/")
MAX_BODY = 10_000_000
API_SECONDS = 35.0

_HOP_BY_HOP = frozenset({"connection", "content-length", "host", "keep-alive", "transfer-encoding"})
_PACKED = frozenset({".css", ".html", ".js", ".json", ".svg"})


@dataclass(frozen=True)
class ServedConsole:
    """What the server serves.

    Attributes:
        dist: The folder that ``make console`` builds.
        profile: The stack whose API is passed on.
        headers: The headers of pages and files.
        codes: The one-time codes that sign the demo user in.
    """

    dist: Path
    profile: Profile
    headers: dict[str, str]
    codes: OneTimeCodes

    @cached_property
    def config(self) -> bytes:
        """The document ``/config.json``."""
        endpoint = f"{self.profile.endpoint}/"
        return json.dumps(
            {
                "sign_in": "password",
                "client_id": self.profile.console_client_id,
                "cognito_url": endpoint,
                "login_url": "",
            }
        ).encode()

    def file(self, path: str) -> Path | None:
        """Return the file of a path; a path without a dot in its last part is a page."""
        if "." not in path.rsplit("/", 1)[-1]:
            return self.dist / "index.html"
        found = (self.dist / path.lstrip("/")).resolve()
        inside = found.is_relative_to(self.dist.resolve())
        return found if inside and found.is_file() else None


class ConsoleServer(ThreadingHTTPServer):
    """Serves one console; a thread per connection."""

    daemon_threads = True

    def __init__(self, port: int, console: ServedConsole) -> None:
        super().__init__((HOST, port), _Handler)
        self.console = console
        self.api = httpx.Client(timeout=API_SECONDS, trust_env=False)

    @property
    def hosts(self) -> frozenset[str]:
        """The host names under which the server answers."""
        return frozenset(f"{name}:{self.server_port}" for name in (HOST, "localhost"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ConsoleServer

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the addresses hold one-time codes and cursors."""

    def _answer(self) -> None:
        # A page of another site may send requests here by a name of its own (DNS rebinding).
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in self.server.hosts or (
            origin and urlsplit(origin).netloc not in self.server.hosts
        ):
            self._send(HTTPStatus.MISDIRECTED_REQUEST, b"unknown host or origin\n", "text/plain")
            return
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"too large\n", "text/plain")
            return
        body = self.rfile.read(length)
        path = urlsplit(self.path).path
        if path.startswith(API_PATHS):
            self._pass_on(body)
        elif path == "/local/session" and self.command == "POST":
            self._session(body)
        elif path == "/config.json":
            self._send(HTTPStatus.OK, self.server.console.config, "application/json")
        else:
            self._file(path)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

    def _pass_on(self, body: bytes) -> None:
        """Send the request to the API and its answer back, unchanged."""
        sent = {
            name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP
        }
        sent["Accept-Encoding"] = "identity"
        url = f"{self.server.console.profile.api_url}{self.path}"
        try:
            answer = self.server.api.request(self.command, url, headers=sent, content=body)
        except httpx.HTTPError:
            self._send(HTTPStatus.BAD_GATEWAY, b"the local stack does not answer\n", "text/plain")
            return
        self.send_response(answer.status_code)
        for name, value in answer.headers.multi_items():
            if name.lower() not in _HOP_BY_HOP | {"date", "server"}:
                self.send_header(name, value)
        self._end(answer.content)

    def _session(self, body: bytes) -> None:
        """Exchange a one-time code for the tokens of the demo user."""
        try:
            code = json.loads(body)["code"]
        except (KeyError, TypeError, ValueError):
            code = None
        tokens = self.server.console.codes.exchange(code) if isinstance(code, str) else None
        if tokens is None:
            self._send(HTTPStatus.FORBIDDEN, b"{}", "application/json")
            return
        document = {"id_token": tokens.id_token, "refresh_token": tokens.refresh_token}
        self._send(HTTPStatus.OK, json.dumps(document).encode(), "application/json")

    def _file(self, path: str) -> None:
        file = self.server.console.file(path)
        if file is None or not file.is_file():
            self._send(HTTPStatus.NOT_FOUND, b"not found\n", "text/plain")
            return
        immutable = "assets" in file.parts[-2:-1]
        keep = "public, max-age=31536000, immutable" if immutable else "no-cache"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        content = file.read_bytes()
        packed = file.suffix in _PACKED and "gzip" in self.headers.get("Accept-Encoding", "")
        if packed:
            content = gzip.compress(content)
        self._send(HTTPStatus.OK, content, kind, keep=keep, packed=packed)

    def _send(
        self,
        status: HTTPStatus,
        body: bytes,
        kind: str,
        *,
        keep: str = "no-store",
        packed: bool = False,
    ) -> None:
        self.send_response(status)
        for name, value in self.server.console.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", keep)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self._end(body)

    def _end(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            # A browser that leaves a page does not wait for its answers.
            with suppress(ConnectionError):
                self.wfile.write(body)


def main(port: int) -> None:
    """Serve the console of the local stack until the process ends."""
    root, profile = project_root(), load_profile(LOCAL)
    console = ServedConsole(
        dist=root / "web" / "dist",
        profile=profile,
        headers=page_headers(root / "template.yaml", str(profile.endpoint)),
        codes=OneTimeCodes(local_folder(), profile),
    )
    ConsoleServer(port, console).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
