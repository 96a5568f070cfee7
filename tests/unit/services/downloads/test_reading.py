"""Files are read in pieces, a few ahead."""

import pytest

from studio.domain.assets.model import StoredImage
from studio.services.downloads.reading import (
    PIECE_BYTES,
    PIECES_AHEAD,
    Piece,
    pieces_of,
    read_ahead,
)


def test_pieces_are_read_a_few_ahead_and_no_further() -> None:
    read: list[int] = []

    def fetch(piece: Piece) -> bytes:
        read.append(piece.at)
        return b""

    files = [StoredImage("a", "image/webp", 40 * PIECE_BYTES + 1, 1, 1, "")]
    pieces = list(pieces_of(files))
    assert (len(pieces), pieces[-1].size, pieces[-1].at) == (41, 1, 40 * PIECE_BYTES)
    reading = read_ahead(pieces, fetch)
    for taken in range(1, 6):
        piece, future = next(reading)
        assert piece == pieces[taken - 1]
        future.result()
        assert len(read) <= taken + PIECES_AHEAD


def test_pieces_come_in_their_order_and_an_error_only_when_it_is_asked_for() -> None:
    def fetch(piece: Piece) -> bytes:
        if piece.key == "b":
            raise KeyError(piece.key)
        return piece.key.encode()

    files = [StoredImage(key, "image/webp", 3, 1, 1, "") for key in "abc"]
    found = list(read_ahead(pieces_of(files), fetch))
    assert [(piece.number, piece.key, piece.size) for piece, _ in found] == [
        (0, "a", 3), (1, "b", 3), (2, "c", 3),
    ]  # fmt: skip
    assert (found[0][1].result(), found[2][1].result()) == (b"a", b"c")
    with pytest.raises(KeyError):
        found[1][1].result()
