"""Settings over the API: those of a user, and those of the account."""

from typing import Any

import pytest

from tests.support.mock_aws.api_client import Api, ApiResponse, based_on, stored

OWN, IMAGES, ACCOUNT = (
    "/v1/settings", "/v1/settings/image-generation", "/v1/settings/account",
)  # fmt: skip
DEFAULTS = {
    "provider": "openai", "model": "dall-e-3", "image_type": "realistic",
    "max_in_article_images": 2, "image_format": "webp", "desktop_enabled": True,
    "mobile_enabled": True, "desktop_size": "1536x1024", "mobile_size": "1024x1536",
    "separate_generation": False,
}  # fmt: skip


def change(
    api: Api, path: str, body: dict[str, Any], method: str = "PUT", **who: Any
) -> ApiResponse:
    headers = based_on(api.get(path, **who))
    return api.request(method, path, body=body, headers=headers, **who)


def test_image_settings_are_the_defaults_until_some_are_stored(api: Api) -> None:
    found = api.get(IMAGES)
    assert found.document == {
        "success": True, "config": DEFAULTS, "source": "default",
        "version": 0, "updated_at": None, "updated_by": None,
        "warnings": ["dall-e-3 ended on 2026-05-12: gpt-image-2 is used instead."],
    }  # fmt: skip
    assert api.calls == ["BatchGetItem"]
    wanted = {
        "provider": "runware", "image_type": "cartoon", "max_in_article_images": 5,
        "image_format": "jpg", "mobile_enabled": False, "desktop_size": "800x600",
        "separate_generation": True,
    }  # fmt: skip
    saved = change(api, IMAGES, wanted)
    assert saved.status == 200
    assert saved.document["config"] == {**DEFAULTS, **wanted, "model": "runware:97@1"}
    assert (saved.document["source"], saved.document["version"]) == ("stored", 1)
    assert (saved.document["updated_by"], saved.document["warnings"]) == ("user-of-acme", [])
    assert api.get(IMAGES).document == saved.document
    assert api.get(IMAGES, tenant="rival").document["source"] == "default"


@pytest.mark.parametrize(
    ("body", "provider", "model"),
    [
        ({"service": "runware", "runwareModel": "runware:101@1"}, "runware", "runware:101@1"),
        ({"service": "runware"}, "runware", "runware:97@1"),
        ({"service": "runware", "provider": "openai"}, "openai", "dall-e-3"),
        ({"runwareModel": "runware:101@1"}, "openai", "dall-e-3"),
        ({"provider": "runware", "model": "runware:97@1", "runwareModel": "runware:101@1"},
         "runware", "runware:97@1"),
        ({"provider": "stability"}, "stability", None),
    ],
)  # fmt: skip
def test_old_names_of_members_are_read(
    api: Api, body: dict[str, Any], provider: str, model: str | None
) -> None:
    config = change(api, IMAGES, body).document["config"]
    assert (config["provider"], config["model"]) == (provider, model)


def test_settings_that_are_not_active_are_not_used(api: Api) -> None:
    found = change(api, IMAGES, {"provider": "runware", "is_active": False}).document
    assert (found["config"], found["source"], found["version"]) == (DEFAULTS, "default", 1)


def test_a_user_has_settings_of_their_own(api: Api) -> None:
    wanted = {
        "output_size": "640x480", "model": {"provider": "openai", "id": "gpt-image-2"},
        "quality": "draft",
        "additional_settings": {"theme": {"dark": None}, "zoom": 1.5, "ü": [1, True]},
    }  # fmt: skip
    saved = change(api, OWN, wanted)
    assert saved.document == {
        **wanted, "prompt_preference": {"group_id": None, "template_id": None},
        "warnings": [],
        "version": 1, "updated_at": saved.document["updated_at"], "updated_by": "user-of-acme",
    }  # fmt: skip
    assert api.get(OWN).document == saved.document
    bob = {"sub": "bob", "custom:tenant": "acme"}
    assert api.get(OWN, claims=bob).document["version"] == 0
    assert change(api, OWN, {}).document["additional_settings"] == {}


def test_a_patch_changes_members_and_null_removes_one(api: Api) -> None:
    change(api, OWN, {"quality": "draft", "additional_settings": {"a": 1, "b": 2}})
    patch = {"quality": None, "output_size": "64x64", "additional_settings": {"a": None, "c": 3}}
    found = change(api, OWN, patch, "PATCH").document
    assert (found["quality"], found["output_size"], found["version"]) == (None, "64x64", 2)
    assert found["additional_settings"] == {"b": 2, "c": 3}


def test_an_account_has_defaults_for_its_users(api: Api) -> None:
    wanted = {"quality": "premium", "enhance_prompt": True}
    assert api.get(ACCOUNT).document["defaults"] == {"quality": None, "enhance_prompt": False}
    saved = change(api, ACCOUNT, {"defaults": wanted}).document
    assert saved["defaults"] == wanted
    assert api.get(ACCOUNT).document == saved


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", OWN), ("PATCH", OWN), ("PUT", IMAGES), ("PUT", ACCOUNT)]
)
def test_settings_are_changed_only_by_a_caller_that_has_read_them(
    api: Api, method: str, path: str
) -> None:
    read = api.get(path)
    assert api.request(method, path, body={}).status == 428
    assert api.request(method, path, body={}, headers=based_on(read)).status == 200
    assert api.request(method, path, body={}, headers=based_on(read)).status == 412
    assert api.request(method, path, body={}).status == 428
    assert api.get(path).document["version"] == 1


