"""Prompt groups, their templates, the account's prompts, and the preview of a prompt."""

from typing import Any

import pytest

from studio.domain.prompts.group import builtin_prompts
from tests.support.mock_aws.api_client import Api, ApiResponse, Document, based_on, stored

GROUPS, ACTIVE = "/v1/prompt-groups", "/v1/prompt-groups/active"
TEMPLATE, NEGATIVE = "/v1/prompts/image-template", "/v1/prompts/negative"
NONE = {"group_id": None, "template_id": None}
LONG = "x" * 8_001


def made(api: Api, path: str, body: Document) -> Document:
    answer = api.post(path, body, key=None)
    assert answer.status == 201, answer.text
    return answer.document


def a_group(api: Api, *templates: str, **more: str) -> tuple[str, list[str]]:
    """Make a group with templates; return the ids of both."""
    group = str(made(api, GROUPS, {"title": "Blog"})["id"])
    bodies = [{"template": text, **more} for text in templates]
    return group, [str(made(api, f"{GROUPS}/{group}/templates", one)["id"]) for one in bodies]


def change(api: Api, method: str, path: str, body: object = None) -> ApiResponse:
    return api.request(method, path, body=body, headers=based_on(api.get(path)))


def rendered(api: Api, **body: Any) -> Document:
    answer = api.post("/v1/prompts/render", {"image_prompt": "a fox", **body}, key=None)
    assert answer.status == 200, answer.text
    return answer.document


def test_a_group_is_made_listed_changed_and_deleted_with_its_templates(api: Api) -> None:
    first = made(api, GROUPS, {"title": "Blog", "description": "For articles"})
    second = made(api, GROUPS, {"title": "Shop"})
    assert (first["version"], first["updated_by"]) == (1, "user-of-acme")
    listed = api.get(GROUPS).document
    assert sorted(one["title"] for one in listed["data"]) == ["Blog", "Shop"]
    path = f"{GROUPS}/{first['id']}"
    assert api.get(path).document == first
    changed = change(api, "PATCH", path, {"title": "Magazine"}).document
    assert (changed["title"], changed["description"], changed["version"]) == (
        "Magazine", "For articles", 2,
    )  # fmt: skip
    assert change(api, "PATCH", path, {"description": None}).document["description"] is None
    template = made(api, f"{path}/templates", {"template": "{image_prompt}"})["id"]
    assert change(api, "DELETE", path).status == 204
    assert api.get(path).status == 404
    assert api.get(f"/v1/prompt-templates/{template}").status == 404
    assert [one["id"] for one in api.get(GROUPS).document["data"]] == [second["id"]]


def test_groups_are_listed_with_their_templates_in_two_queries(api: Api) -> None:
    blog, texts = a_group(api, "one", "two")
    shop, (third,) = a_group(api, "three")
    empty, _ = a_group(api)
    change(api, "DELETE", f"/v1/prompt-templates/{texts[0]}")
    api.calls.clear()
    listed = {one["id"]: one for one in api.get(GROUPS).document["data"]}
    assert api.calls == ["Query", "Query"]
    assert {group: [one["id"] for one in listed[group]["templates"]] for group in listed} == {
        blog: texts[1:], shop: [third], empty: [],
    }  # fmt: skip
    assert listed[shop]["templates"][0] == api.get(f"/v1/prompt-templates/{third}").document
    assert not any(one["more_templates"] for one in listed.values())


def test_a_page_of_groups_says_where_it_leaves_templates_out(api: Api) -> None:
    groups = sorted(a_group(api)[0] for _ in range(2))
    for group in groups:
        for number in range(60):
            made(api, f"{GROUPS}/{group}/templates", {"template": f"{number}"})
    first, second = sorted(api.get(GROUPS).document["data"], key=lambda one: str(one["id"]))
    assert [len(one["templates"]) for one in (first, second)] == [60, 40]
    assert (first["more_templates"], second["more_templates"]) == (False, True)


