"""The DynamoDB adapters where two writers meet: what moto cannot do is put in front of it."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.config import Tables
from tests.support.builders import TENANT, a_job, a_line
from tests.support.fakes.edges import START
from tests.support.mock_aws import stack
from tests.support.mock_aws.stack import mock_stack


class Interrupted:
    """A DynamoDB client at whose calls of one operation something happens first."""

    def __init__(self, operation: str, *happenings: Callable[[], object]) -> None:
        self._operation = operation
        self._happenings = list(happenings)

    def __getattr__(self, operation: str) -> object:
        act = getattr(stack.clients().dynamodb, operation)

        def call(**request: object) -> object:
            if operation == self._operation and self._happenings:
                self._happenings.pop(0)()
            return act(**request)

        return call


def test_a_fault_of_the_tables_is_no_answer() -> None:
    def deny() -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem")

    job = a_job()
    client: Any = Interrupted("update_item", *[deny] * 3)
    store = DynamoJobStore(client, Tables(stack.JOBS, stack.ASSETS, stack.LEDGER))
    with pytest.raises(ClientError):
        store.start(job, START, a_line())
    with pytest.raises(ClientError):
        store.enter_stage(TENANT, job.job_id, 1, 1, "PARSE")
    with pytest.raises(ClientError):
        DynamoCallLimitStore(client, stack.CATALOG).acquire("b", 60, START)


@pytest.mark.parametrize("operation", ["put_object", "head_object", "get_object"])
def test_a_fault_of_the_bucket_is_no_answer(operation: str) -> None:
    class Denied:
        def __getattr__(self, asked: str) -> object:
            def deny(**_: object) -> None:
                raise ClientError({"Error": {"Code": "AccessDenied"}}, asked)

            return deny

    client: Any = Denied()
    blobs = S3BlobStore(client, stack.BUCKET)
    acts: dict[str, Callable[[], object]] = {
        "put_object": lambda: blobs.put_if_absent("key", b"x", {}),
        "head_object": lambda: blobs.metadata("key"),
        "get_object": lambda: blobs.read("key"),
    }
    with pytest.raises(ClientError):
        acts[operation]()


def test_the_loser_of_a_race_for_an_idle_bucket_waits_a_moment() -> None:
    with mock_stack():
        winner = DynamoCallLimitStore(stack.clients().dynamodb, stack.CATALOG)
        won: list[int] = []
        # The loser finds the bucket idle; before he writes so, the winner takes the token.
        client: Any = Interrupted(
            "update_item", lambda: None, lambda: won.append(winner.acquire("b", 60, START).wait)
        )
        assert DynamoCallLimitStore(client, stack.CATALOG).acquire("b", 60, START).wait == 1
        assert won == [0]
