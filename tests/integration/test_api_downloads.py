"""Downloads over the API, with the real packing between the requests."""

import csv
import hashlib
import io
import os
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest

from functions.build_download import handler
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.clock import utc_now
from studio.domain.folders.model import Folder, Result, Source
from studio.money import Cost
from tests.support.imaging.camera_files import photo_of
from tests.support.mock_aws.api_client import Api, Document, stored
from tests.support.mock_aws.environment import environment
from tests.support.mock_aws.finished_jobs import CONTENT, Work
from tests.support.mock_aws.rendering import put, rendering
from tests.support.mock_aws.stack import ASSETS, BUCKET, CATALOG, clients

ORDER = {
    "operation": "generate",
    "items": [{"prompt": "=first", "label": "Featured"}, {"prompt": "second"}, {"prompt": "third"}],
}
UNKNOWN = "ast_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"
PATH = "/v1/downloads"


@pytest.fixture
def job_id(api: Api) -> str:
    """A job of which two pictures of three are made."""
    job_id = str(api.post("/v1/jobs", ORDER).document["id"])
    work = Work(job_id)
    work.start()
    for number in (1, 2):
        work.make(number, Cost(40_000, "priced", "prices-1"))
    work.refuse(3)
    return job_id


@pytest.fixture
def made(api: Api, job_id: str) -> list[str]:
    """Asset ids of the job's pictures, in its order."""
    listed = api.get("/v1/assets").document["data"]
    return [asset["id"] for asset in listed][::-1]


def pack(api: Api) -> list[str]:
    """Deliver what the API handed to the function build_download; return what comes of it."""
    os.environ.update(environment("BuildDownloadFunction"))
    try:
        events, api.invoked = api.invoked, []
        return [handler.build().run(**event) for event in events]
    finally:
        handler.build.cache_clear()


def packed(api: Api, **body: object) -> Document:
    """Order an archive, let it be packed and read the download."""
    answer = api.post(PATH, body, key=None)
    assert answer.status == 202, answer.text
    assert pack(api) == ["ready"]
    document: Document = api.get(answer.headers["location"]).document
    return document


def archive_of(url: str) -> dict[str, bytes]:
    key = urlsplit(url).path.lstrip("/").removeprefix(f"{BUCKET}/")
    data = clients().s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_download_is_accepted_packed_and_fetched(api: Api, made: list[str]) -> None:
    answer = api.post(PATH, {"asset_ids": made[::-1], "naming": "{date}/{index}"}, key=None)
    assert answer.status == 202
    assert (answer.headers["retry-after"], answer.document["status"]) == ("1", "queued")
    path = answer.headers["location"]
    assert path == f"/v1/downloads/{answer.document['id']}"
    waiting = api.get(path)
    assert api.calls == ["GetItem"]
    assert (waiting.document, waiting.document["url"]) == (answer.document, None)

    assert pack(api) == ["ready"]

    value = api.get(path).document
    assert (value["status"], value["naming"], value["files"]) == (
        "ready",
        "{date}/{index}",
        "image",
    )
    assert value["counts"] == {"assets": 2, "packed": 2, "missing": 0}
    assert value["missing"] == []
    signed = parse_qs(urlsplit(value["url"]).query)
    assert signed["X-Amz-Expires"] == ["900"]
    wanted = f'attachment; filename="{value["filename"]}"'
    assert signed["response-content-disposition"] == [wanted]
    today = f"{utc_now():%Y-%m-%d}"
    files = archive_of(value["url"])
    assert list(files) == [f"{today}/1.webp", f"{today}/2.webp", "manifest.csv"]
    assert files[f"{today}/1.webp"] == CONTENT
    lines = csv.DictReader(io.StringIO(files["manifest.csv"].decode("utf-8-sig"), newline=""))
    rows = list(lines)
    assert [row["asset_id"] for row in rows] == made[::-1]
    assert (rows[1]["prompt"], rows[1]["label"], rows[1]["cost"]) == (
        "'=first", "Featured", "0.040000",
    )  # fmt: skip
    assert value["expires_at"] > value["finished_at"]


