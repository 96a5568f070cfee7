"""The one policy of all DynamoDB adapters where a write meets other writers."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from studio.adapters.dynamodb.base import query, read, write
from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.config import Tables
from studio.errors import (
    BudgetExceededError,
    IdempotencyKeyReusedError,
    InvalidRequestError,
    NotFoundError,
    StateConflictError,
    WriteConflictError,
)
from studio.ports.jobs import Replayed
from tests.support.builders import (
    MONTH,
    TENANT,
    a_job,
    a_line,
    a_reservation,
    an_idempotency,
    items_of,
    unique,
)
from tests.support.mock_aws import stack
from tests.support.mock_aws.conflicting_dynamodb import (
    ConflictingDynamoDB,
    Timer,
    cancelled,
    refusal,
)
from tests.support.mock_aws.stack import mock_stack
from tests.support.mock_aws.transitions import LATER, begin, create, ending
from tests.support.workflows.jobs import aws_studio

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TRANSACTION_SIZE = "Transaction request exceeds the 4MB transaction size limit"
ROW_SIZE = "Item size to update has exceeded the maximum allowed size"
CONFLICT, FAILED, NONE = "TransactionConflict", "ConditionalCheckFailed", "None"


@dataclass
class Scripted:
    """A client whose writes are answered by a script, and after its end as good."""

    script: list[ClientError] = field(default_factory=list)
    calls: int = 0

    def transact_write_items(self, **_: object) -> dict[str, object]:
        return self.update_item()

    def update_item(self, **_: object) -> dict[str, object]:
        self.calls += 1
        if self.script:
            raise self.script.pop(0)
        return {}

    def as_client(self) -> "DynamoDBClient":
        return cast("DynamoDBClient", self)


def _transact(*script: ClientError) -> tuple[Mapping[int, object], Timer]:
    timer = Timer()
    return transact(Scripted(list(script)).as_client(), [], timer.retry()), timer


@pytest.mark.parametrize(
    "error",
    [
        cancelled(CONFLICT, NONE),
        cancelled(NONE, CONFLICT),
        cancelled(NONE, "ThrottlingError"),
        cancelled("ProvisionedThroughputExceeded"),
        refusal("TransactionInProgressException", "TransactWriteItems"),
        refusal("ThrottlingException", "TransactWriteItems"),
    ],
)
def test_a_transaction_that_meets_others_is_tried_again(error: ClientError) -> None:
    failed, timer = _transact(error, error, error)
    assert failed == {}
    assert len(timer.pauses) == 3


@pytest.mark.parametrize(
    ("codes", "failed"),
    [
        ((FAILED, NONE), [0]),
        ((NONE, FAILED), [1]),
        ((FAILED, NONE, FAILED), [0, 2]),
        ((FAILED, CONFLICT), [0]),
    ],
)
def test_the_failed_conditions_are_named_at_once(
    codes: Sequence[str], failed: Sequence[int]
) -> None:
    found, timer = _transact(cancelled(*codes))
    assert list(found) == failed
    assert timer.pauses == []


def test_a_conflict_before_a_failed_condition_decides() -> None:
    """The key's row is in use: what the month's condition says may be the same request's doing."""
    failed, timer = _transact(cancelled(CONFLICT, FAILED), cancelled(FAILED, NONE))
    assert list(failed) == [0]
    assert len(timer.pauses) == 1


@pytest.mark.parametrize(
    "error",
    [
        cancelled("ValidationError", NONE),
        cancelled(CONFLICT, "ValidationError"),
        cancelled(),
        refusal("AccessDeniedException", "TransactWriteItems"),
    ],
)
def test_a_fault_of_the_tables_is_raised_at_once(error: ClientError) -> None:
    client = Scripted([error])
    with pytest.raises(ClientError):
        transact(client.as_client(), [], Timer().retry())
    assert client.calls == 1


def test_tries_go_on_for_twenty_seconds_with_growing_random_pauses() -> None:
    timer, client = Timer(), Scripted([cancelled(CONFLICT)] * 1_000)
    with pytest.raises(WriteConflictError) as caught:
        transact(client.as_client(), [], timer.retry())
    assert isinstance(caught.value.__cause__, ClientError)
    assert 18 < sum(timer.pauses) <= 20
    assert client.calls == len(timer.pauses) + 1
    assert all(pause <= min(0.05 * 2**n, 2) for n, pause in enumerate(timer.pauses))
    assert max(timer.pauses) > 1
    assert len(set(timer.pauses)) == len(timer.pauses)


