import uuid

import pytest

from studio_cli.client import StudioClient
from studio_cli.errors import ApiError, CliError, SignedOutError
from tests.support.cli import samples
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem

JOB = "/v1/jobs/job_1"
BODY = {"operation": "generate", "prompt": "a boat"}


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(api: StandIn, waits: list[float]) -> StudioClient:
    return StudioClient(api.url, lambda: "id-token", use_proxies=False, sleep=waits.append)


def test_a_problem_is_shown_with_title_detail_and_every_field(
    api: StandIn, client: StudioClient
) -> None:
    fields = [
        {"pointer": "/prompt", "code": "missing", "detail": "must not be empty"},
        {"pointer": "/variations", "code": "range", "detail": "must be 1 to 10"},
    ]
    api.on(
        "POST",
        "/v1/jobs",
        problem(422, "validation-failed", "Not valid", detail="2 fields are wrong", errors=fields),
    )
    with client, pytest.raises(ApiError) as caught:
        client.create_job(BODY)
    assert caught.value.message.splitlines() == [
        "Not valid: 2 fields are wrong",
        "  /prompt: must not be empty",
        "  /variations: must be 1 to 10",
    ]
    assert (caught.value.status, caught.value.code) == (422, "validation-failed")


def test_an_error_page_that_is_no_problem_document_still_names_the_status(
    api: StandIn, client: StudioClient
) -> None:
    api.on(
        "GET", JOB, ScriptedResponse(status=500, body=b"<html>oops</html>", media_type="text/html")
    )
    with client, pytest.raises(ApiError, match="The API answered 500") as caught:
        client.job("job_1")
    assert "log" in str(caught.value.next_step)


def test_an_answer_that_is_not_json_is_an_error_of_one_line(
    api: StandIn, client: StudioClient
) -> None:
    api.on("GET", JOB, ScriptedResponse(body=b"<html>a proxy</html>", media_type="text/html"))
    with client, pytest.raises(CliError, match="not JSON"):
        client.job("job_1")


def test_a_refused_token_says_how_to_sign_in_again(api: StandIn, client: StudioClient) -> None:
    api.on("GET", JOB, problem(401, "unauthenticated", "No valid token"))
    with client, pytest.raises(SignedOutError) as caught:
        client.job("job_1")
    assert "studio login" in str(caught.value.next_step)


def test_a_repeated_create_carries_the_same_key_and_body(
    api: StandIn, client: StudioClient, waits: list[float]
) -> None:
    later = ScriptedResponse(status=503, headers={"Retry-After": "7"})
    done = ScriptedResponse(samples.job(samples.item_model()), status=202)
    api.on("POST", "/v1/jobs", later, ScriptedResponse(hang_up=True), done)
    with client:
        assert client.create_job(BODY)["id"] == "job_1"
    requests = api.of("POST", "/v1/jobs")
    keys = {request.headers["idempotency-key"] for request in requests}
    assert len(requests) == 3
    assert len(keys) == 1
    assert uuid.UUID(keys.pop()).version == 4
    assert [request.document for request in requests] == [BODY] * 3
    assert waits[0] == 7.0


def test_a_create_that_meets_busy_records_is_asked_again(
    api: StandIn, client: StudioClient
) -> None:
    busy = problem(503, "busy", "Busy")
    api.on("POST", "/v1/jobs", busy, ScriptedResponse(samples.job(samples.item_model())))
    with client:
        assert client.create_job(BODY)["id"] == "job_1"


def test_two_orders_have_two_keys(api: StandIn, client: StudioClient) -> None:
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model())))
    with client:
        client.create_job(BODY)
        client.create_job(BODY)
    keys = {request.headers["idempotency-key"] for request in api.requests}
    assert len(keys) == 2


def test_a_long_retry_after_is_cut_and_tries_end(
    api: StandIn, client: StudioClient, waits: list[float]
) -> None:
    api.on("GET", JOB, ScriptedResponse(status=429, headers={"Retry-After": "3600"}))
    with client, pytest.raises(ApiError):
        client.job("job_1")
    assert waits == [10.0, 10.0, 10.0]


def test_a_conflict_is_not_asked_again(api: StandIn, client: StudioClient) -> None:
    path = f"{JOB}/redrive"
    api.on("POST", path, problem(409, "state-conflict", "Nothing failed"))
    with client, pytest.raises(ApiError, match="Nothing failed"):
        client.redrive_job("job_1", {})
    assert len(api.requests) == 1


