"""Archives on S3: a multipart upload whose parts go out as they fill."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

# S3 takes 5 MiB at least and 10,000 parts: files of up to 80 GB.
PART_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class S3Archives:
    """The prefix downloads/ of the studio's bucket."""

    client: "S3Client"
    bucket: str

    @contextmanager
    def writing(self, key: str, media_type: str) -> Iterator["_Parts"]:
        """Write a file in parts; after an error nothing of it is kept."""
        upload = self.client.create_multipart_upload(
            Bucket=self.bucket, Key=key, ContentType=media_type, ChecksumAlgorithm="CRC32"
        )
        parts = _Parts(self.client, self.bucket, key, upload["UploadId"])
        try:
            yield parts
            parts.complete()
        except BaseException:
            # One that dies before it comes here is aborted by the bucket's lifecycle.
            parts.abort()
            raise


@dataclass
class _Parts:
    """One upload; what does not fill a part yet waits in memory.

    Attributes:
        size: How many bytes were written.
    """

    client: "S3Client"
    bucket: str
    key: str
    upload_id: str
    size: int = 0
    _waiting: bytearray = field(default_factory=bytearray)
    _sent: "list[CompletedPartTypeDef]" = field(default_factory=list)

    def write(self, data: bytes, /) -> int:
        """Add bytes and return how many."""
        rest = memoryview(data)
        while rest:
            room = PART_BYTES - len(self._waiting)
            self._waiting += rest[:room]
            rest = rest[room:]
            if len(self._waiting) == PART_BYTES:
                self._send()
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: bytes go out as they fill a part."""

    def complete(self) -> None:
        """Send what is left and make the file."""
        if self._waiting:
            self._send()
        self.client.complete_multipart_upload(
            Bucket=self.bucket,
            Key=self.key,
            UploadId=self.upload_id,
            MultipartUpload={"Parts": self._sent},
        )

    def abort(self) -> None:
        """Throw away what was sent."""
        self.client.abort_multipart_upload(
            Bucket=self.bucket, Key=self.key, UploadId=self.upload_id
        )

    def _send(self) -> None:
        # A part that could not be sent is not sent again by the end of the archive.
        part, self._waiting = bytes(self._waiting), bytearray()
        number = len(self._sent) + 1
        answer = self.client.upload_part(
            Bucket=self.bucket,
            Key=self.key,
            UploadId=self.upload_id,
            PartNumber=number,
            Body=part,
            ChecksumAlgorithm="CRC32",
        )
        self._sent.append(
            {
                "PartNumber": number,
                "ETag": answer["ETag"],
                "ChecksumCRC32": answer["ChecksumCRC32"],
            }
        )
