"""Idempotency-Key: one intent is one job, however often it is sent."""

import pytest

from studio.adapters import clients
from tests.support.mock_aws.api_client import Api, executions, stored
from tests.support.mock_aws.finished_jobs import Work

BODY = {"operation": "generate", "prompt": "A paper boat on a pond", "variations": 2}
CONFLICT = [{"Code": "TransactionConflict"}, {"Code": "None"}]


def test_a_repeat_gets_the_first_answer_and_starts_nothing(api: Api) -> None:
    first = api.post("/v1/jobs", BODY, key="one")
    rows = stored()
    again = api.post("/v1/jobs", BODY, key="one")
    assert (again.status, again.text) == (202, first.text)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert stored() == rows
    assert executions() == [first.document["id"]]
    assert api.calls == ["TransactWriteItems", "GetItem", "StartExecution"]


def test_a_repeat_is_known_by_its_meaning_and_not_by_its_spelling(api: Api) -> None:
    first = api.post("/v1/jobs", text='{"operation":"generate","prompt":"a","seed":1}')
    again = api.post("/v1/jobs", text='{"seed": 1, "prompt": "\\u0061", "operation": "generate"}')
    assert again.text == first.text
    assert again.headers["idempotency-replayed"] == "true"


def test_a_repeat_after_the_job_moved_still_gets_the_first_answer(api: Api) -> None:
    first = api.post("/v1/jobs", BODY)
    Work(first.document["id"]).start()
    Work(first.document["id"]).finish()
    assert api.post("/v1/jobs", BODY).text == first.text


def test_a_repeat_starts_what_the_first_request_did_not(api: Api) -> None:
    api.fail(clients.step_functions(), "StartExecution", "ServiceUnavailable", times=1)
    first = api.post("/v1/jobs", BODY)
    assert (first.status, executions()) == (202, [])
    again = api.post("/v1/jobs", BODY)
    assert (again.status, again.text) == (202, first.text)
    assert executions() == [first.document["id"]]


def test_a_repeated_redrive_starts_the_run_that_the_first_did_not(api: Api) -> None:
    job_id = api.post("/v1/jobs", BODY, key="one").document["id"]
    work = Work(job_id)
    work.start()
    work.finish()
    path = f"/v1/jobs/{job_id}/redrive"
    api.fail(clients.step_functions(), "StartExecution", "ServiceUnavailable", times=1)
    first = api.post(path, {}, key="two")
    assert (first.status, executions()) == (202, [job_id])
    assert api.post(path, {}, key="two").text == first.text
    assert sorted(executions()) == [job_id, f"{job_id}-run2"]


def test_a_repeat_of_a_job_that_runs_starts_nothing(api: Api) -> None:
    job_id = api.post("/v1/jobs", BODY).document["id"]
    Work(job_id).start()
    api.post("/v1/jobs", BODY)
    assert "StartExecution" not in api.calls


def test_the_same_key_for_another_body_is_refused(api: Api) -> None:
    api.post("/v1/jobs", BODY)
    rows = stored()
    other = api.post("/v1/jobs", BODY | {"variations": 3})
    assert (other.status, other.code) == (422, "idempotency-key-reused")
    assert stored() == rows
    assert len(executions()) == 1


