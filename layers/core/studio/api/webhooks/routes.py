"""Routes of webhooks."""

from typing import TYPE_CHECKING

from studio import wiring
from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.preconditions import require_match
from studio.api.http.request_body import read_body
from studio.clock import rfc3339
from studio.domain.webhooks.model import Attempt, Delivery, Webhook
from studio.errors import NotFoundError
from studio.ids import is_id

if TYPE_CHECKING:
    from studio.api.webhooks import responses
    from studio.services.webhooks.manage_webhooks import ManageWebhooks


def list_webhooks(request: Request, deps: Dependencies) -> Response:
    """List the tenant's webhooks."""
    found = deps.webhooks.all(request.caller().tenant)
    listed: responses.WebhookList = {"data": [_webhook(webhook) for webhook in found]}
    return json_response(listed)


def create_webhook(request: Request, deps: Dependencies) -> Response:
    """Make a webhook; its secret is shown in this answer and never again."""
    from studio.api.webhooks.requests import WebhookBody
    from studio.services.orders.reading import read

    body, caller = read(WebhookBody, read_body(request).text), request.caller()
    webhook, secret = _service(deps).create(
        caller.tenant, body.url, body.events, body.secret, caller.email
    )
    headers = {"Location": f"/v1/webhooks/{webhook.webhook_id}"}
    return json_response(_with_secret(webhook, secret), status=201, headers=headers)


def get_webhook(request: Request, deps: Dependencies) -> Response:
    """Give one webhook, without its secret."""
    return json_response(_webhook(deps.webhooks.get(request.caller().tenant, _webhook_id(request))))


def change_webhook(request: Request, deps: Dependencies) -> Response:
    """Change a webhook; switched on again, it is sent new events."""
    from studio.api.webhooks.requests import WebhookChangeBody
    from studio.services.orders.reading import read

    body = read(WebhookChangeBody, read_body(request).text)
    webhook = deps.webhooks.get(request.caller().tenant, _webhook_id(request))
    require_match(request, _webhook(webhook))
    changed = _service(deps).change(webhook, url=body.url, events=body.events, active=body.active)
    return json_response(_webhook(changed))


def delete_webhook(request: Request, deps: Dependencies) -> Response:
    """Take a webhook away."""
    webhook = deps.webhooks.get(request.caller().tenant, _webhook_id(request))
    require_match(request, _webhook(webhook))
    _service(deps).delete(webhook)
    return Response(204)


def rotate_secret(request: Request, deps: Dependencies) -> Response:
    """Give a new secret; for a day everything is signed with the old one too."""
    tenant, webhook_id = request.caller().tenant, _webhook_id(request)
    secret = _service(deps).rotate_secret(tenant, webhook_id)
    return json_response(_with_secret(deps.webhooks.get(tenant, webhook_id), secret))


def test_webhook(request: Request, deps: Dependencies) -> Response:
    """Send a ``webhook.test`` event."""
    delivery = _service(deps).test(request.caller().tenant, _webhook_id(request))
    return json_response(_delivery(delivery), status=202)


def list_deliveries(request: Request, deps: Dependencies) -> Response:
    """List what was sent to a webhook, newest first; kept for 30 days."""
    page = page_of(request, deps)
    tenant, webhook_id = request.caller().tenant, _webhook_id(request)
    deps.webhooks.get(tenant, webhook_id)
    found = deps.webhooks.deliveries(tenant, webhook_id, page.limit, page.after)
    listed: responses.DeliveryList = {
        "data": [_delivery(delivery) for delivery in found.deliveries],
        "page": next_page(request, deps, page, found.next_after),
    }
    return page_response(request, listed)


def redeliver(request: Request, deps: Dependencies) -> Response:
    """Send a delivery again that is done or dead."""
    delivery_id = request.params["delivery_id"]
    if not is_id("dlv", delivery_id):
        raise NotFoundError("no such delivery")
    delivery = _service(deps).redeliver(request.caller().tenant, _webhook_id(request), delivery_id)
    return json_response(_delivery(delivery), status=202)


def _service(deps: Dependencies) -> "ManageWebhooks":
    from studio.services.webhooks.manage_webhooks import ManageWebhooks

    return ManageWebhooks(
        deps.webhooks,
        deps.webhook_secrets,
        deps.delivery_queue,
        wiring.web_client(deps.settings),
        deps.now,
    )


def _webhook_id(request: Request) -> str:
    webhook_id = request.params["webhook_id"]
    if not is_id("whk", webhook_id):
        raise NotFoundError("no such webhook")
    return webhook_id


def _webhook(value: Webhook) -> "responses.Webhook":
    return {
        "id": value.webhook_id,
        "url": value.url,
        "events": list(value.events),
        "active": value.active,
        "disabled_reason": value.disabled_reason,
        "disabled_at": rfc3339(value.disabled_at) if value.disabled_at else None,
        "created_at": rfc3339(value.created_at),
    }


def _with_secret(value: Webhook, secret: str) -> "responses.WebhookWithSecret":
    return {**_webhook(value), "secret": secret}


def _delivery(value: Delivery) -> "responses.Delivery":
    return {
        "id": value.delivery_id,
        "webhook_id": value.webhook_id,
        "event_id": value.event_id,
        "event_type": value.event_type,
        "status": value.status,
        "due_at": rfc3339(value.due_at) if value.status == "waiting" else None,
        "attempts": [_attempt(attempt) for attempt in value.attempts],
        "body": value.body,
        "created_at": rfc3339(value.created_at),
    }


def _attempt(value: Attempt) -> "responses.Attempt":
    return {
        "at": rfc3339(value.at),
        "ms": value.milliseconds,
        "status": value.status,
        "answer": value.answer,
        "error": value.error,
        "failure": value.failure,
    }


_WEBHOOK = "/v1/webhooks/{webhook_id}"
_DELIVERIES = f"{_WEBHOOK}/deliveries"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/webhooks", list_webhooks, "List the webhooks", "WebhookList", role="viewer"),
    Route(
        "POST",
        "/v1/webhooks",
        create_webhook,
        "Add a webhook",
        "WebhookWithSecret",
        body="WebhookBody",
        status=201,
        secret=True,
        role="manager",
    ),
    Route("GET", _WEBHOOK, get_webhook, "Return a webhook", "Webhook", role="viewer"),
    Route(
        "PATCH",
        _WEBHOOK,
        change_webhook,
        "Change, enable or disable a webhook",
        "Webhook",
        body="WebhookChangeBody",
        guarded=True,
        role="manager",
    ),
    Route(
        "DELETE",
        _WEBHOOK,
        delete_webhook,
        "Delete a webhook",
        None,
        status=204,
        guarded=True,
        role="manager",
    ),
    Route(
        "POST",
        f"{_WEBHOOK}/rotate-secret",
        rotate_secret,
        "Make a new secret; the old one stays valid for a day",
        "WebhookWithSecret",
        secret=True,
        role="manager",
    ),
    Route(
        "POST",
        f"{_WEBHOOK}/test",
        test_webhook,
        "Send a test event",
        "Delivery",
        status=202,
        role="manager",
    ),
    Route(
        "GET",
        _DELIVERIES,
        list_deliveries,
        "List the deliveries of a webhook, newest first",
        "DeliveryList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "POST",
        f"{_DELIVERIES}/{{delivery_id}}/redeliver",
        redeliver,
        "Send a delivery again",
        "Delivery",
        status=202,
        role="manager",
    ),
)
