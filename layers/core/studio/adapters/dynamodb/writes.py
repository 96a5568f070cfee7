"""Conditional writes and transactions of all DynamoDB adapters, with their retries.

DynamoDB refuses a write at once if it meets a row that another transaction writes. Such a
conflict says nothing about the condition of the write, so the write is tried again.
"""

import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from studio.adapters.dynamodb.base import Attributes, decode
from studio.errors import FieldError, InvalidRequestError, WriteConflictError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Output = TypeVar("Output")

_FAILED = "ConditionalCheckFailed"
# The reasons of a cancelled transaction, and the errors of a call, that another try can cure.
_BUSY_REASONS = frozenset(
    {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)
_BUSY_ERRORS = frozenset(
    {
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingException",
        "ThrottlingError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)
# What DynamoDB says of a row over 400 KB and of a transaction over 4 MB.
_SIZE = re.compile(r"item size .*maximum allowed size|\b4 ?MB\b|aggregate size", re.IGNORECASE)
_TOO_LARGE = "This is more text than can be stored at once; shorten it, or send less of it"
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class WriteRetry:
    """For how long a write is tried again that meets others at its rows.

    The pauses are random and grow to 2 seconds. 20 seconds let 1,000 writers of one row through.
    They leave the API's function time to answer before its own time-out of 29 seconds.

    Attributes:
        seconds: How long the pauses and the tries may take together.
        sleep: Waits for so many seconds.
        clock: Seconds of a clock that never goes back.
    """

    seconds: float = 20.0
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def run(self, act: Callable[[], Output]) -> Output:
        """Return what ``act`` returns, called again for as long as it meets other writers.

        Raises:
            WriteConflictError: it still met other writers when the time was over.
            InvalidRequestError: a row or the whole transaction is larger than DynamoDB takes.
            ClientError: DynamoDB refused the write for another reason, a failed condition too.
        """
        end = self.clock() + self.seconds
        for attempt in count():
            try:
                return act()
            except ClientError as error:
                if _is_too_large(error):
                    raise InvalidRequestError(FieldError("", "too-long", _TOO_LARGE)) from error
                if not _is_busy(error):
                    raise
                conflict = error
            longest = min(_FIRST_PAUSE_SECONDS * 2**attempt, _LONGEST_PAUSE_SECONDS)
            pause = random.uniform(0, longest)  # noqa: S311 - no secret is made of it
            if self.clock() + pause > end:
                break
            self.sleep(pause)
        raise WriteConflictError("others write the same records; try again") from conflict


RETRY = WriteRetry()


def transact(
    client: "DynamoDBClient", actions: Sequence[Any], retry: WriteRetry = RETRY
) -> dict[int, Attributes]:
    """Write all actions or none.

    Args:
        client: The DynamoDB client.
        actions: In the order in which their conditions decide: a failed condition counts once no
            action before it is in conflict.
        retry: For how long conflicts are tried again.

    Returns:
        Nothing if all was written. Otherwise the positions of the failed conditions, each with
        the row as it is; the row is empty unless its action asks for it.

    Raises:
        WriteConflictError: other transactions wrote the same rows all the time.
    """
    try:
        retry.run(lambda: client.transact_write_items(TransactItems=actions))
    except ClientError as error:
        failed = {
            index: decode(reason.get("Item", {}))
            for index, reason in enumerate(_reasons(error))
            if reason.get("Code") == _FAILED
        }
        if not failed:
            raise
        return failed
    return {}


def write_if(
    act: Callable[..., Output], request: Mapping[str, Any], retry: WriteRetry = RETRY
) -> Output | None:
    """Make one conditional write.

    Args:
        act: ``put_item``, ``update_item`` or ``delete_item`` of a client.
        request: Its arguments.
        retry: For how long conflicts are tried again.

    Returns:
        DynamoDB's answer, None if the condition did not hold.

    Raises:
        WriteConflictError: transactions wrote the same row all the time.
    """
    try:
        return retry.run(lambda: act(**request))
    except ClientError as error:
        if condition_failed(error):
            return None
        raise


def condition_failed(error: ClientError) -> bool:
    """Return whether a single write failed because its condition did not hold."""
    return _code(error) == "ConditionalCheckFailedException"


def _is_busy(error: ClientError) -> bool:
    """Return whether another try of the same write can succeed."""
    if _code(error) in _BUSY_ERRORS:
        return True
    codes = [reason.get("Code") for reason in _reasons(error)]
    decisive = [code for code in codes if code not in (None, "None")]
    if not decisive or not _BUSY_REASONS.union({_FAILED}).issuperset(decisive):
        return False
    return decisive[0] in _BUSY_REASONS


def _is_too_large(error: ClientError) -> bool:
    """Return whether DynamoDB refused a write for the size of a row or of a transaction."""
    told = [error.response.get("Error", {}).get("Message") or ""]
    told += [str(reason.get("Message")) for reason in _reasons(error)]
    is_refusal = _code(error) in ("ValidationException", "TransactionCanceledException")
    return is_refusal and any(_SIZE.search(text) for text in told)


def _reasons(error: ClientError) -> list[dict[str, Any]]:
    """Return why a transaction was cancelled, one reason per action, or nothing."""
    if _code(error) != "TransactionCanceledException":
        return []
    reasons: list[Any] = list(error.response.get("CancellationReasons", []))
    return reasons


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code"))
