"""Documents for the tests, made by the service's own code so that their shape cannot drift."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

from studio.api.assets import serializers as asset_serializers
from studio.api.http.responses import Cost as CostDocument
from studio.api.jobs import cost_serializers, responses, serializers
from studio.api.jobs.image_responses import ItemProvider
from studio.domain.assets.model import Asset, StoredImage
from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.jobs.model import Counts, Item, ItemError, Job
from studio.domain.ledger.model import LedgerEntry, release_id, reserve_id, settle_id
from studio.money import Cost
from studio_cli import wire

BEGAN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PRICED = Cost(40_000, "priced", "2026-11")
UNPRICED = Cost(None, "unknown")


def item_model(number: int = 1, **changes: object) -> Item:
    """An image that succeeded, unless changed."""
    spec = ImageSpec(
        prompt="a boat", provider="builtin", model="preview", width=64, height=48, label="Boat"
    )
    done = Item(
        tenant="demo",
        job_id="job_1",
        number=number,
        spec=spec,
        asset_id=f"ast_{number}",
        estimate=Cost(50_000, "estimated", "2026-11"),
        status="succeeded",
        stage="DONE",
        attempt=1,
        started_at=BEGAN,
        finished_at=BEGAN + timedelta(seconds=2.5),
        cost=PRICED,
    )
    return replace(done, **changes)  # type: ignore[arg-type]


def failed_item(number: int = 1, *, retryable: bool = False) -> Item:
    """An image that the provider refused."""
    error = ItemError("content-moderated", "The provider refused this prompt.", retryable)
    return item_model(number, status="failed", error=error, cost=None)


def job_model(*items: Item, **changes: object) -> Job:
    """A job of these images, finished unless changed."""
    ended = Job(
        tenant="demo",
        job_id="job_1",
        operation="generate",
        name="Sample",
        created_at=BEGAN,
        created_by="user",
        counts=Counts(
            total=len(items),
            succeeded=sum(item.status == "succeeded" for item in items),
            failed=sum(item.status == "failed" for item in items),
        ),
        status="succeeded",
        cost=sum(item.cost.known_micros for item in items if item.cost),
        started_at=BEGAN,
        finished_at=BEGAN + timedelta(seconds=9),
    )
    return replace(ended, **changes)  # type: ignore[arg-type]


def _signed(key: str) -> str:
    return f"https://files.test/{key}"


def job(*items: Item, **changes: object) -> wire.Job:
    return cast("wire.Job", serializers.job(job_model(*items, **changes)))


def items(*models: Item) -> list[wire.Item]:
    return [cast("wire.Item", serializers.item(model, _signed)) for model in models]


def progress(*models: Item, **changes: object) -> wire.Progress:
    document = serializers.job_progress(job_model(*models, **changes), models, _signed)
    return cast("wire.Progress", document)


def estimate(
    held: str,
    *,
    likely: str | None = None,
    images: int = 1,
    unpriced: int = 0,
    limit: str | None = None,
    warnings: tuple[str, ...] = (),
) -> responses.Estimate:
    """The price of a job by one provider; amounts in dollars. A limit has 1 dollar committed."""
    price: responses.PriceOrigin = {
        "provider": "openai", "model": "gpt-image-2", "source": "table", "version": "1",
        "checked_at": "2026-11-20",
    }  # fmt: skip
    each: CostDocument = {"amount": held, "currency": "USD", "basis": "estimated"}
    sure: CostDocument = {"amount": None if unpriced else likely or held, "currency": "USD",
                   "basis": "estimated"}  # fmt: skip
    provider: ItemProvider = {"id": "openai", "model": "gpt-image-2"}
    return {
        "total": each,
        "basis": "estimated",
        "likely": sure,
        "held": {"amount": held, "currency": "USD", "unpriced": unpriced},
        "per_item": [
            {
                "job": 1, "item": number, "provider": provider, "size": "64x64", "cost": each,
                "likely": sure, "likely_price": price, "held": each, "held_price": price,
            }
            for number in range(1, images + 1)
        ],
        "provider_choice": [{"job": 1, **provider, "reason": "It is the cheapest."}],
        "sources": [
            {
                "job": 1, "provider": "built-in", "model": "built-in", "format": "built-in",
                "size": "body", "quality": "built-in",
            }
        ],
        "warnings": list(warnings),
        "budget": {
            "limit": {"amount": limit, "currency": "USD"} if limit else None,
            "committed": {"amount": "1.000000", "currency": "USD"} if limit else None,
        },
    }  # fmt: skip


def page(*rows: object, cursor: str | None = None) -> dict[str, object]:
    return {"data": list(rows), "page": {"next_cursor": cursor, "limit": 25}}


def asset(number: int, data_sha256: str, size: int) -> wire.Asset:
    image = StoredImage("assets/x", "image/webp", size, 64, 48, data_sha256)
    model = Asset(
        tenant="demo",
        asset_id=f"ast_{number}",
        job_id="job_1",
        item=number,
        operation="generate",
        created_at=BEGAN,
        image=image,
        thumbnail=image,
        cost=PRICED,
        recipe={"provider": "builtin"},
        label="Boat",
    )
    return cast("wire.Asset", asset_serializers.asset(model, _signed))


def entry(
    kind: str, amount: int | None, *, run: int = 1, number: int = 1, used: int = 0
) -> LedgerEntry:
    """One ledger entry; amounts in micro-dollars."""
    ids = {"reserve": reserve_id(run), "release": release_id(run)}
    return LedgerEntry(
        tenant="demo",
        job_id="job_1",
        entry_id=ids.get(kind, settle_id(number, 1)),
        type=kind,  # type: ignore[arg-type]
        at=BEGAN,
        run=run,
        amount=amount,
        basis="unknown" if amount is None else "priced",
        reserved=used,
        item=number if kind in ("settle", "adjust") else None,
        attempt=1 if kind in ("settle", "adjust") else None,
    )


def ledger(*entries: LedgerEntry) -> wire.Ledger:
    return cast(
        "wire.Ledger",
        cost_serializers.ledger(entries, entries, {"next_cursor": None, "limit": 100}),
    )
