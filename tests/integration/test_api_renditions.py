"""Renditions through the API, and the function that makes them while it waits."""

import os
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from studio.adapters import clients as aws
from studio.adapters.dynamodb.renditions import DynamoRenditionStore
from studio.domain.renditions.model import MAX_KEPT, Framing, Rendition, RenditionSpec
from studio.money import Cost
from tests.support.imaging.camera_files import photo_of
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.finished_jobs import Work
from tests.support.mock_aws.rendering import put, rendering
from tests.support.mock_aws.stack import BUCKET, clients

ORDER = {"operation": "generate", "prompt": "a red fox"}


@pytest.fixture
def asset(api: Api) -> str:
    """A finished picture of 900x600 pixels."""
    work = Work(str(api.post("/v1/jobs", ORDER).document["id"]))
    work.start()
    asset_id = work.make(1, Cost(40_000, "priced", "prices-1"))
    put(asset_id, photo_of(900, 600))
    return asset_id


def content(api: Api, path: str) -> Image.Image:
    """Follow the redirect to a file's bytes."""
    where, _, query = path.partition("?")
    answer = api.get(where, query)
    assert answer.status == 302
    key = urlsplit(answer.headers["location"]).path.partition(f"{BUCKET}/")[2]
    if not key:
        key = urlsplit(answer.headers["location"]).path.lstrip("/")
    return Image.open(BytesIO(clients().s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()))


def test_a_file_is_made_once_and_answered_ever_after(api: Api, asset: str) -> None:
    wanted = {"name": "mobile", "width": 300, "height": 450, "format": "jpg", "quality": 70}
    path = f"/v1/assets/{asset}/renditions"
    with rendering() as invoked:
        made = api.post(path, wanted)
        again = api.post(path, wanted)
    assert (made.status, again.status, len(invoked)) == (201, 200, 1)
    assert again.document == made.document
    assert made.headers["location"] == f"/v1/assets/{asset}/content?rendition=mobile"
    document = made.document
    assert (document["kind"], document["name"], document["rules"]) == ("rendition", "mobile", [])
    assert document["focal_point"]["method"] in ("salience", "centre", "face")
    left, top, right, bottom = document["window"]
    assert (top, bottom) == (0, 1)
    assert right - left == pytest.approx(600 * 300 / 450 / 900, abs=0.01)
    with content(api, document["links"]["content"]) as picture:
        assert (picture.format, picture.size) == ("JPEG", (300, 450))
    listed = api.get(path)
    assert listed.document["data"] == [document]
    assert api.calls == ["GetItem", "GetItem"]


