"""SendWebhook: every way in which a receiver can behave, and when it is tried again."""

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.clock import rfc3339
from studio.domain.webhooks.model import (
    DELAYS,
    MAX_DEAD_IN_A_ROW,
    Attempt,
    Delivery,
    DeliveryStatus,
    Webhook,
)
from studio.domain.webhooks.signature import SigningSecret, new_secret, signed_headers
from studio.errors import TargetRefusedError, TargetUnreachableError
from studio.metrics import NAMESPACE
from studio.ports.web import PostResponse
from studio.services.webhooks.send_webhook import SendWebhook
from tests.support.builders import TENANT
from tests.support.fakes.edges import START, FakeClock, FakeEventSink
from tests.support.fakes.webhooks import (
    FakeDeliveryQueue,
    FakeWebClient,
    FakeWebhookSecrets,
    FakeWebhookStore,
    Queued,
)
from tests.support.mock_aws.metric_lines import values_of
from tests.support.stand_ins.web_server import ScriptedResponse, web_server

HOOK = Webhook(TENANT, "whk_1", "https://example.org/hook", ("job.*",), START)
DELIVERY = Delivery(TENANT, "whk_1", "dlv_1", "evt_1", "job.failed", '{"a":1}', START, START)
FAILURES: list[PostResponse | Exception] = [
    PostResponse(500, b"broken", 7),
    PostResponse(302, b"", 7),
    PostResponse(404, b"", 7),
    TargetUnreachableError("example.org does not answer"),
]


class KilledError(BaseException):
    """The function is gone; no handler of an exception sees it."""


class Harness:
    def __init__(self, *replies: PostResponse | Exception) -> None:
        self.store = FakeWebhookStore()
        self.store.put(HOOK)
        self.store.open_delivery(DELIVERY)
        self.secret = SigningSecret(new_secret())
        secrets = FakeWebhookSecrets({(TENANT, "whk_1"): self.secret})
        self.queue, self.clock = FakeDeliveryQueue(), FakeClock()
        self.web = FakeWebClient(list(replies))
        self.events = FakeEventSink()
        self.service = SendWebhook(
            self.store, secrets, self.queue, self.web, self.events, self.clock
        )

    def run(self, attempt_count: int = 0) -> str:
        return self.service.run(TENANT, "whk_1", "dlv_1", attempt_count)

    @property
    def row(self) -> Delivery:
        return self.store.delivery(TENANT, "whk_1", "dlv_1")


def test_what_is_taken_is_done_and_signed() -> None:
    found = Harness(PostResponse(204, b"thank you", 12))
    assert found.run() == "delivered"
    ((url, body, headers),) = found.web.posted
    assert (url, body) == (HOOK.url, b'{"a":1}')
    signed = signed_headers(found.secret, "evt_1", '{"a":1}', found.clock())
    assert headers == {"Content-Type": "application/json", **signed}
    (attempt,) = found.row.attempts
    assert (attempt.status, attempt.answer, attempt.milliseconds) == (204, "thank you", 12)
    assert found.queue.queued == []


@pytest.mark.parametrize("how", ["packed", "plain as gzip", "short"])
@pytest.mark.parametrize(
    ("status", "outcome", "active"),
    [(200, "delivered", True), (204, "delivered", True), (503, "waiting", True),
     (429, "waiting", True), (410, "dead", False)],
)  # fmt: skip
def test_the_status_decides_whatever_becomes_of_the_answer(
    how: str, status: int, outcome: str, active: bool
) -> None:
    """The receiver is real, and so is the client that calls it."""
    found = Harness()
    body = gzip.compress(b"thank you") if how == "packed" else b"thank you"
    headers = {"Connection": "close"} if how == "short" else {"Content-Encoding": "gzip"}
    length = 5_000 if how == "short" else None
    with web_server(lambda _: ScriptedResponse(status, body, headers, length=length)) as receiver:
        hook = replace(HOOK, url=receiver.url("/hook"), version=2)
        found.store.put(hook)
        client = GuardedClient(trusted_hosts=frozenset({"localhost"}))
        service = replace(found.service, web=client)
        assert service.run(TENANT, "whk_1", "dlv_1", 0) == outcome
        assert len(receiver.received) == 1
    (attempt,) = found.row.attempts
    assert (attempt.status, attempt.answer) == (status, "" if status == 204 else "thank you")
    assert found.store.get(TENANT, "whk_1").active is active
    assert len(found.queue.queued) == (outcome == "waiting")


