"""A missing object and a missing right are told apart by one listing."""

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from studio.adapters.s3.blobs import S3BlobStore, is_absent
from studio.errors import NotFoundError

KEY = "staging/job_1/itm_1/result"


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "GetObject")


@pytest.mark.parametrize(
    ("listed", "absent"), [([], True), ([f"{KEY}.json"], True), ([KEY], False)]
)
def test_a_refusal_is_an_absence_if_the_prefix_lists_no_such_key(
    listed: list[str], absent: bool
) -> None:
    client = boto3.client("s3", region_name="eu-central-1")
    with Stubber(client) as stub:
        stub.add_response(
            "list_objects_v2",
            {"Contents": [{"Key": key} for key in listed]},
            {"Bucket": "studio", "Prefix": KEY, "MaxKeys": 1},
        )
        assert is_absent(client, "studio", KEY, refusal("AccessDenied")) is absent
        stub.assert_no_pending_responses()


def test_a_refusal_stays_one_if_nothing_may_be_listed() -> None:
    client = boto3.client("s3", region_name="eu-central-1")
    with Stubber(client) as stub:
        stub.add_client_error("list_objects_v2", "AccessDenied", http_status_code=403)
        assert not is_absent(client, "studio", KEY, refusal("403"))


def test_other_errors_ask_nothing_more() -> None:
    client = boto3.client("s3", region_name="eu-central-1")
    with Stubber(client):
        assert is_absent(client, "studio", KEY, refusal("NoSuchKey"))
        assert not is_absent(client, "studio", KEY, refusal("SlowDown"))


def test_bytes_that_are_gone_are_a_clear_outcome_without_the_right_to_list_all() -> None:
    client = boto3.client("s3", region_name="eu-central-1")
    with Stubber(client) as stub:
        stub.add_client_error("get_object", "AccessDenied", http_status_code=403)
        stub.add_response("list_objects_v2", {})
        with pytest.raises(NotFoundError):
            S3BlobStore(client, "studio").read(KEY)
