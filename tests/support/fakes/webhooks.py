"""The ports of notification in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from studio.domain.webhooks.model import Attempt, Delivery, DeliveryStatus, Webhook
from studio.domain.webhooks.signature import SigningSecret
from studio.errors import MailRefusedError, NotFoundError, PreconditionFailedError
from studio.ports.web import Fetched, PostResponse
from studio.ports.webhooks import DeliveryPage

Name = tuple[str, str]


@dataclass
class FakeWebhookStore:
    """WebhookStore and MailLog."""

    webhooks: dict[Name, Webhook] = field(default_factory=dict)
    rows: dict[tuple[str, str, str], Delivery] = field(default_factory=dict)
    mails: set[Name] = field(default_factory=set)
    parked: set[tuple[str, str, str]] = field(default_factory=set)

    def get(self, tenant: str, webhook_id: str) -> Webhook:
        if (tenant, webhook_id) not in self.webhooks:
            raise NotFoundError(webhook_id)
        return self.webhooks[tenant, webhook_id]

    def all(self, tenant: str) -> Sequence[Webhook]:
        return [hook for (owner, _), hook in sorted(self.webhooks.items()) if owner == tenant]

    def put(self, webhook: Webhook) -> None:
        held = self.webhooks.get(_name(webhook))
        if (held.version if held else 0) != webhook.version - 1:
            raise PreconditionFailedError(webhook.webhook_id)
        self.webhooks[_name(webhook)] = webhook

    def delete(self, webhook: Webhook) -> None:
        held = self.webhooks.get(_name(webhook))
        if held is None or held.version != webhook.version:
            raise PreconditionFailedError(webhook.webhook_id)
        del self.webhooks[_name(webhook)]

    def switch_off(self, webhook: Webhook, reason: str, at: datetime) -> None:
        held = self.webhooks.get(_name(webhook))
        if held is not None and held.url == webhook.url and held.active:
            self.webhooks[_name(webhook)] = replace(
                held,
                active=False,
                disabled_reason=reason,
                disabled_at=at,
                version=held.version + 1,
            )

    def count_dead(self, webhook: Webhook) -> int:
        held = self.webhooks.get(_name(webhook))
        if held is None or held.url != webhook.url:
            return 0
        count = held.dead_in_a_row + 1
        self.webhooks[_name(webhook)] = replace(held, dead_in_a_row=count)
        return count

    def forget_dead(self, webhook: Webhook) -> None:
        held = self.webhooks.get(_name(webhook))
        if held is not None:
            self.webhooks[_name(webhook)] = replace(held, dead_in_a_row=0)

    def open_delivery(self, delivery: Delivery) -> bool:
        if _key(delivery) in self.rows:
            return False
        self.rows[_key(delivery)] = delivery
        return True

    def delivery(self, tenant: str, webhook_id: str, delivery_id: str) -> Delivery:
        if (tenant, webhook_id, delivery_id) not in self.rows:
            raise NotFoundError(delivery_id)
        return self.rows[tenant, webhook_id, delivery_id]

    def deliveries(
        self, tenant: str, webhook_id: str, limit: int, after: str | None
    ) -> DeliveryPage:
        found = [
            row
            for (owner, hook, delivery_id), row in sorted(self.rows.items(), reverse=True)
            if (owner, hook) == (tenant, webhook_id) and (after is None or delivery_id < after)
        ]
        page = found[:limit]
        return DeliveryPage(page, page[-1].delivery_id if len(found) > limit else None)

    def record(
        self,
        delivery: Delivery,
        status: DeliveryStatus,
        attempt: Attempt,
        due_at: datetime,
        *,
        parked: bool = False,
    ) -> bool:
        row = self.rows.get(_key(delivery))
        if row is None or not self._is_unchanged(delivery):
            return False
        self.rows[_key(delivery)] = replace(
            row,
            status=status,
            due_at=due_at,
            attempt_count=row.attempt_count + 1,
            attempts=(*row.attempts, attempt)[-20:],
        )
        self._park(delivery, parked)
        return True

    def park(self, delivery: Delivery) -> bool:
        if not self._is_unchanged(delivery):
            return False
        self._park(delivery, True)
        return True

    def due_deliveries(
        self, at: datetime, limit: int, after: Delivery | None
    ) -> Sequence[Delivery]:
        found = [row for key, row in self.rows.items() if key in self.parked and row.due_at <= at]
        found.sort(key=_age)
        return [row for row in found if after is None or _age(row) > _age(after)][:limit]

    def unpark(self, delivery: Delivery) -> bool:
        if not self._is_unchanged(delivery) or _key(delivery) not in self.parked:
            return False
        self._park(delivery, False)
        return True

    def _park(self, delivery: Delivery, parked: bool) -> None:
        (self.parked.add if parked else self.parked.discard)(_key(delivery))

    def _is_unchanged(self, delivery: Delivery) -> bool:
        row = self.rows.get(_key(delivery))
        return row is not None and (row.attempt_count, row.status) == (
            delivery.attempt_count,
            "waiting",
        )

    def reopen(self, delivery: Delivery, due_at: datetime) -> bool:
        row = self.rows.get(_key(delivery))
        if row is None or (row.attempt_count, row.status) != (
            delivery.attempt_count,
            delivery.status,
        ):
            return False
        self.rows[_key(delivery)] = replace(row, status="waiting", attempt_count=0, due_at=due_at)
        self._park(delivery, False)
        return True

    def claim(self, tenant: str, event_id: str, at: datetime) -> bool:
        if (tenant, event_id) in self.mails:
            return False
        self.mails.add((tenant, event_id))
        return True

    def release(self, tenant: str, event_id: str) -> None:
        self.mails.discard((tenant, event_id))


@dataclass
class FakeWebhookSecrets:
    """WebhookSecrets."""

    held: dict[Name, SigningSecret] = field(default_factory=dict)

    def get(self, tenant: str, webhook_id: str) -> SigningSecret:
        if (tenant, webhook_id) not in self.held:
            raise NotFoundError(webhook_id)
        return self.held[tenant, webhook_id]

    def put(self, tenant: str, webhook_id: str, secret: SigningSecret) -> None:
        self.held[tenant, webhook_id] = secret

    def delete(self, tenant: str, webhook_id: str) -> None:
        self.held.pop((tenant, webhook_id), None)


@dataclass(frozen=True)
class Queued:
    """A try in the queue."""

    tenant: str
    webhook_id: str
    delivery_id: str
    attempt_count: int
    seconds: int


@dataclass
class FakeDeliveryQueue:
    """DeliveryQueue; what is sent stays in the list."""

    queued: list[Queued] = field(default_factory=list)

    def send(
        self, tenant: str, webhook_id: str, delivery_id: str, *, attempt_count: int, seconds: int
    ) -> None:
        assert 0 <= seconds <= 900
        self.queued.append(Queued(tenant, webhook_id, delivery_id, attempt_count, seconds))


@dataclass
class FakeMailer:
    """Mailer; ``failure`` is raised instead of sending."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    failure: Exception | None = None

    def send(self, to: str, subject: str, text: str) -> None:
        if self.failure:
            raise self.failure
        self.sent.append((to, subject, text))


@dataclass
class FakeWebClient:
    """WebClient: answers each POST with the next reply, and keeps what was sent."""

    replies: list[PostResponse | Exception] = field(default_factory=list)
    posted: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    refusal: Exception | None = None

    def check(self, url: str) -> None:
        if self.refusal:
            raise self.refusal

    def get(self, url: str, *, max_bytes: int, seconds: float, accept: str) -> Fetched:
        raise AssertionError("nothing is fetched here")

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        seconds: float,
        max_answer_bytes: int,
    ) -> PostResponse:
        self.posted.append((url, body, headers))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


REFUSED_MAIL = MailRefusedError("no such address")


def _name(webhook: Webhook) -> Name:
    return webhook.tenant, webhook.webhook_id


def _key(delivery: Delivery) -> tuple[str, str, str]:
    return delivery.tenant, delivery.webhook_id, delivery.delivery_id


def _age(delivery: Delivery) -> tuple[datetime, tuple[str, str, str]]:
    return delivery.due_at, _key(delivery)
