"""A reader for the part of CBOR (RFC 8949) that holds texts in maps, within fixed limits."""

from collections.abc import Iterable
from typing import Final

Value = dict[str, "Value"] | list["Value"] | str | int | None

_DEEPEST: Final = 16
_MOST_ITEMS: Final = 20_000
_INDEFINITE: Final = 31
_BREAK: Final = 0xFF


def read(data: bytes) -> Value:
    """Return the first item of the data.

    Texts, integers, lists and maps keep their values. Values of other types (bytes, floats,
    booleans) are None. Map entries without a text as key are left out.

    Raises:
        ValueError: The data is broken, deeper than 16 levels or has more than 20,000 items.
    """
    return _Reader(data).item(0)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._items = 0

    def item(self, depth: int) -> Value:
        self._items += 1
        if depth > _DEEPEST or self._items > _MOST_ITEMS:
            raise ValueError("the data is too deep or too long")
        head = self._take(1)[0]
        kind, low = head >> 5, head & 31
        if low == _INDEFINITE and kind in {2, 3, 4, 5}:
            return self._indefinite(kind, depth)
        return self._definite(kind, self._number(low), depth)

    def _definite(self, kind: int, number: int, depth: int) -> Value:
        found: Value = None
        match kind:
            case 0:
                found = number
            case 1:
                found = -1 - number
            case 2:
                self._take(number)
            case 3:
                found = self._take(number).decode()
            case 4:
                found = [self.item(depth + 1) for _ in range(number)]
            case 5:
                found = self._map(range(number), depth)
            case 6:
                found = self.item(depth + 1)
        return found

    def _indefinite(self, kind: int, depth: int) -> Value:
        """Return a text, bytes (as None), a list or a map that ends with a break."""
        more = iter(self._before_break, False)
        if kind == 5:
            return self._map(more, depth)
        items = [self.item(depth + 1) for _ in more]
        if kind == 4:
            return items
        return "".join(item for item in items if isinstance(item, str)) if kind == 3 else None

    def _map(self, each: Iterable[object], depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for _ in each:
            key, value = self.item(depth + 1), self.item(depth + 1)
            if isinstance(key, str):
                found[key] = value
        return found

    def _before_break(self) -> bool:
        if self._data[self._at : self._at + 1] != bytes([_BREAK]):
            return True
        self._at += 1
        return False

    def _number(self, low: int) -> int:
        if low < 24:
            return low
        if low > 27:
            raise ValueError("a number has no length")
        return int.from_bytes(self._take(1 << low - 24), "big")

    def _take(self, size: int) -> bytes:
        self._at += size
        if self._at > len(self._data):
            raise ValueError("the data stops early")
        return self._data[self._at - size : self._at]
