"""Query parameters with which clients send keys, which then stand in logs."""

from collections.abc import Iterable

from studio.errors import KeyInQueryError

QUERY_NAMES = frozenset({"api_key", "key", "access_token"})


def refuse_keys(names: Iterable[str]) -> None:
    """Refuse a request with a key in its query; the value is not read.

    Raises:
        KeyInQueryError: one of the names, in any case, is one for keys.
    """
    for name in names:
        if name.lower() in QUERY_NAMES:
            raise KeyInQueryError("send the key as 'Authorization: Bearer ...', in no address")
