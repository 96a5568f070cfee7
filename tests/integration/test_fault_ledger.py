"""Each kind of error of a provider, through the real handlers, down to the ledger.

An image that was made, or may have been, has one entry: its cost, or that the cost is unknown.
A refused call has none. Nothing stays held when the job has ended.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any, Literal

import pytest

from studio.clock import utc_now
from studio.providers.shared.http import shared_client
from studio.services.workflow.steps import ImageTask
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.stack import BUS, clients
from tests.support.mock_aws.workflow import KEYS_PATH, Context, built
from tests.support.stand_ins.deliveries import (
    Delivery,
    mislabelled,
    packed,
    with_pictures,
    with_usage,
)
from tests.support.stand_ins.server import Reply, StandIn, html_reply, json_reply
from tests.support.stand_ins.servers import STAND_INS

# Every line is covered by other tests, and tracing makes the tests twice as slow.
pytestmark = pytest.mark.untraced

TENANT = "acme"
PROMPT_ROUNDS, PATIENCE_ROUNDS = 10, 60
Entry = Literal["none", "settled", "unknown"]


@dataclass(frozen=True)
class Fault:
    """What a provider does, and what has to come of it.

    Attributes:
        kind: The row of the table of error kinds, or what else goes wrong.
        script: The scenarios of the stand-in, one for each call; success after them.
        ends: How the image ends: its status, or the code of its problem.
        entry: What the ledger says of it.
        deliver: What becomes of each answer on its way.
        downloads: What the first downloads of the result get instead.
    """

    provider: str
    kind: str
    script: Sequence[str]
    ends: str
    entry: Entry
    deliver: Callable[[StandIn], Delivery] = lambda stand_in: stand_in.deliver
    downloads: Sequence[Reply] = ()

    def __str__(self) -> str:
        return f"{self.provider}-{self.kind}"


def _refusals(provider: str, **scenarios: str) -> list[Fault]:
    return [
        Fault(provider, kind, [scenario], f"provider-{kind.replace('_', '-')}", "none")
        for kind, scenario in scenarios.items()
    ]


def _stated(document: object) -> Callable[[StandIn], Delivery]:
    """Return the delivery of a success that states an error instead."""
    return lambda stand_in: lambda reply: json_reply(document)


def _zero(usage: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(usage, 0)


def _deliveries() -> Iterator[Fault]:
    """Yield what can become of an answer on its way, for each provider."""
    outage = [html_reply(status) for status in (404, 403, 425, 503)]
    error = {"error": {"message": "Refused.", "type": "insufficient_quota", "code": 402}}
    for name in STAND_INS:
        yield Fault(
            name,
            "at-a-url",
            ["success"],
            "succeeded",
            "settled",
            lambda stand_in: with_pictures(stand_in, stand_in.keep),
            outage,
        )
        yield Fault(
            name,
            "rate-limit-mislabelled",
            ["rate-limit"],
            "succeeded",
            "settled",
            lambda _: mislabelled("gzip"),
        )
        yield Fault(
            name,
            "auth-mislabelled",
            ["auth"],
            "provider-auth",
            "none",
            lambda _: mislabelled("gzip"),
        )
        yield Fault(name, "packed", ["success"], "succeeded", "settled", lambda _: packed)
        yield Fault(name, "stated", ["auth"], "provider-credits", "none", _stated(error))
    for name in ("openai", "gemini", "runware"):
        yield Fault(
            name, "zero-usage", ["success"], "succeeded", "unknown", lambda _: with_usage(_zero)
        )


FAULTS = [
    *_deliveries(),
    *_refusals(
        "openai", auth="auth", permission="permission", validation="bad-request",
        moderation="moderated", credits="quota", model_gone="gone",
    ),
    Fault("openai", "rate-limit", ["rate-limit"], "succeeded", "settled"),
    Fault("openai", "transient-once", ["server-error"], "succeeded", "settled"),
    Fault("openai", "transient", ["unavailable"] * 6, "provider-unavailable", "none"),
    Fault("openai", "lost", ["cut"], "outcome-unknown", "unknown"),
    Fault("openai", "gateway", ["gateway-timeout"], "outcome-unknown", "unknown"),
    Fault("openai", "no-image", ["no-image"], "provider-no-image", "settled"),
    Fault("openai", "no-price", ["no-usage"], "succeeded", "unknown"),
    Fault("openai", "unreadable", ["garbage"], "provider-bad-answer", "unknown"),
    Fault("openai", "broken-picture", ["truncated-image"], "image-truncated", "settled"),
    *_refusals(
        "stability", auth="auth", permission="permission", validation="bad-request",
        moderation="moderated", credits="payment", model_gone="gone",
    ),
    Fault("stability", "filtered", ["filtered"], "provider-moderation", "none"),
    Fault("stability", "rate-limit", ["rate-limit"], "succeeded", "settled"),
    Fault("stability", "transient-once", ["server-error"], "succeeded", "settled"),
    Fault("stability", "transient", ["unavailable"] * 6, "provider-unavailable", "none"),
    Fault("stability", "lost", ["cut-body"], "outcome-unknown", "unknown"),
    Fault("stability", "gateway", ["gateway-timeout"], "outcome-unknown", "unknown"),
    Fault("stability", "no-image", ["no-image"], "provider-no-image", "unknown"),
    Fault("stability", "broken-picture", ["truncated-image"], "image-truncated", "settled"),
    *_refusals(
        "wavespeed", auth="auth", permission="permission", validation="bad-request",
        moderation="moderated", credits="payment", model_gone="gone",
    ),
    Fault("wavespeed", "rate-limit", ["rate-limit"], "succeeded", "settled"),
    Fault("wavespeed", "transient-once", ["server-error"], "succeeded", "settled"),
    Fault("wavespeed", "transient", ["unavailable"] * 6, "provider-unavailable", "none"),
    Fault("wavespeed", "failed", ["fails-later"], "provider-transient", "none"),
    Fault("wavespeed", "marked", ["nsfw"], "provider-moderation", "settled"),
    Fault("wavespeed", "given-up", ["cancelled"], "provider-no-image", "unknown"),
    Fault("wavespeed", "no-image", ["no-image"], "provider-no-image", "settled"),
    Fault("wavespeed", "slow", ["acknowledged 2"], "succeeded", "settled"),
    Fault("wavespeed", "lost", ["cut"], "succeeded", "settled"),
    Fault("wavespeed", "lost-and-listed-late", ["listed-late"], "succeeded", "settled"),
    Fault("wavespeed", "never-arrived", ["lost"], "outcome-unknown", "unknown"),
    Fault("wavespeed", "forgotten", ["poll-gone"], "outcome-unknown", "unknown"),
    Fault("wavespeed", "result-gone", ["expired"], "provider-bad-answer", "settled"),
    *_refusals(
        "runware", auth="auth", permission="permission", validation="bad-request",
        moderation="moderated", credits="payment", model_gone="gone",
    ),
    Fault("runware", "rate-limit", ["rate-limit"], "succeeded", "settled"),
    Fault("runware", "transient", ["unavailable"] * 6, "provider-unavailable", "none"),
    Fault("runware", "lost", ["cut"], "succeeded", "settled"),
    Fault("runware", "gateway", ["gateway-timeout"], "succeeded", "settled"),
    Fault("runware", "marked", ["nsfw"], "provider-moderation", "settled"),
    Fault("runware", "no-price", ["no-cost"], "succeeded", "unknown"),
    *_refusals(
        "gemini", auth="auth", permission="permission", validation="bad-request",
        credits="credits", model_gone="gone",
    ),
    Fault("gemini", "moderation", ["moderated"], "provider-moderation", "settled"),
    Fault("gemini", "rate-limit", ["rate-limit"], "succeeded", "settled"),
    Fault("gemini", "transient", ["unavailable"] * 6, "provider-unavailable", "none"),
    Fault("gemini", "lost", ["cut"], "outcome-unknown", "unknown"),
    Fault("gemini", "gateway", ["gateway-timeout"], "outcome-unknown", "unknown"),
    *_refusals(
        "huggingface", auth="auth", permission="permission", validation="bad-request",
        moderation="moderated", credits="payment", model_gone="gone",
    ),
    Fault("huggingface", "rate-limit", ["rate-limit"], "succeeded", "settled"),
    Fault("huggingface", "transient", ["unavailable"] * 6, "provider-unavailable", "none"),
    Fault("huggingface", "lost", ["cut"], "outcome-unknown", "unknown"),
    Fault("huggingface", "marked", ["nsfw"], "provider-moderation", "unknown"),
]  # fmt: skip


@dataclass
class Steps:
    """The states of one image; the clock moves on where the state machine waits.

    Attributes:
        waited: How far the clock of CallProvider is ahead of the time.
    """

    handlers: dict[str, ModuleType]
    stand_ins: dict[str, StandIn]
    waited: timedelta = field(default=timedelta())

    def run(self, job_id: str) -> None:
        """Take the only image of a job to its end."""
        task: dict[str, Any] = {"tenant": TENANT, "job_id": job_id, "run": 1}
        self._invoke("StartJob", task)
        step: dict[str, Any] = {"attempt": 0, "round": 0}
        for _ in range(PATIENCE_ROUNDS):
            step = self._call_provider({**task, "item": 1, **_of(step)})
            if step["outcome"] not in ("pending", "throttled"):
                break
            # Who was told to slow down is not asked before that time; all others at once, and
            # in time only if they say nothing again and again.
            if step["outcome"] == "throttled" or step["round"] >= PROMPT_ROUNDS:
                self.waited += timedelta(seconds=step["wait_seconds"])
        else:
            raise AssertionError(step)
        for name in ("PostProcess", "SaveImage"):
            if step["outcome"] in ("generated", "rendered"):
                step = self._invoke(name, {**task, "item": 1, **_of(step), "step": step})
        self._invoke("FinishJob", task)

    def _call_provider(self, event: dict[str, Any]) -> dict[str, Any]:
        """Invoke the function, or after a wait its service at the later time."""
        if not self.waited:
            answer: dict[str, Any] = self._invoke("CallProvider", event)
            return answer
        service = self.handlers["CallProvider"].build()
        later = replace(service, now=self._now).run(ImageTask.from_event(event))
        return dict(later)

    def _now(self) -> datetime:
        return utc_now() + self.waited

    def _invoke(self, name: str, event: dict[str, Any]) -> Any:
        return self.handlers[name].lambda_handler(event, Context(name))


def _of(step: dict[str, Any]) -> dict[str, Any]:
    return {name: step[name] for name in ("attempt", "round")}


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[dict[str, StandIn]]:
    running = {name: stand_in() for name, stand_in in STAND_INS.items()}
    for stand_in in running.values():
        stand_in.__enter__()
    yield running
    for stand_in in running.values():
        stand_in.__exit__()
    shared_client().close()
    shared_client.cache_clear()


@pytest.fixture
def steps(api: Api, stand_ins: dict[str, StandIn]) -> Iterator[Steps]:
    clients().events.create_event_bus(Name=BUS)
    for name, stand_in in stand_ins.items():
        account = {"api_key": stand_in.api_key, "base_url": stand_in.base_url}
        clients().ssm.put_parameter(
            Name=f"{KEYS_PATH}/{name}/default",
            Value=json.dumps({**account, "rate_per_minute": 6000}),
            Type="SecureString",
        )
    names = ("StartJob", "CallProvider", "PostProcess", "SaveImage", "FinishJob")
    # Results lie at an address of the stand-in's.
    handlers = {name: built(name, TRUSTED_HOSTS="localhost") for name in names}
    yield Steps(handlers, stand_ins)
    for handler in handlers.values():
        handler.build.cache_clear()


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_every_kind_of_error_ends_right_in_the_ledger(
    steps: Steps, api: Api, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = steps.stand_ins[fault.provider]
    stand_in.paid.clear()
    stand_in.script(fault.script)
    monkeypatch.setattr(stand_in, "deliver", fault.deliver(stand_in))
    stand_in.downloads.extend(fault.downloads)
    order = {
        "operation": "generate",
        "prompt": f"a house on a {fault}",
        "size": "1024x1024",
        "provider": {"id": fault.provider},
    }
    job_id = api.post("/v1/jobs", order, key=str(fault)).document["id"]
    steps.run(job_id)

    (item,) = api.get(f"/v1/jobs/{job_id}/items").document["data"]
    ledger = api.get(f"/v1/jobs/{job_id}/ledger").document
    totals = ledger["totals"]
    entries = [entry for entry in ledger["data"] if entry["type"] == "settle"]

    ended = item["problem"]["code"] if item["problem"] else item["status"]
    assert ended == fault.ends
    assert (item["status"] == "unknown") == (fault.ends == "outcome-unknown")
    assert Decimal(totals["held"]) == 0
    assert len(entries) == (0 if fault.entry == "none" else 1)
    assert totals["unknown_entries"] == (1 if fault.entry == "unknown" else 0)
    assert not stand_in.downloads
    # What is booked is what the provider bills, and it bills one picture at most.
    never_arrived = fault.kind == "never-arrived"
    assert len(stand_in.paid) == (0 if never_arrived else len(entries))
    if fault.entry == "settled":
        assert Decimal(totals["settled"]) == Decimal(stand_in.paid[0].micros) / 1_000_000
    else:
        assert Decimal(totals["settled"]) == 0
