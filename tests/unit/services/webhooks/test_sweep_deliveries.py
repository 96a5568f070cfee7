"""The product's own tries over a day and a half on a simulated clock, and who queues them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from studio.domain.webhooks.model import DELAYS, Delivery, Webhook
from studio.domain.webhooks.signature import SigningSecret, new_secret
from studio.ports.web import PostResponse
from studio.services.webhooks.send_webhook import SendWebhook
from studio.services.webhooks.sweep_deliveries import SweepDeliveries
from tests.support.builders import TENANT
from tests.support.fakes.edges import START, FakeClock, FakeEventSink
from tests.support.fakes.webhooks import (
    FakeDeliveryQueue,
    FakeWebClient,
    FakeWebhookSecrets,
    FakeWebhookStore,
)

HOOK = Webhook(TENANT, "whk_1", "https://example.org/hook", ("job.*",), START)
DELIVERY = Delivery(TENANT, "whk_1", "dlv_1", "evt_1", "job.failed", "{}", START, START)
MINUTE = timedelta(minutes=1)
TWO_DAYS = timedelta(days=2)
# AWS stops a chain after about 16 invocations.
MOST_HOPS = 10


@dataclass(frozen=True)
class Message:
    """A message, and how many invocations of the function led to it without a break."""

    at: datetime
    attempt_count: int
    hops: int


class KilledError(BaseException):
    """The function is gone; no handler of an exception sees it."""


@dataclass
class TimedQueue(FakeDeliveryQueue):
    """A queue that delivers what is sent to it after the delay."""

    clock: FakeClock = field(default_factory=FakeClock)
    messages: list[Message] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    hops: int = 0

    def send(
        self, tenant: str, webhook_id: str, delivery_id: str, *, attempt_count: int, seconds: int
    ) -> None:
        super().send(tenant, webhook_id, delivery_id, attempt_count=attempt_count, seconds=seconds)
        at = self.clock() + timedelta(seconds=seconds)
        message = Message(at, attempt_count, self.hops + 1)
        self.messages.append(message)
        self.sent.append(message)


class World:
    """A queue, its function, and the sweeper of every minute, on one clock."""

    def __init__(self, *statuses: int) -> None:
        self.clock = FakeClock()
        self.store = FakeWebhookStore()
        self.store.put(HOOK)
        self.store.open_delivery(DELIVERY)
        self.queue = TimedQueue(clock=self.clock)
        self.web = FakeWebClient([PostResponse(status, b"", 1) for status in statuses])
        self.tried_at: list[datetime] = []
        secrets = FakeWebhookSecrets({(TENANT, "whk_1"): SigningSecret(new_secret())})
        self.send = SendWebhook(
            self.store, secrets, self.queue, self.web, FakeEventSink(), self.clock
        )
        self.sweep = SweepDeliveries(self.store, self.queue, self.clock)
        self.queue.send(TENANT, "whk_1", "dlv_1", attempt_count=0, seconds=0)

    @property
    def row(self) -> Delivery:
        return self.store.delivery(TENANT, "whk_1", "dlv_1")

    def play(self, span: timedelta = TWO_DAYS, until: Callable[[], bool] = lambda: False) -> None:
        """Let the time pass; each message and each sweep comes at its time."""
        end, next_sweep = self.clock() + span, self.clock() + timedelta(seconds=17)
        while not until():
            at = min([next_sweep, *(message.at for message in self.queue.messages)])
            if at > end:
                return
            self.clock.at = max(at, self.clock())
            due = [message for message in self.queue.messages if message.at <= at]
            for message in due:
                self.queue.messages.remove(message)
                self._invoke(message)
            if at == next_sweep:
                next_sweep += MINUTE
                self.queue.hops = 0
                self.sweep.run()

    def _invoke(self, message: Message) -> None:
        self.queue.hops = message.hops
        before = len(self.web.posted)
        self.send.run(TENANT, "whk_1", "dlv_1", message.attempt_count)
        if len(self.web.posted) > before:
            self.tried_at.append(self.clock())


def test_eight_tries_over_a_day_and_a_half_are_no_long_chain_of_messages() -> None:
    world = World(*[503] * 8)
    world.play()
    assert (world.row.status, len(world.tried_at)) == ("dead", 8)
    pauses = [b - a for a, b in zip(world.tried_at, world.tried_at[1:], strict=False)]
    for pause, planned in zip(pauses, DELAYS[1:], strict=True):
        assert planned <= pause <= planned + MINUTE
    assert max(message.hops for message in world.queue.sent) <= MOST_HOPS
    assert len(world.queue.sent) == 8
    assert world.store.parked == set()


def test_a_receiver_that_is_up_again_after_hours_gets_it() -> None:
    world = World(*[503] * 5, 200)
    world.play()
    assert (world.row.status, len(world.tried_at)) == ("delivered", 6)


def _delete(world: World) -> None:
    world.store.delete(world.store.get(TENANT, "whk_1"))


def _switch_off(world: World) -> None:
    world.store.switch_off(world.store.get(TENANT, "whk_1"), "by hand", START)


@pytest.mark.parametrize("end", [_delete, _switch_off])
def test_a_webhook_that_ends_leaves_nothing_that_is_sent(end: Callable[[World], None]) -> None:
    world = World(*[503] * 4)
    world.play(until=lambda: len(world.tried_at) == 4)
    assert world.store.parked
    end(world)
    sent = len(world.queue.sent)
    world.play()
    assert (len(world.web.posted), world.store.parked) == (4, set())
    assert len(world.queue.sent) == sent + 1


def test_a_sweep_that_dies_after_the_message_makes_one_try_of_it() -> None:
    world = World(*[503] * 5)
    world.play(until=lambda: len(world.tried_at) == 4)
    unpark = world.store.unpark

    class Dying(FakeWebhookStore):
        def unpark(self, delivery: Delivery) -> bool:
            raise KilledError

    world.clock.advance(1800)
    dying = Dying(**vars(world.store))
    with pytest.raises(KilledError):
        replace(world.sweep, webhooks=dying).run()
    assert world.sweep.run()["started"] == 1
    assert not unpark(world.row)
    assert len(world.queue.messages) == 2
    world.play(MINUTE)
    assert len(world.tried_at) == 5


def test_one_delivery_that_cannot_be_queued_stops_no_other() -> None:
    clock, store, queue = FakeClock(), FakeWebhookStore(), FakeDeliveryQueue()
    for number in (1, 2):
        one = replace(DELIVERY, delivery_id=f"dlv_{number}")
        store.open_delivery(one)
        assert store.park(one)

    class Failing(FakeDeliveryQueue):
        def send(
            self,
            tenant: str,
            webhook_id: str,
            delivery_id: str,
            *,
            attempt_count: int,
            seconds: int,
        ) -> None:
            if delivery_id == "dlv_1":
                raise ConnectionError
            queue.send(
                tenant, webhook_id, delivery_id, attempt_count=attempt_count, seconds=seconds
            )

    swept = SweepDeliveries(store, Failing(), clock).run()
    assert (swept["started"], swept["failed"]) == (1, 1)
    assert [entry.delivery_id for entry in queue.queued] == ["dlv_2"]
    assert SweepDeliveries(store, queue, clock).run()["started"] == 1
    assert store.parked == set()
