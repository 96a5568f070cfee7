"""Response shapes of webhooks."""

from typing_extensions import TypedDict

from studio.api.http.responses import Page
from studio.domain.webhooks.model import DeliveryStatus, Failure


class Webhook(TypedDict):
    """A receiver of events.

    ``disabled_reason`` and ``disabled_at`` tell why and when the studio switched it off.
    """

    id: str
    url: str
    events: list[str]
    active: bool
    disabled_reason: str | None
    disabled_at: str | None
    created_at: str


class WebhookWithSecret(Webhook):
    """A webhook with its new secret. The secret is shown only once."""

    secret: str


class WebhookList(TypedDict):
    """All webhooks of the account, oldest first."""

    data: list[Webhook]


class Attempt(TypedDict):
    """One attempt: the status and the beginning of the answer, or the error.

    ``failure`` is null if nothing failed. It is ``address`` if the studio does not call it,
    and ``dns`` if its name has no address. It is ``refused`` if nothing listens there, and
    ``timeout`` if no answer came in time. It is ``certificate`` if the certificate is not valid,
    and ``connection`` if the connection failed in another way. It is ``answer`` if the answer is
    not 2xx.
    """

    at: str
    ms: int
    status: int | None
    answer: str | None
    error: str | None
    failure: Failure | None


class Delivery(TypedDict):
    """One event for one webhook. ``due_at`` is null when no attempt follows."""

    id: str
    webhook_id: str
    event_id: str
    event_type: str
    status: DeliveryStatus
    due_at: str | None
    attempts: list[Attempt]
    body: str
    created_at: str


class DeliveryList(TypedDict):
    """A page of deliveries, newest first."""

    data: list[Delivery]
    page: Page
