"""Templates in jobs over the API: what they give to a job, and jobs that become templates."""

import pytest

from studio.domain.templates.builtin import builtin_templates
from tests.support.mock_aws.api_client import Api, stored, the_item
from tests.support.mock_aws.templates import JOB, PATH, save


def test_a_job_takes_what_it_does_not_say_from_a_template(api: Api) -> None:
    item = the_item(api, {**JOB, "template_id": "instagram.ad-story", "enhance_prompt": False})
    style = builtin_templates()["instagram.ad-story"].style
    assert (item["size"], item["quality"]) == ("1440x2560", "premium")
    assert item["prompt"] == ", ".join(["a red fox", *style])
    assert (item["original_prompt"], item["template"]) == ("a red fox", "instagram.ad-story@1")


def test_explicit_values_win_over_a_template(api: Api) -> None:
    said = {"size": "64x64", "quality": "draft", "provider": {"id": "openai"}}
    save(api)
    item = the_item(api, {**JOB, **said, "template_id": "our-posts"})
    assert (item["size"], item["quality"]) == ("64x64", "draft")
    assert (item["provider"]["id"], item["template"]) == ("openai", "our-posts@1")


def test_a_template_of_only_a_ratio_has_about_a_megapixel(api: Api) -> None:
    save(api, body={"category": "post", "aspect_ratio": "4:5"})
    assert the_item(api, {**JOB, "template_id": "our-posts"})["size"] == "912x1152"


def test_a_template_and_a_persona_both_speak(api: Api) -> None:
    save(api)
    api.request("PUT", "/v1/personas/brand", body={"style": ["matte colours"], "avoid": ["text"]})
    asked = {**JOB, "template_id": "our-posts", "persona_id": "brand"}
    item = the_item(api, {**asked, "provider": {"id": "stability"}})
    assert item["prompt"] == "a red fox, flat light, matte colours"
    assert item["negative_prompt"] == "props, text"


@pytest.mark.parametrize("tenant", ["acme", "rival"])
@pytest.mark.parametrize("name", ["none", "our-posts", "instagram.none"])
def test_a_template_that_is_not_there_is_refused_where_it_is_named(
    api: Api, tenant: str, name: str
) -> None:
    save(api, tenant="rival" if tenant == "acme" else "acme")
    asked, before = {**JOB, "template_id": name}, stored()
    job = api.post("/v1/jobs", asked, tenant=tenant)
    assert (job.status, job.pointers) == (422, ["/template_id"])
    assert job.document["errors"][0]["code"] == "template-unknown"
    estimate = api.post("/v1/estimates", {"jobs": [JOB, asked]}, tenant=tenant)
    assert estimate.pointers == ["/jobs/1/template_id"]
    recipe = api.request("PUT", "/v1/recipes/fox", body={"job": asked}, tenant=tenant)
    assert recipe.pointers == ["/job/template_id"]
    assert stored() == before


def test_an_estimate_is_of_the_size_that_a_job_would_have(api: Api) -> None:
    asked = {**JOB, "template_id": "web.product-white", "provider": {"id": "openai"}}
    estimate = api.post("/v1/estimates", {"jobs": [asked]}).document
    (entry,) = estimate["per_item"]
    assert entry["size"] == "2000x2000"
    assert the_item(api, asked)["estimate"]["amount"] == entry["cost"]["amount"]


def test_a_size_that_a_model_cannot_make_is_refused_by_the_templates_name(api: Api) -> None:
    asked = {**JOB, "template_id": "linkedin.company-cover", "provider": {"id": "openai"}}
    answer = api.post("/v1/jobs", asked)
    assert (answer.status, answer.pointers) == (422, ["/template_id"])


def test_a_schedule_checks_the_template_of_its_changes(api: Api) -> None:
    api.request("PUT", "/v1/recipes/fox", body={"job": JOB})
    weekly = {"recipe_id": "fox", "rate": "7 days", "changes": {"template_id": "our-posts"}}
    refused = api.request("PUT", "/v1/schedules/weekly", body=weekly)
    assert refused.pointers == ["/changes/template_id"]
    save(api)
    assert api.request("PUT", "/v1/schedules/weekly", body=weekly).status == 201


def test_a_later_version_changes_nothing_that_was_ordered_before(api: Api) -> None:
    save(api)
    asked = {**JOB, "template_id": "our-posts"}
    first = the_item(api, asked, "first")
    save(api, body={"category": "post", "style": ["loud"]}, headers={"if-match": "*"})
    second = the_item(api, asked, "second")
    assert (first["template"], second["template"]) == ("our-posts@1", "our-posts@2")
    assert first["prompt"].endswith("flat light")
    assert second["prompt"].endswith("loud")


