"""The upload of the built console to the bucket of a deployed stack."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.s3.models import s3_backends

from studio_cli.ops_console import config_of, put_console
from tests.support.mock_aws.stack import ACCOUNT

BUCKET = "console"
CONFIG = {"sign_in": "managed", "client_id": "c", "cognito_url": "u", "login_url": "l"}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    for name in (
        "index.html",
        "icon.svg",
        "assets/main-1.js",
        "assets/geist.woff2",
        ".vite/m.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def names(s3: Any) -> set[str]:
    return {entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}


def test_files_have_their_type_and_pages_are_asked_for_each_time(s3: Any, dist: Path) -> None:
    assert put_console(s3, BUCKET, dist, CONFIG) == 5

    kept = {
        entry["Key"]: s3.head_object(Bucket=BUCKET, Key=entry["Key"])
        for entry in s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    }
    assert set(kept) == {
        "index.html", "config.json", "icon.svg", "replaced.json", "assets/main-1.js",
        "assets/geist.woff2",
    }  # fmt: skip
    assert kept["assets/geist.woff2"]["ContentType"] == "font/woff2"
    assert "javascript" in kept["assets/main-1.js"]["ContentType"]
    assert "immutable" in kept["assets/main-1.js"]["CacheControl"]
    assert {kept[name]["CacheControl"] for name in ("index.html", "config.json")} == {"no-cache"}


def test_the_page_comes_when_all_that_it_names_is_there(s3: Any, dist: Path) -> None:
    order: list[str] = []
    s3.meta.events.register(
        "provide-client-params.s3.PutObject", lambda params, **_: order.append(params["Key"])
    )
    put_console(s3, BUCKET, dist, CONFIG)

    assert order[-3:] == ["config.json", "index.html", "replaced.json"]
    assert {"icon.svg", "assets/main-1.js"} < set(order[:-3])
    assert order.count("index.html") == 1


def test_assets_go_a_week_after_they_were_replaced_and_not_after_their_upload(
    s3: Any, dist: Path
) -> None:
    """A page that a browser has open when a new build comes still finds its files."""
    put_console(s3, BUCKET, dist, CONFIG)
    for stored in s3_backends[ACCOUNT]["aws"].buckets[BUCKET].keys.values():
        stored.last_modified = datetime.now(UTC) - timedelta(days=30)
    (dist / "assets" / "main-1.js").rename(dist / "assets" / "main-2.js")
    put_console(s3, BUCKET, dist, CONFIG)
    assert {"assets/main-1.js", "assets/main-2.js"} <= names(s3)

    noted = json.loads(s3.get_object(Bucket=BUCKET, Key="replaced.json")["Body"].read())
    earlier = datetime.fromisoformat(noted["assets/main-1.js"]) - timedelta(days=8)
    document = json.dumps({"assets/main-1.js": earlier.isoformat()})
    s3.put_object(Bucket=BUCKET, Key="replaced.json", Body=document)
    put_console(s3, BUCKET, dist, CONFIG)

    assert "assets/main-1.js" not in names(s3)
    assert {"assets/main-2.js", "assets/geist.woff2"} <= names(s3)


def test_an_asset_that_comes_back_is_no_longer_replaced(s3: Any, dist: Path) -> None:
    longer_ago = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    document = json.dumps({"assets/main-1.js": longer_ago})
    s3.put_object(Bucket=BUCKET, Key="replaced.json", Body=document)
    put_console(s3, BUCKET, dist, CONFIG)

    assert "assets/main-1.js" in names(s3)


def test_the_configuration_names_the_pages_of_cognito() -> None:
    outputs = {"ConsoleClientId": "abc", "SignInUrl": "https://studio-1.auth.example"}

    assert config_of(outputs, "eu-west-1") == {
        "sign_in": "managed",
        "client_id": "abc",
        "cognito_url": "https://cognito-idp.eu-west-1.amazonaws.com/",
        "login_url": "https://studio-1.auth.example",
    }
