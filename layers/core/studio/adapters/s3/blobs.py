"""BlobStore on S3: one private bucket; S3 keeps the metadata with each object."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

import boto3
from botocore.exceptions import ClientError, NoCredentialsError

from studio.clock import Clock, utc_now
from studio.errors import NotFoundError

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials
    from mypy_boto3_s3 import S3Client

_ABSENT = {"404", "NoSuchKey", "NotFound"}
_REFUSED = {"403", "AccessDenied", "Forbidden"}
_TAKEN = "PreconditionFailed"
# S3 answers 409 to a second writer of a key while the first still writes. The first may fail yet.
# Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (2026-12-01).
_CONFLICT = "ConditionalRequestConflict"
_PAUSES_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6)


@dataclass(frozen=True, slots=True)
class S3BlobStore:
    """Objects of the studio's bucket."""

    client: "S3Client"
    bucket: str
    now: Clock = utc_now
    sleep: Callable[[float], object] = time.sleep

    def put_if_absent(self, key: str, data: bytes, metadata: Mapping[str, str]) -> bool:
        """Write an object; return False if the key holds one already.

        A write that meets another one of the same key is repeated for some seconds.
        """
        for pause in (*_PAUSES_SECONDS, None):
            try:
                self.client.put_object(
                    Bucket=self.bucket, Key=key, Body=data, Metadata=dict(metadata), IfNoneMatch="*"
                )
            except ClientError as error:
                if code_of(error) == _TAKEN:
                    return False
                if code_of(error) != _CONFLICT or pause is None:
                    raise
                self.sleep(pause)
            else:
                break
        return True

    def metadata(self, key: str) -> Mapping[str, str] | None:
        """Return the metadata of an object, None if there is none."""
        try:
            return self.client.head_object(Bucket=self.bucket, Key=key)["Metadata"]
        except ClientError as error:
            if self._is_absent(key, error):
                return None
            raise

    def read(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        """Return an object and its metadata."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if self._is_absent(key, error):
                raise NotFoundError("the bytes have expired") from error
            raise
        return answer["Body"].read(), answer["Metadata"]

    def part(self, key: str, at: int, size: int) -> bytes:
        """Return some of the bytes, so that a caller never reads a long file as a whole."""
        try:
            answer = self.client.get_object(
                Bucket=self.bucket, Key=key, Range=f"bytes={at}-{at + size - 1}"
            )
        except ClientError as error:
            if self._is_absent(key, error):
                raise NotFoundError("the bytes have expired") from error
            if code_of(error) == "InvalidRange":
                return b""
            raise
        return answer["Body"].read()

    def find(self, prefix: str) -> str | None:
        """Return the first key with a prefix."""
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
            if self._is_absent(source, error):
                raise NotFoundError("the bytes have expired") from error
            raise

    def url(self, key: str, *, seconds: int, download_name: str | None = None) -> str:
        """Return a URL that reads the key for so many seconds, the same one for minutes."""
        # Only the API signs; the functions of the workflow load nothing for it.
        from studio.adapters.s3.signing import signed_url

        parameters = {}
        if download_name is not None:
            from studio.domain.assets.file_names import content_disposition

            parameters["response-content-disposition"] = content_disposition(download_name)
        return signed_url(
            _address(self.client, self.bucket) + quote(key, safe="/-_.~"),
            parameters,
            keys=_keys(),
            region=self.client.meta.region_name,
            at=self.now(),
            seconds=seconds,
        )

    def _is_absent(self, key: str, error: ClientError) -> bool:
        return is_absent(self.client, self.bucket, key, error)


def code_of(error: ClientError) -> str:
    """Return the code of an error, empty if it has none."""
    return error.response.get("Error", {}).get("Code", "")


def is_absent(client: "S3Client", bucket: str, key: str, error: ClientError) -> bool:
    """Return whether the object that a request was about does not exist.

    S3 answers 403 for a missing object to a role that may not list the whole bucket. The roles may
    list their own prefixes, so one listing tells a missing object from a missing right.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (2026-11-30).
    """
    code = code_of(error)
    if code not in _REFUSED:
        return code in _ABSENT
    try:
        found = client.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
    except ClientError:
        return False
    return all(one["Key"] != key for one in found.get("Contents", []))


@lru_cache
def _address(client: "S3Client", bucket: str) -> str:
    """Return the URL of a bucket with its last slash, as botocore finds it."""
    url = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "-"})
    return url.partition("?")[0].removesuffix("-")


def _keys() -> "ReadOnlyCredentials":
    """Return the keys of the process, those that its clients sign with.

    Raises:
        NoCredentialsError: it has none.
    """
    session = boto3.DEFAULT_SESSION or boto3.Session()
    found = session.get_credentials()
    if found is None:
        raise NoCredentialsError
    return found.get_frozen_credentials()
