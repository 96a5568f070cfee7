"""Platforms over the API: as the data file has them, kept by callers, and read from no table."""

import pytest

from studio.domain.platforms.catalogue import catalogue
from tests.support.mock_aws.api_client import Api

PATHS = [
    "/v1/platforms",
    "/v1/platforms/instagram",
    "/v1/platforms/instagram/formats",
    "/v1/platforms/instagram/formats/ig_story",
    "/v1/platforms/instagram/presets",
]


def test_every_platform_tells_of_all_its_formats(api: Api) -> None:
    listed = api.get("/v1/platforms").document["data"]
    assert [one["id"] for one in listed] == list(catalogue().platforms)
    assert {one["checked_at"] for one in listed} == {catalogue().checked_at}
    for one in listed:
        path = f"/v1/platforms/{one['id']}"
        whole = api.get(path).document
        formats = api.get(f"{path}/formats").document["data"]
        presets = api.get(f"{path}/presets").document["data"]
        assert whole == {
            **one, "source": catalogue().source, "formats": formats, "presets": presets,
        }  # fmt: skip
        assert one["format_ids"] == [each["id"] for each in formats]
        assert one["preset_ids"] == [each["id"] for each in presets]
        for each in formats:
            assert api.get(f"{path}/formats/{each['id']}").document == each
    assert sum(len(one["format_ids"]) for one in listed) == len(catalogue().formats)


def test_a_format_says_all_that_its_image_must_keep(api: Api) -> None:
    assert api.get("/v1/platforms/tiktok/formats/tt_ad_vertical").document == {
        "id": "tt_ad_vertical",
        "platform": "tiktok",
        "name": "Image ad vertical",
        "kind": "ad",
        "width": 720,
        "height": 1280,
        "aspect_ratio": "9:16",
        "types": ["jpg", "png"],
        "max_bytes": 524_288,
        "safe_zone": {
            "shape": "rect",
            "basis": "reported",
            "percent": {"top": "13", "bottom": "25", "left": "5.6", "right": "16"},
            "pixels": {"top": 166, "bottom": 320, "left": 40, "right": 115},
        },
        "certainty": "C",
        "note": catalogue().formats["tt_ad_vertical"].note,
    }
    grid = api.get("/v1/platforms/instagram/formats/ig_post_portrait").document["safe_zone"]
    assert (grid["percent"]["left"], grid["pixels"]["left"]) == ("3.13", 34)


def test_a_preset_names_what_is_made_together(api: Api) -> None:
    own, *others = api.get("/v1/platforms/x/presets").document["data"]
    assert (own["id"], len(own["format_ids"])) == ("x", 8)
    assert [one["id"] for one in others] == ["essentials", "feed", "covers", "avatars"]
    assert "ig_story" in others[0]["format_ids"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/platforms/twitter",
        "/v1/platforms/twitter/formats",
        "/v1/platforms/twitter/presets",
        "/v1/platforms/twitter/formats/x_header",
        "/v1/platforms/instagram/formats/x_header",
        "/v1/platforms/instagram/formats/none",
    ],
)
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    answer = api.get(path)
    assert (answer.status, answer.code) == (404, "not-found")
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("path", [*PATHS, "/v1/operations"])
def test_what_changes_with_a_deployment_only_may_be_kept(api: Api, path: str) -> None:
    first = api.get(path)
    assert first.headers["cache-control"] == "private, max-age=3600"
    again = api.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status, again.text) == (304, "")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert api.calls == []


def test_what_a_tenant_changes_is_kept_only_if_it_is_checked(api: Api) -> None:
    assert api.get("/v1/recipes").headers["cache-control"] == "private, no-cache"
