"""Shapes of answers about webhooks, for the contract."""

from typing import Literal

from studio.api.http.responses import Answer, Page


class Webhook(Answer):
    """Where events are sent. ``disabled_reason`` says why the studio switched it off."""

    id: str
    url: str
    events: list[str]
    active: bool
    disabled_reason: str | None
    created_at: str


class WebhookWithSecret(Webhook):
    """A webhook with its new secret, which is shown this once."""

    secret: str


class WebhookList(Answer):
    """All webhooks of the account, oldest first."""

    data: list[Webhook]


class Attempt(Answer):
    """One try: the status and the beginning of the answer, or why there was none."""

    at: str
    ms: int
    status: int | None
    answer: str | None
    error: str | None


class Delivery(Answer):
    """One event on its way to one webhook; ``due_at`` is null once nothing more is tried."""

    id: str
    webhook_id: str
    event_id: str
    event_type: str
    status: Literal["waiting", "delivered", "dead"]
    due_at: str | None
    attempts: list[Attempt]
    body: str
    created_at: str


class DeliveryList(Answer):
    """A page of deliveries, newest first."""

    data: list[Delivery]
    page: Page