@pytest.mark.parametrize("reply", FAILURES, ids=str)
def test_what_fails_is_queued_again_for_later(reply: PostResponse | Exception) -> None:
    found = Harness(reply)
    assert found.run() == "waiting"
    assert found.queue.queued == [Queued(TENANT, "whk_1", "dlv_1", 1, 5)]
    assert (found.row.attempt_count, found.row.due_at) == (1, found.clock() + timedelta(seconds=5))
    (attempt,) = found.row.attempts
    assert (attempt.status is None) == (attempt.error is not None)


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (PostResponse(204, b"", 7), None),
        (PostResponse(302, b"", 7), "answer"),
        (PostResponse(410, b"", 7), "answer"),
        (TargetRefusedError("private-address", "not public"), "address"),
        (TargetUnreachableError("no address", "dns"), "dns"),
        (TargetUnreachableError("nothing there", "refused"), "refused"),
        (TargetUnreachableError("too late", "timeout"), "timeout"),
        (TargetUnreachableError("expired", "certificate"), "certificate"),
        (TargetUnreachableError("reset"), "connection"),
    ],
    ids=str,
)
def test_the_log_says_what_failed(reply: PostResponse | Exception, failure: str | None) -> None:
    found = Harness(reply)
    found.run()
    (attempt,) = found.row.attempts
    assert attempt.failure == failure


def test_it_is_tried_eight_times_over_a_day_and_a_half_and_then_no_more() -> None:
    found = Harness(*[PostResponse(503, b"", 1)] * 8)
    waits = []
    for number in range(8):
        due_at = found.row.due_at
        waits.append(due_at - found.clock())
        found.clock.advance(max(0, (due_at - found.clock()).total_seconds()))
        outcome = found.run(number)
    assert waits == list(DELAYS)
    assert outcome == "dead"
    assert len(found.web.posted) == 8
    assert [entry.seconds for entry in found.queue.queued] == [5, 30, 300]


def test_a_message_that_comes_early_waits_for_the_rest() -> None:
    found = Harness()
    found.store.rows[TENANT, "whk_1", "dlv_1"] = replace(
        DELIVERY, due_at=found.clock() + timedelta(seconds=899.5)
    )
    assert found.run() == "early"
    assert found.queue.queued == [Queued(TENANT, "whk_1", "dlv_1", 0, 900)]
    assert (found.web.posted, found.store.parked) == ([], set())


def test_a_message_that_comes_much_too_early_is_parked() -> None:
    """Messages of the release before waited in hops of 900 seconds."""
    found = Harness()
    found.store.rows[TENANT, "whk_1", "dlv_1"] = replace(
        DELIVERY, due_at=found.clock() + timedelta(seconds=901)
    )
    assert found.run() == "early"
    assert (found.web.posted, found.queue.queued) == ([], [])
    assert found.store.parked == {(TENANT, "whk_1", "dlv_1")}


@pytest.mark.parametrize("attempt_count", [0, 2])
def test_a_message_of_another_try_sends_nothing(attempt_count: int) -> None:
    found = Harness(PostResponse(503, b"", 1))
    found.run()
    assert found.run(attempt_count) == "made before"
    assert len(found.web.posted) == 1


def test_what_is_done_is_not_sent_again() -> None:
    found = Harness(PostResponse(200, b"", 1))
    found.run()
    for attempt_count in (0, 1):
        assert found.run(attempt_count) == "made before"


