"""A gateway on the loopback in front of the API's handler: real HTTP in, payload 2.0 events out."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.api import handler
from studio.api.http.messages import JSON
from tests.support.mock_aws.environment import sample

PUBLIC = ("/health", "/v1/openapi.json", "/problems/")
REFUSAL = b'{"message":"Unauthorized"}'
TOKEN, ACCESS_TOKEN = "id-token-of-ann", "access-token-of-ann"
_USES = {f"Bearer {TOKEN}": "id", f"Bearer {ACCESS_TOKEN}": "access"}
# One request at a time: moto's tables and the watch on the calls of AWS are not made for more.
_one = Lock()


@contextmanager
def gateway() -> Iterator[str]:
    """Serve the handler; give the base URL. Both tokens are valid, of a user of acme."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer leaves as one packet: the second of two would wait for the client's 40 ms.
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        """Write no log."""

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length).decode()
        public, use = path.startswith(PUBLIC), _USES.get(self.headers.get("authorization", ""))
        if not public and use is None:
            # What the JWT authorizer of API Gateway says, without a call of the function.
            self._send(401, {"Content-Type": JSON, "WWW-Authenticate": "Bearer"}, REFUSAL)
            return
        event: dict[str, Any] = sample("api_health")
        event |= {"rawPath": path, "rawQueryString": query}
        event["headers"] = {name.lower(): value for name, value in self.headers.items()}
        event["requestContext"]["http"] |= {"method": self.command, "path": path}
        if body:
            event["body"] = body
        if not public:
            user = {"sub": "ann", "custom:tenant": "acme", "cognito:groups": "[admin]"}
            claims = {**user, "token_use": use}
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims}}
        with _one:
            raw = handler.lambda_handler(event, LambdaContext())
        self._send(raw["statusCode"], raw["headers"], raw["body"].encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815
