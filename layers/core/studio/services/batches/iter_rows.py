"""Iteration over all rows of a batch, page by page."""

from collections.abc import Iterator

from studio.domain.batches.model import BatchRow
from studio.ports.batches import BatchStore

_AT_ONCE = 2_000


def iter_rows(batches: BatchStore, tenant: str, batch_id: str) -> Iterator[BatchRow]:
    """Yield every row that has started, in the order of the table."""
    after: int | None = None
    while True:
        page = batches.rows(tenant, batch_id, _AT_ONCE, after)
        yield from page.rows
        if page.next_after is None:
            return
        after = page.next_after
