"""Templates over the API: listed, found, recommended, saved and deleted."""

import pytest

from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.model import TAKEN
from tests.support.mock_aws.api_client import Api, ApiResponse, based_on, stored
from tests.support.mock_aws.templates import PATH, SETTINGS, save

STORY = "/v1/templates/instagram.story"


def ids(answer: ApiResponse) -> list[str]:
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
    assert first.headers["cache-control"] == "private, no-cache"
    held = {"if-none-match": first.headers["etag"]}
    assert api.get(path, query, headers=held).status == 304
    save(api)
    assert api.get(path, query, headers=held).status == (304 if path == STORY else 200)
