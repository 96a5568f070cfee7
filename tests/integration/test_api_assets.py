"""Assets through the API."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from studio.adapters.dynamodb.asset_records import asset_record
from studio.adapters.dynamodb.base import encode
from studio.money import Cost
from tests.support.builders import a_job, an_asset, an_item, stored
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.finished_jobs import CONTENT, THUMBNAIL, Work
from tests.support.mock_aws.stack import ASSETS, BUCKET, clients

ORDER = {
    "operation": "generate",
    "items": [{"prompt": "first", "label": "Featured"}, {"prompt": "second"}, {"prompt": "third"}],
}
UPLOADED = "ast_01KGA2Y3Z4M5N6P7Q8R9S0T1V1"


@pytest.fixture
def made(api: Api) -> list[str]:
    """Asset ids of a job of three pictures, in the job's order."""
    work = Work(str(api.post("/v1/jobs", ORDER).document["id"]))
    work.start()
    return [work.make(number, Cost(40_000, "priced", "prices-1")) for number in (1, 2, 3)]


def test_an_asset_is_one_call_and_carries_its_recipe(api: Api, made: list[str]) -> None:
    answer = api.get(f"/v1/assets/{made[0]}")
    assert api.calls == ["GetItem"]
    asset = answer.document
    assert (asset["id"], asset["label"], asset["item"]) == (made[0], "Featured", 1)
    assert asset["recipe"] == {"provider": "builtin", "prompt": "first"}
    assert asset["cost"] == {
        "amount": "0.040000",
        "currency": "USD",
        "basis": "priced",
        "price_version": "prices-1",
    }
    assert asset["thumbnail"]["bytes"] == len(THUMBNAIL)
    again = api.get(f"/v1/assets/{made[0]}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status == 304


def test_assets_are_listed_newest_first_in_pages(api: Api, made: list[str]) -> None:
    first = api.get("/v1/assets", "limit=2")
    assert api.calls == ["Query"]
    assert [asset["id"] for asset in first.document["data"]] == [made[2], made[1]]
    cursor = first.document["page"]["next_cursor"]
    second = api.get("/v1/assets", f"cursor={cursor}")
    assert [asset["id"] for asset in second.document["data"]] == [made[0]]
    assert second.document["page"] == {"next_cursor": None, "limit": 25}


@pytest.mark.parametrize(
    ("query", "name", "data", "download"),
    [
        ("", "image", CONTENT, None),
        ("rendition=thumbnail", "thumbnail", THUMBNAIL, None),
        ("download=1", "image", CONTENT, "{id}.webp"),
        ("rendition=thumbnail&download=1", "thumbnail", THUMBNAIL, "{id}-thumbnail.webp"),
    ],
)
def test_content_redirects_to_the_file_for_ten_minutes(
    api: Api, made: list[str], query: str, name: str, data: bytes, download: str | None
) -> None:
    answer = api.get(f"/v1/assets/{made[0]}/content", query)
    assert (answer.status, answer.text) == (302, "")
    assert api.calls == ["GetItem"]
    url = urlsplit(answer.headers["location"])
    key = url.path.lstrip("/").removeprefix(f"{BUCKET}/")
    assert key == f"assets/acme/{made[0]}/{name}.webp"
    assert clients().s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == data
    signed = parse_qs(url.query)
    assert url.scheme == "https"
    assert signed["X-Amz-Expires"] == ["900"]
    disposition = signed.get("response-content-disposition", [None])[0]
    wanted = f'attachment; filename="{download.format(id=made[0])}"' if download else None
    assert disposition == wanted


@pytest.mark.parametrize(
    ("query", "header"),
    [
        (
            "download=1",
            "attachment; filename=\"file.jpg\"; filename*=UTF-8''%E5%95%86%E5%93%81.jpg",
        ),
        (
            "rendition=thumbnail&download=1",
            'attachment; filename="thumbnail.webp"; '
            "filename*=UTF-8''%E5%95%86%E5%93%81-thumbnail.webp",
        ),
    ],
)
def test_an_uploaded_file_is_saved_under_its_own_name(api: Api, query: str, header: str) -> None:
    asset = replace(
        an_asset(an_item(a_job(), asset_id=UPLOADED)),
        operation="upload",
        title="商品.jpeg",
        image=stored(f"assets/acme/{UPLOADED}/image.jpg"),
    )
    record = asset_record(asset)
    clients().dynamodb.put_item(TableName=ASSETS, Item=encode(record))
    answer = api.get(f"/v1/assets/{UPLOADED}/content", query)
    signed = parse_qs(urlsplit(answer.headers["location"]).query)
    assert signed["response-content-disposition"] == [header]