def test_of_a_job_what_is_finished_is_packed(api: Api, job_id: str) -> None:
    value = packed(api, job_id=job_id)
    assert value["job_id"] == job_id
    assert list(archive_of(value["url"])) == ["001-Featured.webp", "002.webp", "manifest.csv"]


def test_an_image_is_packed_with_what_was_made_of_it(api: Api, made: list[str]) -> None:
    put(made[0], photo_of(900, 600))
    with rendering():
        for body in ({"export": "ig_story"}, {"name": "mobile", "width": 300, "format": "jpg"}):
            assert api.post(f"/v1/assets/{made[0]}/renditions", body).status == 201
    # The picture's record tells another size than that of what was put in its place.
    value = packed(api, asset_ids=made, files="renditions")
    assert (value["files"], value["naming"]) == ("renditions", "{index:03}-{label}/{rendition}")
    assert (value["counts"], value["missing"]) == ({"assets": 2, "packed": 2, "missing": 0}, [])
    folder = "001-Featured"
    files = archive_of(value["url"])
    assert list(files) == [f"{folder}/ig_story.jpg", f"{folder}/mobile.jpg", "manifest.csv"]
    listed = api.get(f"/v1/assets/{made[0]}/renditions").document["data"]
    hashes = [hashlib.sha256(data).hexdigest() for data in list(files.values())[:2]]
    assert hashes == [one["file"]["sha256"] for one in listed]
    lines = csv.DictReader(io.StringIO(files["manifest.csv"].decode("utf-8-sig"), newline=""))
    assert [row["rendition"] for row in lines] == ["ig_story", "mobile"]

    by_platform = packed(
        api, asset_ids=made[:1], files="renditions", naming="{platform}/{rendition}"
    )
    assert next(iter(archive_of(by_platform["url"]))) == "instagram/ig_story.jpg"


def test_the_files_of_many_images_are_found_by_one_more_call(api: Api, made: list[str]) -> None:
    api.calls.clear()
    assert api.post(PATH, {"asset_ids": made, "files": "all"}, key=None).status == 202
    assert api.calls.count("BatchGetItem") == 2
    assert "GetItem" not in api.calls


def test_where_nothing_was_made_there_is_nothing_to_pack(api: Api, made: list[str]) -> None:
    answer = api.post(PATH, {"asset_ids": made, "files": "renditions"}, key=None)
    assert (answer.status, answer.code) == (409, "state-conflict")
    assert answer.document["detail"] == "there is no file to pack"
    assert api.invoked == []


def test_of_a_folder_its_results_are_packed(api: Api, made: list[str]) -> None:
    folders = DynamoFolderStore(clients().dynamodb, ASSETS)
    folders.ensure(Folder("acme", "SKU-1", utc_now()))
    source = Source("acme", "SKU-1", made[0], "a.jpg", "key", None, utc_now())
    folders.add_source(source)
    key = f"assets/acme/{made[1]}/image.webp"
    folders.link(source, Result("acme", "SKU-1", made[0], made[1], "job_1", 1, utc_now(), key))

    value = packed(api, folder="SKU-1")

    assert (value["folder"], value["job_id"]) == ("SKU-1", None)
    assert list(archive_of(value["url"])) == ["001.webp", "manifest.csv"]
    rival = api.post(PATH, {"folder": "SKU-1"}, key=None, tenant="rival")
    assert (rival.status, rival.pointers) == (404, ["/folder"])


def test_what_went_meanwhile_is_named(api: Api, made: list[str]) -> None:
    answer = api.post(PATH, {"asset_ids": made}, key=None)
    clients().dynamodb.delete_item(
        TableName=ASSETS, Key={"pk": {"S": "acme"}, "sk": {"S": made[0]}}
    )
    clients().s3.delete_object(Bucket=BUCKET, Key=f"assets/acme/{made[1]}/image.webp")
    assert pack(api) == ["ready"]
    value = api.get(answer.headers["location"]).document
    assert value["missing"] == made
    assert value["counts"] == {"assets": 2, "packed": 0, "missing": 2}
    assert list(archive_of(value["url"])) == ["manifest.csv"]


