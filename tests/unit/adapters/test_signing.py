"""Signed URLs: botocore's signature, of a time that stays the same for minutes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from studio.adapters import clients
from studio.adapters.s3.blobs import S3BlobStore
from studio.adapters.s3.signing import INTERVAL_SECONDS
from studio.domain.assets.file_names import content_disposition

KEY = "assets/acme/ast_1/größe & $1 +~.webp"
START = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)


@pytest.fixture(params=["", "a/token+of=a role"])
def token(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the process keys, of a role or of a user."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_SESSION_TOKEN", request.param)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    clients.s3.cache_clear()
    yield request.param
    clients.s3.cache_clear()


@pytest.mark.parametrize("endpoint", [None, "http://127.0.0.1:4566", "http://localhost:4566"])
@pytest.mark.parametrize("name", [None, "fox 1.webp"])
def test_the_signature_is_that_of_botocore(
    monkeypatch: pytest.MonkeyPatch, token: str, name: str | None, endpoint: str | None
) -> None:
    if endpoint is None:
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    else:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    now = START.replace(tzinfo=None)
    for signer in ("botocore.auth", "botocore.crt.auth"):
        monkeypatch.setattr(f"{signer}.get_current_datetime", lambda **_: now)
    parameters = {"Bucket": "pictures", "Key": KEY}
    if name:
        parameters["ResponseContentDisposition"] = content_disposition(name)
    theirs = clients.s3().generate_presigned_url(
        "get_object", Params=parameters, ExpiresIn=600 + INTERVAL_SECONDS
    )
    store = S3BlobStore(clients.s3(), "pictures", lambda: START + timedelta(seconds=17))
    ours = store.url(KEY, seconds=600, download_name=name)
    assert ours.partition("?")[0] == theirs.partition("?")[0]
    assert _query(ours) == _query(theirs)
    assert ("X-Amz-Security-Token" in _query(ours)) == bool(token)


def test_a_url_is_the_same_for_minutes_and_valid_for_as_long_as_asked(token: str) -> None:
    def signed(seconds: int) -> str:
        at = START + timedelta(seconds=seconds)
        return S3BlobStore(clients.s3(), "pictures", lambda: at).url(KEY, seconds=600)

    first = signed(0)
    assert {signed(seconds) for seconds in range(INTERVAL_SECONDS)} == {first}
    assert signed(INTERVAL_SECONDS) != first
    valid = int(_query(first)["X-Amz-Expires"])
    assert valid - (INTERVAL_SECONDS - 1) >= 600


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))
