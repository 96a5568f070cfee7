"""Calls to addresses that users name: what is refused, and that what is checked is called."""

import socket
import threading
from collections.abc import Iterator, Sequence

import pytest

from studio.adapters.web.guarded_http import GuardedClient, system_resolve
from studio.errors import TargetRefusedError, TargetTooLargeError, TargetUnreachableError
from studio.ports.web import Fetched
from tests.support.stand_ins.web_server import (
    Received,
    Script,
    ScriptedResponse,
    WebServer,
    web_server,
)

PUBLIC = "93.184.216.34"
INSIDE = frozenset({"localhost"})


def never(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host}:{port} was looked up")


def public(host: str, port: int) -> Sequence[str]:
    return [PUBLIC]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server(lambda got: ScriptedResponse(body=got.path.encode())) as running:
        yield running


def fetch(url: str, *, max_bytes: int = 100, seconds: float = 5) -> Fetched:
    client = GuardedClient(trusted_hosts=INSIDE)
    return client.get(url, max_bytes=max_bytes, seconds=seconds, accept="image/*")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.org/", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "syntax"),
        ("gopher://127.0.0.1/", "scheme"),
        ("//example.org/a", "scheme"),
        ("example.org", "syntax"),
        ("", "syntax"),
        ("https://", "syntax"),
        ("https://[::1", "syntax"),
        ("https://xn--/", "syntax"),
        ("https://xn--a/", "syntax"),
        ("https://example.org:99999/", "port"),
        ("https://0177.0.0.1/", "syntax"),
        ("https://a.xn--.b/", "syntax"),
        ("https://a..b/", "syntax"),
        ("https://user@example.org/", "userinfo"),
        ("https://user:{}@example.org/".format("secret"), "userinfo"),
        ("https://example.org@127.0.0.1/", "userinfo"),
        ("https://example.org:8443/", "port"),
        ("https://example.org:80/", "port"),
    ],
)
def test_a_url_that_is_wrong_by_itself_is_refused_without_a_lookup(url: str, reason: str) -> None:
    client = GuardedClient(resolve=never)
    with pytest.raises(TargetRefusedError) as refused:
        client.check(url)
    assert refused.value.reason == reason
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0",
        "localhost",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:0a00:0001::]",
        "169.254.169.254",
        "100.64.0.1",
    ],
)
def test_every_way_to_write_an_inner_address_is_refused(host: str) -> None:
    client = GuardedClient()
    for act in (client.check, lambda url: client.get(url, max_bytes=1, seconds=1, accept="*/*")):
        with pytest.raises(TargetRefusedError) as refused:
            act(f"https://{host}/")
        assert refused.value.reason == "private-address"
        assert not refused.value.redirected


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    client = GuardedClient(resolve=lambda *_: [PUBLIC, "10.0.0.1"])
    with pytest.raises(TargetRefusedError):
        client.check("https://example.org/")


