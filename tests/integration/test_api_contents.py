"""Contents and their images: saved, listed, changed and deleted, each on what was read."""

from collections import Counter
from typing import Any

import pytest

from tests.support.mock_aws.api_client import Api, based_on, stored
from tests.support.mock_aws.contents import FEATURED, change, five, in_article, path_of, saved


def test_a_content_is_given_as_it_was_saved(api: Api) -> None:
    words: dict[str, Any] = {
        "meta_title": "Night",
        "external_ref": "cms-1",
        "labels": {"team": "nature"},
    }
    content = saved(api, in_article(2, alt_text="A den"), FEATURED, **words)
    assert {name: content[name] for name in words} == words
    assert (content["created_by"], content["version"], content["job_id"]) == (
        "user-of-acme", 1, None,
    )  # fmt: skip
    assert content["counts"] == {"images": 2, "pending": 2, "generated": 0, "failed": 0}
    assert [one["label"] for one in content["images"]] == ["Featured Image", "In-Article Image 2"]
    assert content["images"][1]["alt_text"] == "A den"

    read = api.get(path_of(content))
    assert read.document == content
    assert api.calls == ["Query"]
    image = api.get(path_of(content, 1))
    assert image.document == content["images"][1]
    listed = api.get(f"{path_of(content)}/images").document
    assert listed == {"data": content["images"]}


def test_a_page_of_contents_is_one_query(api: Api) -> None:
    ids = [five(api, title=f"Number {number}")["id"] for number in range(3)]
    first = api.get("/v1/contents", "limit=2")
    assert api.calls == ["Query"]
    assert [one["id"] for one in first.document["data"]] == ids[:0:-1]
    assert first.document["data"][0]["counts"]["pending"] == 6
    cursor = first.document["page"]["next_cursor"]
    rest = api.get("/v1/contents", f"limit=2&cursor={cursor}").document
    assert [one["id"] for one in rest["data"]] == ids[:1]
    assert api.get("/v1/contents", tenant="rival").document["data"] == []


def test_contents_are_found_by_reference_and_state(api: Api) -> None:
    one, other = saved(api, FEATURED, external_ref="a"), saved(api, external_ref="b c")

    def found(query: str) -> list[str]:
        return [row["id"] for row in api.get("/v1/contents", query).document["data"]]

    assert found("external_ref=b+c") == [other["id"]]
    assert found("status=pending") == [one["id"]]
    assert found("status=failed") == []
    answer = api.get("/v1/contents", "status=queued")
    assert (answer.status, answer.code) == (400, "malformed-request")
    page = api.get("/v1/contents", "limit=1").document["page"]["next_cursor"]
    assert api.get("/v1/contents", f"cursor={page}&status=pending").code == "invalid-cursor"


def test_the_words_of_a_content_are_changed(api: Api) -> None:
    content = saved(api, FEATURED, meta_title="Night", labels={"a": "b"})
    changed = change(api, path_of(content), title="Wolves", meta_title=None)
    assert changed.status == 200
    expected = {"title": "Wolves", "meta_title": None, "labels": {"a": "b"}, "version": 2}
    assert {name: changed.document[name] for name in expected} == expected
    assert api.get(path_of(content)).document == changed.document


def test_a_new_prompt_puts_an_image_back_to_pending(api: Api) -> None:
    content = saved(api, FEATURED)
    same = change(api, path_of(content, 0), alt_text="A fox").document
    assert (same["alt_text"], same["version"]) == ("A fox", 1)
    new = change(api, path_of(content, 0), prompt="a wolf").document
    assert (new["prompt"], new["version"], new["status"]) == ("a wolf", 2, "pending")
    moved = change(api, path_of(content, 0), type="in_article", position=3).document
    assert moved["label"] == "In-Article Image 3"
    assert api.get(path_of(content, 0)).document == moved
    assert api.get(path_of(content)).document["version"] == 4


@pytest.mark.parametrize("image", [None, 0])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_is_based_on_what_was_read(api: Api, method: str, image: int | None) -> None:
    content = saved(api, FEATURED)
    path = path_of(content, image)
    body: dict[str, str] | None = {} if method == "PATCH" else None
    before = based_on(api.get(path))
    unnamed = api.request(method, path, body=body)
    assert (unnamed.status, unnamed.code) == (428, "precondition-required")
    word = {"title": "New"} if image is None else {"prompt": "new"}
    assert change(api, path, **word).status == 200
    rows = stored()
    stale = api.request(method, path, body=body, headers=before)
    assert (stale.status, stale.code) == (412, "precondition-failed")
    assert stored() == rows


