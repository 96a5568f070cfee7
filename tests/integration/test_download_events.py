"""The sample event of a download does its work on the real handler."""

import io
from collections.abc import Iterator
from zipfile import ZipFile

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.build_download import handler
from studio.adapters import clients as aws
from studio.adapters.dynamodb.asset_records import asset_record
from studio.adapters.dynamodb.base import encode
from studio.adapters.dynamodb.downloads import DynamoDownloadStore
from studio.clock import utc_now
from studio.domain.downloads.model import Download
from tests.support.builders import a_job, an_asset, an_item
from tests.support.mock_aws.environment import environment, sample
from tests.support.mock_aws.stack import ASSETS, BUCKET, CATALOG, clients


class Context(LambdaContext):
    """What Lambda says of itself."""

    def __init__(self) -> None:
        self._function_name = "build_download"
        self._memory_limit_in_mb = 512
        self._invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:build"
        self._aws_request_id = "request"


@pytest.fixture
def function(account: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in environment("BuildDownloadFunction").items():
        monkeypatch.setenv(name, value)
    yield
    handler.build.cache_clear()


def test_the_sample_is_packed(function: None) -> None:
    event = sample("build_download")
    asset = an_asset(an_item(a_job()), label="Füchse")
    data = b"x" * asset.image.bytes
    clients().dynamodb.put_item(TableName=ASSETS, Item=encode(asset_record(asset)))
    clients().s3.put_object(Bucket=BUCKET, Key=asset.image.key, Body=data)
    store = DynamoDownloadStore(aws.dynamodb(), CATALOG)
    ids = (event["tenant"], event["download_id"])
    store.put(Download(*ids, (asset.asset_id,), "{label}", utc_now(), "ann"))

    assert handler.lambda_handler(event, Context()) == {"status": "ready"}

    found = clients().s3.get_object(Bucket=BUCKET, Key=store.get(*ids).key)["Body"].read()
    with ZipFile(io.BytesIO(found)) as archive:
        assert archive.read("Füchse.webp") == data
