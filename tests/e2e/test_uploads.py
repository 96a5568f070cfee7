"""Uploads on the deployed stack: announced uploads, files dropped into the bucket, rules, pairs."""

import json
import time
import uuid
from collections.abc import Callable
from hashlib import md5, sha256
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.support.imaging.camera_files import looks_upright, photo
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack

RECIPE = {"operation": "generate", "prompt": "a product on white", "size": "128x128"}


def sku() -> str:
    return f"SKU-{uuid.uuid4().hex[:12]}"


def fresh_photo(orientation: int = 1) -> bytes:
    """A photo that is new to the stack."""
    return photo(orientation, seed=uuid.uuid4().int % 1_000_003)


def until(condition: Callable[[], Any], seconds: float = 40) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
    return found


def announce(caller: Caller, data: bytes, **changes: object) -> dict[str, Any]:
    body = {"filename": "front.jpg", "media_type": "image/jpeg", "bytes": len(data), **changes}
    answer = caller.post("/v1/uploads", body)
    assert answer.status_code in (200, 201), answer.text
    document: dict[str, Any] = answer.json()
    return document


def send(
    announced: dict[str, Any], data: bytes, changes: dict[str, str] | None = None
) -> httpx.Response:
    fields = {**announced["fields"], **(changes or {})}
    with httpx.Client(trust_env=False) as client:
        return client.post(announced["url"], data=fields, files={"file": ("x", data)})


def drop(stack: Stack, tenant: str, folder: str, data: bytes, name: str = "front.jpg") -> str:
    """Put a file into the bucket as a shop's sync would; return its key."""
    key = f"uploads/{tenant}/{folder}/{name}"
    stack.client("s3").put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=data)
    return key


def event(key: str, data: bytes) -> dict[str, Any]:
    """The event that the bucket sends about an object."""
    etag = md5(data, usedforsecurity=False).hexdigest()
    return {"detail": {"object": {"key": key, "etag": etag, "size": len(data)}}}


def pairs(caller: Caller, folder: str) -> list[dict[str, Any]]:
    answer = caller.get(f"/v1/folders/{folder}/pairs")
    found: list[dict[str, Any]] = answer.json()["data"] if answer.status_code == 200 else []
    return found


def download(url: str) -> bytes:
    answer = httpx.get(url, trust_env=False)
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize("orientation", [1, 6, 7])
def test_an_announced_photo_becomes_an_upright_image(acme: Caller, orientation: int) -> None:
    data, folder = fresh_photo(orientation), sku()
    announced = announce(acme, data, folder=folder)
    assert send(announced, data).status_code == 204
    completed = acme.post(f"/v1/uploads/{announced['upload']['id']}/complete")
    assert completed.status_code == 201, completed.text
    asset = completed.json()["asset"]
    assert (asset["operation"], asset["job_id"], asset["cost"]) == ("upload", None, None)
    content = acme.get(f"/v1/assets/{asset['id']}/content")
    assert looks_upright(download(content.headers["location"]))
    (pair,) = pairs(acme, folder)
    assert (pair["status"], pair["output_url"]) == ("pending", None)
    assert looks_upright(download(pair["input_url"]))
    again = acme.post(f"/v1/uploads/{announced['upload']['id']}/complete")
    assert again.json()["asset"]["id"] == asset["id"]


def test_a_file_that_is_known_needs_no_upload(acme: Caller, other: Caller) -> None:
    data, folder = fresh_photo(), sku()
    announced = announce(acme, data)
    send(announced, data)
    asset = acme.post(f"/v1/uploads/{announced['upload']['id']}/complete").json()["asset"]
    digest = sha256(data).hexdigest()
    known = announce(acme, data, sha256=digest, folder=folder)
    assert (known["asset"]["id"], known["url"], known["upload"]) == (asset["id"], None, None)
    assert [pair["input_asset_id"] for pair in pairs(acme, folder)] == [asset["id"]]
    assert announce(other, data, sha256=digest)["asset"] is None


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("longer", 400),
        ("shorter", 400),
        ("other type", 403),
        ("other key", 403),
        ("other tenant", 403),
    ],
)
def test_the_form_takes_what_was_announced_and_nothing_else(
    acme: Caller, case: str, status: int
) -> None:
    data = fresh_photo()
    announced = announce(acme, data)
    key = announced["fields"]["key"]
    changes = {
        "longer": {},
        "shorter": {},
        "other type": {"Content-Type": "text/html"},
        "other key": {"key": key.replace("front", "back")},
        "other tenant": {"key": key.replace("/acme/", "/other/")},
    }[case]
    other_size = {"longer": data + b"x", "shorter": data[:-1]}
    sent = send(announced, other_size.get(case, data), changes)
    assert sent.status_code == status, sent.text
    answer = acme.post(f"/v1/uploads/{announced['upload']['id']}/complete")
    assert (answer.status_code, answer.json()["code"]) == (409, "state-conflict")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415, "image-type"),
        (photo()[:-200], 422, "image-truncated"),
        (photo() + b"<?php system($_GET['c']); ?>", 422, "image-polyglot"),
    ],
)
def test_what_is_no_good_image_goes_to_quarantine_and_says_why(
    stack: Stack, acme: Caller, data: bytes, status: int, code: str
) -> None:
    announced = announce(acme, data, folder=sku())
    send(announced, data)
    path = f"/v1/uploads/{announced['upload']['id']}"
    assert acme.post(f"{path}/complete").status_code == status
    upload = acme.get(path).json()
    assert upload["status"] == "quarantined"
    assert upload["reason_code"].startswith(code)
    s3, bucket = stack.client("s3"), stack.outputs["BucketName"]
    left = s3.list_objects_v2(Bucket=bucket, Prefix=announced["fields"]["key"])
    aside = s3.list_objects_v2(Bucket=bucket, Prefix=f"quarantine/acme/{upload['id']}/")
    assert (left["KeyCount"], aside["KeyCount"]) == (0, 1)


