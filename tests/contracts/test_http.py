"""What the failures of a connection mean: nothing was sent, or the outcome is unknown."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Protocol

import httpx
import pytest

from studio.domain.provider_calls.model import OutcomeUnknown, Refused, Throttled
from studio.providers.shared.http import (
    MAX_BODY_BYTES,
    FormFile,
    HttpResponse,
    post_form,
    post_json,
)
from tests.support.stand_ins.deliveries import (
    READABLE,
    Delivery,
    broken_off,
    coded,
    damaged,
    mislabelled,
    packed,
    too_short,
)
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.server import JSON, Cut, Recorded, Reply, StandIn

KEY = "sk-planted-0123456789"


class _Echo(StandIn):
    """Answers with whatever the test wants."""

    scenarios: frozenset[str] = frozenset()
    base_path = "/v1"
    paths: ClassVar = {"/v1": JSON}
    reply = Reply(200, b"{}")

    def answer(self, request: Recorded) -> Reply:
        return self.reply


@pytest.fixture
def server() -> Iterator[_Echo]:
    with _Echo() as server:
        yield server


class Call(Protocol):
    """Post something small and harmless."""

    def __call__(
        self, client: httpx.Client, url: str, *, key: str = KEY, read_timeout: float = 5
    ) -> object: ...


def call_json(client: httpx.Client, url: str, *, key: str = KEY, read_timeout: float = 5) -> object:
    return post_json(client, url, api_key=key, payload={"n": 1}, read_timeout=read_timeout)


def call_form(client: httpx.Client, url: str, *, key: str = KEY, read_timeout: float = 5) -> object:
    files = [FormFile("image", "a.png", b"png", "image/png")]
    fields = {"n": "1"}
    return post_form(
        client, url, api_key=key, fields=fields, files=files, read_timeout=read_timeout
    )


@pytest.fixture(params=[call_json, call_form], ids=["json", "form"])
def call(request: pytest.FixtureRequest) -> Call:
    """Both ways to post: what their failures mean is the same."""
    chosen: Call = request.param
    return chosen


def test_an_answer_comes_with_status_headers_and_body(
    server: _Echo, client: httpx.Client, call: Call
) -> None:
    server.reply = Reply(418, b"tea", {"x-request-id": "req_1", "retry-after": "4"})
    answer = call(client, server.base_url)
    assert isinstance(answer, HttpResponse)
    assert (answer.status, answer.body, answer.ok) == (418, b"tea", False)
    assert (answer.request_id, answer.retry_after) == ("req_1", 4)


def test_connections_are_reused(server: _Echo, client: httpx.Client, call: Call) -> None:
    for _ in range(3):
        call(client, server.base_url)
    assert server.connections == 1


def test_a_refused_connection_sent_nothing(client: httpx.Client, call: Call) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        answer = call(client, f"http://127.0.0.1:{reserved.getsockname()[1]}/v1")
    assert isinstance(answer, Throttled)
    assert answer.kind == "transient"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError, Throttled),
        (httpx.ConnectTimeout, Throttled),
        (httpx.PoolTimeout, Throttled),
        (httpx.ReadTimeout, OutcomeUnknown),
        (httpx.ReadError, OutcomeUnknown),
        (httpx.WriteTimeout, OutcomeUnknown),
        (httpx.WriteError, OutcomeUnknown),
        (httpx.CloseError, OutcomeUnknown),
        (httpx.RemoteProtocolError, OutcomeUnknown),
        (httpx.ProxyError, OutcomeUnknown),
    ],
)
def test_each_failure_of_the_transport(
    failure: type[httpx.TransportError], kind: type[object], call: Call
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise failure(f"with {KEY} in it")

    with httpx.Client(transport=httpx.MockTransport(fail)) as client:
        answer = call(client, "http://127.0.0.1/v1?secret=1")
    assert isinstance(answer, kind)
    assert KEY not in repr(answer)
    assert "secret" not in repr(answer)


@pytest.mark.parametrize("cut", ["reset", "half"])
def test_a_connection_lost_after_the_request_leaves_the_outcome_unknown(
    server: _Echo, client: httpx.Client, cut: Cut, call: Call
) -> None:
    server.reply = Reply(200, b"x" * 100, cut=cut)
    assert isinstance(call(client, server.base_url), OutcomeUnknown)
    assert len(server.requests) == 1


def test_a_silent_provider_leaves_the_outcome_unknown(
    server: _Echo, client: httpx.Client, call: Call
) -> None:
    server.reply = Reply(200, b"{}", wait=20)
    assert isinstance(call(client, server.base_url, read_timeout=0.2), OutcomeUnknown)


def test_an_answer_that_trickles_for_too_long_is_given_up(
    server: _Echo, client: httpx.Client, call: Call
) -> None:
    server.reply = Reply(200, b"x" * 40, trickle=0.1)
    assert isinstance(call(client, server.base_url, read_timeout=0.5), OutcomeUnknown)


PLAIN = Reply(200, b'{"error": "no"}' * 20)
UNREADABLE = {
    "packed": packed(PLAIN),
    "plain-as-gzip": mislabelled("gzip")(PLAIN),
    "plain-as-deflate": mislabelled("deflate")(PLAIN),
    "plain-as-br": mislabelled("br")(PLAIN),
    "damaged": damaged(PLAIN),
    "broken-off": broken_off(PLAIN),
    "too-short": too_short(PLAIN),
    "slow": replace(PLAIN, trickle=0.1),
    "no-gzip": coded(PLAIN, b"\x1f\x8b\x08 is not all of it", "gzip"),
    "empty": coded(PLAIN, b"", "gzip"),
}


@pytest.mark.parametrize(
    "status", [302, 400, 401, 402, 403, 404, 408, 410, 413, 422, 429, 500, 503]
)
@pytest.mark.parametrize("reply", UNREADABLE.values(), ids=UNREADABLE)
def test_the_status_counts_whatever_becomes_of_the_body(
    server: _Echo, client: httpx.Client, reply: Reply, status: int
) -> None:
    server.reply = replace(reply, status=status, headers={**reply.headers, "retry-after": "4"})
    answer = call_json(client, server.base_url, read_timeout=0.3)
    assert isinstance(answer, HttpResponse)
    assert (answer.status, answer.retry_after) == (status, 4)
    assert len(server.requests) == 1


@pytest.mark.parametrize("delivery", READABLE.values(), ids=READABLE)
@pytest.mark.parametrize("body", [b'{"id": "1"}', png(8, 8, "whole")], ids=["json", "picture"])
def test_a_success_is_unpacked(
    server: _Echo, client: httpx.Client, body: bytes, delivery: Delivery
) -> None:
    server.reply = delivery(Reply(200, body))
    answer = call_json(client, server.base_url)
    assert isinstance(answer, HttpResponse)
    assert answer.body == body


@pytest.mark.parametrize("body", [b'{"id": "1"', png(8, 8, "cut")[:-1], b"text"])
def test_a_success_that_breaks_off_is_lost(
    server: _Echo, client: httpx.Client, body: bytes
) -> None:
    server.reply = too_short(Reply(200, body))
    assert isinstance(call_json(client, server.base_url), OutcomeUnknown)


def test_only_known_codings_are_accepted(server: _Echo, client: httpx.Client) -> None:
    call_json(client, server.base_url)
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("status", [200, 500])
def test_a_bomb_is_cut_at_the_limit(client: httpx.Client, server: _Echo, status: int) -> None:
    limit = MAX_BODY_BYTES if status == 200 else 1024 * 1024
    server.reply = packed(Reply(status, bytes(limit + 5)))
    answer = call_json(client, server.base_url)
    assert isinstance(answer, HttpResponse)
    assert (answer.status, len(answer.body)) == (status, limit)


def test_a_body_is_read_up_to_the_limit_only(call: Call) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            read.append(number)
            yield bytes(1024 * 1024)

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=endless()))
    with httpx.Client(transport=transport) as client:
        answer = call(client, "http://127.0.0.1/v1", read_timeout=60)
    assert isinstance(answer, HttpResponse)
    assert len(answer.body) == MAX_BODY_BYTES
    assert len(read) <= MAX_BODY_BYTES // (1024 * 1024) + 2


def test_a_refusal_that_quotes_the_key_is_cleaned(
    server: _Echo, client: httpx.Client, call: Call
) -> None:
    server.reply = Reply(401, f'{{"param": "{KEY}"}}'.encode())
    answer = call(client, server.base_url)
    assert isinstance(answer, HttpResponse)
    assert KEY not in answer.body.decode()


@pytest.mark.parametrize("key", ["sk-line\nbreak-0123", "sk-ümlaut-0123456"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_quoted(
    server: _Echo, client: httpx.Client, key: str, call: Call
) -> None:
    answer = call(client, server.base_url, key=key)
    assert isinstance(answer, Refused)
    assert answer.kind == "auth"
    assert key not in repr(answer)
    assert not server.requests


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/v1", "http://host:port/v1", "nowhere"])
def test_a_url_that_is_none_is_refused(client: httpx.Client, url: str, call: Call) -> None:
    answer = call(client, url)
    assert isinstance(answer, Refused)
    assert answer.kind == "validation"


def test_a_redirect_is_not_followed(server: _Echo, client: httpx.Client, call: Call) -> None:
    server.reply = Reply(307, b"", {"location": server.base_url + "/elsewhere"})
    answer = call(client, server.base_url)
    assert isinstance(answer, HttpResponse)
    assert answer.status == 307
    assert [request.path for request in server.requests] == ["/v1"]


def test_a_form_carries_its_fields_and_files(server: _Echo, client: httpx.Client) -> None:
    files = [
        FormFile("image[]", "a.png", b"one\r\n--", "image/png"),
        FormFile("image[]", "b.jpeg", b"", "image/jpeg"),
    ]
    fields = {"prompt": 'naïve "\r\n red', "n": "1"}
    post_form(client, server.base_url, api_key=KEY, fields=fields, files=files, read_timeout=5)
    (request,) = server.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["accept"] == "application/json"
    sent = [(part.name, part.filename, part.media_type, part.data) for part in request.form()]
    assert sent == [
        ("prompt", None, None, 'naïve "\r\n red'.encode()),
        ("n", None, None, b"1"),
        ("image[]", "a.png", "image/png", b"one\r\n--"),
        ("image[]", "b.jpeg", "image/jpeg", b""),
    ]
