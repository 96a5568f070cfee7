"""WebhookStore and MailLog: changes that see each other, tries that are counted once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.domain.webhooks.model import Attempt, Delivery, Webhook
from studio.errors import NotFoundError, PreconditionFailedError
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.webhooks import FakeWebhookStore
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS, dynamodb_of
from tests.support.mock_aws.stack import CATALOG, mock_stack

Store = FakeWebhookStore | DynamoWebhookStore
LATER = START + timedelta(minutes=5)
TRY = Attempt(START, 12, 503, "später", failure="answer")
HOOK = Webhook(TENANT, "whk_1", "https://example.org/hook", ("job.*",), START)


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "memory":
        yield FakeWebhookStore()
        return
    with mock_stack():
        client, retry = dynamodb_of(request.param)
        yield DynamoWebhookStore(client, CATALOG, retry)


def a_delivery(delivery_id: str = "dlv_1", **changes: object) -> Delivery:
    delivery = Delivery(
        TENANT, "whk_1", delivery_id, "evt_1", "job.failed", '{"a":"ü"}', START, START
    )
    return replace(delivery, **changes)  # type: ignore[arg-type]


def test_a_webhook_is_read_as_it_was_written(store: Store) -> None:
    other = replace(
        HOOK,
        webhook_id="whk_2",
        active=False,
        disabled_reason="gone",
        enabled_at=LATER,
        disabled_at=START,
        dead_in_a_row=20,
        notify_email="ann@example.org",
    )
    foreign = replace(HOOK, tenant="rival")
    for webhook in (HOOK, other, foreign):
        store.put(webhook)
    assert store.get(TENANT, "whk_1") == HOOK
    assert list(store.all(TENANT)) == [HOOK, other]
    assert list(store.all("rival")) == [foreign]
    with pytest.raises(NotFoundError):
        store.get("rival", "whk_2")


def test_a_webhook_that_changed_meanwhile_is_not_overwritten(store: Store) -> None:
    store.put(HOOK)
    second = replace(HOOK, url="https://example.org/b", version=2)
    store.put(second)
    for stale in (HOOK, second, replace(HOOK, version=4)):
        with pytest.raises(PreconditionFailedError):
            store.put(stale)
    with pytest.raises(PreconditionFailedError):
        store.delete(HOOK)
    assert store.get(TENANT, "whk_1") == second
    store.delete(second)
    assert list(store.all(TENANT)) == []


def test_a_webhook_is_switched_off_with_a_reason(store: Store) -> None:
    store.put(HOOK)
    store.switch_off(HOOK, "410", LATER)
    found = store.get(TENANT, "whk_1")
    assert found == replace(HOOK, active=False, disabled_reason="410", disabled_at=LATER, version=2)
    store.switch_off(HOOK, "again", START)
    assert store.get(TENANT, "whk_1") == found
    store.switch_off(replace(HOOK, webhook_id="whk_2"), "410", LATER)
    assert list(store.all(TENANT)) == [found]


def test_a_webhook_that_moved_is_not_switched_off_for_where_it_was(store: Store) -> None:
    store.put(HOOK)
    moved = replace(HOOK, url="https://example.org/elsewhere", version=2)
    store.put(moved)
    store.switch_off(HOOK, "410", LATER)
    assert store.get(TENANT, "whk_1") == moved


def test_dead_deliveries_are_counted_until_one_arrives(store: Store) -> None:
    store.put(HOOK)
    assert [store.count_dead(HOOK) for _ in range(3)] == [1, 2, 3]
    assert store.get(TENANT, "whk_1") == replace(HOOK, dead_in_a_row=3)
    assert store.count_dead(replace(HOOK, url="https://example.org/elsewhere")) == 0
    store.forget_dead(HOOK)
    assert store.get(TENANT, "whk_1") == HOOK
    gone = replace(HOOK, webhook_id="whk_2")
    assert store.count_dead(gone) == 0
    store.forget_dead(gone)
    assert list(store.all(TENANT)) == [HOOK]


def test_a_delivery_is_opened_once(store: Store) -> None:
    first = a_delivery()
    assert store.open_delivery(first)
    assert not store.open_delivery(a_delivery(body="other"))
    assert store.delivery(TENANT, "whk_1", "dlv_1") == first
    with pytest.raises(NotFoundError):
        store.delivery("rival", "whk_1", "dlv_1")


def test_a_try_is_written_down_once(store: Store) -> None:
    first = a_delivery()
    store.open_delivery(first)
    assert store.record(first, "waiting", TRY, LATER)
    assert not store.record(first, "dead", TRY, LATER)
    second = store.delivery(TENANT, "whk_1", "dlv_1")
    assert second == replace(first, attempt_count=1, due_at=LATER, attempts=(TRY,))
    assert store.record(second, "delivered", Attempt(LATER, 3, error="cut"), LATER)
    done = store.delivery(TENANT, "whk_1", "dlv_1")
    assert (done.status, done.attempt_count, len(done.attempts)) == ("delivered", 2, 2)
    assert not store.record(done, "waiting", TRY, LATER)


def test_a_delivery_that_ended_is_opened_again_with_its_log(store: Store) -> None:
    first = a_delivery()
    store.open_delivery(first)
    store.record(first, "dead", TRY, START)
    dead = store.delivery(TENANT, "whk_1", "dlv_1")
    assert not store.reopen(replace(dead, attempt_count=0), LATER)
    assert not store.reopen(replace(dead, status="delivered"), LATER)
    assert store.reopen(dead, LATER)
    again = store.delivery(TENANT, "whk_1", "dlv_1")
    assert (again.status, again.attempt_count, again.due_at) == ("waiting", 0, LATER)
    assert again.attempts == (TRY,)


def test_a_parked_delivery_is_found_when_it_is_due_until_it_is_queued(store: Store) -> None:
    first, foreign = a_delivery(), a_delivery("dlv_2", tenant="rival")
    for one, due_at in ((first, LATER), (foreign, START)):
        store.open_delivery(one)
        assert store.record(one, "waiting", TRY, due_at, parked=True)
    assert [one.delivery_id for one in store.due_deliveries(START, 10, None)] == ["dlv_2"]
    found = store.due_deliveries(LATER, 10, None)
    assert [(one.tenant, one.delivery_id) for one in found] == [
        ("rival", "dlv_2"),
        (TENANT, "dlv_1"),
    ]
    assert found[1] == store.delivery(TENANT, "whk_1", "dlv_1")
    (head,) = store.due_deliveries(LATER, 1, None)
    assert list(store.due_deliveries(LATER, 1, head)) == [found[1]]
    assert store.unpark(head)
    assert not store.unpark(head)
    assert list(store.due_deliveries(LATER, 10, None)) == [found[1]]


@pytest.mark.parametrize("change", ["tried", "dead", "reopened"])
def test_a_delivery_that_changed_is_neither_parked_nor_unparked(store: Store, change: str) -> None:
    store.open_delivery(a_delivery())
    store.record(a_delivery(), "waiting", TRY, LATER, parked=True)
    parked = store.delivery(TENANT, "whk_1", "dlv_1")
    if change == "reopened":
        assert store.reopen(parked, LATER)
    else:
        assert store.record(parked, "dead" if change == "dead" else "waiting", TRY, LATER)
    assert list(store.due_deliveries(LATER, 10, None)) == []
    assert not store.unpark(parked)
    assert not store.park(parked)
    assert list(store.due_deliveries(LATER, 10, None)) == []


def test_a_delivery_that_was_parked_again_meanwhile_stays_parked(store: Store) -> None:
    store.open_delivery(a_delivery())
    store.record(a_delivery(), "waiting", TRY, LATER, parked=True)
    first = store.delivery(TENANT, "whk_1", "dlv_1")
    store.record(first, "waiting", TRY, LATER, parked=True)
    assert not store.unpark(first)
    assert len(store.due_deliveries(LATER, 10, None)) == 1


def test_a_delivery_that_ended_between_two_calls_stays_ended(store: Store) -> None:
    store.open_delivery(a_delivery())
    store.record(a_delivery(), "dead", TRY, LATER)
    dead = store.delivery(TENANT, "whk_1", "dlv_1")
    assert not store.park(dead)
    assert list(store.due_deliveries(LATER, 10, None)) == []


def test_a_waiting_delivery_is_parked_until_it_is_due(store: Store) -> None:
    store.open_delivery(a_delivery(due_at=LATER))
    waiting = store.delivery(TENANT, "whk_1", "dlv_1")
    assert store.park(waiting)
    assert store.park(waiting)
    assert list(store.due_deliveries(START, 10, None)) == []
    assert list(store.due_deliveries(LATER, 10, None)) == [waiting]


def test_the_log_of_a_delivery_shows_its_last_tries(store: Store) -> None:
    store.open_delivery(a_delivery())
    for number in range(25):
        row = store.delivery(TENANT, "whk_1", "dlv_1")
        store.record(row, "waiting", replace(TRY, milliseconds=number), LATER)
    shown = store.delivery(TENANT, "whk_1", "dlv_1").attempts
    assert [attempt.milliseconds for attempt in shown] == list(range(5, 25))


def test_the_record_of_a_delivery_does_not_grow_with_its_tries() -> None:
    with mock_stack() as here:
        store = DynamoWebhookStore(here.dynamodb, CATALOG)
        store.open_delivery(a_delivery())
        for _ in range(25):
            store.record(store.delivery(TENANT, "whk_1", "dlv_1"), "waiting", TRY, LATER)
        rows = here.dynamodb.scan(TableName=CATALOG)["Items"]
    (kept,) = [row["attempts"]["L"] for row in rows if "attempts" in row]
    assert len(kept) == 20


def test_deliveries_are_listed_newest_first(store: Store) -> None:
    for number in (2, 3, 1):
        store.open_delivery(a_delivery(f"dlv_{number}"))
    store.open_delivery(a_delivery("dlv_9", webhook_id="whk_2"))
    first = store.deliveries(TENANT, "whk_1", 2, None)
    assert [delivery.delivery_id for delivery in first.deliveries] == ["dlv_3", "dlv_2"]
    rest = store.deliveries(TENANT, "whk_1", 2, first.next_after)
    assert [delivery.delivery_id for delivery in rest.deliveries] == ["dlv_1"]
    assert rest.next_after is None


def test_a_mail_is_claimed_once_until_it_is_given_back(store: Store) -> None:
    assert store.claim(TENANT, "evt_1", START)
    assert not store.claim(TENANT, "evt_1", START)
    assert store.claim("rival", "evt_1", START)
    store.release(TENANT, "evt_1")
    assert store.claim(TENANT, "evt_1", START)
