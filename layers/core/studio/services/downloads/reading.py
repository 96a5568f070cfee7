"""Reading of many files in pieces, a few pieces ahead of the consumer."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from studio.domain.assets.model import StoredImage

PIECE_BYTES = 2 * 1024 * 1024
PIECES_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file; ``number`` is the file's place in the order of reading."""

    number: int
    key: str
    at: int
    size: int


def pieces_of(files: Iterable[StoredImage]) -> Iterator[Piece]:
    """Return the pieces of files, in order."""
    for number, file in enumerate(files):
        for at in range(0, file.bytes, PIECE_BYTES):
            yield Piece(number, file.key, at, min(PIECE_BYTES, file.bytes - at))


def read_ahead(
    pieces: Iterable[Piece], read: Callable[[Piece], bytes]
) -> Iterator[tuple[Piece, "Future[bytes]"]]:
    """Yield pieces in order, each with a future of its bytes or of the error.

    At most ``PIECES_AHEAD`` more pieces are in memory, so a slow consumer slows the reading.
    """
    pool = ThreadPoolExecutor(PIECES_AHEAD)
    waiting: deque[tuple[Piece, Future[bytes]]] = deque()
    try:
        for piece in pieces:
            waiting.append((piece, pool.submit(read, piece)))
            if len(waiting) > PIECES_AHEAD:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        pool.shutdown(cancel_futures=True)
