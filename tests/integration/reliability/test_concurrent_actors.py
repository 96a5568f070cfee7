"""Another actor acts between any two side effects of a job; the invariants still hold."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from studio.domain.jobs.model import Item, Job
from studio.domain.orders.request import JobRequest
from studio.errors import StudioError
from studio.services.contents.edit_slots import changed_slot
from tests.support.builders import TENANT, a_key, an_order
from tests.support.contents import with_article
from tests.support.reliability.effects import Effects
from tests.support.reliability.invariants import is_over, keep_books
from tests.support.reliability.vendors import PROMPTS, VENDORS, Vendor
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import Studio, memory_studio

Act = Callable[[Studio, str], None]


def _same_step(studio: Studio, job_id: str) -> None:
    """A second delivery of what runs now."""
    studio.invoke(*studio.delivered[-1])


def _same_step_later(studio: Studio, job_id: str) -> None:
    """What runs now is taken for dead, and tried again after its deadline."""
    studio.clock.advance(600)
    studio.invoke(*studio.delivered[-1])


def _finish(studio: Studio, job_id: str) -> None:
    """The execution is taken for dead although a step of it still runs."""
    job = studio.raw.jobs.get(TENANT, job_id)
    studio.invoke("FinishJob", {"tenant": TENANT, "job_id": job_id, "run": job.run})


def _finish_and_redrive(studio: Studio, job_id: str) -> None:
    """The caller runs the failed images again while a step of the dead execution still runs."""
    _finish(studio, job_id)
    studio.redrive(TENANT, job_id, a_key("redriven while running"))


def _cancel(studio: Studio, job_id: str) -> None:
    studio.cancel(TENANT, job_id)


def _edit(studio: Studio, job_id: str) -> None:
    """The caller writes a new prompt while the image of the old one is made."""
    (content_id,) = studio.raw.jobs.get(TENANT, job_id).content_ids
    article = studio.raw.contents.load(TENANT, content_id)
    slot, *others = article.slots
    changed = changed_slot(slot, others, {"prompt": "a wolf"}, studio.clock())
    studio.raw.contents.put_slot(article.content, changed, slot)


_INTRUDERS: dict[str, Act] = {
    "the same step": _same_step,
    "the same step after its deadline": _same_step_later,
    "finish": _finish,
    "finish and redrive": _finish_and_redrive,
    "edit the content": _edit,
}


@pytest.mark.parametrize("act", _INTRUDERS.values(), ids=_INTRUDERS)
@pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS)
def test_two_workers_never_pay_twice_for_what_is_known(vendor: Vendor, act: Act) -> None:
    for effect in _effects_of(vendor):
        studio, job, _ = _intrude(vendor, effect, act)
        _at_rest(studio, job, effect)
        assert job.counts.succeeded + job.counts.unknown == len(PROMPTS), effect
        if not studio.provider.repeatable:
            assert all(studio.provider.paid[prompt] <= 1 for prompt in PROMPTS), effect


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS)
def test_a_cancel_at_any_moment_starts_nothing_more(vendor: Vendor) -> None:
    for effect in _effects_of(vendor):
        studio, job, seen = _intrude(vendor, effect, _cancel)
        _at_rest(studio, job, effect)
        items = _items(studio, job)
        # A job of which the cancel kept nothing from being made is what became of its images.
        kept = any(item.status == "cancelled" for item in items)
        assert (job.status == "cancelled") == kept, effect
        for before, after in zip(seen, items, strict=True):
            assert after.attempt == before.attempt, effect
            if before.status == "queued":
                assert after.status == "cancelled", effect
                assert not studio.provider.paid[after.spec.prompt or ""], effect


def _order(studio: Studio, vendor: Vendor) -> JobRequest:
    order = an_order(*PROMPTS, provider=vendor.provider, fallback=vendor.fallback)
    return with_article(studio, TENANT, order)


def _effects_of(vendor: Vendor) -> list[str]:
    """Return the side effects of the workflow, without those of the API before it."""
    studio, effects = memory_studio(vendor.make()), Effects()
    effects.record(studio)
    Engine(studio).live(TENANT, _order(studio, vendor), a_key())
    return [
        effect for effect in effects.seen if effect not in ("jobs.create #1", "workflow.start #1")
    ]


def _intrude(vendor: Vendor, effect: str, act: Act) -> tuple[Studio, Job, tuple[Item, ...]]:
    """Run a job with another actor acting right before an effect.

    Returns the studio, the job at rest, and its items as the intruder left them.
    """
    studio = memory_studio(vendor.make())
    created = studio.create(TENANT, _order(studio, vendor), a_key())
    seen: list[tuple[Item, ...]] = []

    def intruder() -> None:
        seen.append(_items(studio, created))
        # What the API refuses, or another try of the function would cure, is no intrusion.
        with suppress(StudioError):
            act(studio, created.job_id)

    effects = Effects(intrude_at=effect, intruder=intruder)
    effects.record(studio)
    job = Engine(studio).settle(TENANT, created.job_id)
    assert seen, effect
    return studio, job, seen[0]


def _items(studio: Studio, job: Job) -> tuple[Item, ...]:
    return studio.raw.jobs.load(job.tenant, job.job_id)[1]


def _at_rest(studio: Studio, job: Job, effect: str) -> None:
    try:
        keep_books(studio, [(TENANT, job.job_id)])
        is_over(*studio.raw.jobs.load(TENANT, job.job_id))
    except AssertionError as error:
        error.add_note(f"another actor came before {effect}")
        raise


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS)
def test_a_late_worker_inside_finish_job_leaves_no_image_behind(vendor: Vendor) -> None:
    for effect in ("jobs.finish_item #1", "jobs.finish_item #2", "jobs.finish #1"):
        studio = memory_studio(vendor.make())
        job = studio.create(TENANT, _order(studio, vendor), a_key())
        event = {"tenant": TENANT, "job_id": job.job_id, "run": 1}
        studio.invoke("StartJob", event)
        studio.workflow.ended.add(job.job_id)

        def work(studio: Studio = studio, event: dict[str, object] = event) -> None:
            for number in (1, 2):
                task = {**event, "item": number}
                studio.invoke("CallProvider", task)
                studio.clock.advance(15)

        Effects(intrude_at=effect, intruder=work).record(studio)
        job = Engine(studio).settle(TENANT, job.job_id)
        _at_rest(studio, job, effect)
        if not studio.provider.repeatable:
            assert all(studio.provider.paid[prompt] <= 1 for prompt in PROMPTS), effect
