"""Recipes over the API: saved, changed, taken away, and jobs made by them."""

from base64 import b64encode
from typing import Any

import pytest

from studio.api.http.pagination import MAX_PAGE_BYTES
from tests.support.builders import a_picture
from tests.support.mock_aws.api_client import Api, ApiResponse, based_on
from tests.support.mock_aws.finished_jobs import Work

PATH = "/v1/recipes/on-white"
JOB = {"operation": "generate", "prompt": "a fox on white", "size": "128x64", "seed": 7}


def save(api: Api, job: object = JOB, path: str = PATH, **options: Any) -> ApiResponse:
    return api.request("PUT", path, body={"title": "On white", "job": job}, **options)


def test_a_recipe_is_saved_read_changed_and_taken_away(api: Api) -> None:
    made = save(api)
    assert (made.status, made.document["version"], made.document["job"]) == (201, 1, JOB)
    read = api.get(PATH)
    assert made.document == read.document | {"warnings": []}
    changed = save(api, {**JOB, "seed": 8}, headers=based_on(read))
    assert (changed.status, changed.document["version"]) == (200, 2)
    assert api.get(PATH, "version=1").document == read.document
    gone = api.request("DELETE", PATH, headers=based_on(api.get(PATH)))
    assert (gone.status, gone.text) == (204, "")
    assert api.get(PATH).status == 404
    assert changed.document == api.get(PATH, "version=2").document | {"warnings": []}
    assert save(api).document["version"] == 3


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_exists_is_changed_only_by_who_has_read_it(api: Api, method: str) -> None:
    first = save(api)
    read = api.get(PATH)
    save(api, {**JOB, "seed": 8}, headers=based_on(read))
    body = {"job": JOB} if method == "PUT" else None
    for headers, code in [
        ({}, "precondition-required"),
        (based_on(read), "precondition-failed"),
        ({"if-match": '"other"'}, "precondition-failed"),
        ({"if-none-match": "*"}, "precondition-failed"),
    ]:
        answer = api.request(method, PATH, body=body, headers=headers)
        assert answer.code == code
    assert api.get(PATH).document["version"] == first.document["version"] + 1
    assert api.request(method, PATH, body=body, headers={"if-match": "*"}).status in (200, 204)


def test_nothing_can_match_where_nothing_is(api: Api) -> None:
    assert save(api, headers={"if-match": "*"}).code == "precondition-failed"
    assert save(api, headers={"if-none-match": "*"}).status == 201


def test_a_job_is_made_by_a_recipe_and_what_is_said_beside_it_wins(api: Api) -> None:
    save(api)
    body = {"recipe_id": "on-white", "seed": 9, "name": "mine"}
    job = api.post("/v1/jobs", body).document
    assert job["recipe"] == {"id": "on-white", "version": 1}
    (item,) = api.get(f"/v1/jobs/{job['id']}/items").document["data"]
    assert (item["prompt"], item["size"], item["seed"]) == ("a fox on white", "128x64", 9)
    again = api.post("/v1/jobs", body)
    assert again.headers["idempotency-replayed"] == "true"


def test_a_recipe_is_priced_by_an_estimate(api: Api) -> None:
    save(api, {**JOB, "size": "1024x1024", "provider": {"id": "openai"}})
    jobs = [{"recipe_id": "on-white"}, {**JOB, "variations": 2}]
    estimate = api.post("/v1/estimates", {"jobs": jobs}).document
    assert [entry["job"] for entry in estimate["per_item"]] == [1, 2, 2]
    wrong = api.post("/v1/estimates", {"jobs": [JOB, {"recipe_id": "none"}]})
    assert wrong.pointers == ["/jobs/1/recipe_id"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"recipe_id": "none"}, "/recipe_id", "recipe-unknown"),
        ({"recipe_id": "On White"}, "/recipe_id", "recipe-unknown"),
        ({"recipe_id": 5, **JOB}, "/recipe_id", "string-type"),
        ({"recipe_id": "on-white", "size": "5x5"}, "/size", "string-pattern-mismatch"),
        ({"recipe_id": "on-white", "operation": None}, "/operation", "required"),
        ({"recipe_id": "on-white", "items": [{"prompt": "b"}]}, "/items", "exclusive"),
    ],
)
def test_a_job_by_a_recipe_is_checked_as_any_job(
    api: Api, body: dict[str, object], pointer: str, code: str
) -> None:
    save(api)
    answer = api.post("/v1/jobs", body)
    found = [(error["pointer"], error["code"]) for error in answer.document["errors"]]
    assert found == [(pointer, code)]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "validation-failed", "/job"),
        (
            {"job": JOB, "from_job_id": "job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"},
            "validation-failed",
            "/job",
        ),
        ({"from_job_id": "job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"}, "validation-failed", "/from_job_id"),
        ({"job": {**JOB, "recipe_id": "other"}}, "validation-failed", "/job/recipe_id"),
        ({"job": {**JOB, "size": "5x5"}}, "validation-failed", "/job/size"),
        ({"job": {**JOB, "prompt": None}}, "validation-failed", "/job/prompt"),
        ({"job": {**JOB, "provider": {"id": "none"}}}, "provider-unknown", "/job/provider/id"),
        ({"job": {**JOB, "prompt": "x" * 4001}}, "validation-failed", "/job/prompt"),
        ({"job": {"operation": "draw"}}, "operation-unsupported", "/job/operation"),
        ({"job": JOB, "colour": "red"}, "validation-failed", "/colour"),
    ],
)
def test_a_recipe_that_would_be_refused_as_a_job_is_not_saved(
    api: Api, body: dict[str, object], code: str, pointer: str
) -> None:
    answer = api.request("PUT", PATH, body=body)
    assert (answer.status, answer.code, answer.pointers) == (422, code, [pointer])
    assert api.get(PATH).status == 404


