"""What ended is told: webhooks with every kind of receiver, and mail, on the deployed stack."""

import gzip
import hmac
import json
import threading
import time
import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from typing import Any

import httpx
import pytest

from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack
from tests.support.stand_ins.web_server import Received, ScriptedResponse, WebServer, web_server

JOB = {"prompt": "a red bicycle", "size": "64x64"}


@pytest.fixture
def receiver() -> Iterator[WebServer]:
    with web_server(lambda _: ScriptedResponse(204)) as running:
        yield running


@pytest.fixture
def hook(acme: Caller, receiver: WebServer) -> Iterator[dict[str, Any]]:
    made = acme.post("/v1/webhooks", {"url": receiver.url("/hook"), "events": ["job.*"]})
    assert made.status_code == 201, made.text
    yield made.json()
    acme.delete(f"/v1/webhooks/{made.json()['id']}", headers={"if-match": "*"})


def until(condition: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
    return found


def deliveries(caller: Caller, hook: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["data"]
    return found


def tried(caller: Caller, hook: dict[str, Any], delivery_id: str, times: int) -> dict[str, Any]:
    """Wait until a delivery was tried so often, and return it."""

    def found() -> dict[str, Any] | None:
        (row,) = (row for row in deliveries(caller, hook) if row["id"] == delivery_id)
        return row if len(row["attempts"]) >= times else None

    row: dict[str, Any] = until(found)
    return row


def _answer_with(answer: ScriptedResponse, _: Received) -> ScriptedResponse:
    return answer


def signature(secret: str, got: Received) -> str:
    """Sign what was received as the standard says, without our own code."""
    key = b64decode(secret.removeprefix("whsec_"))
    content = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode()
    return b64encode(hmac.new(key, content + got.body, sha256).digest()).decode()


def _told(receiver: WebServer, job_id: str) -> list[Received]:
    return [one for one in receiver.received if job_id.encode() in one.body]


def _deliveries_of(caller: Caller, hook: dict[str, Any], event_id: str) -> list[dict[str, Any]]:
    return [one for one in deliveries(caller, hook) if one["event_id"] == event_id]


def test_a_finished_job_is_told_once_and_signed(
    stack: Stack, acme: Caller, receiver: WebServer, hook: dict[str, Any]
) -> None:
    job = acme.finish(acme.create(**JOB, name="told")["id"])
    # Jobs of tests before this one may end meanwhile.
    told = partial(_told, receiver, job["id"])
    (got,) = until(told)
    assert got.headers["webhook-signature"] == f"v1,{signature(hook['secret'], got)}"
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 60
    body = json.loads(got.body)
    assert body["type"] == "job.succeeded"
    assert (body["data"]["job_id"], body["data"]["name"]) == (job["id"], "told")
    assert body["data"]["cost"] == job["cost"]["amount"]
    assert body["id"] == got.headers["webhook-id"]
    sent = partial(_deliveries_of, acme, hook, body["id"])
    (delivery,) = sent()
    tried(acme, hook, delivery["id"], 1)

    detail = {**body["data"], "id": body["id"], "account_id": body["account_id"]}
    repeated = {"detail-type": body["type"], "detail": detail}
    assert stack.invoke("NotifyFunction", repeated) == {"webhooks": 1}
    until(lambda: sent()[0]["status"] == "delivered")
    assert len(sent()) == 1
    assert len(told()) == 1


def test_a_receiver_that_is_down_gets_it_when_it_is_up_again(
    acme: Caller, receiver: WebServer, hook: dict[str, Any]
) -> None:
    receiver.script = lambda _: ScriptedResponse(503, b"down for repair")
    delivery = acme.post(f"/v1/webhooks/{hook['id']}/test").json()
    first = tried(acme, hook, delivery["id"], 1)
    assert (first["status"], first["attempts"][0]["answer"]) == ("waiting", "down for repair")
    receiver.script = lambda _: ScriptedResponse(200)
    second = tried(acme, hook, delivery["id"], 2)
    assert second["status"] == "delivered"
    assert [attempt["status"] for attempt in second["attempts"]] == [503, 200]
    ids = {got.headers["webhook-id"] for got in receiver.received}
    assert ids == {delivery["event_id"]}


def test_the_status_of_a_receiver_counts_whatever_becomes_of_its_body(
    acme: Caller, receiver: WebServer, hook: dict[str, Any]
) -> None:
    packed = {"Content-Encoding": "gzip"}
    short = {"Connection": "close"}
    answers = [
        (ScriptedResponse(503, gzip.compress(b"down"), packed), "waiting"),
        (ScriptedResponse(503, b"down", packed), "waiting"),
        (ScriptedResponse(200, b"thank", short, length=500), "delivered"),
        (ScriptedResponse(200, gzip.compress(b"thanks"), packed), "delivered"),
        (ScriptedResponse(410, b"gone", packed), "dead"),
    ]
    for answer, status in answers:
        receiver.script = partial(_answer_with, answer)
        delivery = acme.post(f"/v1/webhooks/{hook['id']}/test").json()
        found = tried(acme, hook, delivery["id"], 1)
        assert (found["attempts"][0]["status"], found["status"]) == (answer.status, status)
    assert not acme.get(f"/v1/webhooks/{hook['id']}").json()["active"]


def test_a_receiver_that_is_gone_is_switched_off(
    acme: Caller, receiver: WebServer, hook: dict[str, Any]
) -> None:
    receiver.script = lambda _: ScriptedResponse(410)
    delivery = acme.post(f"/v1/webhooks/{hook['id']}/test").json()
    assert tried(acme, hook, delivery["id"], 1)["status"] == "dead"
    off = acme.get(f"/v1/webhooks/{hook['id']}").json()
    assert (off["active"], off["disabled_reason"]) == (False, "the receiver answered 410 Gone")
    acme.finish(acme.create(**JOB)["id"])
    path = f"/v1/webhooks/{hook['id']}"
    on = acme.patch(path, {"active": True}, headers={"if-match": "*"})
    assert on.json()["active"]
    receiver.script = lambda _: ScriptedResponse(200)
    again = acme.post(f"{path}/deliveries/{delivery['id']}/redeliver")
    assert again.status_code == 202
    assert tried(acme, hook, delivery["id"], 2)["status"] == "delivered"
    # The event of the job may arrive after the webhook is on again.
    types = [json.loads(got.body)["type"] for got in receiver.received]
    assert types.count("webhook.test") == 2


def test_a_redirect_is_not_followed_anywhere(
    acme: Caller, receiver: WebServer, hook: dict[str, Any]
) -> None:
    target = receiver.url("/inside", "127.0.0.1")
    receiver.script = lambda _: ScriptedResponse(307, headers={"Location": target})
    delivery = acme.post(f"/v1/webhooks/{hook['id']}/test").json()
    found = tried(acme, hook, delivery["id"], 1)
    assert (found["status"], found["attempts"][0]["status"]) == ("waiting", 307)
    assert {got.path for got in receiver.received} == {"/hook"}


def test_a_receiver_that_does_not_answer_is_given_up_in_time(
    acme: Caller, receiver: WebServer, hook: dict[str, Any]
) -> None:
    hold = threading.Event()
    receiver.script = lambda _: ScriptedResponse(hold=hold)
    try:
        delivery = acme.post(f"/v1/webhooks/{hook['id']}/test").json()
        found = tried(acme, hook, delivery["id"], 1)
    finally:
        hold.set()
    assert found["status"] == "waiting"
    attempt = found["attempts"][0]
    assert attempt["error"] == "localhost does not answer in time"
    assert attempt["failure"] == "timeout"


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://10.0.0.1/", "https://[::1]/"])
def test_an_address_inside_cannot_be_registered(acme: Caller, url: str) -> None:
    refused = acme.post("/v1/webhooks", {"url": url, "events": ["job.*"]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/url"


def test_another_tenants_webhook_does_not_exist(
    acme: Caller, other: Caller, hook: dict[str, Any], receiver: WebServer
) -> None:
    path = f"/v1/webhooks/{hook['id']}"
    for answer in (
        other.get(path),
        other.get(f"{path}/deliveries"),
        other.post(f"{path}/test"),
        other.post(f"{path}/rotate-secret"),
        other.delete(path, headers={"if-match": "*"}),
    ):
        assert answer.status_code == 404
    other.finish(other.create(**JOB)["id"])
    acme.finish(acme.create(**JOB)["id"])
    until(lambda: receiver.received)
    accounts = {json.loads(got.body)["account_id"] for got in receiver.received}
    assert accounts == {"acme"}


def test_who_asked_for_a_mail_gets_one(stack: Stack, acme: Caller) -> None:
    stack.client("sesv2").create_email_identity(EmailIdentity="studio@example.org")
    address = f"ann+{uuid.uuid4().hex}@example.org"
    job = acme.finish(acme.create(**JOB, name="to be told", notify={"email": address})["id"])

    def mails() -> list[dict[str, Any]]:
        found = httpx.get(f"{stack.endpoint}/_ministack/ses/messages", trust_env=False).json()
        sent = [mail for account in found["messages"].values() for mail in account]
        return [mail for mail in sent if address in mail["To"]]

    (mail,) = until(mails)
    assert mail["Source"] == "studio@example.org"
    assert mail["Subject"] == "Job succeeded: to be told"
    assert f"Id: {job['id']}" in mail["BodyText"]