def test_a_receiver_that_is_gone_switches_its_webhook_off() -> None:
    found = Harness(PostResponse(410, b"", 1))
    assert found.run() == "dead"
    webhook = found.store.get(TENANT, "whk_1")
    assert (webhook.active, webhook.disabled_reason) == (False, "the receiver answered 410 Gone")
    assert webhook.disabled_at == found.clock()
    assert found.queue.queued == []
    assert [event.type for event in found.events.events] == ["webhook.disabled"]


def test_a_target_that_turned_private_is_not_tried_again() -> None:
    found = Harness(TargetRefusedError("private-address", "example.org is not a public address"))
    assert found.run() == "dead"
    (attempt,) = found.row.attempts
    assert attempt.error == "refused: example.org is not a public address"
    assert found.store.get(TENANT, "whk_1").active


def test_a_webhook_that_was_switched_off_gets_nothing_more() -> None:
    found = Harness()
    found.store.switch_off(HOOK, "by hand", START)
    assert found.run() == "dead"
    assert found.web.posted == []


def test_what_waited_while_a_webhook_was_off_is_not_sent_when_it_is_on_again() -> None:
    found = Harness(PostResponse(503, b"", 1))
    found.run()
    found.clock.advance(2)
    found.store.switch_off(HOOK, "by hand", START)
    off = found.store.get(TENANT, "whk_1")
    on = replace(off, active=True, enabled_at=found.clock(), version=off.version + 1)
    found.store.put(on)
    found.clock.advance(3)
    assert found.run(1) == "dead"
    assert len(found.web.posted) == 1
    assert found.row.attempts[-1].error == "the webhook was disabled meanwhile"
    assert found.store.get(TENANT, "whk_1").dead_in_a_row == 0
    found.web.replies.append(PostResponse(200, b"", 1))
    assert found.store.reopen(found.row, found.clock())
    assert found.run() == "delivered"


def test_a_delivery_without_its_webhook_is_gone() -> None:
    found = Harness()
    found.store.delete(HOOK)
    assert found.run() == "gone"


def test_the_next_try_is_queued_before_this_one_is_written_down() -> None:
    """A worker that dies between the two repeats the try; the other way round it is lost."""
    found = Harness(PostResponse(503, b"", 1))
    found.store.rows[TENANT, "whk_1", "dlv_1"] = DELIVERY
    seen: list[int] = []
    send = found.queue.send

    class Watching(FakeDeliveryQueue):
        def send(
            self,
            tenant: str,
            webhook_id: str,
            delivery_id: str,
            *,
            attempt_count: int,
            seconds: int,
        ) -> None:
            seen.append(found.row.attempt_count)
            send(tenant, webhook_id, delivery_id, attempt_count=attempt_count, seconds=seconds)

    replace(found.service, queue=Watching()).run(TENANT, "whk_1", "dlv_1", 0)
    assert seen == [0]


class RowOfDeliveries(Harness):
    """A webhook whose deliveries end at their first try."""

    def deliver(self, reply: PostResponse | Exception, number: int) -> str:
        delivery_id = f"dlv_{number}0"
        self.store.open_delivery(replace(DELIVERY, delivery_id=delivery_id))
        self.web.replies.append(reply)
        return self.service.run(TENANT, "whk_1", delivery_id, 0)

    def die(self, numbers: range) -> None:
        for number in numbers:
            refusal = TargetRefusedError("private-address", "not public")
            assert self.deliver(refusal, number) == "dead"

    @property
    def hook(self) -> Webhook:
        return self.store.get(TENANT, "whk_1")