def test_a_template_has_versions(api: Api) -> None:
    group, (first, second) = a_group(api, "one {image_prompt}", "two {image_prompt}")
    listed = api.get(f"{GROUPS}/{group}/templates").document["data"]
    assert sorted(one["id"] for one in listed) == sorted([first, second])
    assert {one["group_id"] for one in listed} == {group}
    path = f"/v1/prompt-templates/{first}"
    for text in ("three", "four"):
        changed = change(api, "PUT", path, {"template": text, "negative_prompt": ""})
        assert changed.status == 200
    assert (changed.document["version"], changed.document["negative_prompt"]) == (3, "")
    assert api.get(path, "version=1").document["template"] == "one {image_prompt}"
    page = api.get(f"{path}/versions", "limit=2")
    assert [one["version"] for one in page.document["data"]] == [3, 2]
    cursor = page.document["page"]["next_cursor"]
    rest = api.get(f"{path}/versions", f"limit=2&cursor={cursor}").document
    assert [one["version"] for one in rest["data"]] == [1]
    assert rest["page"]["next_cursor"] is None
    assert change(api, "DELETE", path).status == 204
    assert api.get(path).status == 404
    assert [one["id"] for one in api.get(f"{GROUPS}/{group}/templates").document["data"]] == [
        second
    ]


def test_exactly_one_group_is_active_for_a_user(api: Api) -> None:
    assert api.get(ACTIVE).document == NONE
    blog, (first, second) = a_group(api, "one", "two")
    shop, (other,) = a_group(api, "three")
    for choice in ({"group_id": blog}, {"group_id": shop}, {"group_id": blog}):
        assert api.request("PUT", ACTIVE, body=choice).status == 200
        assert api.get(ACTIVE).document == {**choice, "template_id": None}
    chosen = {"group_id": blog, "template_id": second}
    assert api.request("PUT", ACTIVE, body=chosen).document == chosen
    assert api.get("/v1/settings").document["prompt_preference"] == chosen
    bob = {"sub": "bob", "custom:tenant": "acme"}
    assert api.get(ACTIVE, claims=bob).document == NONE
    for body, pointer in (
        ({"group_id": blog, "template_id": other}, "/template_id"),
        ({"group_id": None, "template_id": first}, "/template_id"),
        ({"group_id": "pgr_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"}, "/group_id"),
        ({"group_id": "blog"}, "/group_id"),
        ({}, "/group_id"),
    ):
        answer = api.request("PUT", ACTIVE, body=body)
        assert (answer.status, answer.pointers) == (422, [pointer])
    assert api.get(ACTIVE).document == chosen
    change(api, "DELETE", f"{GROUPS}/{blog}")
    assert api.get(ACTIVE).document == NONE


def test_a_deleted_group_is_no_preference_and_says_so(api: Api) -> None:
    change(api, "PUT", "/v1/prompts/image-template", {"template": "{image_prompt}, account"})
    group, (first, second) = a_group(api, "one {image_prompt}", "two {image_prompt}")
    api.request("PUT", ACTIVE, body={"group_id": group, "template_id": second})
    assert api.get("/v1/settings").document["warnings"] == []
    assert rendered(api)["warning"] is None

    change(api, "DELETE", f"/v1/prompt-templates/{second}")
    gone = f"The template {second} was deleted: the first one of its group applies."
    settings = api.get("/v1/settings").document
    assert settings["prompt_preference"] == {"group_id": group, "template_id": None}
    assert (settings["warnings"], api.get(ACTIVE).document["template_id"]) == ([gone], None)
    shown = rendered(api)
    assert (shown["template"], shown["warning"]) == (f"{first}@1", gone)

    change(api, "DELETE", f"{GROUPS}/{group}")
    settings = api.get("/v1/settings").document
    assert settings["prompt_preference"] == NONE
    assert settings["warnings"] == [f"The prompt group {group} was deleted: no group is active."]
    shown = rendered(api)
    assert (shown["source"], shown["template"]) == ("account", None)
    assert group in shown["warning"]
    task = rendered(api, template="{image_prompt}")
    assert (task["source"], task["warning"]) == ("task", None)


