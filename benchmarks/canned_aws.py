"""A loopback server with recorded answers of AWS, in its own process.

What remains to measure is the work of the function and of the SDK. The SDK's work is the same for
the same calls.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


class _Replies(BaseHTTPRequestHandler):
    """Answers by the operation in the request's header."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    bodies: ClassVar[Mapping[str, str]] = {}
    latency: ClassVar[float] = 0

    def do_POST(self) -> None:
        """Send the recorded answer of an operation."""
        self.rfile.read(int(self.headers["content-length"]))
        operation = self.headers["x-amz-target"].partition(".")[2]
        body = self.bodies[operation].encode()
        time.sleep(self.latency)
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        """Accept any object of S3."""
        self.rfile.read(int(self.headers["content-length"]))
        time.sleep(self.latency)
        self.send_response(200)
        self.send_header("etag", '"0"')
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Print no log: the only output is the port."""


@contextmanager
def canned_aws(bodies: Mapping[str, str], latency: float) -> Iterator[str]:
    """Serve recorded answers and yield the endpoint.

    Args:
        bodies: The body of the answer to each operation, such as ``PutItem``.
        latency: Seconds before each answer.
    """
    command = [sys.executable, "-m", "benchmarks.canned_aws", str(latency)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        if server.stdin is None or server.stdout is None:
            raise RuntimeError("the pipes of the server are missing")
        server.stdin.write(json.dumps(dict(bodies)) + "\n")
        server.stdin.flush()
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


def main() -> None:
    """Serve until terminated: read the bodies from the first line of input, print the port."""
    _Replies.latency = float(sys.argv[1])
    _Replies.bodies = json.loads(sys.stdin.readline())
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Replies)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