def test_cancel_is_sent_once_whatever_comes(api: StandIn, client: StudioClient) -> None:
    api.on("POST", f"{JOB}/cancel", ScriptedResponse(status=503))
    with client, pytest.raises(ApiError):
        client.cancel_job("job_1")
    assert len(api.requests) == 1


def test_an_api_that_is_not_there_is_named_with_what_to_do(waits: list[float]) -> None:
    with (
        StudioClient("http://127.0.0.1:1", str, use_proxies=False, sleep=waits.append) as client,
        pytest.raises(CliError, match=r"http://127\.0\.0\.1:1 cannot be reached") as caught,
    ):
        client.job("job_1")
    assert "studio local up" in str(caught.value.next_step)
    assert len(waits) == 3


def test_progress_is_only_read_when_it_changed(api: StandIn, client: StudioClient) -> None:
    document = samples.progress(samples.item_model())
    api.on(
        "GET",
        f"{JOB}/progress",
        ScriptedResponse(document, headers={"ETag": '"one"'}),
        ScriptedResponse(status=304, headers={"ETag": '"one"'}),
    )
    with client:
        first, tag = client.progress("job_1")
        again, same_tag = client.progress("job_1", tag)
    assert first == document
    assert again is None
    assert tag == same_tag == '"one"'
    assert [request.headers.get("if-none-match") for request in api.requests] == [None, '"one"']


def test_items_are_read_from_all_pages(api: StandIn, client: StudioClient) -> None:
    one, two = samples.items(samples.item_model(1), samples.item_model(2))
    api.on(
        "GET",
        f"{JOB}/items",
        ScriptedResponse(samples.page(one, cursor="next")),
        ScriptedResponse(samples.page(two)),
    )
    with client:
        assert [item["item"] for item in client.items("job_1")] == [1, 2]
    assert [request.query.get("cursor") for request in api.requests] == [None, ["next"]]


def test_a_ledger_is_read_from_all_pages(api: StandIn, client: StudioClient) -> None:
    first = samples.ledger(samples.entry("reserve", 9))
    first["page"]["next_cursor"] = "next"
    last = samples.ledger(samples.entry("settle", 7), samples.entry("release", 2))
    api.on("GET", f"{JOB}/ledger", ScriptedResponse(first), ScriptedResponse(last))
    with client:
        found = client.ledger("job_1")
    assert [entry["type"] for entry in found["data"]] == ["reserve", "settle", "release"]
    assert found["totals"] == last["totals"]
    assert [request.query.get("cursor") for request in api.requests] == [None, ["next"]]


def test_jobs_are_filtered_by_the_service(api: StandIn, client: StudioClient) -> None:
    api.on("GET", "/v1/jobs", ScriptedResponse(samples.page(samples.job(samples.item_model()))))
    with client:
        assert [job["id"] for job in client.jobs(status="failed", limit=5)] == ["job_1"]
        client.jobs(status=None, limit=5)
    assert [request.query for request in api.requests] == [
        {"limit": ["5"], "status": ["failed"]},
        {"limit": ["5"]},
    ]


def test_the_storage_never_sees_the_token(api: StandIn, client: StudioClient) -> None:
    api.on(
        "GET",
        "/v1/assets/ast_1/content",
        ScriptedResponse(status=302, headers={"Location": f"{api.url}/bucket/file?signature=s"}),
    )
    api.on("GET", "/bucket/file", ScriptedResponse(body=b"pixels", media_type="image/webp"))
    with client:
        assert client.asset_content("ast_1") == b"pixels"
    asked, fetched = api.requests
    assert asked.headers["authorization"] == "Bearer id-token"
    assert "authorization" not in fetched.headers
    assert fetched.query == {"signature": ["s"]}


def test_a_file_that_the_storage_refuses_is_an_error(api: StandIn, client: StudioClient) -> None:
    api.on(
        "GET",
        "/v1/assets/ast_1/content",
        ScriptedResponse(status=302, headers={"Location": "/gone"}),
    )
    api.on("GET", "/gone", ScriptedResponse(status=403))
    with client, pytest.raises(CliError, match="403"):
        client.asset_content("ast_1")