def test_an_image_is_added_where_there_is_room(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1, device="mobile"))
    path = f"{path_of(content)}/images"
    for body in (FEATURED, in_article(1), in_article(1, device="mobile")):
        refused = api.post(path, body, key=None)
        assert (refused.status, refused.code) == (409, "state-conflict")
    added = api.post(path, in_article(1, device="desktop"), key=None)
    assert added.status == 201
    assert api.get(added.headers["location"]).document == added.document
    devices = [one["device"] for one in api.get(path).document["data"]]
    assert devices == ["all", "desktop", "mobile"]
    assert api.get(path_of(content)).document["counts"]["pending"] == 3


def test_an_image_is_not_moved_to_a_place_that_is_taken(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1), in_article(2))
    refused = change(api, path_of(content, 2), position=1)
    assert (refused.status, refused.code) == (409, "state-conflict")


def test_the_id_of_a_deleted_image_is_not_used_again(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1))
    path = path_of(content, 1)
    assert api.request("DELETE", path, headers=based_on(api.get(path))).status == 204
    assert api.get(path).status == 404
    added = api.post(f"{path_of(content)}/images", in_article(1), key=None).document
    assert added["id"] != content["images"][1]["id"]


def test_a_deleted_content_is_gone_with_its_images(api: Api) -> None:
    content = saved(api, FEATURED)
    path = path_of(content)
    assert api.request("DELETE", path, headers=based_on(api.get(path))).status == 204
    for gone in (path, path_of(content, 0), f"{path}/images", f"{path}/queue"):
        assert api.get(gone).status == 404
    assert api.get("/v1/contents").document["data"] == []
    assert api.post(f"{path}/jobs", {}).status == 404


def test_the_image_of_another_content_is_not_there(api: Api) -> None:
    one, other = saved(api, FEATURED), saved(api, FEATURED)
    path = f"{path_of(one)}/images/{other['images'][0]['id']}"
    assert api.get(path).status == 404
    assert api.request("PATCH", path, body={}, headers={"if-match": "*"}).status == 404
    assert api.request("DELETE", path, headers={"if-match": "*"}).status == 404


def test_what_a_content_costs_to_change(api: Api) -> None:
    content = saved(api, FEATURED)
    api.request("PATCH", path_of(content), body={"title": "b"}, headers={"if-match": "*"})
    assert Counter(api.calls) == {"Query": 1, "UpdateItem": 1}
    api.post(f"{path_of(content)}/images", in_article(1), key=None)
    assert Counter(api.calls) == {"Query": 1, "TransactWriteItems": 1}


BAD = [
    ({"title": ""}, "/title"),
    ({"title": "a\nb"}, "/title"),
    ({"title": "x" * 301}, "/title"),
    ({}, "/title"),
    ({"title": "a", "labels": {"": "b"}}, "/labels/"),
    ({"title": "a", "colour": "red"}, "/colour"),
    ({"title": "a", "images": [{}]}, "/images/0/type"),
    ({"title": "a", "images": [{"type": "featured", "position": 1}]}, "/images/0/position"),
    ({"title": "a", "images": [{"type": "in_article"}]}, "/images/0/position"),
    ({"title": "a", "images": [in_article(0)]}, "/images/0/position"),
    ({"title": "a", "images": [in_article(6)]}, "/images/0/position"),
    ({"title": "a", "images": [in_article(1) | {"prompt": ""}]}, "/images/0/prompt"),
    ({"title": "a", "images": [in_article(1) | {"prompt": " \t"}]}, "/images/0/prompt"),
    ({"title": "a", "images": [in_article(1, "x" * 32_001)]}, "/images/0/prompt"),
    ({"title": "a", "images": [in_article(1, device="watch")]}, "/images/0/device"),
    ({"title": "a", "images": [in_article(1)] * 17}, "/images"),
]


@pytest.mark.parametrize(("body", "pointer"), BAD)
def test_a_wrong_content_is_not_stored(api: Api, body: dict[str, object], pointer: str) -> None:
    answer = api.post("/v1/contents", body, key=None)
    assert (answer.status, answer.code) == (422, "validation-failed")
    assert answer.pointers == [pointer]
    assert stored() == {}


def test_two_featured_images_are_not_stored(api: Api) -> None:
    body = {"title": "a", "images": [FEATURED, FEATURED]}
    answer = api.post("/v1/contents", body, key=None)
    assert (answer.status, answer.code) == (409, "state-conflict")
    assert stored() == {}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"prompt": ""}, "/prompt"),
        ({"position": 0}, "/position"),
        ({"position": 1}, "/position"),
        ({"type": None}, "/type"),
        ({"status": "generated"}, "/status"),
        ({"image_url": "https://example.org"}, "/image_url"),
    ],
)
def test_a_wrong_change_of_an_image_is_not_stored(
    api: Api, body: dict[str, object], pointer: str
) -> None:
    content = saved(api, FEATURED)
    before = stored()
    answer = change(api, path_of(content, 0), **body)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert stored() == before
