"""Notify: which event goes where, and that a repeated event is sent once."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from studio.clock import rfc3339
from studio.domain.webhooks.model import Webhook
from studio.domain.webhooks.recipients import Recipients
from studio.services.uploads.announce_refusal import announce_refusal
from studio.services.webhooks.end_mail import SendEndMail
from studio.services.webhooks.notify import Notify
from tests.support.builders import TENANT
from tests.support.fakes.edges import START, FakeClock, FakeEventSink
from tests.support.fakes.webhooks import (
    REFUSED_MAIL,
    FakeDeliveryQueue,
    FakeMailer,
    FakeWebhookStore,
)
from tests.support.intake import UPLOAD
from tests.support.mock_aws.environment import sample

HOOK = Webhook(TENANT, "whk_01M7Y3BG1Z3KMW0KCQ3FSG74JP", "https://example.org", ("job.*",), START)
DETAIL: dict[str, Any] = {**sample("notify")["detail"], "account_id": TENANT}


class Harness:
    def __init__(self, *webhooks: Webhook, mailer: FakeMailer | None = None) -> None:
        self.store = FakeWebhookStore()
        for webhook in webhooks:
            self.store.put(webhook)
        self.queue = FakeDeliveryQueue()
        self.mailer = mailer
        own = Recipients.of("studio@example.org", None)
        mail = SendEndMail(self.store, mailer, own, FakeClock())
        self.service = Notify(self.store, self.queue, mail, FakeClock())

    def run(self, event_type: str = "job.partially_succeeded", **changes: object) -> int:
        return self.service.run(event_type, {**DETAIL, "notify_email": None, **changes})


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (("job.*",), True),
        (("job.partially_succeeded",), True),
        (("batch.*", "job.partially_succeeded"), True),
        (("job.succeeded",), False),
        (("batch.*",), False),
    ],
)
def test_a_webhook_gets_the_events_that_it_wants(events: tuple[str, ...], told: bool) -> None:
    found = Harness(replace(HOOK, events=events))
    assert found.run() == told
    assert len(found.store.rows) == len(found.queue.queued) == told


def test_a_webhook_that_is_off_gets_nothing() -> None:
    assert Harness(replace(HOOK, active=False)).run() == 0


def test_the_event_says_all_but_who_was_written_to() -> None:
    found = Harness(HOOK)
    found.run(notify_email="ann@example.org")
    (delivery,) = found.store.rows.values()
    body = json.loads(delivery.body)
    assert {name: body[name] for name in ("id", "type", "created_at", "account_id")} == {
        "id": DETAIL["id"],
        "type": "job.partially_succeeded",
        "created_at": "2026-11-21T04:10:20.000Z",
        "account_id": TENANT,
    }
    assert body["data"]["job_id"] == DETAIL["job_id"]
    assert "ann@example.org" not in delivery.body
    assert (delivery.event_id, delivery.event_type) == (body["id"], body["type"])


def test_a_repeated_event_is_the_same_delivery() -> None:
    found = Harness(HOOK)
    found.run()
    found.run()
    (delivery,) = found.store.rows.values()
    assert {entry.delivery_id for entry in found.queue.queued} == {delivery.delivery_id}
    assert {entry.attempt_count for entry in found.queue.queued} == {0}


@pytest.mark.parametrize(
    ("events", "told"), [(("upload.*",), 1), (("upload.quarantined",), 1), (("job.*",), 0)]
)
def test_a_refused_file_is_told_to_those_that_want_it(events: tuple[str, ...], told: int) -> None:
    found, bus = Harness(replace(HOOK, events=events)), FakeEventSink()
    announce_refusal(bus, replace(UPLOAD, status="quarantined", reason_code="image-truncated"))
    (event,) = bus.events
    for _ in range(2):
        assert found.service.run(event.type, {"id": event.id, **event.detail}) == told
    assert len(found.store.rows) == told
    for delivery in found.store.rows.values():
        body = json.loads(delivery.body)
        assert (body["created_at"], body["type"]) == (rfc3339(START), "upload.quarantined")
        assert body["data"]["reason_code"] == "image-truncated"


def test_deliveries_come_in_the_order_of_their_events() -> None:
    found = Harness(HOOK)
    later = f"{START + timedelta(days=400):%Y-%m-%dT%H:%M:%SZ}"
    found.run(id="evt_1", finished_at=later)
    found.run(id="evt_2")
    page = found.store.deliveries(TENANT, HOOK.webhook_id, 5, None)
    assert [delivery.event_id for delivery in page.deliveries] == ["evt_1", "evt_2"]


def test_a_mail_says_in_words_how_it_ended_and_what_it_cost() -> None:
    found = Harness(mailer=(mailer := FakeMailer()))
    found.run(notify_email="ann@example.org", unknown_costs=2)
    ((to, subject, text),) = mailer.sent
    assert to == "ann@example.org"
    assert subject == "Job partially succeeded: Monday's banners"
    assert text.splitlines() == [
        "The job Monday's banners has ended: partially succeeded.",
        "",
        "succeeded: 3",
        "failed: 1",
        "of: 4",
        "",
        "Cost: 0.120000 USD",
        "What 2 more calls cost is not known.",
        "",
        f"Id: {DETAIL['job_id']}",
    ]


def test_a_job_without_a_name_is_called_by_its_id() -> None:
    found = Harness(mailer=(mailer := FakeMailer()))
    found.run(notify_email="ann@example.org", name=None)
    assert mailer.sent[0][1] == f"Job partially succeeded: {DETAIL['job_id']}"


def test_a_repeated_event_is_mailed_once() -> None:
    found = Harness(mailer=(mailer := FakeMailer()))
    for _ in range(3):
        found.run(notify_email="ann@example.org")
    assert len(mailer.sent) == 1


def test_a_mail_that_failed_for_now_is_sent_by_the_next_try() -> None:
    found = Harness(mailer=(mailer := FakeMailer(failure=ConnectionError("cut"))))
    with pytest.raises(ConnectionError):
        found.run(notify_email="ann@example.org")
    mailer.failure = None
    found.run(notify_email="ann@example.org")
    assert len(mailer.sent) == 1


def test_a_mail_that_will_never_be_sent_stops_nothing() -> None:
    found = Harness(HOOK, mailer=(mailer := FakeMailer(failure=REFUSED_MAIL)))
    assert found.run(notify_email="reader@example.org") == 1
    mailer.failure = None
    found.run(notify_email="reader@example.org")
    assert mailer.sent == []


def test_where_the_stack_sends_no_mail_the_webhooks_are_told_all_the_same() -> None:
    assert Harness(HOOK).run(notify_email="ann@example.org") == 1


def test_no_mail_leaves_the_team(caplog: pytest.LogCaptureFixture) -> None:
    mailer = FakeMailer()
    found = Harness(mailer=mailer)
    found.run(notify_email="victim@bank.example")
    assert mailer.sent == []
    assert "does not write to this domain" in caplog.text
    assert "victim" not in caplog.text


OFF = {
    "id": "evt_whk_1_1",
    "account_id": TENANT,
    "webhook_id": HOOK.webhook_id,
    "url": HOOK.url,
    "reason": "20 deliveries in a row failed",
    "created_at": "2026-11-21T04:10:20.000Z",
    "notify_email": "ann@example.org",
}


def test_a_webhook_that_is_switched_off_is_told_to_the_others_and_by_mail() -> None:
    other = replace(HOOK, webhook_id="whk_2", events=("batch.*",))
    idle = replace(HOOK, webhook_id="whk_3", active=False)
    foreign = replace(HOOK, webhook_id="whk_4", tenant="rival")
    found = Harness(HOOK, other, idle, foreign, mailer=(mailer := FakeMailer()))
    for _ in range(2):
        assert found.service.run("webhook.disabled", OFF) == 1
    (delivery,) = found.store.rows.values()
    assert delivery.webhook_id == "whk_2"
    body = json.loads(delivery.body)
    assert body["type"] == "webhook.disabled"
    assert body["data"] == {
        "webhook_id": HOOK.webhook_id,
        "url": HOOK.url,
        "reason": "20 deliveries in a row failed",
        "created_at": "2026-11-21T04:10:20.000Z",
    }
    ((to, subject, text),) = mailer.sent
    assert (to, subject) == ("ann@example.org", "Webhook disabled: https://example.org")
    assert text.splitlines()[0] == (
        "The studio sends nothing more to https://example.org: 20 deliveries in a row failed."
    )
