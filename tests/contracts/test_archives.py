"""Archives: a file of unknown size is there as a whole, or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from studio.adapters.s3.archives import PART_BYTES, S3Archives
from studio.adapters.s3.blobs import S3BlobStore
from studio.ports.blobs import BlobStore
from studio.ports.downloads import Archives
from tests.support.fakes.downloads import FakeArchives
from tests.support.fakes.edges import FakeBlobStore
from tests.support.mock_aws.stack import BUCKET, mock_stack

KEY = "downloads/acme/dwn_1/1.zip"
TYPE = "application/zip"


@dataclass(frozen=True, slots=True)
class Subject:
    archives: Archives
    blobs: BlobStore


@pytest.fixture(params=["memory", "aws"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        blobs = FakeBlobStore()
        yield Subject(FakeArchives(blobs), blobs)
        return
    with mock_stack() as here:
        yield Subject(S3Archives(here.s3, BUCKET), S3BlobStore(here.s3, BUCKET))


@pytest.mark.parametrize("size", [1, PART_BYTES - 1, PART_BYTES, 2 * PART_BYTES + 17])
def test_what_was_written_is_there_when_the_block_ends(subject: Subject, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    chunks = [data[:size][at : at + 3_000_001] for at in range(0, size, 3_000_001)]
    with subject.archives.writing(KEY, TYPE) as sink:
        assert [sink.write(chunk) for chunk in chunks] == [len(chunk) for chunk in chunks]
        sink.flush()
        assert sink.size == size
        assert subject.blobs.metadata(KEY) is None
    assert subject.blobs.read(KEY)[0] == data[:size]


def test_after_an_error_nothing_is_there(subject: Subject) -> None:
    with pytest.raises(KeyError), subject.archives.writing(KEY, TYPE) as sink:
        sink.write(b"x" * (PART_BYTES + 1))
        raise KeyError
    assert subject.blobs.metadata(KEY) is None


def test_a_later_archive_takes_the_place(subject: Subject) -> None:
    for text in (b"first", b"second"):
        with subject.archives.writing(KEY, TYPE) as sink:
            sink.write(text)
    assert subject.blobs.read(KEY)[0] == b"second"


def test_no_part_of_a_broken_upload_is_kept_or_sent_again() -> None:
    with mock_stack() as here:
        asked: list[str] = []

        def refuse(**_: object) -> None:
            asked.append("UploadPart")
            raise ClientError({"Error": {"Code": "SlowDown"}}, "UploadPart")

        here.s3.meta.events.register("before-call.s3.UploadPart", refuse)
        try:
            with (
                pytest.raises(ClientError),
                S3Archives(here.s3, BUCKET).writing(KEY, TYPE) as sink,
            ):
                try:
                    sink.write(b"x" * PART_BYTES)
                finally:
                    # As an archive does that ends on its way out.
                    sink.write(b"the end")
        finally:
            here.s3.meta.events.unregister("before-call.s3.UploadPart", refuse)
        assert asked == ["UploadPart"]
        assert "Uploads" not in here.s3.list_multipart_uploads(Bucket=BUCKET)


def test_parts_are_uploaded_with_their_checksums() -> None:
    with mock_stack() as here:
        with S3Archives(here.s3, BUCKET).writing(KEY, TYPE) as sink:
            sink.write(b"x" * (PART_BYTES + 1))
        found = here.s3.head_object(Bucket=BUCKET, Key=KEY)
    assert found["ContentType"] == TYPE
    assert found["ETag"].strip('"').endswith("-2")
    assert found["ContentLength"] == PART_BYTES + 1
