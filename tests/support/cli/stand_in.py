"""A real HTTP server on the loopback interface with scripted answers."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from studio.api.routes import all_routes


@dataclass(frozen=True, slots=True)
class ScriptedResponse:
    """Response that the server sends; ``hang_up`` closes the connection without an answer."""

    document: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    media_type: str = "application/json"
    hang_up: bool = False


def problem(status: int, code: str, title: str, **members: object) -> ScriptedResponse:
    """A problem document as the API sends it."""
    document = {"title": title, "status": status, "code": code, **members}
    return ScriptedResponse(document, status, media_type="application/problem+json")


@dataclass(frozen=True, slots=True)
class Request:
    """Request that the server received."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> object:
        return json.loads(self.body)


class StandIn:
    """The scripted answers and the received requests; the last answer of a route repeats."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self._script: dict[tuple[str, str], deque[ScriptedResponse]] = defaultdict(deque)
        self._usual: dict[
            tuple[str, str], ScriptedResponse | Callable[[Request], ScriptedResponse]
        ] = {}

    def on(self, method: str, path: str, *answers: ScriptedResponse) -> None:
        self._script[method, path].extend(answers)

    def script_again(self, method: str, path: str, answer: ScriptedResponse) -> None:
        """Replace the answers of a route."""
        self._script[method, path] = deque([answer])

    def usually(
        self,
        method: str,
        path: str,
        answer: ScriptedResponse | Callable[[Request], ScriptedResponse],
    ) -> None:
        """Set the answer of a route that a test does not script, or what makes the answer."""
        self._usual[method, path] = answer

    def of(self, method: str, path: str) -> list[Request]:
        return [one for one in self.requests if (one.method, one.path) == (method, path)]

    def answer(self, request: Request) -> ScriptedResponse:
        self.requests.append(request)
        for name in request.query.keys() - _known_parameters(request):
            return problem(400, "malformed-request", f"unknown query parameter {name}")
        script = self._script[request.method, request.path]
        if not script and (usual := self._usual.get((request.method, request.path))):
            return usual if isinstance(usual, ScriptedResponse) else usual(request)
        if not script:
            return problem(404, "not-found", f"no script for {request.method} {request.path}")
        return script.popleft() if len(script) > 1 else script[0]


AnyStandIn = TypeVar("AnyStandIn", bound=StandIn)


def _known_parameters(request: Request) -> Set[str]:
    """Return the query parameters of an API route; a path outside the API accepts any."""
    for route in all_routes():
        if route.method == request.method and route.params_of(request.path) is not None:
            return route.query
    return request.query.keys()


@contextmanager
def serve(kind: type[AnyStandIn]) -> Iterator[AnyStandIn]:
    """Run a stand-in within the context."""

    class Handler(BaseHTTPRequestHandler):
        stand_in: StandIn

        def _reply(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(
                self.command, url.path, parse_qs(url.query), headers, self.rfile.read(length)
            )
            answer = self.stand_in.answer(request)
            if answer.hang_up:
                self.close_connection = True
                return
            body = json.dumps(answer.document).encode() if answer.body is None else answer.body
            if answer.status == 304:
                body = b""
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        # The names that http.server looks for.
        do_GET = do_POST = do_PUT = do_DELETE = _reply  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stand_in = Handler.stand_in = kind(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()