def test_a_second_delivery_packs_nothing(api: Api, made: list[str]) -> None:
    path = api.post(PATH, {"asset_ids": made}, key=None).headers["location"]
    api.invoked *= 2
    assert pack(api) == ["ready", "ready"]
    assert api.get(path).document["counts"]["packed"] == 2
    found = clients().s3.list_objects_v2(Bucket=BUCKET, Prefix="downloads/")["Contents"]
    assert len(found) == 1
    assert "Uploads" not in clients().s3.list_multipart_uploads(Bucket=BUCKET)


def test_an_archive_that_has_expired_has_no_url(api: Api, made: list[str]) -> None:
    value = packed(api, asset_ids=made)
    clients().dynamodb.update_item(
        TableName=CATALOG,
        Key={"pk": {"S": "acme#DOWNLOADS"}, "sk": {"S": value["id"]}},
        UpdateExpression="SET finished_at = :long_ago",
        ExpressionAttributeValues={":long_ago": {"S": "2026-01-01T00:00:00.000Z"}},
    )
    found = api.get(f"{PATH}/{value['id']}").document
    assert (found["status"], found["url"]) == ("expired", None)
    assert found["expires_at"] == "2026-01-02T00:00:00.000Z"


def test_a_download_that_is_packed_no_more_has_failed(api: Api, made: list[str]) -> None:
    answer = api.post(PATH, {"asset_ids": made}, key=None)
    clients().dynamodb.update_item(
        TableName=CATALOG,
        Key={"pk": {"S": "acme#DOWNLOADS"}, "sk": {"S": answer.document["id"]}},
        UpdateExpression="SET created_at = :long_ago",
        ExpressionAttributeValues={":long_ago": {"S": "2026-01-01T00:00:00.000Z"}},
    )
    found = api.get(answer.headers["location"]).document
    assert (found["status"], found["url"]) == ("failed", None)
    assert pack(api) == ["failed"]


def test_another_tenants_images_are_named_and_nothing_is_packed(
    api: Api, made: list[str], job_id: str
) -> None:
    before = stored()
    answer = api.post(PATH, {"asset_ids": [made[0], UNKNOWN]}, key=None)
    assert (answer.status, answer.code, answer.pointers) == (404, "not-found", ["/asset_ids/1"])
    answer = api.post(PATH, {"asset_ids": made}, key=None, tenant="rival")
    assert (answer.status, answer.pointers) == (404, ["/asset_ids/0", "/asset_ids/1"])
    answer = api.post(PATH, {"job_id": job_id}, key=None, tenant="rival")
    assert (answer.status, answer.pointers) == (404, ["/job_id"])
    assert stored() == before
    assert api.invoked == []


def test_a_job_without_images_has_nothing_to_pack(api: Api) -> None:
    job_id = api.post("/v1/jobs", ORDER).document["id"]
    assert api.post(PATH, {"job_id": job_id}, key=None).code == "state-conflict"
    assert api.invoked == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/asset_ids"),
        ({"asset_ids": [UNKNOWN], "job_id": "job_1"}, "/asset_ids"),
        ({"job_id": "job_1", "folder": "SKU-1"}, "/asset_ids"),
        ({"folder": "a/b"}, "/folder"),
        ({"asset_ids": []}, "/asset_ids"),
        ({"asset_ids": [UNKNOWN] * 501}, "/asset_ids"),
        ({"asset_ids": [UNKNOWN, UNKNOWN]}, "/asset_ids/1"),
        ({"asset_ids": ["x" * 41]}, "/asset_ids/0"),
        ({"asset_ids": [1]}, "/asset_ids/0"),
        ({"job_id": 7}, "/job_id"),
        ({"asset_ids": [UNKNOWN], "naming": "{colour}"}, "/naming"),
        ({"asset_ids": [UNKNOWN], "naming": ""}, "/naming"),
        ({"asset_ids": [UNKNOWN], "naming": "x" * 201}, "/naming"),
        ({"asset_ids": [UNKNOWN], "files": "everything"}, "/files"),
        ({"asset_ids": [UNKNOWN], "surprise": 1}, "/surprise"),
    ],
)
def test_a_wrong_order_names_its_field(api: Api, body: dict[str, Any], pointer: str) -> None:
    answer = api.post(PATH, body, key=None)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert api.invoked == []
    assert stored() == {}