def test_time_that_the_tries_take_counts() -> None:
    timer = Timer()

    def slow() -> None:
        timer.now += 7
        raise cancelled(CONFLICT)

    with pytest.raises(WriteConflictError):
        timer.retry().run(slow)
    assert len(timer.pauses) == 2


def test_a_single_write_goes_the_same_way() -> None:
    timer, busy = Timer(), refusal("TransactionConflictException", "UpdateItem")
    failed = refusal("ConditionalCheckFailedException", "UpdateItem")
    done, refused = Scripted([busy] * 3), Scripted([busy, failed])
    assert write_if(done.update_item, {}, timer.retry()) == {}
    assert write_if(refused.update_item, {}, timer.retry()) is None
    assert len(timer.pauses) == 4
    with pytest.raises(WriteConflictError):
        write_if(Scripted([busy] * 1_000).update_item, {}, timer.retry())


def _store(client: object, timer: Timer | None = None) -> DynamoJobStore:
    tables = Tables(stack.JOBS, stack.ASSETS, stack.LEDGER)
    retry: WriteRetry = RETRY if timer is None else timer.retry()
    return DynamoJobStore(cast("DynamoDBClient", client), tables, retry)


@pytest.fixture
def double() -> Any:
    """A client over the tables of the template; nothing is in use yet."""
    with mock_stack():
        yield ConflictingDynamoDB(stack.clients().dynamodb)


MONTH_ROW = {"pk": TENANT, "sk": f"MONTH#{MONTH}"}
KEY_ROW = {"pk": f"{TENANT}#IDEM", "sk": "POST /v1/jobs#key-1"}


@pytest.mark.parametrize(("table", "row"), [(stack.LEDGER, MONTH_ROW), (stack.JOBS, KEY_ROW)])
def test_a_row_in_use_is_busy_and_nothing_else(
    double: ConflictingDynamoDB, table: str, row: Mapping[str, str]
) -> None:
    job, timer = a_job(), Timer()
    use = an_idempotency()
    with double.locked(table, row), pytest.raises(WriteConflictError) as caught:
        _store(double, timer).create(job, items_of(job), a_reservation(job, limit=1_000_000), use)
    assert (caught.value.code, caught.value.retryable) == ("busy", True)
    with pytest.raises(NotFoundError):
        _store(double).get(TENANT, job.job_id)
    # The key is free: the same request goes through once the row is.
    assert _store(double).create(job, items_of(job), a_reservation(job), use) is None


def test_the_same_request_twice_at_once_gets_one_answer(double: ConflictingDynamoDB) -> None:
    """The second one meets the key's row in use, and then finds the answer of the first."""
    first, second, timer = a_job(), a_job(), Timer()
    lock = double.locked(stack.JOBS, KEY_ROW)
    lock.__enter__()

    def first_ends(seconds: float) -> None:
        timer.sleep(seconds)
        if len(timer.pauses) == 3:
            lock.__exit__(None, None, None)
            use = an_idempotency(answer="first")
            _store(double).create(first, items_of(first), a_reservation(first), use)

    store = DynamoJobStore(
        double.as_client(),
        Tables(stack.JOBS, stack.ASSETS, stack.LEDGER),
        WriteRetry(sleep=first_ends, clock=lambda: timer.now),
    )
    use = an_idempotency(answer="second")
    assert store.create(second, items_of(second), a_reservation(second), use) == Replayed("first")
    with pytest.raises(IdempotencyKeyReusedError):
        other = an_idempotency(body_hash="other")
        store.create(second, items_of(second), a_reservation(second), other)


def test_a_month_without_room_is_told_after_a_conflict(double: ConflictingDynamoDB) -> None:
    double.times, job, timer = 5, a_job(), Timer()
    with pytest.raises(BudgetExceededError):
        _store(double, timer).create(
            job, items_of(job), a_reservation(job, limit=1), an_idempotency()
        )
    assert len(timer.pauses) == 5


