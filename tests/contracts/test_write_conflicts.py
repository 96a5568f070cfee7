"""The DynamoDB adapters where two writers meet: what moto cannot do is put in front of it."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.s3.blobs import S3BlobStore
from studio.config import Tables
from studio.errors import IdempotencyInProgressError, NotFoundError
from tests.contracts.transitions import begin, create, ending
from tests.support.builders import TENANT, a_job, a_line, a_reservation, an_idempotency, items_of
from tests.support.fakes.edges import START
from tests.support.worlds import stack
from tests.support.worlds.jobs import aws_world
from tests.support.worlds.stack import mock_stack


class Interrupted:
    """A DynamoDB client at whose calls of one operation something happens first."""

    def __init__(self, operation: str, *happenings: Callable[[], object]) -> None:
        self._operation = operation
        self._happenings = list(happenings)

    def __getattr__(self, operation: str) -> object:
        if operation == self._operation and self._happenings:
            self._happenings.pop(0)()
        return getattr(stack.clients().dynamodb, operation)


def _store(*happenings: Callable[[], object]) -> DynamoJobStore:
    client: Any = Interrupted("transact_write_items", *happenings)
    return DynamoJobStore(client, Tables(stack.JOBS, stack.ASSETS, stack.LEDGER))


def _cancelled(*codes: str) -> Callable[[], object]:
    """Return what DynamoDB does to a transaction with these reasons, one per action."""

    def refuse() -> None:
        reasons = [{"Code": code} for code in codes]
        answer: Any = {
            "Error": {"Code": "TransactionCanceledException", "Message": str(codes)},
            "CancellationReasons": reasons,
        }
        raise ClientError(answer, "TransactWriteItems")

    return refuse


_ON_THE_KEY = _cancelled("TransactionConflict", "None", "None")
_ON_THE_MONTH = _cancelled("None", "TransactionConflict", "None")


def test_two_jobs_of_a_tenant_at_once_are_both_created() -> None:
    job = a_job()
    with mock_stack():
        _store(_ON_THE_MONTH, _ON_THE_MONTH).create(
            job, items_of(job), a_reservation(job), an_idempotency()
        )
        assert aws_world().raw.jobs.get(TENANT, job.job_id) == job


def test_the_same_request_twice_at_once_is_in_progress() -> None:
    job = a_job()
    with mock_stack():
        with pytest.raises(IdempotencyInProgressError):
            _store(_ON_THE_KEY).create(job, items_of(job), a_reservation(job), an_idempotency())
        with pytest.raises(NotFoundError):
            aws_world().raw.jobs.get(TENANT, job.job_id)


def test_a_collision_that_does_not_end_is_given_up() -> None:
    job = a_job()
    with mock_stack(), pytest.raises(IdempotencyInProgressError):
        _store(*[_ON_THE_MONTH] * 20).create(
            job, items_of(job), a_reservation(job), an_idempotency()
        )


@pytest.mark.parametrize(
    "reasons", [("None", "ThrottlingError", "None"), ("ValidationError", "None", "None")]
)
def test_a_fault_of_the_tables_is_no_conflict(reasons: tuple[str, ...]) -> None:
    job = a_job()
    with mock_stack(), pytest.raises(ClientError):
        _store(_cancelled(*reasons)).create(
            job, items_of(job), a_reservation(job), an_idempotency()
        )


def test_a_cancel_that_meets_a_worker_can_be_tried_again() -> None:
    with mock_stack():
        job, items = create(aws_world().raw)
        store = _store(_cancelled("TransactionConflict", "None", "None"))
        assert not store.cancel(job, items, START, a_line())
        assert store.cancel(job, items, START, a_line())


def test_a_collision_is_no_sign_that_an_item_ended() -> None:
    with mock_stack():
        ports = aws_world().raw
        begun = begin(ports, create(ports)[1][0])
        store = _store(_cancelled("None", "TransactionConflict"))
        with pytest.raises(ClientError):
            store.finish_item(ending(begun, "succeeded"))
        assert store.finish_item(ending(begun, "succeeded"))


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
        "put_object": lambda: blobs.park("key", b"x", {}),
        "head_object": lambda: blobs.facts("key"),
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