def test_a_platforms_format_says_what_it_keeps(api: Api, asset: str) -> None:
    with rendering():
        made = api.post(f"/v1/assets/{asset}/renditions", {"export": "ig_story"}).document
    assert (made["kind"], made["platform"], made["format"]) == ("export", "instagram", "ig_story")
    file = made["file"]
    assert (file["width"], file["height"]) == (1080, 1920)
    assert file["media_type"] == "image/jpeg"
    verdicts = {rule["rule"]: rule["holds"] for rule in made["rules"]}
    assert verdicts["pixels"] and verdicts["bytes"] and verdicts["type"]
    assert verdicts["not_enlarged"] is False
    assert made["enlarged"] == pytest.approx(3.2, abs=0.01)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"export": "ig_storey"}, "/export", "format-unknown"),
        ({"export": "essentials"}, "/export", "not-a-format"),
        ({"export": "ig_story", "width": 100}, "/width", "exclusive"),
        ({"name": "thumbnail", "width": 100}, "/name", "reserved"),
        ({"width": 0}, "/width", "greater-than-equal"),
        ({"width": 9_000, "height": 9_000}, "/width", "out-of-range"),
        ({"focal_point": {"x": 2, "y": 0}}, "/focal_point/x", "less-than-equal"),
        ({"shape": "round"}, "/shape", "unknown-field"),
    ],
)
def test_what_cannot_be_made_is_refused_by_its_field(
    api: Api, asset: str, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = api.post(f"/v1/assets/{asset}/renditions", body)
    assert answer.status == 422
    (error,) = answer.document["errors"]
    assert error["pointer"].startswith(pointer)
    assert api.get(f"/v1/assets/{asset}/renditions").document == {"data": []}


def test_a_limit_that_no_file_keeps_is_said_and_nothing_is_kept(api: Api, asset: str) -> None:
    wanted = {"name": "tiny", "format": "png", "max_bytes": 1_000}
    with rendering():
        answer = api.post(f"/v1/assets/{asset}/renditions", wanted)
    assert (answer.status, answer.pointers) == (422, ["/max_bytes"])
    assert api.get(f"/v1/assets/{asset}/renditions").document == {"data": []}


def test_a_name_that_is_taken_for_another_file_is_refused(api: Api, asset: str) -> None:
    path = f"/v1/assets/{asset}/renditions"
    with rendering():
        assert api.post(path, {"name": "a", "width": 100}).status == 201
        answer = api.post(path, {"name": "a", "width": 101})
    assert (answer.status, answer.code) == (409, "state-conflict")


def test_an_unknown_format_is_named_by_its_field(api: Api, asset: str) -> None:
    answer = api.post(f"/v1/assets/{asset}/renditions", {"export": "ig_stori"})
    assert (answer.status, answer.pointers) == (422, ["/export"])


def test_a_side_that_makes_too_many_pixels_is_refused_by_its_field(api: Api, asset: str) -> None:
    put(asset, photo_of(100, 80))
    with rendering():
        answer = api.post(f"/v1/assets/{asset}/renditions", {"width": 10_000})
    assert (answer.status, answer.pointers) == (422, ["/width"])


def test_an_image_with_all_the_files_it_can_have_gets_no_further_one(api: Api, asset: str) -> None:
    kept = Rendition("rendition", RenditionSpec("kept"), None, problem="byte-limit")
    store = DynamoRenditionStore(aws.dynamodb(), os.environ["ASSETS_TABLE_NAME"])
    for number in range(MAX_KEPT):
        spec = replace(kept.spec, name=f"kept-{number}")
        assert store.add("acme", asset, replace(kept, spec=spec))
    with rendering() as invoked:
        answer = api.post(f"/v1/assets/{asset}/renditions", {"width": 100})
    assert (answer.status, answer.code, invoked) == (409, "state-conflict", [])


def test_what_an_order_could_not_make_is_refused_again_and_is_no_answer(
    api: Api, asset: str
) -> None:
    spec = RenditionSpec(
        "tiny", 400, 400, "webp", max_bytes=1_000, framing=Framing(gravity="smart")
    )
    store = DynamoRenditionStore(aws.dynamodb(), os.environ["ASSETS_TABLE_NAME"])
    assert store.add("acme", asset, Rendition("rendition", spec, None, problem="byte-limit"))
    wanted = {"name": "tiny", "width": 400, "height": 400, "max_bytes": 1_000}
    answer = api.post(f"/v1/assets/{asset}/renditions", wanted)
    assert (answer.status, answer.pointers) == (422, ["/max_bytes"])


def test_an_asset_that_is_no_good_image_is_refused(api: Api, asset: str) -> None:
    put(asset, b"not a picture")
    with rendering():
        answer = api.post(f"/v1/assets/{asset}/renditions", {"width": 100})
    assert answer.status == 422
    assert answer.document["errors"][0]["code"] == "image-type-unsupported"


def test_a_function_that_fails_is_asked_again_later(api: Api, asset: str) -> None:
    with rendering(error="Unhandled"):
        answer = api.post(f"/v1/assets/{asset}/renditions", {"width": 100})
    assert (answer.status, answer.code) == (503, "renderer-unavailable")
    assert answer.document["retryable"]


def test_another_tenants_asset_has_no_files(api: Api, asset: str) -> None:
    path = f"/v1/assets/{asset}/renditions"
    with rendering() as invoked:
        assert api.get(path, tenant="zenith").status == 404
        assert api.post(path, {"width": 100}, tenant="zenith").status == 404
        assert api.get(f"/v1/assets/{asset}/content", "rendition=nope").status == 404
    assert not invoked


def test_a_crop_that_is_a_guess_is_a_warning(api: Api, asset: str) -> None:
    file = BytesIO()
    Image.effect_noise((900, 600), 24).convert("RGB").save(file, "WEBP", quality=90)
    put(asset, file.getvalue())
    path = f"/v1/assets/{asset}/renditions"
    with rendering():
        guessed = api.post(path, {"name": "square", "width": 200, "height": 200}).document
        given = api.post(path, {"name": "left", "width": 200, "height": 200, "gravity": "west"})
        whole = api.post(path, {"name": "whole", "width": 300, "height": 200})
    assert guessed["focal_point"]["score"] < 0.35
    (warning,) = guessed["warnings"]
    assert warning.startswith("The smart crop is not sure what to keep in square. ")
    assert (given.document["warnings"], whole.document["warnings"]) == ([], [])
    assert guessed in api.get(path).document["data"]


def test_a_file_keeps_the_rights_of_its_asset_if_told(api: Api, asset: str) -> None:
    clients().dynamodb.update_item(
        TableName=os.environ["ASSETS_TABLE_NAME"],
        Key={"pk": {"S": "acme"}, "sk": {"S": asset}},
        UpdateExpression="SET creator = :creator, copyright = :notice",
        ExpressionAttributeValues={":creator": {"S": "A. Sitter"}, ":notice": {"S": "(c) 2026"}},
    )
    path = f"/v1/assets/{asset}/renditions"
    with rendering():
        kept = api.post(path, {"name": "kept", "format": "png", "keep_rights": True}).document
        plain = api.post(path, {"name": "plain", "format": "png"}).document
        other = api.post(path, {"name": "kept", "format": "png"})
        story = api.post(path, {"export": "ig_story", "keep_rights": True}).document
    files = [content(api, one["links"]["content"]) for one in (kept, plain, story)]
    stated = [str(picture.getxmp()) for picture in files]
    assert [text.count("A. Sitter") for text in stated] == [1, 0, 1]
    assert [text.count("(c) 2026") for text in stated] == [1, 0, 1]
    assert [one["wanted"]["keep_rights"] for one in (kept, plain, story)] == [True, False, True]
    assert other.status == 409