def test_the_task_comes_before_the_group_before_the_account_before_the_built_in(api: Api) -> None:
    builtin = rendered(api, title="Foxes")
    assert builtin == {
        "prompt": 'A realistic image for the article "Foxes": a fox',
        "negative_prompt": builtin_prompts()["negative_prompt"], "image_type": "realistic",
        "source": "built-in", "negative_source": "built-in", "template": None, "warning": None,
    }  # fmt: skip
    change(api, "PUT", TEMPLATE, {"template": "account {image_prompt}"})
    change(api, "PUT", NEGATIVE, {"negative_prompt": "people"})
    found = rendered(api)
    assert (found["prompt"], found["source"]) == ("account a fox", "account")
    assert (found["negative_prompt"], found["negative_source"]) == ("people", "account")
    group, (first, second) = a_group(api, "first {image_prompt}", "second {image_prompt}")
    api.request("PUT", ACTIVE, body={"group_id": group, "template_id": second})
    found = rendered(api)
    assert (found["prompt"], found["source"]) == ("second a fox", "group")
    assert (found["template"], found["negative_source"]) == (f"{second}@1", "account")
    api.request("PUT", ACTIVE, body={"group_id": group, "template_id": first})
    change(api, "DELETE", f"/v1/prompt-templates/{first}")
    assert rendered(api)["prompt"] == "second a fox"
    own = {"template": "task {image_prompt}", "negative_prompt": ""}
    found = rendered(api, **own)
    assert (found["prompt"], found["source"]) == ("task a fox", "task")
    assert (found["negative_prompt"], found["negative_source"]) == ("", "task")
    assert rendered(api, **own)["template"] is None
    bob = {"sub": "bob", "custom:tenant": "acme"}
    body = {"image_prompt": "a fox"}
    seen = api.post("/v1/prompts/render", body, key=None, claims=bob).document
    assert seen["source"] == "account"


def test_a_groups_negative_prompt_comes_before_the_accounts(api: Api) -> None:
    change(api, "PUT", NEGATIVE, {"negative_prompt": "people"})
    group, _ = a_group(api, "{image_prompt}", negative_prompt="text")
    api.request("PUT", ACTIVE, body={"group_id": group})
    found = rendered(api)
    assert (found["negative_prompt"], found["negative_source"]) == ("text", "group")


def test_the_account_can_go_back_to_what_is_built_in(api: Api) -> None:
    for path, member in ((TEMPLATE, "template"), (NEGATIVE, "negative_prompt")):
        first = api.get(path).document
        assert (first["source"], first["version"]) == ("built-in", 0)
        own = change(api, "PUT", path, {member: "mine"}).document
        assert (own[member], own["source"], own["version"]) == ("mine", "account", 1)
        back = change(api, "PUT", path, {member: None}).document
        assert (back[member], back["source"], back["version"]) == (first[member], "built-in", 2)


def test_values_are_put_in_once_and_never_read_as_a_template(api: Api) -> None:
    found = rendered(
        api,
        image_prompt="{post_title} and {image_prompt.__class__}",
        title="{image_prompt.__class__}",
        template="{{{image_type}}} {post_title}: {image_prompt}",
        image_type="cartoon",
    )
    assert found["prompt"] == (
        "{cartoon} {image_prompt.__class__}: {post_title} and {image_prompt.__class__}"
    )
    assert found["warning"] is None


def test_the_meta_title_stands_in_and_without_both_the_prompt_stays_as_it_is(api: Api) -> None:
    template = "{post_title}: {image_prompt}"
    assert rendered(api, template=template, title=" ", meta_title="Meta")["prompt"] == "Meta: a fox"
    found = rendered(api, template=template)
    assert found["prompt"] == "a fox"
    assert found["warning"] == (
        "The image's own prompt was used, not the image template: there is no value for "
        "{post_title}"
    )


def test_the_image_type_is_that_of_the_settings(api: Api) -> None:
    change(api, "PUT", "/v1/settings/image-generation", {"image_type": "artistic"})
    found = rendered(api, template="{image_type}")
    assert (found["prompt"], found["image_type"]) == ("artistic", "artistic")


