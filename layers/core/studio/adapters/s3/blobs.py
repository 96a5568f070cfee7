"""BlobStore on S3: one private bucket; facts travel as object metadata."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from studio.errors import NotFoundError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"404", "NoSuchKey", "NotFound"}
# Two writers of one key at once: the second gets 409 while the first is under way.
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}


@dataclass(frozen=True, slots=True)
class S3BlobStore:
    """Objects of the studio's bucket."""

    client: "S3Client"
    bucket: str

    def park(self, key: str, data: bytes, facts: Mapping[str, str]) -> bool:
        """Write once; False if the key holds bytes already."""
        try:
            self.client.put_object(
                Bucket=self.bucket, Key=key, Body=data, Metadata=dict(facts), IfNoneMatch="*"
            )
        except ClientError as error:
            if _code(error) in _TAKEN:
                return False
            raise
        return True

    def facts(self, key: str) -> Mapping[str, str] | None:
        """Return the facts kept with a key, None if nothing is there."""
        try:
            return self.client.head_object(Bucket=self.bucket, Key=key)["Metadata"]
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise

    def read(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        """Return bytes and facts."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                raise NotFoundError("the bytes have expired") from error
            raise
        return answer["Body"].read(), answer["Metadata"]

    def part(self, key: str, at: int, size: int) -> bytes:
        """Return some of the bytes, so that a long file is never read as a whole."""
        try:
            answer = self.client.get_object(
                Bucket=self.bucket, Key=key, Range=f"bytes={at}-{at + size - 1}"
            )
        except ClientError as error:
            if _code(error) in _ABSENT:
                raise NotFoundError("the bytes have expired") from error
            if _code(error) == "InvalidRange":
                return b""
            raise
        return answer["Body"].read()

    def find(self, prefix: str) -> str | None:
        """Return the first key that begins so."""
        answer = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, MaxKeys=1)
        return answer["Contents"][0]["Key"] if answer.get("Contents") else None

    def write(self, key: str, data: bytes, media_type: str) -> None:
        """Write, replacing what is there."""
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=media_type)

    def copy(self, source: str, target: str) -> None:
        """Copy within the bucket, media type included."""
        try:
            self.client.copy_object(
                Bucket=self.bucket, Key=target, CopySource={"Bucket": self.bucket, "Key": source}
            )
        except ClientError as error:
            if _code(error) in _ABSENT:
                raise NotFoundError("the bytes have expired") from error
            raise

    def url(self, key: str, *, seconds: int, download_name: str | None = None) -> str:
        """Return a URL that reads the key for so many seconds."""
        parameters: dict[str, Any] = {"Bucket": self.bucket, "Key": key}
        if download_name is not None:
            parameters["ResponseContentDisposition"] = f'attachment; filename="{download_name}"'
        return self.client.generate_presigned_url(
            "get_object", Params=parameters, ExpiresIn=seconds
        )


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
