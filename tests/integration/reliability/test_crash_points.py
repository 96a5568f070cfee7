"""Every side effect of a job goes wrong once, in every way; the invariants still hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

import pytest

from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Job
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import TENANT, a_key, a_picture, an_order, unique
from tests.support.contents import with_article
from tests.support.fakes.web import Page
from tests.support.mock_aws.stack import mock_stack
from tests.support.reliability.effects import Effects, Fault, Severity, When, name_of
from tests.support.reliability.invariants import is_over, keep_books, snapshot, was_announced
from tests.support.reliability.vendors import PROMPTS, VENDORS, Vendor
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import Studio, aws_studio, memory_studio

# Every line is covered by other tests, and tracing makes the tests three times as slow.
pytestmark = pytest.mark.untraced

SOURCES = (SourceRef(url="https://shop.test/lamp.png"),)

# Between the first of these and the last, only the provider knows whether it was paid.
_CALL = (
    "jobs.begin_attempt",
    "provider.submit",
    "jobs.requeue",
    "jobs.note_wait",
    "jobs.save_provider_handle",
    "jobs.switch_provider",
    "provider.poll",
    "blobs.put_if_absent",
)

# The kind of provider whose every effect is lost, those of the second image like the first's. What
# another kind changes are the calls, so of its other effects each distinct one is lost once.
_WHOLE = "cannot be asked"

# Nothing dies of a reply that is lost, so nothing more than the step can die with it.
_CASES = [
    (when, severity)
    for when in get_args(When)
    for severity in get_args(Severity)
    if when != "lost reply" or "execution" not in severity
]


@pytest.mark.parametrize(("when", "severity"), _CASES)
@pytest.mark.parametrize("kind", VENDORS)
def test_a_job_survives_the_loss_of_any_effect(kind: str, when: When, severity: Severity) -> None:
    vendor = VENDORS[kind]
    effects = _effects_of(vendor)
    for effect in effects.seen if kind == _WHOLE else _distinct(effects):
        fault = Fault(effect, when, severity)
        with _telling(fault):
            _survives(memory_studio(vendor.make()), vendor, fault, PROMPTS)


@pytest.mark.parametrize(("when", "severity"), _CASES)
@pytest.mark.parametrize("kind", VENDORS)
def test_an_image_made_from_an_address_survives_the_loss_of_any_effect_of_its_source(
    kind: str, when: When, severity: Severity
) -> None:
    vendor = VENDORS[kind]
    effects = _effects_of(vendor, PROMPTS[:1], SOURCES)
    chosen = [effect for effect in effects.seen if effects.steps[effect] == "PrepareSource"]
    assert chosen[:2] == ["fetcher.get #1", "blobs.put_if_absent #1"]
    # Another attempt has to see the picture that the last call saw.
    calls = {name: effect for effect in effects.seen if (name := name_of(effect)) in _CALL}
    for effect in (*chosen, *calls.values()):
        fault = Fault(effect, when, severity)
        with _telling(fault):
            _survives(memory_studio(vendor.make()), vendor, fault, PROMPTS[:1], SOURCES)


@pytest.mark.parametrize("severity", ["step", "execution"])
def test_a_job_on_the_real_tables_survives_the_loss_of_any_effect(severity: Severity) -> None:
    vendor = VENDORS["cannot be asked"]
    for effect in _effects_of(vendor, PROMPTS[:1]).seen:
        fault = Fault(effect, "after", severity)
        with _telling(fault), mock_stack():
            _survives(aws_studio(vendor.make()), vendor, fault, PROMPTS[:1])


def test_every_state_of_the_machine_is_visited() -> None:
    visited: set[str] = set()
    for effect in ("provider.submit #1", "jobs.finish_item #1"):
        fault = Fault(effect, "before", "all tries")
        engine = Engine(memory_studio(VENDORS["throttled"].make()), visited=visited)
        Effects(fault).record(engine.studio)
        engine.studio.web.put(str(SOURCES[0].url), Page(a_picture()))
        engine.live(TENANT, an_order(*PROMPTS, sources=SOURCES), a_key())
    assert visited == {
        "StartJob", "ProcessImages", "CallProvider", "RouteOutcome", "WaitForProvider",
        "PrepareSource", "PostProcess", "SaveImage", "FailImage", "ImageDone", "FinishJob",
    }  # fmt: skip


def _effects_of(
    vendor: Vendor, prompts: tuple[str, ...] = PROMPTS, sources: tuple[SourceRef, ...] = ()
) -> Effects:
    """Record the side effects of a job at which nothing goes wrong."""
    studio, effects = memory_studio(vendor.make()), Effects()
    effects.record(studio)
    job = _live(Engine(studio), vendor, prompts, sources)
    assert job.status == "succeeded"
    assert studio.provider.paid == dict.fromkeys(prompts, 1)
    return effects


def _distinct(effects: Effects) -> list[str]:
    """Return the effects around a call, and the first of each other effect of a step."""
    first: dict[tuple[str, str], str] = {}
    for effect in effects.seen:
        first.setdefault((name_of(effect), effects.steps[effect]), effect)
    chosen = set(first.values())
    return [one for one in effects.seen if one in chosen or name_of(one) in _CALL]


def _live(
    engine: Engine, vendor: Vendor, prompts: tuple[str, ...], sources: tuple[SourceRef, ...]
) -> Job:
    """Order images; an address shows another picture each time that it is asked."""
    for source in sources:
        pictures = [Page(a_picture(side)) for side in range(8, 48)]
        engine.studio.web.put(str(source.url), *pictures)
    order = an_order(*prompts, provider=vendor.provider, sources=sources, fallback=vendor.fallback)
    return engine.live(TENANT, with_article(engine.studio, TENANT, order), a_key())


def _survives(
    studio: Studio,
    vendor: Vendor,
    fault: Fault,
    prompts: tuple[str, ...],
    sources: tuple[SourceRef, ...] = (),
) -> None:
    effects = Effects(fault)
    effects.record(studio)
    engine = Engine(studio, announces_deaths=fault.severity != "silent execution")

    job = _live(engine, vendor, prompts, sources)

    assert effects.struck, "the fault never happened"
    _at_rest(engine, job)
    lost = job.counts.unknown
    assert job.counts.succeeded == len(prompts) - lost
    may_lose = vendor.forgets if fault.severity == "step" else vendor.may_lose
    assert lost <= (effects.struck if may_lose and fault.name in _CALL else 0)
    if not studio.provider.repeatable:
        assert all(studio.provider.paid[prompt] <= 1 for prompt in prompts)
        assert sum(studio.provider.paid.values()) >= len(prompts) - lost
    while job.counts.unknown:
        key = a_key(unique("the caller's word"))
        engine.redrive(TENANT, job.job_id, key, Selection(statuses={"unknown"}))
        job = engine.settle(TENANT, job.job_id)
        _at_rest(engine, job)
    assert job.counts.succeeded == len(prompts)
    for prompt in prompts:
        requests = [one for one in studio.provider.requests if one.prompt == prompt]
        seen = {(request.model, request.sources) for request in requests}
        models = {request.model for request in requests}
        assert len(seen) == len(models), "attempts saw other pictures"
        assert len(requests[0].sources) == len(sources)
    _duplicates_change_nothing(studio, job)


def _at_rest(engine: Engine, job: Job) -> None:
    keep_books(engine.studio, [(job.tenant, job.job_id)])
    is_over(*engine.studio.raw.jobs.load(job.tenant, job.job_id))
    # A run whose end is written and whose execution dies unseen before it tells is not told of.
    if engine.announces_deaths:
        was_announced(engine.studio, job)


def _duplicates_change_nothing(studio: Studio, job: Job) -> None:
    """P8: deliver everything again, twice, long after the end."""
    before = snapshot(studio, job.tenant, job.job_id)
    studio.clock.advance(86_400)
    for function, payload in list(studio.delivered) * 2:
        studio.invoke(function, payload)
    assert snapshot(studio, job.tenant, job.job_id) == before


@contextmanager
def _telling(fault: Fault) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        error.add_note(f"when {fault}")
        raise