def test_the_same_key_of_another_user_or_tenant_is_another_key(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOW_PERSONAL_TENANTS", "true")
    users = [
        {"sub": "ann", "custom:tenant": "acme"},
        {"sub": "bob", "custom:tenant": "acme"},
        {"sub": "ann", "custom:tenant": "rival"},
        {"sub": "ann"},
    ]
    answers = [api.post("/v1/jobs", BODY, claims=claims) for claims in users]
    assert [answer.status for answer in answers] == [202] * 4
    assert len({answer.document["id"] for answer in answers}) == 4


def test_a_repeat_while_the_first_request_is_under_way_gets_its_answer(api: Api) -> None:
    """The key's row is in use at first; the request is tried again until the answer is there."""
    first = api.post("/v1/jobs", BODY)
    api.fail(
        clients.dynamodb(),
        "TransactWriteItems",
        "TransactionCanceledException",
        times=3,
        CancellationReasons=CONFLICT,
    )
    again = api.post("/v1/jobs", BODY)
    assert (again.status, again.text) == (202, first.text)
    assert again.headers["idempotency-replayed"] == "true"
    assert api.calls == ["TransactWriteItems"] * 4 + ["GetItem", "StartExecution"]
    assert len(executions()) == 1


def test_a_refused_request_does_not_use_up_its_key(api: Api) -> None:
    assert api.post("/v1/jobs", BODY | {"variations": 0}).status == 422
    assert api.post("/v1/jobs", BODY).status == 202


@pytest.fixture
def half_failed(api: Api) -> str:
    """A job of three images: one refused, one cancelled, one refused."""
    job_id = str(api.post("/v1/jobs", BODY | {"variations": 3}, key="job").document["id"])
    work = Work(job_id)
    work.start()
    work.refuse(1)
    work.refuse(3)
    api.post(f"/v1/jobs/{job_id}/cancel", key=None)
    work.finish()
    return job_id


@pytest.mark.parametrize(
    ("body", "queued"),
    [
        (None, [1, 3]),
        ({}, [1, 3]),
        ({"only": "failed"}, [1, 3]),
        ({"only": "cancelled"}, [2]),
        ({"items": [2, 3]}, [2, 3]),
    ],
)
def test_redrive_runs_what_was_chosen(
    api: Api, half_failed: str, body: dict[str, object] | None, queued: list[int]
) -> None:
    path = f"/v1/jobs/{half_failed}"
    answer = api.post(f"{path}/redrive", body, key="again")
    assert (answer.status, answer.document["run"]) == (202, 2)
    assert answer.document["status"] == "queued"
    assert answer.headers["location"] == path
    items = api.get(f"{path}/items").document["data"]
    assert [item["item"] for item in items if item["status"] == "queued"] == queued
    assert executions().count(f"{half_failed}-run2") == 1
    replayed = api.post(f"{path}/redrive", body, key="again")
    assert (replayed.status, replayed.text) == (202, answer.text)
    assert replayed.headers["idempotency-replayed"] == "true"
    assert replayed.headers["location"] == path
    assert len(executions()) == 2


def test_redrive_needs_its_key_and_refuses_another_body_under_it(
    api: Api, half_failed: str
) -> None:
    path = f"/v1/jobs/{half_failed}/redrive"
    missing = api.post(path, {}, key=None)
    assert (missing.status, missing.code) == (400, "idempotency-key-required")
    assert api.post(path, {}, key="again").status == 202
    other = api.post(path, {"only": "cancelled"}, key="again")
    assert (other.status, other.code) == (422, "idempotency-key-reused")


def test_redrive_of_what_cannot_be_run_again_is_refused(api: Api, half_failed: str) -> None:
    path = f"/v1/jobs/{half_failed}/redrive"
    nothing = api.post(path, {"only": "unknown"}, key="a")
    assert (nothing.status, nothing.code) == (409, "state-conflict")
    absent = api.post(path, {"items": [4]}, key="b")
    assert (absent.status, absent.pointers) == (422, ["/items"])
    assert api.post(path, {}, key="c").status == 202
    running = api.post(path, {}, key="d")
    assert (running.status, running.code) == (409, "state-conflict")


def test_the_same_key_serves_another_jobs_redrive(api: Api, half_failed: str) -> None:
    other = api.post("/v1/jobs", BODY, key="other").document["id"]
    Work(other).finish()
    for job_id in (half_failed, other):
        answer = api.post(f"/v1/jobs/{job_id}/redrive", {}, key="again")
        assert (answer.status, answer.document["id"]) == (202, job_id)
