"""Personas over the API: saved, changed, taken away; prompts enhanced, and jobs made with both."""

from typing import Any

import pytest

from studio.domain.prompts.enhance import missing_words
from tests.support.mock_aws.api_client import Api, ApiResponse, based_on, stored, the_item
from tests.support.mock_aws.finished_jobs import Work

PATH = "/v1/personas/our-brand"
WORDS = {
    "style": ["matte colours"], "palette": ["teal", "sand"], "mood": "calm",
    "audience": "young parents", "avoid": ["text"],
}  # fmt: skip
ADDED = ["matte colours", "palette of teal and sand", "calm mood", "made for young parents"]
JOB = {"operation": "generate", "prompt": "a red fox", "size": "1024x1024"}


def save(api: Api, path: str = PATH, **options: Any) -> ApiResponse:
    body = {"title": "Our brand", **WORDS, **options.pop("changes", {})}
    return api.request("PUT", path, body=body, **options)


def test_a_persona_is_saved_read_changed_and_taken_away(api: Api) -> None:
    made = save(api)
    assert (made.status, made.document["version"]) == (201, 1)
    assert {name: made.document[name] for name in WORDS} == WORDS
    assert (made.document["id"], made.document["title"]) == ("our-brand", "Our brand")
    assert made.document["updated_by"] == "user-of-acme"
    assert api.get(PATH).document == made.document
    only = {"mood": "loud"}
    changed = api.request("PUT", PATH, body=only, headers=based_on(api.get(PATH)))
    assert (changed.status, changed.document["version"]) == (200, 2)
    assert (changed.document["mood"], changed.document["style"]) == ("loud", [])
    assert changed.document["created_at"] == made.document["created_at"]
    assert api.get(PATH, "version=1").document == made.document
    gone = api.request("DELETE", PATH, headers=based_on(api.get(PATH)))
    assert (gone.status, gone.text, api.get(PATH).status) == (204, "", 404)
    assert save(api).document["version"] == 3


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_exists_is_changed_only_by_who_has_read_it(api: Api, method: str) -> None:
    save(api)
    read = api.get(PATH)
    save(api, changes={"mood": "loud"}, headers=based_on(read))
    body = WORDS if method == "PUT" else None
    for headers, status in [({}, 428), (based_on(read), 412), ({"if-none-match": "*"}, 412)]:
        assert api.request(method, PATH, body=body, headers=headers).status == status
    assert api.get(PATH).document["version"] == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/style"),
        ({"title": "Nothing"}, "/style"),
        ({"mood": None}, "/style"),
        ({"style": []}, "/style"),
        ({"style": ["a"] * 13}, "/style"),
        ({"style": ["matte", "x" * 81]}, "/style/1"),
        ({"palette": ["teal "]}, "/palette/0"),
        ({"palette": ["teal"] * 9}, "/palette"),
        ({"mood": ""}, "/mood"),
        ({"mood": " "}, "/mood"),
        ({"mood": "calm\n"}, "/mood"),
        ({"audience": "young\nparents"}, "/audience"),
        ({"avoid": "text"}, "/avoid"),
        ({"avoid": ["text"] * 31}, "/avoid"),
        ({"mood": "calm", "voice": "deep"}, "/voice"),
    ],
)
def test_a_persona_is_of_short_phrases(api: Api, body: dict[str, object], pointer: str) -> None:
    answer = api.request("PUT", PATH, body=body)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert stored() == {}


def test_a_name_that_no_persona_can_have_is_not_found(api: Api) -> None:
    assert save(api, "/v1/personas/Our-brand").status == 404


def test_personas_are_listed_by_name_beside_no_recipe(api: Api) -> None:
    for name in ("c", "a", "b"):
        save(api, f"/v1/personas/{name}")
    api.request("PUT", "/v1/recipes/a", body={"job": JOB})
    first = api.get("/v1/personas", "limit=2").document
    assert [persona["id"] for persona in first["data"]] == ["a", "b"]
    rest = api.get("/v1/personas", f"limit=2&cursor={first['page']['next_cursor']}").document
    assert [persona["id"] for persona in rest["data"]] == ["c"]
    assert [recipe["id"] for recipe in api.get("/v1/recipes").document["data"]] == ["a"]
    assert api.get("/v1/personas", tenant="rival").document["data"] == []
    assert api.get("/v1/personas/a", tenant="rival").status == 404


def test_a_prompt_is_enhanced_to_look_at_and_nothing_is_written(api: Api) -> None:
    save(api)
    before, rules = stored(), list(missing_words("a red fox"))
    plain = api.post("/v1/prompts/enhance", {"prompt": "a red fox"}, key=None)
    assert (plain.status, plain.document) == (200, {
        "original": "a red fox", "enhanced": ", ".join(["a red fox", *rules]),
        "added": rules, "persona": None,
    })  # fmt: skip
    assert api.calls == []
    asked = {"prompt": "a red fox", "persona_id": "our-brand"}
    worded = api.post("/v1/prompts/enhance", asked, key=None).document
    assert (worded["added"], worded["persona"]) == ([*ADDED, *rules], "our-brand@1")
    assert api.calls == ["GetItem"]
    assert stored() == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/prompt"),
        ({"prompt": " "}, "/prompt"),
        ({"prompt": "x" * 32_001}, "/prompt"),
        ({"prompt": "x" * 32_000, "persona_id": "our-brand"}, "/prompt"),
        ({"prompt": "a", "persona_id": "none"}, "/persona_id"),
        ({"prompt": "a", "persona_id": "Our Brand"}, "/persona_id"),
    ],
)
def test_what_cannot_be_enhanced_is_refused(
    api: Api, body: dict[str, object], pointer: str
) -> None:
    save(api)
    assert api.post("/v1/prompts/enhance", body, key=None).pointers == [pointer]


