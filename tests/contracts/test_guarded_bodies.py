"""Bodies of answers to the guarded client: packed, short, slow, or in another coding than said."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator

import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.errors import TargetTooLargeError, TargetUnreachableError
from studio.ports.web import Fetched, PostResponse
from tests.support.stand_ins.deliveries import WRONG_HEADERS
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.web_server import ScriptedResponse, WebServer, web_server

INSIDE = frozenset({"localhost"})


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server(lambda got: ScriptedResponse()) as running:
        yield running


def fetch(url: str, *, max_bytes: int, seconds: float = 5) -> Fetched:
    client = GuardedClient(trusted_hosts=INSIDE)
    return client.get(url, max_bytes=max_bytes, seconds=seconds, accept="image/*")


PLAIN = png(40, 30, "a house")
CODED = {
    "gzip": (gzip.compress(PLAIN), "gzip"),
    "x-gzip": (gzip.compress(PLAIN), "x-gzip"),
    "gzip twice": (gzip.compress(gzip.compress(PLAIN)), "gzip, gzip"),
    "deflate": (zlib.compress(PLAIN), "deflate"),
    "raw deflate": (zlib.compress(PLAIN, wbits=-15), "deflate"),
    "gzip without a header": (gzip.compress(PLAIN), ""),
    "plain as gzip": (PLAIN, "gzip"),
    "plain as br": (PLAIN, "br"),
    "plain as aws-chunked": (PLAIN, "aws-chunked"),
}
each_coding = pytest.mark.parametrize(("body", "codings"), CODED.values(), ids=CODED)


@each_coding
def test_a_packed_document_is_unpacked(server: WebServer, body: bytes, codings: str) -> None:
    server.script = lambda _: ScriptedResponse(body=body, headers={"Content-Encoding": codings})
    assert fetch(server.url(), max_bytes=len(PLAIN)).data == PLAIN


@pytest.mark.parametrize("codings", ["gzip", "deflate", "gzip, gzip"])
def test_a_bomb_is_too_large(server: WebServer, codings: str) -> None:
    bomb = bytes(20 * 1024 * 1024)
    body = zlib.compress(bomb) if codings == "deflate" else gzip.compress(bomb)
    body = gzip.compress(body) if codings == "gzip, gzip" else body
    server.script = lambda _: ScriptedResponse(body=body, headers={"Content-Encoding": codings})
    with pytest.raises(TargetTooLargeError):
        fetch(server.url(), max_bytes=1024 * 1024)


@each_coding
@pytest.mark.parametrize("status", [403, 404, 425, 429, 500, 503])
def test_a_status_is_told_whatever_its_body_is(
    server: WebServer, status: int, body: bytes, codings: str
) -> None:
    server.script = lambda _: ScriptedResponse(
        status, body, {"Content-Encoding": codings, "Connection": "close"}, length=10_000
    )
    assert fetch(server.url(), max_bytes=1).status == status


def test_a_status_with_a_long_body_is_told_without_reading_it(server: WebServer) -> None:
    server.script = lambda _: ScriptedResponse(404, bytes(1024 * 1024))
    found = fetch(server.url(), max_bytes=10)
    assert found.status == 404
    assert len(found.data) < 100_000


@pytest.mark.parametrize("codings", ["", "gzip"])
def test_a_whole_file_with_a_wrong_length_is_taken(server: WebServer, codings: str) -> None:
    body = gzip.compress(PLAIN) if codings else PLAIN
    server.script = lambda _: ScriptedResponse(
        body=body, headers={"Content-Encoding": codings, "Connection": "close"}, length=10_000
    )
    assert fetch(server.url(), max_bytes=len(PLAIN)).data == PLAIN


def post(url: str, *, seconds: float = 5, kept: int = 5) -> PostResponse:
    client = GuardedClient(trusted_hosts=INSIDE)
    return client.post(url, body=b"x", headers={}, seconds=seconds, max_answer_bytes=kept)


TOLD = b"thank you, thank you"
ANSWERS = {
    "plain": (TOLD, "", b"thank"),
    "gzip": (gzip.compress(TOLD), "gzip", b"thank"),
    "gzip in half": (gzip.compress(bytes(range(256)) * 9)[:-60], "gzip", bytes(range(5))),
    "deflate": (zlib.compress(TOLD), "deflate", b"thank"),
    "plain as gzip": (TOLD, "gzip", b"thank"),
    "plain as br": (TOLD, "br", b"thank"),
    "bomb": (gzip.compress(bytes(20 * 1024 * 1024)), "gzip", bytes(5)),
    "none": (b"", "gzip", b""),
}


@pytest.mark.parametrize("length", [None, 1_000_000], ids=["whole", "short"])
@pytest.mark.parametrize(("body", "codings", "kept"), ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("status", [200, 410, 503])
def test_the_answer_to_a_document_counts_by_its_status(
    server: WebServer, status: int, body: bytes, codings: str, kept: bytes, length: int | None
) -> None:
    headers = {"Content-Encoding": codings, "Connection": "close"}
    server.script = lambda _: ScriptedResponse(status, body, headers, length=length)
    answered = post(server.url())
    assert (answered.status, answered.body) == (status, kept)
    assert len(server.received) == 1


_DRIPS = 1_000


def dripping(
    port_of: list[int], sent: list[int], header_first: bool, stop: threading.Event
) -> None:
    """Serve one connection a byte at a time, in its headers or in its body."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)
        port_of.append(listening.getsockname()[1])
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
            try:
                if not header_first:
                    connection.sendall(head)
                for number in range(_DRIPS):
                    if stop.wait(0.05):
                        return
                    connection.sendall(head[number % len(head) :][:1])
                    sent.append(number)
            except OSError:
                return