@pytest.mark.parametrize(
    ("path", "body", "pointer", "code"),
    [
        (IMAGES, {"max_in_article_images": 0}, "/max_in_article_images", "greater-than-equal"),
        (IMAGES, {"max_in_article_images": 6}, "/max_in_article_images", "less-than-equal"),
        (IMAGES, {"max_in_article_images": "2"}, "/max_in_article_images", "int-type"),
        (IMAGES, {"max_in_article_images": True}, "/max_in_article_images", "int-type"),
        (IMAGES, {"desktop_enabled": "yes"}, "/desktop_enabled", "bool-type"),
        (IMAGES, {"mobile_enabled": 1}, "/mobile_enabled", "bool-type"),
        (IMAGES, {"image_type": "photo"}, "/image_type", "literal-error"),
        (IMAGES, {"image_format": "jpeg"}, "/image_format", "literal-error"),
        (IMAGES, {"desktop_size": "1536"}, "/desktop_size", "string-pattern-mismatch"),
        (IMAGES, {"mobile_size": "10x5000"}, "/mobile_size", "size-out-of-range"),
        (IMAGES, {"desktop_size": "4000x500"}, "/desktop_size", "ratio-not-offered"),
        (IMAGES, {"mobile_size": "64x300"}, "/mobile_size", "ratio-not-offered"),
        (
            IMAGES,
            {"provider": "stability", "mobile_size": "500x2100", "mobile_enabled": False},
            "/mobile_size",
            "ratio-not-offered",
        ),
        (
            OWN,
            {"model": {"provider": "openai"}, "output_size": "4000x500"},
            "/output_size",
            "ratio-not-offered",
        ),
        (IMAGES, {"provider": 5}, "/provider", "string-type"),
        (IMAGES, {"provider": "auto"}, "/provider", "provider-unknown"),
        (IMAGES, {"service": "dalle"}, "/service", "provider-unknown"),
        (IMAGES, {"model": "gpt-5"}, "/model", "model-unknown"),
        (IMAGES, {"service": "runware", "runwareModel": "x"}, "/runwareModel", "model-unknown"),
        (IMAGES, {"max_tokens": 1000}, "/max_tokens", "unknown-field"),
        (IMAGES, {"temperature": 0.7}, "/temperature", "unknown-field"),
        (IMAGES, {"response_format": "json"}, "/response_format", "unknown-field"),
        (IMAGES, {"prompt_type": "text"}, "/prompt_type", "unknown-field"),
        (OWN, {"temperature": 0.7}, "/temperature", "unknown-field"),
        (OWN, {"output_size": "big"}, "/output_size", "string-pattern-mismatch"),
        (OWN, {"model": {"id": "gpt-image-2"}}, "/model/provider", "required"),
        (OWN, {"model": {"provider": "x"}}, "/model/provider", "provider-unknown"),
        (OWN, {"model": {"provider": "openai", "id": "x"}}, "/model/id", "model-unknown"),
        (OWN, {"notifications": {}}, "/notifications", "unknown-field"),
        (OWN, {"additional_settings": []}, "/additional_settings", "dict-type"),
        (OWN, {"additional_settings": {"a": "x" * 50_000}}, "/additional_settings", "too-long"),
        (ACCOUNT, {"retention_days": 30}, "/retention_days", "unknown-field"),
        (ACCOUNT, {"defaults": {"quality": "best"}}, "/defaults/quality", "literal-error"),
    ],
)
def test_wrong_settings_are_named_and_nothing_is_stored(
    api: Api, path: str, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = change(api, path, body)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert answer.document["errors"][0]["code"] == code
    assert stored() == {}


def test_a_size_is_stored_if_the_model_can_make_it(api: Api) -> None:
    wide = {"provider": "stability", "desktop_size": "2000x500", "mobile_size": "500x2000"}
    assert change(api, IMAGES, wide).status == 200
    assert change(api, OWN, {"output_size": "1000x500"}).status == 200


def test_all_wrong_settings_come_at_once(api: Api) -> None:
    body = {"max_in_article_images": 6, "image_format": "gif", "max_tokens": 1}
    assert sorted(change(api, IMAGES, body).pointers) == [
        "/image_format", "/max_in_article_images", "/max_tokens",
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_number_that_json_does_not_have_is_refused(api: Api, method: str) -> None:
    headers = based_on(api.get(OWN))
    text = '{"additional_settings": {"a": 1e999}}'
    answer = api.request(method, OWN, text=text, headers=headers)
    assert (answer.status, stored()) == (422, {})


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_settings_of_any_depth_are_kept_or_refused(api: Api, method: str) -> None:
    for depth, statuses in ((100, {200}), (300, {200, 400}), (900, {400}), (5_000, {400})):
        text = '{"additional_settings": ' + '{"a":' * depth + "1" + "}" * (depth + 1)
        headers = based_on(api.get(OWN))
        assert api.request(method, OWN, text=text, headers=headers).status in statuses, depth