def test_only_a_tenants_own_template_costs_a_read(api: Api) -> None:
    save(api)
    api.post("/v1/jobs", JOB, key="first")
    api.post("/v1/jobs", JOB, key="plain")
    plain = list(api.calls)
    api.post("/v1/jobs", {**JOB, "template_id": "instagram.story"}, key="studio")
    assert api.calls == plain
    api.post("/v1/jobs", {**JOB, "template_id": "our-posts"}, key="own")
    assert sorted(api.calls) == sorted([*plain, "GetItem"])


def test_the_settings_of_a_jobs_image_become_a_template(api: Api) -> None:
    save(api)
    asked = {
        "operation": "generate", "items": [{"prompt": "a"}, {"prompt": "b", "size": "600x400"}],
        "template_id": "our-posts", "provider": {"id": "stability"}, "quality": "standard",
        "negative_prompt": "rain, fog", "input": {"style_preset": "analog-film"},
    }  # fmt: skip
    job_id = api.post("/v1/jobs", asked).document["id"]
    made = api.post("/v1/templates/from-job", {"id": "first", "job_id": job_id, "title": "First"})
    assert (made.status, made.headers["location"]) == (201, "/v1/templates/first")
    assert api.get("/v1/templates/first").document == made.document
    said = {
        "title": "First", "description": None, "category": "story", "platform": "instagram",
        "format_id": "ig_story", "width": 1080, "height": 1920, "aspect_ratio": "9:16",
        "style": ["flat light", "analog film style"], "avoid": ["rain", "fog", "props"],
        "keywords": ["spring"], "provider": "stability", "quality": "standard",
    }  # fmt: skip
    assert said.items() <= made.document.items()
    own = {"id": "second", "job_id": job_id, "item": 2, "category": "ad", "keywords": ["b"]}
    second = api.post("/v1/templates/from-job", own).document
    changed = {
        "category": "ad", "keywords": ["b"], "format_id": None, "platform": "instagram",
        "width": 600, "height": 400, "aspect_ratio": "3:2",
    }  # fmt: skip
    assert changed.items() <= second.items()
    item = the_item(api, {**JOB, "template_id": "first"}, "again")
    assert (item["size"], item["template"]) == ("1080x1920", "first@1")


def test_a_job_without_a_template_or_with_a_deleted_one_becomes_a_template(api: Api) -> None:
    plain = api.post("/v1/jobs", {**JOB, "size": "640x480"}, key="plain").document["id"]
    made = api.post("/v1/templates/from-job", {"id": "plain", "job_id": plain}).document
    assert (made["category"], made["style"], made["avoid"]) == ("post", [], [])
    assert (made["width"], made["height"], made["quality"]) == (640, 480, "standard")
    save(api)
    styled = api.post("/v1/jobs", {**JOB, "template_id": "our-posts"}, key="styled").document["id"]
    api.request("DELETE", PATH, headers={"if-match": "*"})
    kept = api.post("/v1/templates/from-job", {"id": "kept", "job_id": styled}).document
    assert (kept["style"], kept["format_id"]) == (["flat light"], "ig_story")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"job_id": "job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"}, "/job_id"),
        ({"job_id": "7"}, "/job_id"),
        ({"item": 2}, "/item"),
        ({"item": 0}, "/item"),
        ({"id": "instagram.mine"}, "/id"),
        ({"width": 64}, "/width"),
    ],
)
def test_what_no_template_can_be_made_of_is_refused(
    api: Api, changes: dict[str, object], pointer: str
) -> None:
    job_id = api.post("/v1/jobs", JOB).document["id"]
    before = stored()
    body = {"id": "new", "job_id": job_id, **changes}
    assert api.post("/v1/templates/from-job", body).pointers == [pointer]
    theirs = api.post("/v1/templates/from-job", {"id": "new", "job_id": job_id}, tenant="rival")
    assert theirs.pointers == ["/job_id"]
    assert stored() == before


@pytest.mark.parametrize("name", ["our-posts", "search"])
def test_a_job_is_saved_only_under_a_name_that_is_free(api: Api, name: str) -> None:
    save(api)
    job_id = api.post("/v1/jobs", JOB).document["id"]
    answer = api.post("/v1/templates/from-job", {"id": name, "job_id": job_id})
    assert (answer.status, answer.code) == (409, "state-conflict")
    assert api.get(PATH).document["version"] == 1
