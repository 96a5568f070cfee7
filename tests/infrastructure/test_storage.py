"""What is kept: private, encrypted, recoverable, and only as long as it is needed."""

import pytest

from tests.support.mock_aws.stack import template
from tests.support.template.functions import Resource, resources, text

TABLES = resources("AWS::DynamoDB::Table")

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.logical_id))


BUCKETS = resources("AWS::S3::Bucket")

each_bucket = pytest.mark.parametrize("bucket", BUCKETS, ids=lambda one: str(one.logical_id))


def the_bucket() -> Resource:
    return next(bucket for bucket in BUCKETS if bucket.logical_id == "Bucket")


@each_bucket
def test_a_bucket_is_closed_to_the_public(bucket: Resource) -> None:
    blocked = bucket.properties["PublicAccessBlockConfiguration"]
    (ownership,) = bucket.properties["OwnershipControls"]["Rules"]

    assert blocked == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert ownership == {"ObjectOwnership": "BucketOwnerEnforced"}


@each_bucket
def test_a_bucket_is_encrypted(bucket: Resource) -> None:
    (rule,) = bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in ("AES256", "aws:kms")


def test_the_bucket_is_reached_over_tls_only() -> None:
    policies = resources("AWS::S3::BucketPolicy")
    (policy,) = (one for one in policies if one.properties["Bucket"] == {"Ref": "Bucket"})
    (statement,) = policy.properties["PolicyDocument"]["Statement"]

    assert (statement["Effect"], statement["Principal"], statement["Action"]) == (
        "Deny",
        "*",
        "s3:*",
    )
    assert {text(one) for one in statement["Resource"]} == {"Bucket.Arn", "${Bucket.Arn}/*"}
    assert statement["Condition"] == {
        "Bool": {"aws:SecureTransport": False},
        "NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"},
    }


def test_only_what_is_on_its_way_expires() -> None:
    rules = the_bucket().properties["LifecycleConfiguration"]["Rules"]
    expiring = {rule["Prefix"]: rule for rule in rules if "ExpirationInDays" in rule}

    assert set(expiring) == {
        "staging/", "imports/", "batches/", "uploads/", "quarantine/", "downloads/",
    }  # fmt: skip
    for rule in expiring.values():
        assert rule["Status"] == "Enabled"
        assert 1 <= rule["ExpirationInDays"] <= 30


def test_old_versions_are_kept_for_some_days_and_below_every_prefix() -> None:
    bucket = the_bucket().properties
    rules = bucket["LifecycleConfiguration"]["Rules"]
    days = {
        rule["Prefix"]: rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules
        if "NoncurrentVersionExpiration" in rule
    }

    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert days == {
        "uploads/": 1, "staging/": 1, "imports/": 1, "batches/": 1, "downloads/": 1,
        "quarantine/": 1, "assets/": 30, "kept/": 30,
    }  # fmt: skip
    assert any(rule.get("ExpiredObjectDeleteMarker") for rule in rules)


@each_table
def test_a_table_is_paid_by_use_and_can_be_restored(table: Resource) -> None:
    properties = table.properties

    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}


def test_there_are_the_four_tables_of_the_design() -> None:
    assert {table.logical_id for table in TABLES} == {
        "JobsTable",
        "AssetsTable",
        "LedgerTable",
        "CatalogTable",
    }


@pytest.mark.parametrize(
    "logical_id", [*(table.logical_id for table in TABLES), "Bucket", "UserPool"]
)
def test_deleting_the_stack_keeps_what_people_made(logical_id: str) -> None:
    body = template()["Resources"][logical_id]

    # Retain would leave it behind after a first deployment that fails, each time anew.
    assert body["DeletionPolicy"] == "RetainExceptOnCreate"
    assert body["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize(
    ("kind", "members", "action"),
    [
        ("AWS::SQS::Queue", "Queues", "sqs:*"),
        ("AWS::SNS::Topic", "Topics", "sns:Publish"),
    ],
)
def test_a_queue_or_topic_is_reached_over_tls_only(kind: str, members: str, action: str) -> None:
    guarded = {
        text(policy.properties[members][0])
        for policy in resources(f"{kind}Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if (statement["Effect"], statement["Principal"], statement["Action"])
        == ("Deny", "*", action)
        and statement["Condition"]["Bool"] == {"aws:SecureTransport": False}
    }

    assert guarded == {resource.logical_id for resource in resources(kind)}


def test_alarms_may_publish_although_the_topic_has_a_policy() -> None:
    (policy,) = resources("AWS::SNS::TopicPolicy")
    allowed = [
        statement
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]

    assert [one["Principal"] for one in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]
    assert allowed[0]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }


def test_queues_are_encrypted_and_kept_as_long_as_can_be() -> None:
    queues = resources("AWS::SQS::Queue")

    assert {queue.logical_id for queue in queues} == {"DeadLetterQueue", "DeliveryQueue"}
    for queue in queues:
        assert queue.properties["SqsManagedSseEnabled"] is True
        assert queue.properties["MessageRetentionPeriod"] == 14 * 24 * 3600
