"""The form that S3UploadBucket signs; no call of AWS is made for it."""

import json
from base64 import b64decode

import boto3

from studio.adapters.s3.upload_bucket import S3UploadBucket


def test_a_form_is_for_one_key_one_type_and_one_size() -> None:
    client = boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    form = S3UploadBucket(client, "pictures").form("uploads/acme/a.jpg", "image/jpeg", 7, 60)
    policy = json.loads(b64decode(form.fields["policy"]))
    assert ["content-length-range", 7, 7] in policy["conditions"]
    assert {"key": "uploads/acme/a.jpg"} in policy["conditions"]
    assert {"Content-Type": "image/jpeg"} in policy["conditions"]
