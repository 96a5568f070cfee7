"""Loopback HTTP servers that stand in for providers: they judge requests and play answers.

Which answer is played: the next of ``script``; else the marker in the prompt, as in
``a red house [[slow 2]]``; else success. A marker ending in ``-once`` is played the first time
its prompt is seen, and success after that.
"""

import json
import os
import re
import socket
import struct
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Literal, Self

from tests.support.stand_ins.forms import Part, read_form
from tests.support.untraced import untraced

JSON = "application/json"
FORM = "multipart/form-data"

# Below these paths, stand-ins keep the results that their answers name by a URL.
RESULTS = ("/kept/", "/files/", "/output/")

_MAX_BODY = 60 * 1024 * 1024
_MAX_RECORDS = 2000
_IDLE_SECONDS = 30
Cut = Literal["reset", "half"]

# Scenarios in which an answer does not arrive whole.
CUTS: Mapping[str, Cut] = {"cut": "reset", "cut-body": "half"}

# Scenarios in which something on the way answers in the place of a service that goes on.
GATEWAY: Mapping[str, int] = {"bad-gateway": 502, "gateway-timeout": 504, "edge-timeout": 524}

_MARKER = re.compile(r"\[\[([a-z0-9-]+)(?: ([0-9.]+))?\]\]")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> list[Part]:
        """Read a form.

        Raises:
            ValueError: it is none.
        """
        parts = read_form(self.headers["content-type"], self.body)
        if parts is None:
            raise ValueError("not a form")
        return parts

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and how badly it is delivered.

    Attributes:
        wait: Seconds of silence before it.
        trickle: Seconds before each byte of the body.
        cut: ``reset``: no answer, the connection is reset; ``half``: half of the body, then
            the connection is closed.
        missing: Bytes that the header promises after the body; then the connection is closed.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    trickle: float = 0
    cut: Cut | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Scenario to play; ``argument`` is the number behind the name, 0 where there is none."""

    name: str
    argument: float = 0

    @classmethod
    def parse(cls, text: str) -> "Scenario":
        name, _, argument = text.partition(" ")
        return cls(name, float(argument or 0))


@dataclass(frozen=True, slots=True)
class PaidCall:
    """A call that the provider would bill, in micro-dollars."""

    request_id: str
    prompt: str
    model: str
    micros: int


def json_reply(
    document: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Reply:
    body = json.dumps(document).encode()
    return Reply(status, body, {"content-type": "application/json", **(headers or {})})


def html_reply(status: int) -> Reply:
    body = b"<html><body><h1>Something went wrong</h1></body></html>"
    return Reply(status, body, {"content-type": "text/html"})


class StandIn(ABC):
    """A server on a free port of the loopback; a context manager.

    Attributes:
        api_key: The one key it accepts.
        paths: Where it listens, and the media type of the bodies that it takes there.
        requests: What came, oldest first; only the newest 2000 are kept.
        connections: How many were opened.
        paid: Its own ledger: what it would bill.
        deliver: What becomes of each answer on its way, results excepted.
        downloads: What the next downloads of results get instead.
    """

    scenarios: frozenset[str]
    base_path: str
    paths: ClassVar[Mapping[str, str]]

    def __init__(self, api_key: str = "sk-stand-in", port: int = 0) -> None:
        self.api_key = api_key
        self.requests: deque[Recorded] = deque(maxlen=_MAX_RECORDS)
        self.connections = 0
        self.paid: list[PaidCall] = []
        self.deliver: Callable[[Reply], Reply] = lambda reply: reply
        self.downloads: deque[Reply] = deque()
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self._script: deque[Scenario] = deque()
        self._seen: set[str] = set()
        self._kept: list[bytes] = []
        self._server = _Server(self, port)
        self._thread = threading.Thread(target=self._server.serve)

    @abstractmethod
    def answer(self, request: Recorded) -> Reply:
        """Judge a request and say what to answer."""

    def play(self, request: Recorded) -> Reply:
        """Answer a request, or play what the test wants instead."""
        if request.path.startswith(RESULTS) and self.downloads:
            return self.downloads.popleft()
        if request.path.startswith("/kept/") and "authorization" not in request.headers:
            data = self._kept[int(request.path.rpartition("/")[2])]
            return Reply(200, data, {"content-type": "application/octet-stream"})
        reply = self.answer(request)
        return reply if request.path.startswith(RESULTS) else self.deliver(reply)

    def keep(self, data: bytes) -> str:
        """Keep a result for a download, and return its URL."""
        self._kept.append(data)
        host = f"http://localhost:{self._server.server_address[1]}"
        return f"{host}/kept/{len(self._kept) - 1}"

    def refused_status(self, request: Recorded) -> int | None:
        """Return the status that any service would refuse a request with, before its fields."""
        checks = (
            (404, request.path not in self.paths),
            (405, request.method != "POST"),
            (401, request.headers.get("authorization") != f"Bearer {self.api_key}"),
            (415, request.media_type != self.paths.get(request.path)),
            (400, not _readable(request)),
        )
        return next((status for status, wrong in checks if wrong), None)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.base_path}"

    def script(self, scenarios: Iterable[str]) -> None:
        """Play these next, in this order, whatever the prompts say."""
        parsed = [Scenario.parse(text) for text in scenarios]
        unknown = {scenario.name for scenario in parsed} - self.scenarios
        if unknown:
            raise ValueError(f"no such scenario: {sorted(unknown)}")
        self._script.extend(parsed)

    def next_scenario(self, prompt: str) -> Scenario:
        with self.lock:
            if self._script:
                return self._script.popleft()
            found = _MARKER.search(prompt)
            if found is None:
                return Scenario("success")
            name, first = found[1], prompt not in self._seen
            self._seen.add(prompt)
            if name.endswith("-once"):
                name = name.removesuffix("-once") if first else "success"
            return Scenario(name, float(found[2] or 0))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _readable(request: Recorded) -> bool:
    try:
        _ = request.form() if request.media_type == FORM else request.json()
    except ValueError:
        return False
    return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, stand_in: StandIn, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.stand_in = stand_in

    def serve(self) -> None:
        """Serve until the end, which is noticed at once: thousands of tests wait for it."""
        with untraced():
            self.serve_forever(0.002)

    def process_request_thread(self, *arguments: Any) -> None:
        """Serve a connection; nothing of the layers runs in its thread."""
        with untraced():
            super().process_request_thread(*arguments)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        with self.server.stand_in.lock:
            self.server.stand_in.connections += 1

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        if length > _MAX_BODY or "transfer-encoding" in self.headers:
            self.close_connection = True
            self._send(html_reply(413))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Recorded(self.command, self.path, headers, self.rfile.read(length))
        stand_in = self.server.stand_in
        stand_in.requests.append(request)
        reply = stand_in.play(request)
        if reply.wait:
            stand_in.stopping.wait(reply.wait)
        if reply.cut == "reset":
            self._reset()
        else:
            self._send(reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - names of the base

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body) + reply.missing))
        self.end_headers()
        body = reply.body
        if reply.cut == "half":
            body = body[: len(body) // 2]
        self.close_connection |= reply.cut == "half" or reply.missing > 0
        step = 1 if reply.trickle else max(len(body), 1)
        try:
            for start in range(0, len(body), step):
                if reply.trickle:
                    self.server.stand_in.stopping.wait(reply.trickle)
                self.wfile.write(body[start : start + step])
        except ConnectionError:
            # The client gave up waiting: what some scenarios are for.
            self.close_connection = True

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: tests read ``requests``."""
