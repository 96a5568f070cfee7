"""Values that tests start from; each names only what the test is about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image

from studio.domain.assets.model import Asset, StoredImage, asset_key
from studio.domain.jobs.image_spec import ImageSpec, SourceRef
from studio.domain.jobs.model import Counts, Item, Job, LogLine, ProviderChoice
from studio.domain.ledger.model import LedgerEntry, reserve_id, settle_id
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.money import Cost
from studio.ports.jobs import Idempotency, Reservation
from studio.services.jobs.key_use import KeyUse
from tests.support.fakes.edges import START

TENANT = "acme"
MONTH = f"{START:%Y-%m}"
TODAY = START.date()
ESTIMATE = Cost(40_000, "estimated", "prices-1")
PRICE = Cost(30_000, "priced", "prices-1")

_numbers = count(1)


def unique(prefix: str) -> str:
    """Return a name that no other test of this process uses."""
    return f"{prefix}-{next(_numbers)}"


def an_order(
    *prompts: str | None,
    provider: str = "openai",
    sources: tuple[SourceRef, ...] = (),
    **changes: Any,
) -> JobRequest:
    """Return an order of one small picture per prompt."""
    images = [ImageRequest(prompt, 64, 64, sources=sources) for prompt in prompts or ("a red fox",)]
    order = JobRequest(
        operation="generate", images=images, provider=provider, created_by="user-1", day=TODAY
    )
    return replace(order, **changes)


def auto_order(*providers: str, **changes: Any) -> JobRequest:
    """Return an order that leaves the choice among providers to the studio."""
    return replace(an_order(**changes), provider=None, providers=providers)


def a_key(key: str = "key-1", body: str = "body-1") -> KeyUse:
    """Return the use of an Idempotency-Key."""
    return KeyUse("POST /v1/jobs", key, body)


def a_spec(**changes: Any) -> ImageSpec:
    """Return the order of one image."""
    spec = ImageSpec("a red fox", "openai", "gpt-image-2", 64, 64)
    return replace(spec, **changes)


def a_job(tenant: str = TENANT, images: int = 2, **changes: Any) -> Job:
    """Return a new job, its money reserved."""
    job = Job(
        tenant=tenant,
        job_id=f"job_{next(_numbers):026d}",
        operation="generate",
        name="sample",
        created_at=START,
        created_by="user-1",
        counts=Counts(total=images),
        budget_month=MONTH,
        reserved=images * ESTIMATE.known_micros,
        run_reserved=images * ESTIMATE.known_micros,
        labels={"article": "a-1"},
        warnings=("a warning",),
        choice=ProviderChoice("auto", "openai", "gpt-image-2", "It costs less."),
        log=(LogLine(START, "info", "INIT", "Queued"),),
    )
    return replace(job, **changes)


def an_item(job: Job, number: int = 1, **changes: Any) -> Item:
    """Return a queued image of a job."""
    item = Item(
        tenant=job.tenant,
        job_id=job.job_id,
        number=number,
        spec=a_spec(label=f"image {number}"),
        asset_id=f"ast_{job.job_id[-20:]}{number:06d}",
        estimate=ESTIMATE,
        run=job.run,
    )
    return replace(item, **changes)


def items_of(job: Job) -> list[Item]:
    """Return all images of a job, queued."""
    return [an_item(job, number) for number in range(1, job.counts.total + 1)]


def a_reservation(job: Job, limit: int | None = None, **changes: Any) -> Reservation:
    """Return the hold on a job's current run."""
    entry = LedgerEntry(
        tenant=job.tenant,
        job_id=job.job_id,
        entry_id=reserve_id(job.run),
        type="reserve",
        at=START,
        run=job.run,
        amount=job.run_reserved,
        basis="estimated",
    )
    return Reservation(replace(entry, **changes), job.budget_month, limit)


def an_idempotency(tenant: str = TENANT, key: str = "key-1", **changes: Any) -> Idempotency:
    """Return a caller's key with the answer it stands for."""
    idempotency = Idempotency(
        tenant=tenant,
        scope="POST /v1/jobs",
        key=key,
        body_hash="hash-1",
        answer='{"id":"job"}',
        expires_at=START + timedelta(hours=48),
    )
    return idempotency._replace(**changes)


def a_settlement(item: Item, cost: Cost = PRICE, **changes: Any) -> LedgerEntry:
    """Return the booking of an item's newest call."""
    entry = LedgerEntry(
        tenant=item.tenant,
        job_id=item.job_id,
        entry_id=settle_id(item.number, item.attempt),
        type="settle",
        at=START,
        run=item.run,
        amount=cost.micros,
        basis=cost.basis,
        reserved=item.estimate.known_micros,
        price_version=cost.price_version,
        item=item.number,
        attempt=item.attempt,
        provider=item.spec.provider,
        model=item.spec.model,
        provider_request_id="req-1",
    )
    return replace(entry, **changes)


def an_asset(item: Item, **changes: Any) -> Asset:
    """Return the record of an item's finished picture."""
    asset = Asset(
        tenant=item.tenant,
        asset_id=item.asset_id,
        job_id=item.job_id,
        item=item.number,
        operation="generate",
        created_at=START,
        image=stored(asset_key(item.tenant, item.asset_id, "image", "webp")),
        thumbnail=stored(asset_key(item.tenant, item.asset_id, "thumbnail", "webp")),
        cost=PRICE,
        recipe={"provider": "openai", "prompt": item.spec.prompt, "seed": None, "width": 64},
        label=item.spec.label,
    )
    return replace(asset, **changes)


def stored(key: str) -> StoredImage:
    """Return the facts of a picture in the bucket."""
    return StoredImage(key, "image/webp", 1234, 64, 64, "0" * 64)


def a_line(message: str = "something happened", item: int = 0) -> LogLine:
    """Return a line for a log."""
    return LogLine(START, "info", "PREP", message, item)


@lru_cache
def a_picture(side: int = 32, colour: str = "teal") -> bytes:
    """Return a small PNG."""
    buffer = BytesIO()
    Image.new("RGB", (side, side), colour).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Settled:
    """Sums of the ledger of a job, read for assertions."""

    known: tuple[int, ...]
    unknown: int


def settled(entries: Sequence[LedgerEntry]) -> Settled:
    """Read the settled calls of a job."""
    amounts = [entry.amount for entry in entries if entry.type == "settle"]
    known = tuple(amount for amount in amounts if amount is not None)
    return Settled(known, len(amounts) - len(known))
