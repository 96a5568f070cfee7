from collections.abc import Mapping
from typing import get_args

import pytest

from studio_cli import wire
from tests.unit.cli import samples

ITEM = samples.item_model(1)
LEDGER = samples.ledger(samples.entry("settle", 1))


@pytest.mark.parametrize(
    ("shape", "document"),
    [
        (wire.Job, samples.job(ITEM)),
        (wire.Counts, samples.job(ITEM)["counts"]),
        (wire.Cost, samples.job(ITEM)["cost"]),
        (wire.Item, samples.items(ITEM)[0]),
        (wire.Provider, samples.items(ITEM)[0]["provider"]),
        (wire.Output, samples.items(ITEM)[0]["output"]),
        (wire.Cost, samples.items(ITEM)[0]["cost"]),
        (wire.Problem, samples.items(samples.failed_item())[0]["problem"]),
        (wire.Progress, samples.progress(ITEM)),
        (wire.Result, samples.progress(ITEM)["results"][0]),
        (wire.Asset, samples.asset(1, "00", 1)),
        (wire.Ledger, LEDGER),
        (wire.LedgerEntry, LEDGER["data"][0]),
        (wire.LedgerTotals, LEDGER["totals"]),
    ],
)
def test_what_the_cli_reads_is_what_the_service_writes(
    shape: type, document: Mapping[str, object]
) -> None:
    required: frozenset[str] = shape.__required_keys__  # type: ignore[attr-defined]
    assert required <= set(document)


def test_both_sides_mean_the_same_by_ended() -> None:
    from studio.domain.jobs.model import TERMINAL_ITEM, JobStatus

    assert set(get_args(JobStatus)) - wire.ENDED_JOB == {"queued", "running", "cancelling"}
    assert set(get_args(JobStatus)) >= wire.ENDED_JOB
    assert wire.ENDED_ITEM == TERMINAL_ITEM
