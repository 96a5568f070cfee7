"""Actions of a job's transactions on the contents that the job makes images for.

A job claims its contents in the transaction that opens a run, and frees them in the one that ends
it. So no content stays claimed without an open job. A claimed content is never deleted.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb.base import Attributes, read, write
from studio.adapters.dynamodb.content_records import (
    content_key,
    slot_key,
    slot_of,
    slot_record,
)
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact
from studio.clock import rfc3339
from studio.domain.contents.model import Slot
from studio.domain.contents.write_back import takes, written_back
from studio.domain.jobs.model import ContentClaim, Job
from studio.errors import StateConflictError, WriteConflictError
from studio.ports.jobs import ItemEnding

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 5
# What the end of an image changes of its slot.
_OF_A_RESULT = ("status", "results", "notice", "revision", "updated_at")
_SHOWS_ROW = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def claim(table: str, job: Job, claims: Sequence[ContentClaim]) -> list[Any]:
    """Return the actions that claim contents for a new job; they must be as they were read."""
    return [
        _claim(
            table,
            job,
            one.content_id,
            condition="attribute_not_exists(#claimed_by) AND #version = :version AND #runs = :runs",
            values={"version": one.version, "runs": one.runs},
        )
        for one in claims
    ]


def claim_again(table: str, job: Job, claims: Sequence[ContentClaim]) -> list[Any]:
    """Return the actions that claim contents for a job's next run.

    A caller may have changed them since they were read, but no other job has made images for them.
    """
    return [
        _claim(
            table,
            job,
            one.content_id,
            condition="attribute_exists(#version) AND attribute_not_exists(#claimed_by)"
            " AND #runs = :runs",
            values={"runs": one.runs},
        )
        for one in claims
    ]


def free(table: str, job: Job) -> list[Any]:
    """Return the actions that free the contents of a job that ends."""
    return [
        {"Update": write(table, content_key(job.tenant, content_id), removes=("claimed_by",))}
        for content_id in job.content_ids
    ]


def check_claims(actions: Sequence[Any], failed: dict[int, Attributes]) -> None:
    """Check whether a transaction failed because of a claim.

    Raises:
        StateConflictError: names the open job of the content, or says that the content is gone.
    """
    for index, row in sorted(failed.items()):
        update = actions[index].get("Update", {})
        if update.get("Key", {}).get("sk") != {"S": "CONTENT"}:
            continue
        content_id = update["Key"]["pk"]["S"].rpartition("#")[2]
        if "claimed_by" in row:
            raise StateConflictError(
                f"job {row['claimed_by']} makes images for {content_id}; wait for it or cancel it"
            )
        if "version" not in row:
            raise StateConflictError(f"the content {content_id} was deleted")
        raise StateConflictError(f"the content {content_id} changed meanwhile; read its queue")


def finish_with_slot(
    client: "DynamoDBClient",
    table: str,
    actions: Sequence[Any],
    ending: ItemEnding,
    retry: WriteRetry = RETRY,
) -> bool:
    """End an item and write its result into its slot, all or nothing.

    The slot is read first, and read again if it has changed since.

    Args:
        client: The DynamoDB client.
        table: Name of the table Jobs.
        actions: What ends the item.
        ending: How it ends.
        retry: For how long conflicts are tried again.

    Returns:
        False if the item has ended before.

    Raises:
        WriteConflictError: the slot kept changing; nothing was written.
    """
    for _ in range(_ATTEMPTS):
        failed = transact(client, [*actions, *_write_back(client, table, ending)], retry)
        if not failed:
            return True
        if failed.keys() != {len(actions)}:
            return False
    raise WriteConflictError("the slot of the image keeps changing; try again")


def _write_back(client: "DynamoDBClient", table: str, ending: ItemEnding) -> list[Any]:
    """Return the actions that write an ended image into its slot, none where nothing changes."""
    item, ref = ending.before, ending.before.spec.slot
    if ref is None or not takes(ending.status):
        return []
    key = slot_key(item.tenant, ref.content_id, ref.number)
    row = read(client, table, key)
    if row is None or "revision" not in row:
        return []
    before = slot_of(row)
    asset_id = ending.asset.asset_id if ending.asset else None
    after = written_back(before, ref, asset_id, ending.error, ending.at)
    if after is None:
        return []
    changed = slot_record(after)
    update = write(
        table,
        key,
        condition="#revision = :revision",
        values={"revision": before.revision},
        sets={name: changed[name] for name in _OF_A_RESULT},
        removes=() if after.notice else ("notice",),
    )
    return [{"Update": update}, *_recount(table, item.tenant, ref.content_id, before, after)]


def _claim(
    table: str,
    job: Job,
    content_id: str,
    *,
    condition: str,
    values: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    claimed = write(
        table,
        content_key(job.tenant, content_id),
        condition=condition,
        values=values,
        sets={"claimed_by": job.job_id},
        adds={"runs": 1},
    )
    return {"Update": {**claimed, **_SHOWS_ROW}}


def _recount(table: str, tenant: str, content_id: str, before: Slot, after: Slot) -> list[Any]:
    """Return the action that counts the new state of a slot in its content."""
    if before.status == after.status:
        return []
    counted = write(
        table,
        content_key(tenant, content_id),
        sets={"updated_at": rfc3339(after.updated_at)},
        adds={before.status: -1, after.status: 1},
    )
    return [{"Update": counted}]