def test_a_recipe_has_no_room_for_images(api: Api) -> None:
    inline = {"base64": "YQ=="}
    assert save(api, {**JOB, "sources": [inline]}).pointers == ["/job/sources/0/base64"]
    sources = [{"url": "https://x.test"}, inline]
    items = [{"prompt": "a fox"}, {"prompt": "an owl", "sources": sources}]
    job = {"operation": "generate", "items": items}
    assert save(api, job).pointers == ["/job/items/1/sources/1/base64"]
    long = {"operation": "generate", "items": [{"prompt": "x" * 30_000}] * 4}
    assert save(api, long).pointers == ["/job"]


@pytest.mark.parametrize("name", ["On-white", "-a", "a_b", "a" * 65, "%00"])
def test_a_name_that_no_recipe_can_have_is_not_found(api: Api, name: str) -> None:
    assert save(api, path=f"/v1/recipes/{name}").status == 404


def test_a_version_is_a_number(api: Api) -> None:
    save(api)
    assert api.get(PATH, "version=0").code == "malformed-request"
    absent = api.get(PATH, "version=2")
    assert absent.status == 404
    assert "no version 2 of recipe on-white" in absent.document["detail"]


def test_a_job_that_was_run_is_saved_as_a_recipe(api: Api) -> None:
    body = {"operation": "generate", "items": [{"prompt": "a"}, {"prompt": "b"}], "size": "64x64"}
    job_id = str(api.post("/v1/jobs", body).document["id"])
    work = Work(job_id)
    work.start()
    work.finish()
    saved = api.request("PUT", PATH, body={"from_job_id": job_id}).document["job"]
    assert [item["prompt"] for item in saved["items"]] == ["a", "b"]
    again = api.post("/v1/jobs", {"recipe_id": "on-white"}, key="another")
    assert again.document["counts"]["total"] == 2


def test_a_job_from_an_image_that_is_not_kept_is_no_recipe(api: Api) -> None:
    inline = {"base64": b64encode(a_picture()).decode()}
    kept = {"prompt": "a", "sources": [{"url": "https://example.org/a.jpg"}]}
    items = [kept, {"prompt": "b", "sources": [inline]}]
    body = {"operation": "edit.general", "items": items}
    job_id = str(api.post("/v1/jobs", body).document["id"])
    answer = api.request("PUT", PATH, body={"from_job_id": job_id})
    assert (answer.status, answer.pointers) == (422, ["/from_job_id"])
    assert "upload it" in answer.document["errors"][0]["detail"]
    assert api.get(PATH).status == 404


def test_recipes_are_listed_by_name_in_pages(api: Api) -> None:
    for name in ("c", "a", "b"):
        save(api, path=f"/v1/recipes/{name}")
    first = api.get("/v1/recipes", "limit=2").document
    assert [recipe["id"] for recipe in first["data"]] == ["a", "b"]
    rest = api.get("/v1/recipes", f"limit=2&cursor={first['page']['next_cursor']}").document
    assert [recipe["id"] for recipe in rest["data"]] == ["c"]
    assert api.get("/v1/recipes", tenant="rival").document["data"] == []


def test_a_page_of_long_recipes_is_one_that_lambda_can_answer(api: Api) -> None:
    long = {"operation": "generate", "items": [{"prompt": "fox " * 1_000}] * 24}
    for number in range(60):
        assert save(api, long, path=f"/v1/recipes/{number:02}").status == 201
    first = api.get("/v1/recipes", "limit=100")
    assert len(first.text) < MAX_PAGE_BYTES
    rest = api.get("/v1/recipes", f"cursor={first.document['page']['next_cursor']}")
    ids = [recipe["id"] for page in (first, rest) for recipe in page.document["data"]]
    assert ids == [f"{number:02}" for number in range(60)]


def test_a_recipe_costs_one_read_and_its_save_two_calls(api: Api) -> None:
    save(api)
    api.get(PATH)
    assert api.calls == ["GetItem"]
    save(api, headers={"if-match": "*"})
    assert api.calls == ["GetItem", "TransactWriteItems"]
