"""Fetching of paid results from URLs that the provider chose."""

import pytest

from studio.errors import TargetRefusedError, TargetTooLargeError, TargetUnreachableError
from studio.money import UNKNOWN, Cost
from studio.providers.shared.result_files import Later, Lost, PaidResult, fetch
from tests.support.fakes.web import FakeWeb, Page
from tests.support.stand_ins.pictures import png

URL = "https://files.test/a.png"
PICTURE = png(8, 8, "a house")


def web(*answers: Page | Exception) -> FakeWeb:
    found = FakeWeb()
    found.put(URL, *answers)
    return found


def test_a_file_is_returned_as_it_is() -> None:
    assert fetch(web(Page(PICTURE)), URL, 0) == PICTURE


@pytest.mark.parametrize(
    "answer",
    [
        Page(b"", 404),
        Page(b"", 403),
        Page(PICTURE, 410),
        Page(PICTURE, 302),
        TargetRefusedError("private-address", "a page to log in", redirected=True),
        TargetRefusedError("syntax", "no URL", redirected=True),
        Page(b"<html>"),
        Page(b""),
        Page(b"", 204),
        Page(b"", 503),
        TargetUnreachableError("away"),
    ],
    ids=str,
)
def test_a_failed_fetch_is_repeated_after_longer_and_longer_pauses(
    answer: Page | Exception,
) -> None:
    found = [fetch(web(answer), URL, fetches) for fetches in range(8)]
    assert found == [Later(seconds) for seconds in (2, 4, 8, 15, 30, 60, 60, 60)]


@pytest.mark.parametrize(
    ("answer", "most"),
    [
        (Page(b"", 404), 9),
        (Page(b"", 401), 9),
        (Page(b"<html>"), 9),
        (TargetRefusedError("private-address", "a page to log in", redirected=True), 9),
        (Page(b"", 408), 20),
        (Page(b"", 425), 20),
        (Page(b"", 429), 20),
        (Page(b"", 500), 20),
        (TargetUnreachableError("away"), 20),
    ],
    ids=str,
)
def test_the_patience_has_an_end(answer: Page | Exception, most: int) -> None:
    assert isinstance(fetch(web(answer), URL, most - 2), Later)
    assert isinstance(fetch(web(answer), URL, most - 1), Lost)


@pytest.mark.parametrize(
    "error",
    [
        TargetRefusedError("private-address", "inside"),
        TargetRefusedError("scheme", "ftp"),
        TargetTooLargeError("long"),
    ],
    ids=str,
)
def test_what_may_not_be_fetched_is_lost_at_once(error: Exception) -> None:
    assert isinstance(fetch(web(error), URL, 0), Lost)


class _Strict(FakeWeb):
    """Lets URLs with http be called for one reason or for none."""

    reason = "scheme"

    def check(self, url: str) -> None:
        if self.reason and url.startswith("http://"):
            raise TargetRefusedError(self.reason, "not called")


def test_a_plain_address_is_called_over_https() -> None:
    found, plain = _Strict(), URL.replace("https", "http")
    found.put(URL, Page(PICTURE))
    assert fetch(found, plain, 0) == PICTURE
    found.reason = "userinfo"
    assert isinstance(fetch(found, plain, 0), Lost)
    assert found.fetched == [URL]


def test_a_plain_address_of_a_trusted_host_stays_as_it_is() -> None:
    found, plain = _Strict(), URL.replace("https", "http")
    found.reason = ""
    found.put(plain, TargetRefusedError("scheme", "a redirect to a plain address"))
    assert isinstance(fetch(found, plain, 0), Lost)
    assert found.fetched == [plain]


@pytest.mark.parametrize("cost", [UNKNOWN, Cost(7, "reported"), Cost(7, "priced", "v1")])
def test_a_handle_holds_all_that_is_known_of_a_result(cost: Cost) -> None:
    paid = PaidResult.of(URL, cost, "call-1", 7, "a \N{HOUSE BUILDING}" * 500)
    assert PaidResult.read(paid.handle) == paid
    assert len(paid.revised_prompt or "") == 900
    for vendors_own in ('{"id":"call-1"}', "0ddba110-0000-4000-8000-000000000000"):
        assert PaidResult.read(vendors_own) is None
