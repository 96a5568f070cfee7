"""Downloads on the deployed stack: many images of one tenant in one archive."""

import csv
import hashlib
import io
import time
from base64 import b64encode
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from tests.support.imaging.camera_files import photo_of
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack

ITEMS = [
    {"prompt": "a lighthouse at dawn", "label": "Über/See", "size": "320x200"},
    {"prompt": "a red bicycle", "label": "CON", "size": "64x64"},
    {"prompt": "an empty street", "size": "96x64"},
]


@pytest.fixture(scope="module")
def job_id(acme: Caller) -> str:
    job = acme.finish(acme.create(items=ITEMS)["id"])
    assert job["status"] == "succeeded"
    return str(job["id"])


def packed(caller: Caller, body: dict[str, Any], seconds: float = 60) -> dict[str, Any]:
    """Order an archive and wait for it."""
    answer = caller.post("/v1/downloads", body)
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + seconds
    while True:
        value: dict[str, Any] = caller.get(answer.headers["location"]).json()
        if value["status"] not in ("queued", "running"):
            assert value["status"] == "ready", value
            return value
        assert time.monotonic() < deadline, value
        time.sleep(0.2)


def files_of(value: dict[str, Any]) -> dict[str, bytes]:
    answer = httpx.get(value["url"], trust_env=False)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{value["filename"]}"'
    assert len(answer.content) == value["bytes"]
    with ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_images_of_a_job_come_as_one_archive(acme: Caller, job_id: str) -> None:
    value = packed(acme, {"job_id": job_id})
    files = files_of(value)
    assert list(files) == ["001-Über-See.webp", "002-CON.webp", "003.webp", "manifest.csv"]
    text = files["manifest.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["file"] for row in rows] == list(files)[:3]
    for row, item in zip(rows, acme.items(job_id), strict=True):
        asset = acme.get(f"/v1/assets/{item['asset_id']}").json()
        assert row["asset_id"] == asset["id"]
        assert row["sha256"] == asset["sha256"]
        assert hashlib.sha256(files[row["file"]]).hexdigest() == asset["sha256"]
        assert row["prompt"] == item["prompt"]


def test_what_is_gone_is_named_in_the_archive(stack: Stack, acme: Caller) -> None:
    job = acme.finish(acme.create(prompt="two boats", variations=2, size="64x64")["id"])
    first, second = (item["asset_id"] for item in acme.items(job["id"]))
    stack.client("s3").delete_object(
        Bucket=stack.outputs["BucketName"], Key=f"assets/acme/{first}/image.webp"
    )
    value = packed(acme, {"asset_ids": [second, first], "naming": "boats/{label}"})
    assert value["missing"] == [first]
    assert list(files_of(value)) == ["boats/image.webp", "manifest.csv"]


def test_an_image_comes_with_its_platforms_files(acme: Caller) -> None:
    job = acme.create(
        operation="social.optimize",
        sources=[{"base64": b64encode(photo_of(1600, 1200)).decode()}],
        output={"formats": ["x_post_landscape", "ig_post_square"]},
    )
    assert acme.finish(job["id"], 120)["status"] == "succeeded"
    (item,) = acme.items(job["id"])
    asset = acme.get(f"/v1/assets/{item['asset_id']}").json()
    made = acme.get(f"/v1/assets/{item['asset_id']}/renditions").json()["data"]
    assert [one["name"] for one in made] == ["ig_post_square", "x_post_landscape"]

    value = packed(acme, {"job_id": job["id"], "files": "all"})

    assert value["counts"] == {"assets": 1, "packed": 3, "missing": 0}
    files = files_of(value)
    names = [name.rpartition(".")[0] for name in files]
    assert names == ["001/image", "001/ig_post_square", "001/x_post_landscape", "manifest"]
    hashes = [hashlib.sha256(data).hexdigest() for data in files.values()][:3]
    assert hashes == [asset["sha256"], *(one["file"]["sha256"] for one in made)]
    text = files["manifest.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["sha256"] for row in rows] == hashes
    assert [row["rendition"] for row in rows] == ["", "ig_post_square", "x_post_landscape"]


def test_another_tenant_has_neither_images_nor_archive(
    acme: Caller, other: Caller, job_id: str
) -> None:
    value = packed(acme, {"job_id": job_id})
    assert other.get(f"/v1/downloads/{value['id']}").status_code == 404
    ids = [item["asset_id"] for item in acme.items(job_id)]
    for body, pointer in (({"job_id": job_id}, "/job_id"), ({"asset_ids": ids}, "/asset_ids/0")):
        refused = other.post("/v1/downloads", body)
        assert refused.status_code == 404
        assert refused.json()["errors"][0]["pointer"] == pointer


def test_a_repeated_delivery_changes_nothing(stack: Stack, acme: Caller, job_id: str) -> None:
    value = packed(acme, {"job_id": job_id})
    event = {"tenant": "acme", "download_id": value["id"]}
    assert stack.invoke("BuildDownloadFunction", event) == {"status": "ready"}
    again = acme.get(f"/v1/downloads/{value['id']}").json()
    assert (again["finished_at"], again["bytes"]) == (value["finished_at"], value["bytes"])


def test_a_wrong_pattern_is_refused(acme: Caller, job_id: str) -> None:
    refused = acme.post("/v1/downloads", {"job_id": job_id, "naming": "{colour}"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/naming")