def test_a_decompression_bomb_is_refused_before_it_is_decoded(acme: Caller) -> None:
    target = BytesIO()
    Image.new("1", (9000, 8000)).save(target, "PNG")
    data = target.getvalue()
    announced = announce(acme, data, media_type="image/png", filename="bomb.png")
    send(announced, data)
    refused = acme.post(f"/v1/uploads/{announced['upload']['id']}/complete")
    assert (refused.status_code, refused.json()["code"]) == (413, "image-too-large")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"media_type": "image/svg+xml"}, "/media_type"),
        ({"media_type": "text/html"}, "/media_type"),
        ({"bytes": 26_214_401}, "/bytes"),
        ({"bytes": 0}, "/bytes"),
        ({"folder": "../other"}, "/folder"),
        ({"sha256": "short"}, "/sha256"),
        ({"filename": ""}, "/filename"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_before_it_is_sent(
    acme: Caller, changes: dict[str, object], pointer: str
) -> None:
    body = {"filename": "a.jpg", "media_type": "image/jpeg", "bytes": 5, **changes}
    refused = acme.post("/v1/uploads", body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_a_dropped_photo_is_made_into_a_product_image_by_the_rule(
    stack: Stack, acme: Caller, other: Caller
) -> None:
    folder, data = sku(), fresh_photo(8)
    acme.put("/v1/recipes/on-white", {"job": RECIPE}, headers={"if-match": "*"})
    acme.put("/v1/recipes/on-white", {"job": RECIPE})
    assert acme.put(f"/v1/folders/{folder}/rule", {"recipe_id": "on-white"}).status_code == 200

    key = drop(stack, "acme", folder, data)

    def linked() -> list[dict[str, Any]]:
        return [pair for pair in pairs(acme, folder) if pair["status"] == "succeeded"]

    (pair,) = until(linked)
    assert looks_upright(download(pair["input_url"]))
    with Image.open(BytesIO(download(pair["output_url"]))) as image:
        assert image.size == (128, 128)
    job = acme.get(f"/v1/jobs/{pair['job_id']}").json()
    assert (job["folder"], job["recipe"]["id"], job["status"]) == (folder, "on-white", "succeeded")

    for _ in range(2):
        stack.invoke("RegisterUploadFunction", event(key, data))
    assert stack.invoke("RegisterUploadFunction", event(key, b"older")) == {"outcome": "superseded"}
    drop(stack, "acme", folder, data, "copy.jpg")
    stack.invoke("RegisterUploadFunction", event(f"uploads/acme/{folder}/copy.jpg", data))
    jobs = acme.get("/v1/jobs", params={"limit": 100}).json()["data"]
    assert [one["id"] for one in jobs if one["folder"] == folder] == [job["id"]]
    found = acme.get(f"/v1/folders/{folder}").json()
    assert found["counts"] == {"sources": 1, "done": 1, "failed": 0, "to_do": 0}
    assert found["thumbnail_url"]
    assert folder in [one["sku"] for one in acme.get("/v1/folders?limit=100").json()["data"]]

    for path in (f"/v1/folders/{folder}", f"/v1/folders/{folder}/pairs"):
        assert other.get(path).status_code == 404
    assert folder not in json.dumps(other.get("/v1/folders?limit=100").json())


def test_a_source_whose_image_failed_says_so_and_a_redrive_mends_it(
    stack: Stack, acme: Caller
) -> None:
    folder, data = sku(), fresh_photo()
    announced = announce(acme, data, folder=folder)
    send(announced, data)
    asset = acme.post(f"/v1/uploads/{announced['upload']['id']}/complete").json()["asset"]
    body = {
        "prompt": f"a product {folder} [[moderated-once]]",
        "provider": {"id": "openai"},
        "sources": [{"upload_id": announced["upload"]["id"]}],
        "folder": folder,
        "quality": "draft",
    }
    job = acme.finish(acme.create(**body)["id"])
    assert job["status"] == "failed"
    (pair,) = until(lambda: [pair for pair in pairs(acme, folder) if pair["status"] == "failed"])
    assert (pair["input_asset_id"], pair["output_url"]) == (asset["id"], None)
    acme.post(f"/v1/jobs/{job['id']}/redrive")
    (pair,) = until(lambda: [one for one in pairs(acme, folder) if one["status"] == "succeeded"])
    assert pair["output_url"]
    counts = acme.get(f"/v1/folders/{folder}").json()["counts"]
    assert counts == {"sources": 1, "done": 1, "failed": 0, "to_do": 0}


def test_another_tenants_upload_does_not_exist(acme: Caller, other: Caller) -> None:
    data = fresh_photo()
    announced = announce(acme, data)
    send(announced, data)
    path = f"/v1/uploads/{announced['upload']['id']}"
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/complete").status_code == 404
    job = {"operation": "generate", "prompt": "a", "sources": [{"upload_id": path[-30:]}]}
    refused = other.post("/v1/jobs", job)
    assert refused.json()["errors"][0]["pointer"] == "/sources/0/upload_id"


def test_a_rule_needs_a_recipe_of_the_account(acme: Caller) -> None:
    folder = sku()
    refused = acme.put(f"/v1/folders/{folder}/rule", {"recipe_id": "no-such-recipe"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/recipe_id")
    assert acme.get(f"/v1/folders/{folder}/rule").status_code == 404
