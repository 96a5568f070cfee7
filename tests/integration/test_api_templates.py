"""Templates over the API: listed, found, recommended, saved, taken away, and ordered by."""

from collections.abc import Mapping
from typing import Any

import pytest

from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.model import TAKEN
from tests.support.mock_aws.api_client import Answer, Api, based_on, stored

PATH = "/v1/templates/our-posts"
STORY = "/v1/templates/instagram.story"
SETTINGS = {
    "description": "For the spring.", "category": "story", "platform": "instagram",
    "format_id": "ig_story", "style": ["flat light"], "avoid": ["props"],
    "keywords": ["spring"], "provider": "runware", "quality": "premium",
}  # fmt: skip
JOB = {"operation": "generate", "prompt": "a red fox"}


def save(api: Api, path: str = PATH, **options: Any) -> Answer:
    body = options.pop("body", {"title": "Our posts", **SETTINGS})
    return api.request("PUT", path, body=body, **options)


def the_item(
    api: Api, body: Mapping[str, object], key: str = "key-1", tenant: str = "acme"
) -> dict[str, Any]:
    job = api.post("/v1/jobs", body, key=key, tenant=tenant).document
    (item,) = api.get(f"/v1/jobs/{job['id']}/items", tenant=tenant).document["data"]
    return dict(item)


def ids(answer: Answer) -> list[str]:
    """Return the templates of a list, or of what was found."""
    return [one.get("template", one)["id"] for one in answer.document["data"]]


def walked(api: Api, query: str = "") -> list[str]:
    """Return all templates of a list, page by page."""
    found, cursor = [], ""
    while True:
        answer = api.get("/v1/templates", "&".join(filter(None, [query, cursor])))
        found += ids(answer)
        following = answer.document["page"]["next_cursor"]
        if following is None:
            return found
        cursor = f"cursor={following}"


def test_a_template_is_saved_read_changed_and_taken_away(api: Api) -> None:
    made = save(api)
    assert (made.status, made.document["version"]) == (201, 1)
    assert made.document == {
        **SETTINGS, "id": "our-posts", "version": 1, "title": "Our posts", "builtin": False,
        "width": 1080, "height": 1920, "aspect_ratio": "9:16",
        "created_at": made.document["created_at"], "updated_at": made.document["updated_at"],
        "updated_by": "user-of-acme",
    }  # fmt: skip
    assert api.get(PATH).document == made.document
    only = {"category": "post", "width": 1600, "height": 900}
    changed = save(api, body=only, headers=based_on(api.get(PATH)))
    assert (changed.status, changed.document["version"]) == (200, 2)
    assert (changed.document["aspect_ratio"], changed.document["style"]) == ("16:9", [])
    assert changed.document["created_at"] == made.document["created_at"]
    assert api.get(PATH, "version=1").document == made.document
    gone = api.request("DELETE", PATH, headers=based_on(api.get(PATH)))
    assert (gone.status, gone.text, api.get(PATH).status) == (204, "", 404)
    assert save(api).document["version"] == 3


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_exists_is_changed_only_by_who_has_read_it(api: Api, method: str) -> None:
    save(api)
    body = {"category": "post"} if method == "PUT" else None
    for headers, status in (({}, 428), ({"if-match": '"old"'}, 412)):
        assert api.request(method, PATH, body=body, headers=headers).status == status
    assert api.get(PATH).document["version"] == 1


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"category": None}, ["/category"]),
        ({"category": "flyer"}, ["/category"]),
        ({"platform": "twitter", "format_id": None}, ["/platform"]),
        ({"platform": "x"}, ["/platform"]),
        ({"format_id": "ig_storys"}, ["/format_id"]),
        ({"width": 1080, "height": 1920}, ["/width"]),
        ({"aspect_ratio": "9:16"}, ["/aspect_ratio"]),
        ({"format_id": None, "width": 100}, ["/height"]),
        ({"format_id": None, "height": 100}, ["/width"]),
        ({"format_id": None, "width": 63, "height": 100}, ["/width"]),
        ({"format_id": None, "aspect_ratio": "1.91:1"}, ["/aspect_ratio"]),
        ({"format_id": None, "aspect_ratio": "999:1"}, ["/aspect_ratio"]),
        ({"provider": "unknown", "format_id": "none"}, ["/format_id", "/provider"]),
        ({"style": []}, ["/style"]),
        ({"style": ["two\nlines"]}, ["/style/0"]),
        ({"quality": "best"}, ["/quality"]),
        ({"prompt": "a fox"}, ["/prompt"]),
    ],
)
def test_a_template_with_wrong_fields_is_refused(
    api: Api, changes: dict[str, object], pointers: list[str]
) -> None:
    body = {name: value for name, value in {**SETTINGS, **changes}.items() if value is not None}
    answer = save(api, body=body)
    assert (answer.status, sorted(answer.pointers)) == (422, pointers)
    assert stored() == {}


