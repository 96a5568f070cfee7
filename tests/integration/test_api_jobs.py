"""Jobs through the API: start, read, list, cancel, wait."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from studio.adapters import clients
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.jobs.model import Waiting
from studio.money import Cost
from tests.support.mock_aws.api_client import Api, executions, stored
from tests.support.mock_aws.environment import sample
from tests.support.mock_aws.finished_jobs import Work

PROMPT = {"operation": "generate", "prompt": "A paper boat on a pond"}
PRICED = Cost(53_000, "reported")


def create(
    api: Api, body: Mapping[str, object] | None = None, key: str = "key-1", **options: str
) -> str:
    answer = api.post("/v1/jobs", body or PROMPT, key=key, **options)
    assert answer.status == 202, answer.text
    return str(answer.document["id"])


def test_the_sample_event_starts_a_job_in_two_calls(api: Api) -> None:
    """The settings of the account are read once, and kept for a few seconds."""
    create(api)
    assert api.calls == ["BatchGetItem", "TransactWriteItems", "StartExecution"]
    before = executions()
    answer = api.send(sample("api_create_job"))
    assert api.calls == ["TransactWriteItems", "StartExecution"]
    job_id = answer.document["id"]
    assert answer.status == 202
    assert answer.headers["location"] == f"/v1/jobs/{job_id}"
    assert answer.headers["retry-after"] == "1"
    assert set(executions()) == {*before, job_id}
    assert answer.document["status"] == "queued"
    assert answer.document["counts"]["total"] == 2
    assert answer.document["cost"]["max_cost"] == "1.000000"
    assert answer.document["created_by"] == "6f1c2a34-0d4e-4f5a-9c86-1b7d5e0a9f21"
    assert answer.document["legacy"] == {"task_id": job_id, "task_state": "PENDING"}


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("", "Query"),
        ("/progress", "Query"),
        ("/items", "Query"),
        ("/items/2", "GetItem"),
        ("/logs", "Query"),
        ("/ledger", "Query"),
    ],
)
def test_a_read_of_a_job_is_one_call(api: Api, path: str, operation: str) -> None:
    api.send(sample("api_create_job"))
    job_id = executions()[0]
    assert api.get(f"/v1/jobs/{job_id}{path}").status == 200
    assert api.calls == [operation]


def test_items_are_what_was_ordered(api: Api) -> None:
    body = {
        "operation": "generate",
        "items": [
            {
                "prompt": "a",
                "negative_prompt": "b",
                "label": "Featured",
                "type": "featured",
                "position": 3,
                "title": "Article",
                "size": "640x480",
                "seed": 7,
            },
            {},
            {"prompt": "c"},
        ],
        "negative_prompt": "d",
        "seed": 9,
        "width": 320,
        "height": 200,
        "quality": "draft",
        "output": {"format": "png", "quality": 55},
        "provider": {"mode": "manual", "id": "runware", "model": "runware:97@1"},
        "steps": 20,
        "guidance": 3.5,
        "name": "Slow mornings",
        "labels": {"campaign": "spring"},
    }
    job_id = create(api, body)
    job = api.get(f"/v1/jobs/{job_id}").document
    assert (job["name"], job["labels"]) == ("Slow mornings", {"campaign": "spring"})
    assert job["counts"]["skipped"] == 1
    assert any("1 image without a prompt" in warning for warning in job["warnings"])
    first, second, third = api.get(f"/v1/jobs/{job_id}/items").document["data"]
    assert first["prompt"] == "a"
    assert first["negative_prompt"] == "b"
    assert (first["label"], first["type"], first["position"]) == ("Featured", "featured", 3)
    assert (first["title"], first["size"], first["seed"]) == ("Article", "640x480", 7)
    assert first["quality"] == "draft"
    assert (first["output"]["format"], first["output"]["quality"]) == ("png", 55)
    assert (first["output"]["fit"], first["output"]["renditions"]) == ("cover", [])
    assert first["provider"] == {
        "id": "runware", "model": "runware:97@1", "asked": None, "why": None, "fallback": [],
    }  # fmt: skip
    assert second["status"] == "skipped"
    assert second["problem"]["code"] == "no-prompt"
    assert (third["negative_prompt"], third["size"], third["seed"]) == ("d", "320x200", 9)
    assert api.get(f"/v1/jobs/{job_id}/items/3").document == third


def test_variations_have_seeds_of_their_own(api: Api) -> None:
    given = create(api, PROMPT | {"variations": 3, "seed": 41})
    derived = create(api, PROMPT | {"variations": 3}, key="key-2")
    single = create(api, PROMPT, key="key-3")
    none = create(api, PROMPT | {"variations": 2, "provider": {"id": "openai"}}, key="key-4")
    seeds = {
        job_id: [item["seed"] for item in api.get(f"/v1/jobs/{job_id}/items").document["data"]]
        for job_id in (given, derived, single, none)
    }
    assert seeds[given] == [41, 42, 43]
    first = seeds[derived][0]
    assert seeds[derived] == [first, first + 1, first + 2]
    assert seeds[single] == [None]
    assert seeds[none] == [None, None]


def test_items_come_in_pages(api: Api) -> None:
    job_id = create(api, {"operation": "generate", "items": [{"prompt": str(n)} for n in range(5)]})
    path, seen, query = f"/v1/jobs/{job_id}/items", [], "limit=2"
    while query:
        answer = api.get(path, query)
        seen.append([item["item"] for item in answer.document["data"]])
        cursor = answer.document["page"]["next_cursor"]
        assert answer.document["page"]["limit"] == 2
        assert ("link" in answer.headers) == (cursor is not None)
        query = f"limit=2&cursor={cursor}" if cursor else ""
    assert seen == [[1, 2], [3, 4], [5]]


def test_jobs_are_listed_newest_first_and_the_link_leads_on(api: Api) -> None:
    made = [create(api, key=f"key-{n}") for n in range(5)]
    seen: list[str] = []
    query = "limit=2"
    while query:
        answer = api.get("/v1/jobs", query)
        assert api.calls.count("Query") == 1
        seen += [job["id"] for job in answer.document["data"]]
        link = answer.headers.get("link", "")
        assert link == "" or (
            link.startswith("<?limit=2&cursor=") and link.endswith('>; rel="next"')
        )
        query = link[2 : link.index(">")] if link else ""
    assert seen == sorted(made, reverse=True)


def test_the_list_filters_by_any_of_the_statuses(api: Api) -> None:
    queued, running, failed = (create(api, key=f"key-{n}") for n in range(3))
    Work(running).start()
    Work(failed).start()
    Work(failed).finish()
    found = {
        query: [job["id"] for job in api.get("/v1/jobs", query).document["data"]]
        for query in ("status=queued", "status=running&status=failed", "status=cancelled")
    }
    assert found == {
        "status=queued": [queued],
        "status=running&status=failed": [failed, running],
        "status=cancelled": [],
    }


def test_a_cursor_holds_only_where_it_was_made(api: Api) -> None:
    made = [create(api, key=f"key-{n}") for n in range(3)]
    cursor = api.get("/v1/jobs", "limit=1").document["page"]["next_cursor"]
    assert api.get("/v1/jobs", f"limit=2&cursor={cursor}").status == 200
    spoilt = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for path, query, tenant in [
        ("/v1/jobs", f"cursor={spoilt}", "acme"),
        ("/v1/jobs", f"cursor={cursor}x", "acme"),
        ("/v1/jobs", "cursor=", "acme"),
        ("/v1/jobs", "cursor=%ff%fe", "acme"),
        ("/v1/jobs", f"status=queued&cursor={cursor}", "acme"),
        ("/v1/jobs", f"cursor={cursor}", "rival"),
        ("/v1/assets", f"cursor={cursor}", "acme"),
        (f"/v1/jobs/{made[0]}/items", f"cursor={cursor}", "acme"),
    ]:
        answer = api.get(path, query, tenant=tenant)
        assert (answer.status, answer.code) == (400, "invalid-cursor"), (path, query)
        assert api.calls == []


def test_progress_is_tagged_and_sent_again_only_when_it_changed(api: Api) -> None:
    job_id = create(api, PROMPT | {"variations": 2, "provider": {"id": "openai"}})
    path = f"/v1/jobs/{job_id}/progress"
    first = api.get(path)
    tag = first.headers["etag"]
    for header in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = api.get(path, headers={"if-none-match": header})
        assert (again.status, again.text) == (304, "")
        assert again.headers["etag"] == tag
        assert api.calls == ["Query"]
    Work(job_id).start()
    Work(job_id).make(1, PRICED)
    moved = api.get(path, headers={"if-none-match": tag})
    assert moved.status == 200
    assert moved.headers["etag"] != tag
    document = moved.document
    assert (document["percent"], document["images_percent"], document["completed"]) == (61, 50, 1)
    assert document["cost"] == {"amount": "0.053000", "currency": "USD"}
    result = document["results"][0]
    assert result["image_url"] == f"/v1/assets/{result['image_id']}/content"
    assert (result["label"], result["progress"]) == ("Image 1", 100)


def test_a_job_that_waits_says_why_for_whom_and_until_when(api: Api) -> None:
    job_id = api.post("/v1/jobs", {"operation": "generate", "prompt": "a"}).document["id"]
    path = f"/v1/jobs/{job_id}"
    work = Work(job_id)
    work.start()
    assert api.get(path).document["waiting"] is None
    until = parse_rfc3339("2026-11-20T12:00:30.000Z")
    item = work.jobs.get_item("acme", job_id, 1)
    assert work.jobs.note_wait(item, Waiting("breaker_open", until), None)
    waiting = {
        "reason": "breaker_open",
        "until": rfc3339(until),
        "provider": item.spec.provider,
    }
    progress = api.get(f"{path}/progress").document
    assert api.get(path).document["waiting"] == waiting
    (listed,) = api.get("/v1/jobs").document["data"]
    assert "waiting" not in listed
    assert api.get(f"{path}/items").document["data"][0]["waiting"] == waiting
    assert progress["waiting"] == progress["results"][0]["waiting"] == waiting
    provider = item.spec.provider
    assert progress["message"] == f"Waiting for {provider}: its calls have been failing"


def test_every_single_resource_has_a_tag(api: Api) -> None:
    job_id = create(api)
    for path in (f"/v1/jobs/{job_id}", f"/v1/jobs/{job_id}/items/1", "/v1/providers/openai"):
        tag = api.get(path).headers["etag"]
        assert api.get(path, headers={"if-none-match": tag}).status == 304


def test_the_log_is_filtered_by_level_and_time(api: Api) -> None:
    job_id = create(api, PROMPT | {"variations": 2})
    Work(job_id).start()
    Work(job_id).refuse(1)
    path = f"/v1/jobs/{job_id}/logs"
    lines = api.get(path).document["data"]
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert {line["level"] for line in lines} == {"info", "error"}
    errors = api.get(path, "level=error").document["data"]
    assert [(line["item"], line["phase"]) for line in errors] == [(1, "AI_CALL")]
    assert api.get(path, "level=error&level=info").document["data"] == lines
    cut = lines[0]["at"]
    later = api.get(path, f"after={cut}").document["data"]
    assert later == [line for line in lines if line["at"] > cut]
    past = rfc3339(parse_rfc3339(cut) - timedelta(seconds=1)).replace("Z", "%2B00:00")
    assert api.get(path, f"after={past}").document["data"] == lines
    assert api.get(path, "after=2999-01-01T00:00:00Z").document["data"] == []


def test_the_ledger_adds_up(api: Api) -> None:
    job_id = create(api, PROMPT | {"variations": 2, "provider": {"id": "openai"}})
    Work(job_id).start()
    Work(job_id).make(1, PRICED)
    Work(job_id).finish()
    ledger = api.get(f"/v1/jobs/{job_id}/ledger").document
    assert [entry["type"] for entry in ledger["data"]] == ["reserve", "settle", "release"]
    totals = ledger["totals"]
    assert totals["settled"] == "0.053000"
    assert totals["held"] == "0.000000"
    job = api.get(f"/v1/jobs/{job_id}").document
    assert job["cost"]["amount"] == "0.053000"
    assert job["status"] == "partially_succeeded"


def test_an_image_number_that_the_job_has_not_is_not_found(api: Api) -> None:
    job_id = create(api)
    for number in ("2", "0", "01", "-1", "x", "99999"):
        answer = api.get(f"/v1/jobs/{job_id}/items/{number}")
        assert (answer.status, answer.code) == (404, "not-found"), number


def test_a_job_says_what_was_left_out_of_its_images(api: Api) -> None:
    body = {"operation": "generate", "items": [{"prompt": "a"}, {"prompt": "b"}], "strength": 0.5}
    job = api.get(f"/v1/jobs/{create(api, body)}").document
    assert job["warnings"] == ["Strength is of a source, and there is none: it was left out."]


def test_cancel_stops_what_waits_and_keeps_what_is_done(api: Api) -> None:
    job_id = create(api, PROMPT | {"variations": 3, "provider": {"id": "openai"}})
    Work(job_id).start()
    Work(job_id).make(1, PRICED)
    answer = api.post(f"/v1/jobs/{job_id}/cancel", key=None)
    assert (answer.status, answer.document["status"]) == (202, "cancelling")
    assert answer.headers["location"] == f"/v1/jobs/{job_id}"
    assert answer.document["counts"]["cancelled"] == 2
    assert api.invoked[-1] == {"tenant": "acme", "job_id": job_id, "run": 1}
    again = api.post(f"/v1/jobs/{job_id}/cancel", {}, key=None)
    assert (again.status, again.document["status"]) == (202, "cancelling")
    Work(job_id).finish()
    late = api.post(f"/v1/jobs/{job_id}/cancel", key=None)
    assert (late.status, late.code) == (409, "state-conflict")


def test_a_caller_who_waits_gets_the_finished_job(api: Api) -> None:
    api.on(clients.step_functions(), "StartExecution", lambda: Work(executions()[-1]).finish())
    answer = api.post("/v1/jobs", PROMPT, headers={"prefer": "respond-async, wait=5"})
    assert (answer.status, answer.document["status"]) == (200, "failed")
    assert answer.headers["preference-applied"] == "wait=5"
    assert answer.headers["location"] == f"/v1/jobs/{answer.document['id']}"
    assert "retry-after" not in answer.headers
    assert api.calls.count("GetItem") >= 1


def test_a_caller_who_waits_too_short_gets_the_job_as_it_is(api: Api) -> None:
    api.on(clients.step_functions(), "StartExecution", lambda: Work(executions()[-1]).start())
    answer = api.post("/v1/jobs", PROMPT, headers={"prefer": "wait=1"})
    assert (answer.status, answer.document["status"]) == (202, "running")
    assert "preference-applied" not in answer.headers
    assert answer.headers["retry-after"] == "1"


def test_a_job_that_could_not_be_started_is_accepted_and_stays_queued(api: Api) -> None:
    api.fail(clients.step_functions(), "StartExecution", "StateMachineDoesNotExist")
    answer = api.post("/v1/jobs", PROMPT)
    assert (answer.status, answer.document["status"]) == (202, "queued")
    assert executions() == []
    assert api.get(f"/v1/jobs/{answer.document['id']}").document["status"] == "queued"


def test_fifty_images_are_one_transaction(api: Api) -> None:
    body = {"operation": "generate", "items": [{"prompt": str(n)} for n in range(50)]}
    job_id = create(api, body)
    assert api.calls == ["BatchGetItem", "TransactWriteItems", "StartExecution"]
    progress = api.get(f"/v1/jobs/{job_id}/progress")
    assert (progress.document["total_images"], api.calls) == (50, ["Query"])
    assert len(stored()["JobsTable"]) == 52
