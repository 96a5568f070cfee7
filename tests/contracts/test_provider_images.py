"""Paid pictures in unusual forms and at URLs that fail for a while, for all vendors' adapters."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import httpx
import pytest

from studio.domain.provider_calls.model import Generated, Pending, ProviderOutcome, Refused
from studio.money import UNKNOWN
from studio.ports.provider import Provider
from tests.support.stand_ins.deliveries import as_text, with_pictures
from tests.support.stand_ins.server import Reply, StandIn, html_reply
from tests.support.vendors.model import Row
from tests.support.vendors.suite import Case, each, each_vendor, finish
from tests.support.vendors.wavespeed import WAVESPEED

_LOST = Reply(200, b"", cut="reset")
_SHORT = Reply(200, b"\x89PNG\r\n\x1a\n" + bytes(100), cut="half")
_EMPTY = Reply(200, b"")


def _moved(location: str) -> Reply:
    return Reply(302, b"", {"location": location})


def _lines(data: bytes) -> str:
    return base64.encodebytes(data).decode()


def _safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _plain(data: bytes) -> str:
    return base64.b64encode(data).decode()


FORMS: dict[str, Callable[[bytes], str]] = {
    "plain": _plain,
    "lines": _lines,
    "crlf": lambda data: _lines(data).replace("\n", "\r\n"),
    "unpadded": lambda data: _plain(data).rstrip("="),
    "url-safe": _safe,
    "url-safe-unpadded": lambda data: _safe(data).rstrip("="),
    "data-uri": lambda data: f"data:image/png;base64,{_plain(data)}",
    "data-uri-lines": lambda data: f"data:image/png;base64,{_lines(data)}",
    "data-uri-bare": lambda data: f"data:;base64,{_safe(data).rstrip('=')}",
    "data-uri-no-coding": lambda data: f"data:image/png,{_plain(data)}",
    "percent": lambda data: quote(_plain(data), safe=""),
    "escaped": lambda data: _lines(data).replace("\n", "\\n").replace("/", "\\/"),
    "hexadecimal": lambda data: data.hex(),
    "twice": lambda data: base64.b64encode(_plain(data).encode()).decode(),
    "packed": lambda data: _plain(gzip.compress(data)),
    "prefixed": lambda data: f"base64:{_plain(data)}",
    "ended": lambda data: _plain(data) + "\0",
    "object": lambda data: json.dumps({"type": "Buffer", "data": list(data)}),
    "data-uri-percent": lambda data: f"data:image/png,{quote(data)}",
}
OUTAGES: dict[str, tuple[Reply, ...]] = {
    "404": (html_reply(404),),
    "403-403": (html_reply(403), html_reply(403)),
    "408": (html_reply(408),),
    "425": (html_reply(425),),
    "400": (html_reply(400),),
    "401": (html_reply(401),),
    "410": (html_reply(410),),
    "429": (html_reply(429),),
    "500-502-503-504": tuple(map(html_reply, (500, 502, 503, 504))),
    "page": (html_reply(200),),
    "empty": (_EMPTY,),
    "accepted": (html_reply(202), Reply(204, b"")),
    "lost": (_LOST,),
    "short": (_SHORT,),
    "redirect-away": (_moved("https://10.0.0.1/login"),),
    "redirect-plain": (_moved("http://10.0.0.1/login"),),
    "redirect-nowhere": (_moved("https://[::1/"), _moved("file:///a")),
    "several": (html_reply(404), _LOST, html_reply(503), _SHORT, _EMPTY),
}


@pytest.fixture
def stand_in(case: Case[Row]) -> Iterator[StandIn]:
    with case.vendor.stand_in(case.vendor.key) as server:
        yield server


@pytest.fixture
def provider(case: Case[Row], stand_in: StandIn, client: httpx.Client) -> Provider:
    return case.provider(stand_in, client)


def check_kept(case: Case[Row], stand_in: StandIn, outcome: ProviderOutcome) -> None:
    """Check that the picture of the one paid call is kept, with its cost and its id."""
    assert isinstance(outcome, Generated)
    assert case.example.signature in outcome.data[:8]
    assert outcome.cost == case.example.cost
    assert outcome.provider_request_id == (case.example.result_id or case.example.call_id)
    assert outcome.seed == case.example.seed
    assert len(stand_in.paid) == 1


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@each_vendor
def test_an_image_is_read_in_each_form(
    case: Case[Row], stand_in: StandIn, provider: Provider, form: Callable[[bytes], str]
) -> None:
    stand_in.deliver = with_pictures(stand_in, form)
    check_kept(case, stand_in, finish(provider, provider.submit(case.example.request)))


@pytest.mark.parametrize("form", ["plain", "data-uri"])
@each(lambda vendor: [] if vendor is WAVESPEED else [Row("success", only=vendor.names)])
def test_an_image_is_read_from_a_body_that_is_its_text(
    case: Case[Row], stand_in: StandIn, provider: Provider, form: str
) -> None:
    stand_in.deliver = as_text(stand_in, FORMS[form])
    outcome = finish(provider, provider.submit(case.example.request))
    assert isinstance(outcome, Generated)
    assert case.example.signature in outcome.data[:8]
    assert len(stand_in.paid) == 1


@pytest.mark.parametrize("member", [None, "url", "image_url", "imageURL", "imageDataURI"])
@each_vendor
def test_an_image_is_fetched_from_a_url_in_its_place(
    case: Case[Row], stand_in: StandIn, provider: Provider, member: str | None
) -> None:
    stand_in.deliver = with_pictures(stand_in, stand_in.keep, member)
    check_kept(case, stand_in, finish(provider, provider.submit(case.example.request)))
    assert all(
        "authorization" not in one.headers
        for one in stand_in.requests
        if one.path.startswith("/kept")
    )


@pytest.mark.parametrize("replies", OUTAGES.values(), ids=OUTAGES)
@each_vendor
def test_an_image_at_a_url_is_fetched_again_with_patience(
    case: Case[Row], stand_in: StandIn, provider: Provider, replies: tuple[Reply, ...]
) -> None:
    stand_in.deliver = with_pictures(stand_in, stand_in.keep)
    stand_in.downloads.extend(replies)
    check_kept(case, stand_in, finish(provider, provider.submit(case.example.request)))
    assert not stand_in.downloads


@pytest.mark.parametrize(
    ("reply", "fetches", "minutes"),
    [(html_reply(404), 9, 4), (html_reply(503), 20, 15)],
    ids=["gone", "outage"],
)
@each_vendor
def test_an_image_that_stays_away_is_owed_in_the_end(
    case: Case[Row],
    stand_in: StandIn,
    provider: Provider,
    reply: Reply,
    fetches: int,
    minutes: int,
) -> None:
    stand_in.deliver = with_pictures(stand_in, stand_in.keep)
    stand_in.downloads.extend([reply] * 50)
    outcome, waited = provider.submit(case.example.request), 0
    for _ in stand_in.downloads.copy():
        if isinstance(outcome, Pending):
            waited += outcome.wait_seconds
            outcome = provider.poll(outcome.handle)
    assert isinstance(outcome, Refused)
    assert outcome.kind == "bad_answer"
    # A talking video has a price by its length, which only the video tells.
    assert outcome.cost == (UNKNOWN if case.example.signature == b"ftyp" else case.example.cost)
    assert len(stand_in.downloads) == 50 - fetches
    assert abs(waited - 60 * minutes) < 60


@each_vendor
def test_another_process_fetches_an_image_by_the_handle_only(
    case: Case[Row], stand_in: StandIn, client: httpx.Client
) -> None:
    stand_in.deliver = with_pictures(stand_in, stand_in.keep)
    stand_in.downloads.append(html_reply(404))
    outcome = case.provider(stand_in, client).submit(case.example.request)
    for _ in range(10):
        if isinstance(outcome, Pending):
            assert case.vendor.key not in outcome.handle
            outcome = case.provider(stand_in, client).poll(outcome.handle)
    check_kept(case, stand_in, outcome)
