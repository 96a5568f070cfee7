"""UploadBucket on S3: presigned forms, whole objects, and a quarantine for refused objects."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from studio.adapters.s3.blobs import code_of, is_absent
from studio.ports.uploads import Form, UploadedObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CHANGED = {"412", "PreconditionFailed"}


@dataclass(frozen=True, slots=True)
class S3UploadBucket:
    """The prefixes uploads/, imports/ and quarantine/ of the studio's bucket."""

    client: "S3Client"
    bucket: str

    def form(self, key: str, media_type: str, size: int, seconds: int) -> Form:
        """Sign a form for one file; no call of AWS."""
        signed = self.client.generate_presigned_post(
            Bucket=self.bucket,
            Key=key,
            Fields={"Content-Type": media_type},
            Conditions=[
                {"Content-Type": media_type},
                ["content-length-range", size, size],
            ],
            ExpiresIn=seconds,
        )
        return Form(signed["url"], signed["fields"])

    def fetch(self, key: str, etag: str | None, max_bytes: int) -> UploadedObject | None:
        """Return an object, without its bytes if it is too large."""
        wanted: dict[str, Any] = {} if etag is None else {"IfMatch": etag}
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key, **wanted)
        except ClientError as error:
            if self._is_gone(key, error):
                return None
            raise
        size = answer["ContentLength"]
        with answer["Body"] as body:
            return UploadedObject(
                etag=answer["ETag"].strip('"'),
                size=size,
                media_type=answer["ContentType"],
                modified_at=answer["LastModified"],
                data=body.read() if size <= max_bytes else None,
            )

    def exists(self, key: str) -> bool:
        """Return whether the key holds an object."""
        try:
            self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if self._is_gone(key, error):
                return False
            raise
        return True

    def move_to_quarantine(self, key: str, etag: str, target: str) -> None:
        """Move an object; one that is gone or has another tag by now stays as it is."""
        try:
            self.client.copy_object(
                Bucket=self.bucket,
                Key=target,
                CopySource={"Bucket": self.bucket, "Key": key},
                CopySourceIfMatch=etag,
            )
            self.client.delete_object(Bucket=self.bucket, Key=key, IfMatch=etag)
        except ClientError as error:
            if not self._is_gone(key, error):
                raise

    def _is_gone(self, key: str, error: ClientError) -> bool:
        """Return whether a key holds no object, or has another one by now."""
        return code_of(error) in _CHANGED or is_absent(self.client, self.bucket, key, error)
