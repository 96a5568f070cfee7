"""Two writers of one key: S3 tells them apart with 409 and 412."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from studio.adapters.s3.blobs import S3BlobStore


class Answers:
    """An S3 client whose puts are answered in turn with codes; an empty one is a success."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)

    def put_object(self, **request: object) -> None:
        assert request["IfNoneMatch"] == "*"
        if code := self.codes.pop(0):
            raise ClientError({"Error": {"Code": code}}, "PutObject")


def put(*codes: str) -> tuple[bool, list[float]]:
    pauses: list[float] = []
    client: Any = Answers(*codes)
    written = S3BlobStore(client, "bucket", sleep=pauses.append).put_if_absent("key", b"x", {})
    assert client.codes == []
    return written, pauses


@pytest.mark.parametrize("conflicts", [1, 3, 5])
def test_a_write_that_meets_another_is_repeated_until_it_is_decided(conflicts: int) -> None:
    before = ["ConditionalRequestConflict"] * conflicts
    written, pauses = put(*before, "")
    assert (written, len(pauses)) == (True, conflicts)
    assert put(*before, "PreconditionFailed")[0] is False
    assert pauses == sorted(pauses)


def test_a_key_that_is_taken_is_not_tried_again() -> None:
    assert put("PreconditionFailed") == (False, [])


def test_a_conflict_that_does_not_end_is_a_failure_and_never_taken_for_a_stored_object() -> None:
    with pytest.raises(ClientError, match="ConditionalRequestConflict"):
        put(*["ConditionalRequestConflict"] * 6)
