"""Request bodies of webhooks."""

from typing import Annotated

from pydantic import Field

from studio.services.orders.reading import Body

EventType = Annotated[
    str,
    Field(
        pattern=r"^((job|batch)\.(\*|succeeded|partially_succeeded|failed|cancelled)"
        r"|upload\.(\*|quarantined))$",
        examples=["job.*", "batch.failed", "upload.quarantined"],
    ),
]
EventTypes = Annotated[list[EventType], Field(min_length=1, max_length=20)]
Url = Annotated[str, Field(min_length=1, max_length=2_000, examples=["https://example.org/hook"])]


class WebhookBody(Body):
    """The address and the events of a webhook.

    ``secret`` signs the events. Without one, the studio makes a secret.
    """

    url: Url
    events: EventTypes
    secret: Annotated[str, Field(max_length=200)] | None = None


class WebhookChangeBody(Body):
    """The members to change; a member that is left out stays."""

    url: Url | None = None
    events: EventTypes | None = None
    active: bool | None = None