def test_a_job_has_its_prompt_as_it_was_sent_unless_it_asks_for_more(api: Api) -> None:
    save(api)
    prompt = "  a red fox \n"
    own = {**JOB, "prompt": prompt}
    for key, body in (("a", own), ("b", {**own, "enhance_prompt": False})):
        item = the_item(api, body, key)
        assert (item["prompt"], item["original_prompt"], item["persona"]) == (prompt, None, None)


def test_a_job_shows_both_prompts_and_its_persona(api: Api) -> None:
    save(api)
    asked = {**JOB, "enhance_prompt": True, "persona_id": "our-brand", "negative_prompt": "rain"}
    item = the_item(api, {**asked, "provider": {"id": "stability"}})
    whole = ", ".join(["a red fox", *ADDED, *missing_words("a red fox")])
    assert (item["prompt"], item["original_prompt"]) == (whole, "a red fox")
    assert (item["persona"], item["negative_prompt"]) == ("our-brand@1", "rain, text")


def test_items_have_the_jobs_persona_and_enhancement(api: Api) -> None:
    save(api)
    body = {"operation": "generate", "items": [{"prompt": "a red fox"}, {"prompt": "an owl"}]}
    job = api.post("/v1/jobs", {**body, "persona_id": "our-brand"}).document
    items = api.get(f"/v1/jobs/{job['id']}/items").document["data"]
    assert [item["original_prompt"] for item in items] == ["a red fox", "an owl"]
    assert {item["persona"] for item in items} == {"our-brand@1"}


@pytest.mark.parametrize("tenant", ["acme", "rival"])
def test_a_persona_that_is_not_the_tenants_is_refused_where_it_is_named(
    api: Api, tenant: str
) -> None:
    save(api)
    name = "none" if tenant == "acme" else "our-brand"
    asked = {**JOB, "persona_id": name}
    before = stored()
    recipe = api.request("PUT", "/v1/recipes/fox", body={"job": asked}, tenant=tenant)
    assert (recipe.status, recipe.pointers) == (422, ["/job/persona_id"])
    job = api.post("/v1/jobs", asked, tenant=tenant)
    assert (job.status, job.pointers) == (422, ["/persona_id"])
    assert job.document["errors"][0]["code"] == "persona-unknown"
    estimate = api.post("/v1/estimates", {"jobs": [JOB, asked]}, tenant=tenant)
    assert estimate.pointers == ["/jobs/1/persona_id"]
    assert stored() == before


def test_a_schedule_checks_the_persona_of_its_changes(api: Api) -> None:
    api.request("PUT", "/v1/recipes/fox", body={"job": JOB})
    weekly = {"recipe_id": "fox", "rate": "7 days", "changes": {"persona_id": "our-brand"}}
    refused = api.request("PUT", "/v1/schedules/weekly", body=weekly)
    assert refused.pointers == ["/changes/persona_id"]
    save(api)
    assert api.request("PUT", "/v1/schedules/weekly", body=weekly).status == 201


def test_an_estimate_is_of_the_words_that_a_job_would_have(api: Api) -> None:
    save(api)
    openai = {**JOB, "provider": {"id": "openai"}}
    asked = {**openai, "enhance_prompt": True, "persona_id": "our-brand"}
    estimate = api.post("/v1/estimates", {"jobs": [openai, asked]}).document
    plain, worded = (entry["cost"]["amount"] for entry in estimate["per_item"])
    assert worded > plain
    assert the_item(api, asked)["estimate"]["amount"] == worded


def test_what_is_avoided_is_refused_by_its_persona_where_all_or_nothing_is_wanted(api: Api) -> None:
    save(api)
    asked = {**JOB, "persona_id": "our-brand", "provider": {"id": "openai"}, "strict": True}
    assert api.post("/v1/jobs", asked).pointers == ["/persona_id"]
    own = {**asked, "negative_prompt": "rain"}
    assert api.post("/v1/jobs", own).pointers == ["/negative_prompt"]


def test_a_later_version_changes_nothing_that_was_ordered_before(api: Api) -> None:
    save(api)
    asked = {**JOB, "persona_id": "our-brand"}
    first = the_item(api, asked, "first")
    save(api, changes={"mood": "loud"}, headers={"if-match": "*"})
    second = the_item(api, asked, "second")
    assert (first["persona"], second["persona"]) == ("our-brand@1", "our-brand@2")
    assert "calm mood" in first["prompt"]
    assert "loud mood" in second["prompt"]


def test_a_job_that_was_run_is_saved_with_its_own_words(api: Api) -> None:
    save(api)
    asked = {**JOB, "enhance_prompt": True, "persona_id": "our-brand"}
    job_id = str(api.post("/v1/jobs", asked).document["id"])
    (first,) = api.get(f"/v1/jobs/{job_id}/items").document["data"]
    work = Work(job_id)
    work.start()
    work.finish()
    saved = api.request("PUT", "/v1/recipes/fox", body={"from_job_id": job_id}).document["job"]
    assert (saved["enhance_prompt"], saved["persona_id"]) == (True, "our-brand")
    assert saved["items"][0]["prompt"] == "a red fox"
    again = the_item(api, {"recipe_id": "fox"}, "again")
    assert (again["prompt"], again["original_prompt"]) == (first["prompt"], "a red fox")


def test_a_persona_costs_a_job_one_read(api: Api) -> None:
    save(api)
    api.post("/v1/jobs", JOB, key="first")
    api.post("/v1/jobs", JOB, key="plain")
    plain = list(api.calls)
    api.post("/v1/jobs", {**JOB, "persona_id": "our-brand"}, key="worded")
    assert sorted(api.calls) == sorted([*plain, "GetItem"])
