"""Bad input through the deployed API: the field named, nothing stored, nothing charged."""

from typing import Any

import httpx
import pytest

from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import Stack
from tests.support.mock_aws.bad_jobs import FIELDS

# The first row of each problem code; the handler's own tests go through all rows.
ROWS = list({row[2]: row for row in reversed(FIELDS)}.values())


@pytest.fixture(scope="module")
def careless(stack: Stack, http: httpx.Client) -> Caller:
    """A user of a tenant that never gets anything right."""
    return Caller(http, sign_in(stack, "careless", "careless"))


def nothing_happened(careless: Caller) -> bool:
    return not careless.get("/v1/jobs").json()["data"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [row[1:] for row in ROWS],
    ids=[row[0].replace(" ", "-") for row in ROWS],
)
def test_a_wrong_field_is_named(
    careless: Caller, body: dict[str, Any], code: str, pointer: str
) -> None:
    answer = careless.post("/v1/jobs", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert pointer in {field["pointer"] for field in problem["errors"]}
    assert nothing_happened(careless)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"nonsense", b"\xff\xfe"])
def test_what_is_not_a_json_object_is_malformed(careless: Caller, text: bytes) -> None:
    headers = {
        "authorization": f"Bearer {careless.token}",
        "content-type": "application/json",
        "idempotency-key": "malformed",
    }
    answer = careless.http.post("/v1/jobs", content=text, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-request")
    assert nothing_happened(careless)


def test_a_missing_key_is_asked_for(careless: Caller) -> None:
    body = {"operation": "generate", "prompt": "no key"}
    answer = careless.post("/v1/jobs", body, headers={"idempotency-key": ""})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-required")
    assert nothing_happened(careless)


def test_a_cursor_that_was_tampered_with_is_refused(acme: Caller) -> None:
    for _ in range(2):
        acme.create(prompt="two pages", size="64x64")
    cursor = acme.get("/v1/jobs", params={"limit": 1}).json()["page"]["next_cursor"]
    spoilt = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    answer = acme.get("/v1/jobs", params={"limit": 1, "cursor": spoilt})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
    assert acme.get("/v1/jobs", params={"limit": 1, "cursor": cursor}).status_code == 200
