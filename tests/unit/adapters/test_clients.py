"""What a client must be on AWS that the local AWS would not notice."""

from collections.abc import Iterator

import pytest

from studio.adapters import clients
from studio.adapters.s3.blobs import S3BlobStore


@pytest.fixture
def blobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3BlobStore]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    clients.s3.cache_clear()
    yield S3BlobStore(clients.s3(), "pictures")
    clients.s3.cache_clear()


def test_a_presigned_url_names_the_region_and_is_signed_for_it(blobs: S3BlobStore) -> None:
    url = blobs.url("assets/acme/a.webp", seconds=600)
    assert url.startswith("https://pictures.s3.eu-west-1.amazonaws.com/assets/acme/a.webp?")
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
    assert "X-Amz-Expires=900" in url