def test_a_conflict_is_no_sign_that_an_item_or_a_job_has_ended(double: ConflictingDynamoDB) -> None:
    ports = aws_studio().raw
    job, items = create(ports)
    begun = begin(ports, items[0])
    double.times, timer = 3, Timer()
    store = _store(double, timer)
    assert store.finish_item(ending(begun, "succeeded"))
    assert not store.finish_item(ending(begun, "succeeded"))
    assert store.cancel(ports.jobs.get(TENANT, job.job_id), items[1:], LATER, a_line())
    assert len(timer.pauses) == 9


def test_starts_against_one_month_all_end_exactly(double: ConflictingDynamoDB) -> None:
    """Each transaction keeps its rows for 20 ms; half of the jobs have room."""
    double.hold_seconds = 0.02
    store = _store(double)
    jobs = [a_job() for _ in range(40)]
    limit = 20 * jobs[0].run_reserved

    def start(number: int) -> str:
        job = jobs[number]
        use = an_idempotency(key=unique("key"))
        try:
            store.create(job, items_of(job), a_reservation(job, limit=limit), use)
        except BudgetExceededError:
            return "refused"
        return "accepted"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(start, range(len(jobs))))
    assert (outcomes.count("accepted"), outcomes.count("refused")) == (20, 20)
    assert double.conflicts > 10
    assert aws_studio().raw.ledger.committed(TENANT, MONTH) == limit


def test_a_redrive_of_a_job_that_moved_is_a_conflict_of_state(double: ConflictingDynamoDB) -> None:
    ports = aws_studio().raw
    job, items = create(ports)
    double.times = 2
    with pytest.raises(StateConflictError):
        _store(double, Timer()).redrive(
            job, items, a_reservation(job), an_idempotency(key="again"), LATER, a_line()
        )


def test_a_partition_is_read_whole_or_up_to_a_limit() -> None:
    with mock_stack():
        client = stack.clients().dynamodb
        for number in range(7):
            row = {"pk": "p", "sk": f"{'EVEN' if number % 2 == 0 else 'ODD'}#{number}"}
            body = {"text": "x" * 300_000, "kept": None if number == 4 else True}
            client.put_item(**write(stack.JOBS, row, put=body))

        def keys(**options: Any) -> list[str]:
            return [row["sk"] for row in query(client, stack.JOBS, "p", **options)]

        everything = ["EVEN#0", "EVEN#2", "EVEN#4", "EVEN#6", "ODD#1", "ODD#3", "ODD#5"]
        assert keys() == everything
        assert keys(limit=5) == everything[:5]
        assert keys(limit=2, after="EVEN#4") == ["EVEN#6", "ODD#1"]
        assert keys(limit=2, newest_first=True) == ["ODD#5", "ODD#3"]
        assert keys(prefix="ODD#") == everything[4:]
        assert keys(limit=3, having="kept") == ["EVEN#0", "EVEN#2", "EVEN#6"]
        assert read(client, stack.JOBS, {"pk": "p", "sk": "ODD#1"}) is not None
        assert read(client, stack.JOBS, {"pk": "p", "sk": "ODD#2"}) is None


def too_large(code: str, message: str) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}}
    if code == "TransactionCanceledException":
        answer["CancellationReasons"] = [{"Code": "ValidationError", "Message": message}]
    return ClientError(answer, "TransactWriteItems")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationException", TRANSACTION_SIZE),
        ("ValidationException", ROW_SIZE),
        ("ValidationException", "Item size has exceeded the maximum allowed size"),
        ("TransactionCanceledException", ROW_SIZE),
    ],
)
def test_what_is_too_large_for_a_row_or_a_transaction_is_wrong_input(
    code: str, message: str
) -> None:
    client = Scripted([too_large(code, message)])
    with pytest.raises(InvalidRequestError) as caught:
        transact(cast("DynamoDBClient", client), [{}])
    assert [(field.pointer, field.code) for field in caught.value.fields] == [("", "too-long")]
    single = Scripted([too_large("ValidationException", ROW_SIZE)])
    with pytest.raises(InvalidRequestError):
        write_if(single.update_item, {})
    assert (client.calls, single.calls) == (1, 1)


def test_any_other_refusal_of_a_write_is_a_fault_of_ours() -> None:
    message = "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size"
    client = Scripted([too_large("ValidationException", message)])
    with pytest.raises(ClientError):
        transact(cast("DynamoDBClient", client), [{}])