def test_a_webhook_is_switched_off_after_twenty_dead_deliveries_in_a_row() -> None:
    found = RowOfDeliveries()
    found.store.put(replace(HOOK, notify_email="ann@example.org", version=2))
    found.die(range(MAX_DEAD_IN_A_ROW - 1))
    assert (found.hook.active, found.events.events) == (True, [])
    found.die(range(19, 20))
    hook = found.hook
    assert (hook.active, hook.disabled_reason) == (False, "20 deliveries in a row failed")
    assert hook.disabled_at == found.clock()
    (event,) = found.events.events
    assert (event.type, event.id) == ("webhook.disabled", "evt_whk_1_2")
    assert event.detail == {
        "account_id": TENANT,
        "webhook_id": "whk_1",
        "url": HOOK.url,
        "reason": "20 deliveries in a row failed",
        "created_at": rfc3339(found.clock()),
        "notify_email": "ann@example.org",
    }
    assert found.deliver(PostResponse(200, b"", 1), 20) == "dead"
    assert len(found.web.posted) == 20


def test_a_delivery_that_arrives_begins_the_count_again() -> None:
    found = RowOfDeliveries()
    found.die(range(19))
    assert found.deliver(PostResponse(200, b"", 1), 19) == "delivered"
    assert found.hook.dead_in_a_row == 0
    states = []
    for number in range(20, 40):
        found.die(range(number, number + 1))
        states.append(found.hook.active)
    assert states == [True] * 19 + [False]


def test_a_repeated_message_of_a_dead_delivery_is_counted_once() -> None:
    found = RowOfDeliveries()
    found.die(range(1))
    assert found.service.run(TENANT, "whk_1", "dlv_00", 0) == "made before"
    assert found.hook.dead_in_a_row == 1


def test_a_try_that_another_worker_recorded_before_is_not_counted() -> None:
    found = RowOfDeliveries()

    class Late(FakeWebhookStore):
        def record(
            self,
            delivery: Delivery,
            status: DeliveryStatus,
            attempt: Attempt,
            due_at: datetime,
            *,
            parked: bool = False,
        ) -> bool:
            for _ in range(2):
                recorded = super().record(delivery, status, attempt, due_at, parked=parked)
            return recorded

    found.service = replace(found.service, webhooks=Late(**vars(found.store)))
    found.die(range(1))
    assert found.hook.dead_in_a_row == 0


def test_a_receiver_that_is_gone_at_its_twentieth_dead_delivery_is_told_once() -> None:
    found = RowOfDeliveries()
    found.die(range(19))
    assert found.deliver(PostResponse(410, b"", 1), 19) == "dead"
    assert len(found.events.events) == 1
    assert found.hook.disabled_reason == "the receiver answered 410 Gone"


@pytest.mark.parametrize("dies", ["emit", "switch_off"])
def test_a_function_that_dies_leaves_the_end_to_the_next_dead_delivery(dies: str) -> None:
    found = RowOfDeliveries()
    found.die(range(19))

    class Dying(FakeWebhookStore):
        def switch_off(self, webhook: Webhook, reason: str, at: datetime) -> None:
            raise KilledError

    class Refusing(FakeEventSink):
        def emit(self, event_type: str, event_id: str, detail: Mapping[str, object]) -> None:
            raise KilledError

    alive = found.service
    if dies == "emit":
        found.service = replace(alive, events=Refusing())
    else:
        found.service = replace(alive, webhooks=Dying(**vars(found.store)))
    with pytest.raises(KilledError):
        found.die(range(19, 20))
    states = [found.hook.active]
    found.service = alive
    found.die(range(20, 21))
    assert [*states, found.hook.active] == [True, False]
    assert {event.id for event in found.events.events} == {"evt_whk_1_1"}


def test_a_try_is_counted_by_what_becomes_of_its_delivery(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "studio")
    for status, outcome in ((204, "delivered"), (500, "waiting"), (410, "dead")):
        found = Harness(PostResponse(status, b"", 12))
        assert found.run() == outcome
        assert found.run(attempt_count=7) == "made before"
        printed = capsys.readouterr().out
        counted = {"service": "studio", "Outcome": outcome}
        assert values_of(printed, NAMESPACE, "Deliveries", counted) == [1]
        assert values_of(printed, NAMESPACE, "Deliveries", {"service": "studio"}) == [1]
