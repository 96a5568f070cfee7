"""End an image, and count how it ended and what it cost."""

from studio.metrics import emit
from studio.ports.jobs import ItemEnding, JobStore

_MICROS = 1_000_000


def end_item(jobs: JobStore, ending: ItemEnding) -> bool:
    """Write the end of an image; return False if it had ended before.

    A repeat counts nothing.
    """
    ended = jobs.finish_item(ending)
    if ended:
        _report(ending)
    return ended


def _report(ending: ItemEnding) -> None:
    item, entry = ending.before, ending.settlement
    spent = (entry.amount if entry else None) or 0
    provider = {"Provider": item.spec.provider}
    facts = {
        "message": "image ended",
        "correlation_id": item.job_id,
        "tenant": item.tenant,
        "item": item.number,
        "code": ending.error.code if ending.error else None,
    }
    outcome = {"Outcome": ending.status}
    emit(
        {"Images": 1},
        outcome,
        {**provider, "Model": item.spec.model, **outcome},
        facts=facts,
    )
    if spent or ending.status == "unknown":
        values = {"SpendUsd": spent / _MICROS, "UnknownOutcomes": int(ending.status == "unknown")}
        emit(values, provider, facts={**facts, "message": "image booked"})
