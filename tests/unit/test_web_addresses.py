"""Web addresses whose host can exist, and those that no call could be made to."""

import httpx
import pytest

from studio.web_addresses import check_host, check_web_address

NO_HOSTS = [
    "", ".", "..", "a..b", ".a", "a..", "-", "-a.test", "a-.test", "a" * 64, f"b.{'a' * 64}.c",
    ".".join(["a" * 63] * 4), "a" * 300, "xn--", "xn--a", "a.xn--", "a.xn--.b", "XN--.b",
    "xn--zzzzzzzzz", "xn--" + "a" * 70, "xn--\u00e9", "\u2024", "\u3002", "\u00ad", "a\u200db",
    "\u00e9" * 60, "\U0001f98a.test", "%00", "a%2eb", "a b", "a_b.xn--", "a\\b", "a*b", "a,b",
    "1.2.3.999", "256.1.1.1",
]  # fmt: skip
HOSTS = [
    "example.org", "example.org.", "EXAMPLE.org", "a", "a_b.test", "1a.test", "127.1", "8.8.8.8",
    "2130706433", "b\u00fccher.example", "xn--bcher-kva.example", "a.xn--bcher-kva", "a" * 63,
    ".".join(["a" * 61] * 4), "\u4f8b\u3048.\u30c6\u30b9\u30c8", "a--b.test",
]  # fmt: skip


@pytest.mark.parametrize("host", NO_HOSTS)
def test_a_host_that_cannot_exist_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="no name and no address"):
        check_host(host)
    with pytest.raises(ValueError, match=r"."):
        check_web_address(f"https://{host}/a.jpg")


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_can_exist_is_taken_by_the_check_and_by_the_client(host: str) -> None:
    check_host(host)
    check_web_address(f"https://{host}:443?a=b")
    check_host(httpx.URL(f"https://{host}/").raw_host.decode())


def test_an_ipv6_address_stands_in_brackets() -> None:
    check_web_address("https://[2001:db8::1]/a")
    check_web_address("https://[::1]:8443/")
    for host in (
        "[::1",
        "::1",
        "[v1.a]",
        "[]",
        "[1.2.3.4]",
        "[::g]",
        "a[::1]",
        "[::1]a",
        "[[::1]]",
    ):
        with pytest.raises(ValueError, match=r"."):
            check_web_address(f"https://{host}/")


@pytest.mark.parametrize(
    "text",
    [
        "notaurl", "ftp://a.test/", "//a.test/b", "https:/a.test", " https://a.test/", "https://",
        "https://a.test:99999/", "https://a.test:b/", "https://a.test:-1/", "https://me@a.test/",
        "https://me:x@a.test/", "https://a.test\n/", "https://a\t.test/", "https://a.test/\x00",
        "https://a.test\\@b.test/",
    ],
)  # fmt: skip
def test_a_text_that_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.test",
        "HTTPS://a.test/",
        "http://a.test:/",
        "https://a.test/ä?b=c#d",
        "https://a.test/@b:c",
    ],
)
def test_a_web_address_is_taken_with_any_path(text: str) -> None:
    check_web_address(text)
    assert httpx.URL(text).host == "a.test"