def test_a_wrong_format_is_told_with_what_was_meant(api: Api) -> None:
    answer = save(api, body={"category": "post", "format_id": "ig_storys"})
    assert "did you mean ig_story" in answer.document["detail"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_comes_with_the_studio_is_only_read(api: Api, method: str) -> None:
    body = {"category": "post"} if method == "PUT" else None
    answer = api.request(method, STORY, body=body, headers={"if-match": "*"})
    assert (answer.status, answer.code) == (409, "state-conflict")
    assert "read only" in answer.document["detail"]
    assert stored() == {}
    found = api.get(STORY).document
    assert (found["builtin"], found["version"], found["format_id"]) == (True, 1, "ig_story")
    assert (found["width"], found["height"], found["updated_by"]) == (1080, 1920, None)
    assert api.get(STORY, "version=1").document == found
    assert api.get(STORY, "version=2").status == 404
    assert api.get(STORY, "version=0").status == 400


@pytest.mark.parametrize("name", ["instagram.none", "our.posts", "Our-posts", "our_posts"])
def test_a_name_that_no_tenant_can_take_does_not_exist(api: Api, name: str) -> None:
    path = f"/v1/templates/{name}"
    assert save(api, path).status == 404
    assert api.get(path).status == 404


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_names_of_the_apis_own_paths_are_taken(api: Api, name: str) -> None:
    answer = save(api, f"/v1/templates/{name}", body={"category": "post"})
    assert (answer.status, answer.code) == (409, "state-conflict")
    assert stored() == {}


def test_templates_are_listed_own_first_and_in_pages(api: Api) -> None:
    for name in ("c", "a", "b"):
        save(api, f"/v1/templates/{name}", body={"category": "post"})
    save(api, "/v1/templates/other", body={"category": "post"}, tenant="rival")
    whole = ["a", "b", "c", *builtin_templates()]
    assert walked(api, "limit=100") == walked(api, "limit=2") == walked(api, "limit=7") == whole
    assert ids(api.get("/v1/templates", "limit=1", tenant="rival")) == ["other"]
    kept = {"id": "a", "builtin": False, "category": "post"}
    first = api.get("/v1/templates", "limit=1").document["data"][0]
    assert kept.items() <= first.items()


def test_a_list_is_filtered_by_platform_category_and_ratio(api: Api) -> None:
    save(api)
    stories = walked(api, "category=story&limit=2")
    assert stories[0] == "our-posts"
    assert set(stories[1:]) == {
        name for name, one in builtin_templates().items() if one.category == "story"
    }
    wide = walked(api, "platform=youtube&platform=x&aspect_ratio=16:9")
    assert wide == ["x.post", "youtube.thumbnail", "youtube.thumbnail-howto", "youtube.banner"]
    assert walked(api, "category=product&platform=tiktok") == []


def test_a_cursor_is_of_its_own_filter(api: Api) -> None:
    first = api.get("/v1/templates", "category=post&limit=2").document
    cursor = first["page"]["next_cursor"]
    assert api.get("/v1/templates", f"category=ad&cursor={cursor}").code == "invalid-cursor"


def test_templates_are_found_by_their_words(api: Api) -> None:
    save(api)
    found = api.get("/v1/templates/search", "q=spring+story").document["data"]
    assert (found[0]["template"]["id"], found[0]["score"]) == ("our-posts", 0.75)
    assert found[0]["template"] == api.get(PATH).document
    assert ids(api.get("/v1/templates/search", "q=podcast")) == ["youtube.podcast"]
    narrow = api.get("/v1/templates/search", "q=story&platform=facebook&category=story")
    assert ids(narrow) == ["facebook.story"]
    assert len(ids(api.get("/v1/templates/search", "q=instagram&limit=3"))) == 3
    assert ids(api.get("/v1/templates/search", "q=spring", tenant="rival")) == []


def test_templates_are_recommended_with_score_and_reason(api: Api) -> None:
    save(api)
    query = "platform=instagram&use=spring&prompt=a+fox&limit=2"
    first, second = api.get("/v1/templates/recommendations", query).document["data"]
    assert (first["template"]["id"], first["score"]) == ("our-posts", 0.66)
    assert first["reason"] == 'Made for Instagram; knows the use by "spring".'
    assert second["score"] < first["score"]
    assert second["template"]["platform"] == "instagram"
    again = api.get("/v1/templates/recommendations", query)
    assert again.document["data"] == [first, second]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("", "platform=twitter"),
        ("", "category=flyer"),
        ("", "limit=0"),
        ("", "q=fox"),
        ("/search", ""),
        ("/search", "q=+"),
        ("/search", "q=a&q=b"),
        ("/search", f"q={'x' * 2001}"),
        ("/search", "q=a&limit=101"),
        ("/recommendations", ""),
        ("/recommendations", "use=+"),
        ("/recommendations", "platform=myspace"),
        ("/recommendations", "platform=x&platform=tiktok"),
        ("/recommendations", "q=a"),
    ],
)
def test_what_cannot_be_looked_for_is_said(api: Api, path: str, query: str) -> None:
    answer = api.get(f"/v1/templates{path}", query)
    assert (answer.status, answer.code) == (400, "malformed-request")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/templates", STORY, "/v1/templates/search?q=story",
        "/v1/templates/recommendations?use=story",
    ],
)  # fmt: skip
def test_an_answer_is_kept_as_long_as_nothing_changes(api: Api, path: str) -> None:
    path, _, query = path.partition("?")
    first = api.get(path, query)
    assert first.headers["cache-control"] == "private, max-age=0"
    held = {"if-none-match": first.headers["etag"]}
    assert api.get(path, query, headers=held).status == 304
    save(api)
    assert api.get(path, query, headers=held).status == (304 if path == STORY else 200)


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