def test_a_name_is_looked_up_once_and_called_where_it_was_checked() -> None:
    """A name that turns private after the check (DNS rebinding) is never asked for again."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    client = GuardedClient(resolve=rebinding)
    client.check("https://example.org/")
    assert asked == ["example.org"]
    with pytest.raises(TargetRefusedError):
        client.get("https://example.org/", max_bytes=1, seconds=1, accept="*/*")
    assert asked == ["example.org", "example.org"]


def test_the_connection_goes_to_the_address_that_was_checked(server: WebServer) -> None:
    """The name itself leads nowhere, so only the checked address can have been called."""
    name = "trusted.invalid"
    client = GuardedClient(trusted_hosts=frozenset({name}), resolve=lambda *_: ["127.0.0.1"])
    found = client.get(server.url("/a", name), max_bytes=10, seconds=5, accept="*/*")
    assert found.data == b"/a"
    assert server.received[0].headers["host"] == f"{name}:{server.port}"


def test_a_name_in_another_script_is_asked_for_in_its_ascii_form() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC]

    GuardedClient(resolve=resolve).check("https://bücher.example/")
    assert asked == ["xn--bcher-kva.example"]


def test_a_name_without_an_address_is_unreachable() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror

    with pytest.raises(TargetUnreachableError):
        GuardedClient(resolve=unknown).check("https://example.org/")
    with pytest.raises(TargetUnreachableError):
        GuardedClient(resolve=lambda *_: []).check("https://example.org/")


def test_the_system_resolver_knows_this_machine() -> None:
    assert "127.0.0.1" in system_resolve("localhost", 80)


def test_a_document_is_fetched_with_no_trace_of_the_caller(server: WebServer) -> None:
    server.script = lambda _: ScriptedResponse(
        body=b"picture", headers={"Content-Type": "Image/PNG; charset=x", "Set-Cookie": "a=b"}
    )
    found = fetch(server.url("/a?b=c"))
    assert found == Fetched(200, "image/png", b"picture", server.url("/a?b=c"))
    fetch(server.url("/again"))
    (first, second) = server.received
    assert (first.method, first.path) == ("GET", "/a?b=c")
    assert first.headers["accept"] == "image/*"
    assert first.headers["accept-encoding"] == "identity"
    for name in ("cookie", "authorization", "referer"):
        assert name not in second.headers


def test_a_proxy_of_the_environment_is_not_used(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert fetch(server.url("/a")).data == b"/a"


@pytest.mark.parametrize("status", [200, 404, 500])
def test_any_status_is_told(server: WebServer, status: int) -> None:
    server.script = lambda _: ScriptedResponse(status, b"x")
    assert fetch(server.url()).status == status


def hops(length: int) -> Script:
    def script(got: Received) -> ScriptedResponse:
        hop = int(got.path.strip("/"))
        if hop == length:
            return ScriptedResponse(body=b"here")
        return ScriptedResponse(302, headers={"Location": f"/{hop + 1}"})

    return script


def test_three_redirects_are_followed_and_a_fourth_is_not(server: WebServer) -> None:
    server.script = hops(3)
    assert fetch(server.url("/0")).url == server.url("/3")
    server.script = hops(4)
    with pytest.raises(TargetRefusedError) as refused:
        fetch(server.url("/0"))
    assert refused.value.reason == "redirects"
    assert refused.value.redirected


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1:80/", "private-address"),
        ("http://127.0.0.1:8080/", "port"),
        ("ftp://example.org/", "scheme"),
        ("https://127.0.0.1/", "private-address"),
        ("https://169.254.169.254/latest/meta-data", "private-address"),
        ("file:///etc/passwd", "syntax"),
        ("https://[::1/", "syntax"),
        ("https://a..b/", "syntax"),
        ("https://a.xn--.b/", "syntax"),
        ("https://xn--/", "syntax"),
        ("//xn--a/", "syntax"),
        ("https://me@example.org/", "userinfo"),
    ],
)
def test_a_redirect_to_a_forbidden_place_is_refused(
    server: WebServer, location: str, reason: str
) -> None:
    server.script = lambda _: ScriptedResponse(301, headers={"Location": location})
    with pytest.raises(TargetRefusedError) as refused:
        fetch(server.url())
    assert refused.value.reason == reason
    assert refused.value.redirected


def test_a_redirect_to_a_plain_address_is_followed_over_https(server: WebServer) -> None:
    server.script = lambda _: ScriptedResponse(301, headers={"Location": "http://files.test/a.png"})
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    client = GuardedClient(trusted_hosts=INSIDE, resolve=resolve)
    with pytest.raises(TargetRefusedError):
        client.get(server.url(), max_bytes=1, seconds=5, accept="*/*")
    assert asked == [("localhost", server.port), ("files.test", 443)]


def test_what_is_longer_than_allowed_is_not_read(server: WebServer) -> None:
    server.script = lambda _: ScriptedResponse(body=b"x" * 100)
    assert len(fetch(server.url(), max_bytes=100).data) == 100
    with pytest.raises(TargetTooLargeError):
        fetch(server.url(), max_bytes=99)


def test_an_answer_that_stops_early_is_no_answer(server: WebServer) -> None:
    server.script = lambda _: ScriptedResponse(
        body=b"half", length=50, headers={"Connection": "close"}
    )
    with pytest.raises(TargetUnreachableError):
        fetch(server.url())


def test_a_server_that_says_nothing_is_given_up(server: WebServer) -> None:
    hold = threading.Event()
    server.script = lambda _: ScriptedResponse(hold=hold)
    try:
        with pytest.raises(TargetUnreachableError):
            fetch(server.url(), seconds=0.2)
    finally:
        hold.set()


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(TargetUnreachableError):
            fetch(f"http://localhost:{taken.getsockname()[1]}/")


def test_a_document_is_sent_and_its_answer_cut(server: WebServer) -> None:
    server.script = lambda _: ScriptedResponse(202, b"thank you")
    client = GuardedClient(trusted_hosts=INSIDE)
    answered = client.post(
        server.url("/hook"), body=b'{"a":1}', headers={"X-A": "b"}, seconds=5, max_answer_bytes=5
    )
    assert (answered.status, answered.body) == (202, b"thank")
    (got,) = server.received
    assert (got.method, got.path, got.body) == ("POST", "/hook", b'{"a":1}')
    assert (got.headers["x-a"], got.headers["content-length"]) == ("b", "7")


def test_a_post_follows_no_redirect(server: WebServer) -> None:
    server.script = lambda _: ScriptedResponse(307, headers={"Location": "https://127.0.0.1/"})
    client = GuardedClient(trusted_hosts=INSIDE)
    answered = client.post(server.url(), body=b"x", headers={}, seconds=5, max_answer_bytes=5)
    assert answered.status == 307
    assert len(server.received) == 1


def test_an_answer_that_takes_its_time_within_the_limit_is_taken(server: WebServer) -> None:
    hold = threading.Event()
    server.script = lambda _: ScriptedResponse(hold=hold, body=b"late")
    threading.Timer(0.5, hold.set).start()
    assert fetch(server.url(), seconds=10).data == b"late"
