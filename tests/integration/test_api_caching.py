"""What may be kept of an answer, by whom, and how a caller asks whether it is still current."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.api import handler
from studio.money import Cost
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.finished_jobs import Work
from tests.support.mock_aws.routes import BODIES, ORDER

JOB = "job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"


@pytest.mark.parametrize("path", ["/health", "/v1/me", "/v1/jobs", "/v1/operations"])
def test_a_head_answers_like_a_get_without_a_body(api: Api, path: str) -> None:
    read, head = api.get(path), api.request("HEAD", path)
    assert head.status == 200
    assert head.text == ""
    assert head.headers == read.headers
    held = {"if-none-match": read.headers["etag"]}
    assert api.request("HEAD", path, headers=held).status == 304


def test_a_head_of_nothing_is_a_problem_without_a_body(api: Api) -> None:
    for path, status in [(f"/v1/jobs/{JOB}", 404), ("/nowhere", 404), ("/v1/estimates", 405)]:
        answer = api.request("HEAD", path)
        assert (answer.status, answer.text) == (status, "")
    assert answer.headers["allow"] == "POST"


def test_an_answer_is_kept_by_its_caller_only_who_asks_each_time(api: Api) -> None:
    assert api.get("/v1/jobs").headers["cache-control"] == "private, no-cache"
    assert api.post("/v1/jobs", ORDER).headers["cache-control"] == "private, no-cache"
    assert api.get(f"/v1/jobs/{JOB}").headers["cache-control"] == "private, no-cache"
    held = {"if-none-match": api.get("/v1/jobs").headers["etag"]}
    assert api.get("/v1/jobs", headers=held).headers["cache-control"] == "private, no-cache"


def test_an_answer_with_a_secret_is_kept_nowhere(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_HOSTS", "localhost")
    made = api.post("/v1/webhooks", BODIES["/v1/webhooks"])
    assert made.headers["cache-control"] == "no-store"
    path = f"/v1/webhooks/{made.document['id']}"
    assert api.post(f"{path}/rotate-secret").headers["cache-control"] == "no-store"
    assert api.get(path).headers["cache-control"] == "private, no-cache"
    form = api.post("/v1/uploads", BODIES["/v1/uploads"])
    assert form.headers["cache-control"] == "no-store"


def test_signed_urls_change_no_etag_for_minutes(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = api.post("/v1/jobs", ORDER).document["id"]
    work = Work(job_id)
    work.start()
    work.make(1, Cost(50_000, "reported"))
    start = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)

    def tag(seconds: int, secret: str) -> tuple[str, str]:
        """Ask another function some seconds later."""
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
        handler.build.cache_clear()
        handler.build().deps.now = lambda: start + timedelta(seconds=seconds)
        answer = api.get(f"/v1/jobs/{job_id}/items")
        return answer.headers["etag"], answer.text

    first, text = tag(0, "testing")
    assert first.startswith('W/"')
    assert tag(299, "testing") == (first, text)
    again, other_text = tag(10, "rotated")
    assert again == first
    assert other_text != text
    assert tag(300, "testing")[0] != first
    held = {"if-none-match": tag(1, "testing")[0]}
    assert api.get(f"/v1/jobs/{job_id}/items", headers=held).status == 304
