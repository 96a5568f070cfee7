"""Files made of one picture on the deployed stack: with a job, for platforms, and on demand."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from studio.domain.platforms.catalogue import catalogue
from tests.support.imaging.camera_files import photo_of
from tests.support.local_aws.caller import Caller


def bytes_of(caller: Caller, path: str) -> bytes:
    """Follow the redirect to a file."""
    answer = caller.get(path, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    data = httpx.get(answer.headers["location"])
    assert data.status_code == 200
    return data.content


def files_of(caller: Caller, job: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what was made of the only picture of a job, each file looked at."""
    ended = caller.finish(job["id"], 120)
    assert ended["status"] == "succeeded", caller.items(job["id"])
    (item,) = caller.items(job["id"])
    answer = caller.get(f"/v1/assets/{item['asset_id']}/renditions")
    made = {one["name"]: one for one in answer.json()["data"]}
    for one in made.values():
        data = bytes_of(caller, one["links"]["content"])
        assert len(data) == one["file"]["bytes"]
        with Image.open(BytesIO(data)) as picture:
            assert picture.size == (one["file"]["width"], one["file"]["height"])
            assert not picture.getexif()
    return made


@pytest.fixture(scope="module")
def source() -> dict[str, str]:
    return {"base64": b64encode(photo_of(1600, 1200)).decode()}


def test_one_image_becomes_the_essentials(acme: Caller, source: dict[str, str]) -> None:
    job = acme.create(
        operation="social.optimize",
        sources=[source],
        output={"formats": ["essentials"], "contact_sheet": True, "safe_zones": True},
    )
    made = files_of(acme, job)
    wanted = catalogue().presets["essentials"].formats
    exports = {name: one for name, one in made.items() if one["kind"] == "export"}
    assert exports.keys() == {one.id for one in wanted}
    for one in wanted:
        file = exports[one.id]["file"]
        assert (file["width"], file["height"]) == (one.width, one.height)
        verdicts = {rule["rule"]: rule["holds"] for rule in exports[one.id]["rules"]}
        assert verdicts["pixels"] and verdicts["type"] and verdicts["colours"]
        assert verdicts["bytes"] is not False
    assert made["contact-sheet"]["kind"] == "contact_sheet"
    previews = {name for name, one in made.items() if one["kind"] == "preview"}
    assert "ig_story-safe-zones" in previews
    assert acme.get(f"/v1/jobs/{job['id']}").json()["cost"]["amount"] == "0.000000"


def test_a_generated_image_has_its_sizes_from_one_call(acme: Caller) -> None:
    job = acme.create(
        prompt="a red fox in the snow",
        size="1024x768",
        output={
            "format": "jpg",
            "embed_recipe": True,
            "renditions": [
                {"name": "desktop", "width": 800, "height": 300},
                {"name": "mobile", "width": 300, "height": 450, "format": "webp"},
                {"name": "small", "width": 200, "max_bytes": 8_000},
            ],
        },
    )
    made = files_of(acme, job)
    sizes = {name: (one["file"]["width"], one["file"]["height"]) for name, one in made.items()}
    assert sizes == {"desktop": (800, 300), "mobile": (300, 450), "small": (200, 150)}
    assert made["small"]["file"]["bytes"] <= 8_000
    (item,) = acme.items(job["id"])
    assert item["attempts"] == 1
    asset = acme.get(f"/v1/assets/{item['asset_id']}").json()
    assert asset["source_type"] == "algorithmicMedia"
    written = bytes_of(acme, f"/v1/assets/{item['asset_id']}/content")
    assert b"a red fox in the snow" in written


def test_a_file_is_made_of_a_finished_image_at_once(
    acme: Caller, other: Caller, source: dict[str, str]
) -> None:
    job = acme.create(operation="render", sources=[source], size="640x480")
    assert acme.finish(job["id"])["status"] == "succeeded"
    (item,) = acme.items(job["id"])
    path = f"/v1/assets/{item['asset_id']}/renditions"
    made = acme.post(path, {"export": "tt_photo_square"})
    assert made.status_code == 201, made.text
    assert (made.json()["file"]["width"], made.json()["platform"]) == (1080, "tiktok")
    assert acme.post(path, {"export": "tt_photo_square"}).status_code == 200
    with Image.open(BytesIO(bytes_of(acme, made.json()["links"]["content"]))) as picture:
        assert picture.size == (1080, 1080)
    assert other.post(path, {"width": 100}).status_code == 404
    assert other.get(path).status_code == 404


def test_an_unknown_format_starts_nothing(acme: Caller, source: dict[str, str]) -> None:
    body = {
        "operation": "social.optimize",
        "sources": [source],
        "output": {"formats": ["ig_stori"]},
    }
    refused = acme.post("/v1/jobs", body)
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/output/formats/0"
    assert "ig_story" in error["detail"]
    del body["output"]
    assert acme.post("/v1/jobs", body).json()["errors"][0]["pointer"] == "/output/formats"
