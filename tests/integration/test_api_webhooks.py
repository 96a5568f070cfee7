"""Webhooks over the API: made, changed, tried out, and their log."""

import json
from typing import Any

import pytest

from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.adapters.webhook_secrets import CACHED_SECONDS, SsmWebhookSecrets
from studio.clock import utc_now
from studio.domain.webhooks.model import OVERDUE, Attempt
from studio.domain.webhooks.signature import SigningSecret, new_secret
from studio.errors import NotFoundError
from tests.support.mock_aws.api_client import Api, ApiResponse, stored
from tests.support.mock_aws.environment import environment
from tests.support.mock_aws.stack import CATALOG, clients, queue_url

URL = "http://localhost:8000/hook"
BODY = {"url": URL, "events": ["job.*", "batch.failed"]}


@pytest.fixture(autouse=True)
def trusted(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of our own that may be called."""
    monkeypatch.setenv("TRUSTED_HOSTS", "hooks.internal, localhost")


def make(api: Api, **changes: object) -> ApiResponse:
    return api.post("/v1/webhooks", {**BODY, **changes}, key=None)


def path_of(answer: ApiResponse) -> str:
    return f"/v1/webhooks/{answer.document['id']}"


def secret_of(webhook_id: object) -> SigningSecret:
    path = environment("ApiFunction")["WEBHOOK_SECRETS_PATH"]
    return SsmWebhookSecrets(clients().ssm, path).get("acme", str(webhook_id))


def queued() -> list[dict[str, Any]]:
    found = clients().sqs.receive_message(
        QueueUrl=queue_url("DeliveryQueue"), MaxNumberOfMessages=10
    )
    return [json.loads(message["Body"]) for message in found.get("Messages", [])]


def test_a_webhook_shows_its_secret_once(api: Api) -> None:
    made = make(api)
    assert made.status == 201
    assert made.headers["location"] == path_of(made)
    secret = made.document["secret"]
    assert secret_of(made.document["id"]) == SigningSecret(secret)
    for answer in (api.get(path_of(made)), api.get("/v1/webhooks")):
        assert secret not in answer.text
    assert secret not in json.dumps(stored())
    shown = {name: value for name, value in made.document.items() if name != "secret"}
    assert api.get(path_of(made)).document == shown
    assert (shown["url"], shown["events"], shown["active"]) == (URL, BODY["events"], True)


def test_a_secret_may_be_the_callers_own(api: Api) -> None:
    secret = new_secret()
    made = make(api, secret=secret)
    assert secret_of(made.document["id"]).current == made.document["secret"] == secret


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": "http://example.org/"}, "/url"),
        ({"url": "https://127.0.0.1/"}, "/url"),
        ({"url": "https://169.254.169.254/latest"}, "/url"),
        ({"url": "https://me@localhost/"}, "/url"),
        ({"url": "https://no-such-name.invalid/"}, "/url"),
        ({"url": "nowhere"}, "/url"),
        ({"url": None}, "/url"),
        ({"events": []}, "/events"),
        ({"events": ["job.started"]}, "/events/0"),
        ({"events": ["*"]}, "/events/0"),
        ({"events": ["upload.*", "upload.quarantined", "upload.failed"]}, "/events/2"),
        ({"secret": "my secret"}, "/secret"),
        ({"secret": "whsec_YQ=="}, "/secret"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_webhook_that_could_not_work_is_not_made(
    api: Api, changes: dict[str, object], pointer: str
) -> None:
    answer = make(api, **changes)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert stored() == {}


def test_an_account_has_at_most_twenty(api: Api) -> None:
    for _ in range(20):
        assert make(api).status == 201
    assert make(api).code == "state-conflict"
    assert len(api.get("/v1/webhooks").document["data"]) == 20


def test_a_webhook_is_changed_by_who_has_read_it(api: Api) -> None:
    made = make(api)
    path, read = path_of(made), api.get(path_of(made))
    tag = {"if-match": read.headers["etag"]}
    changed = api.request("PATCH", path, body={"events": ["job.failed"]}, headers=tag)
    assert (changed.document["url"], changed.document["events"]) == (URL, ["job.failed"])
    for method, body in (("PATCH", {"active": False}), ("DELETE", None)):
        assert api.request(method, path, body=body).code == "precondition-required"
        assert api.request(method, path, body=body, headers=tag).code == "precondition-failed"
    wrong = api.request("PATCH", path, body={"url": "https://10.0.0.1/"}, headers={"if-match": "*"})
    assert wrong.pointers == ["/url"]
    assert api.get(path).document == changed.document


def test_a_webhook_that_was_switched_off_is_switched_on_again(api: Api) -> None:
    made = make(api)
    hooks = DynamoWebhookStore(clients().dynamodb, CATALOG)
    hooks.switch_off(hooks.get("acme", str(made.document["id"])), "410", utc_now())
    hooks.count_dead(hooks.get("acme", str(made.document["id"])))
    off = api.get(path_of(made)).document
    assert off["disabled_at"] is not None
    assert api.get("/v1/webhooks").document["data"] == [off]
    assert (off["active"], off["disabled_reason"]) == (False, "410")
    assert api.post(f"{path_of(made)}/test").code == "state-conflict"
    on = api.request("PATCH", path_of(made), body={"active": True}, headers={"if-match": "*"})
    assert (on.document["active"], on.document["disabled_reason"]) == (True, None)
    assert on.document["disabled_at"] is None
    assert hooks.get("acme", str(made.document["id"])).dead_in_a_row == 0


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ({"events": ["job.*"]}, 1),
        ({"url": URL}, 1),
        ({"url": f"{URL}/b"}, 0),
        ({"active": False}, 1),
    ],
)
def test_another_address_begins_the_count_of_dead_deliveries_again(
    api: Api, body: dict[str, object], left: int
) -> None:
    made = make(api)
    hooks = DynamoWebhookStore(clients().dynamodb, CATALOG)
    hooks.count_dead(hooks.get("acme", str(made.document["id"])))
    assert api.request("PATCH", path_of(made), body=body, headers={"if-match": "*"}).status == 200
    assert hooks.get("acme", str(made.document["id"])).dead_in_a_row == left


def test_a_webhook_is_taken_away_with_its_secret(api: Api) -> None:
    made = make(api)
    assert api.request("DELETE", path_of(made), headers={"if-match": "*"}).status == 204
    assert api.get(path_of(made)).status == 404
    names = [one["Name"] for one in clients().ssm.describe_parameters()["Parameters"]]
    assert not [name for name in names if "/webhooks/" in name]


def test_a_new_secret_leaves_the_old_one_a_day(api: Api) -> None:
    made = make(api)
    rotated = api.post(f"{path_of(made)}/rotate-secret", key=None)
    held = secret_of(made.document["id"])
    assert held.current == rotated.document["secret"] != made.document["secret"]
    assert held.previous == made.document["secret"]
    assert list(held.valid(utc_now())) == [held.current, held.previous]


def test_a_secret_is_read_once_a_minute(api: Api) -> None:
    webhook_id = str(make(api).document["id"])
    seconds = [0.0]
    path = environment("ApiFunction")["WEBHOOK_SECRETS_PATH"]
    kept = SsmWebhookSecrets(clients().ssm, path, CACHED_SECONDS, lambda: seconds[0])
    first = kept.get("acme", webhook_id)
    new = api.post(f"/v1/webhooks/{webhook_id}/rotate-secret", key=None).document["secret"]
    seconds[0] = 59.9
    assert kept.get("acme", webhook_id) == first
    seconds[0] = 60
    assert kept.get("acme", webhook_id).current == new
    with pytest.raises(NotFoundError):
        kept.get("rival", webhook_id)


def test_a_webhook_is_tried_out_and_its_log_read(api: Api) -> None:
    made = make(api)
    tried = api.post(f"{path_of(made)}/test", key=None)
    assert tried.status == 202
    (message,) = queued()
    assert message["delivery_id"] == tried.document["id"]
    body = json.loads(tried.document["body"])
    assert (body["type"], body["data"]) == ("webhook.test", {"webhook_id": made.document["id"]})
    log = api.get(f"{path_of(made)}/deliveries").document
    assert log["data"] == [tried.document]
    again = api.post(f"{path_of(made)}/deliveries/{tried.document['id']}/redeliver", key=None)
    assert again.code == "state-conflict"


def test_a_message_is_in_the_group_of_its_tenant(api: Api) -> None:
    api.post(f"{path_of(make(api))}/test", key=None)
    found = clients().sqs.receive_message(
        QueueUrl=queue_url("DeliveryQueue"), MessageSystemAttributeNames=["MessageGroupId"]
    )
    (message,) = found["Messages"]
    assert message["Attributes"]["MessageGroupId"] == "acme"


def test_a_delivery_that_ended_is_sent_again(api: Api) -> None:
    made = make(api)
    delivery_id = str(api.post(f"{path_of(made)}/test", key=None).document["id"])
    queued()
    hooks = DynamoWebhookStore(clients().dynamodb, CATALOG)
    delivery = hooks.delivery("acme", str(made.document["id"]), delivery_id)
    hooks.record(delivery, "dead", Attempt(utc_now(), 5, 500, "broken"), utc_now())
    again = api.post(f"{path_of(made)}/deliveries/{delivery_id}/redeliver", key=None)
    assert (again.status, again.document["status"]) == (202, "waiting")
    assert [attempt["answer"] for attempt in again.document["attempts"]] == ["broken"]
    (message,) = queued()
    assert (message["delivery_id"], message["tries"]) == (delivery_id, 0)


def test_a_delivery_that_was_lost_on_its_way_is_sent_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(api)
    tried = api.post(f"{path_of(made)}/test", key=None).document
    queued()
    hooks = DynamoWebhookStore(clients().dynamodb, CATALOG)
    delivery = hooks.delivery("acme", str(made.document["id"]), str(tried["id"]))
    assert hooks.reopen(delivery, utc_now() - OVERDUE)
    again = api.post(f"{path_of(made)}/deliveries/{tried['id']}/redeliver", key=None)
    assert (again.status, len(queued())) == (202, 1)