@pytest.mark.parametrize("header_first", [True, False])
def test_a_server_that_drips_is_given_up_in_time(header_first: bool) -> None:
    ports: list[int] = []
    sent: list[int] = []
    stop = threading.Event()
    drip = threading.Thread(target=dripping, args=(ports, sent, header_first, stop), daemon=True)
    drip.start()
    while not ports:
        stop.wait(0.01)
    try:
        with pytest.raises(TargetUnreachableError):
            fetch(f"http://localhost:{ports[0]}/", max_bytes=10_000, seconds=0.4)
        assert len(sent) < _DRIPS
    finally:
        stop.set()
        drip.join()


@pytest.mark.parametrize("seconds", [0.5, 30])
def test_a_status_counts_although_its_body_drips_in(seconds: float) -> None:
    ports: list[int] = []
    stop = threading.Event()
    drip = threading.Thread(target=dripping, args=(ports, [], False, stop), daemon=True)
    drip.start()
    while not ports:
        stop.wait(0.01)
    begun = time.monotonic()
    try:
        answered = post(f"http://localhost:{ports[0]}/", seconds=seconds, kept=1_000)
        assert answered.status == 200
        assert time.monotonic() - begun < min(seconds, 2) + 1
    finally:
        stop.set()
        drip.join()


@pytest.mark.parametrize("header", WRONG_HEADERS.values(), ids=WRONG_HEADERS)
def test_a_status_counts_although_a_header_is_wrong(
    server: WebServer, header: tuple[str, str]
) -> None:
    server.script = lambda _: ScriptedResponse(410, PLAIN, headers=dict([header]))
    assert post(server.url(), seconds=5, kept=10).status == 410
    fetched = fetch(server.url(), max_bytes=10_000)
    assert (fetched.status, fetched.data) == (410, b"")
    server.script = lambda _: ScriptedResponse(200, PLAIN, headers=dict([header]))
    assert post(server.url(), seconds=5, kept=10).status == 200
    with pytest.raises(TargetUnreachableError):
        fetch(server.url(), max_bytes=10_000)