@pytest.mark.parametrize("wrong", ["{nope}", "{known}", "{detail}", "{0}"])
def test_a_refusal_names_the_placeholder_and_how_to_write_braces(api: Api, wrong: str) -> None:
    answer = api.post("/v1/prompts/render", {"image_prompt": "a", "template": wrong}, key=None)
    assert answer.document["errors"][0]["detail"] == (
        f"Unknown placeholder {wrong}; known: {{post_title}}, {{image_prompt}}, {{image_type}}; "
        "write {{ and }} for braces"
    )


@pytest.mark.parametrize("title", ["a\nb", "a\u0000b", "", 5])
def test_a_title_is_one_line_of_text(api: Api, title: object) -> None:
    group, _ = a_group(api, "{image_prompt}")
    before = stored()
    template = {"title": title, "template": "{image_prompt}"}
    for answer in (
        api.post(GROUPS, {"title": title}, key=None),
        change(api, "PATCH", f"{GROUPS}/{group}", {"title": title}),
        api.post(f"{GROUPS}/{group}/templates", template, key=None),
    ):
        assert (answer.status, answer.pointers) == (422, ["/title"])
    assert stored() == before


BAD_TEMPLATES = [
    ("{image_promt}", "unknown-placeholder"),
    ("{image_prompt.__class__}", "unknown-placeholder"),
    ("{image_prompt!r}", "unknown-placeholder"),
    ("{0} {}", "unknown-placeholder"),
    ("a } brace", "unknown-placeholder"),
    ("{image_prompt", "unknown-placeholder"),
    ("", "string-too-short"),
    (" \u200b", "blank"),
    (LONG, "string-too-long"),
    (5, "string-type"),
]


@pytest.mark.parametrize(("template", "code"), BAD_TEMPLATES)
def test_a_wrong_template_is_refused_wherever_it_is_given(
    api: Api, template: object, code: str
) -> None:
    group, (known,) = a_group(api, "{image_prompt}")
    before = stored()
    body = {"template": template}
    for answer in (
        api.post(f"{GROUPS}/{group}/templates", body, key=None),
        change(api, "PUT", f"/v1/prompt-templates/{known}", body),
        change(api, "PUT", TEMPLATE, body),
        api.post("/v1/prompts/render", {"image_prompt": "a", **body}, key=None),
    ):
        assert (answer.status, answer.pointers) == (422, ["/template"])
        assert answer.document["errors"][0]["code"] == code
    assert stored() == before


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (GROUPS, {}, "/title"),
        (GROUPS, {"title": ""}, "/title"),
        (GROUPS, {"title": "a", "active": True}, "/active"),
        ("/v1/prompts/render", {}, "/image_prompt"),
        ("/v1/prompts/render", {"image_prompt": " "}, "/image_prompt"),
        ("/v1/prompts/render", {"image_prompt": "x" * 32_001}, "/image_prompt"),
        ("/v1/prompts/render", {"image_prompt": "a", "image_type": "photo"}, "/image_type"),
        ("/v1/prompts/render", {"image_prompt": "a", "max_tokens": 5}, "/max_tokens"),
    ],
)
def test_wrong_bodies_are_named(api: Api, path: str, body: Document, pointer: str) -> None:
    answer = api.post(path, body, key=None)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert stored() == {}


def test_what_exists_is_changed_only_by_a_caller_that_has_read_it(api: Api) -> None:
    group, (template,) = a_group(api, "{image_prompt}")
    own = {"template": "{image_type}"}
    for path, body, methods in (
        (f"/v1/prompt-templates/{template}", own, ("PUT", "DELETE")),
        (f"{GROUPS}/{group}", {"title": "b"}, ("PATCH", "DELETE")),
        (TEMPLATE, own, ("PUT",)),
        (NEGATIVE, {"negative_prompt": "a"}, ("PUT",)),
    ):
        read = api.get(path)
        first = methods[0]
        assert api.request(first, path, body=body, headers=based_on(read)).status == 200
        for method in methods:
            sent = None if method == "DELETE" else body
            assert api.request(method, path, body=sent).status == 428, (method, path)
            stale = api.request(method, path, body=sent, headers=based_on(read))
            assert stale.status == 412, (method, path)
