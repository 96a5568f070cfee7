"""The syntax of web addresses: one check of hosts for sources, webhooks and redirects."""

import re
from ipaddress import IPv4Address, IPv6Address
from typing import Final

_LONGEST_NAME: Final = 253
_LARGEST_PORT: Final = 65_535

_ADDRESS = re.compile(r"https?://(?P<authority>[^/?#]*)(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:]*)(?::(?P<port>[0-9]{0,5}))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
# Letters, digits and hyphens (RFC 1123), and the underscore, which is in names that do exist.
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE)


def check_web_address(text: str) -> None:
    """Check that a text is an http or https URL whose host can exist.

    Raises:
        ValueError: it is not; the message says why in a sentence.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or _CONTROL.search(text):
        raise ValueError("it has to begin with https:// and hold no control characters")
    authority = found["authority"]
    if "@" in authority:
        raise ValueError("a URL with a user name is not called")
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None or int(parts["port"] or 0) > _LARGEST_PORT:
        raise ValueError("its port is not a number up to 65535")
    host = parts["host"]
    check_host(host[1:-1] if host.startswith("[") and ":" in host else host)


def check_host(host: str) -> None:
    """Check that a host can exist: an IP address, or a name of whole labels.

    Args:
        host: The host; an IPv6 address stands without its brackets.

    Raises:
        ValueError: it cannot; the message says why in a sentence.
    """
    try:
        if ":" in host:
            IPv6Address(host)
        elif _NUMBERS.fullmatch(host):
            IPv4Address(host)
        else:
            _check_name(host.removesuffix("."))
    except ValueError as error:
        raise ValueError(f"its host is no name and no address: {error}") from error


def _check_name(name: str) -> None:
    """Check a name of the domain name system, in its own script or in ASCII."""
    if not name:
        raise ValueError("it is empty")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"it has over {_LONGEST_NAME} characters")
    labels = name.lower().split(".")
    if not name.isascii() or any(label.startswith("xn--") for label in labels):
        # Few names are internationalised, and the tables of idna are large.
        import idna

        idna.encode(name.lower())
        return
    for label in labels:
        if not _LABEL.fullmatch(label):
            raise ValueError(f"{label!r} is no part of a name" if label else "a part is empty")
