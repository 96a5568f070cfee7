"""ContentStore on DynamoDB. Keys and indexes: ``content_records``.

Access patterns: a content with its slots = one Query; a page of contents = one Query of the index
Contents. A change of a slot also writes its content, whose version guards the rules that hold
between slots. Slots that jobs end: ``content_actions``.

A deleted content leaves its row without ``contents`` and ``version``, and a deleted slot without
``revision``. Both expire by themselves, because no function may delete from the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb import content_records as records
from studio.adapters.dynamodb.base import decode, encode, query, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.clock import rfc3339
from studio.domain.contents.model import Article, Content, Slot, SlotStatus
from studio.errors import NotFoundError, PreconditionFailedError, StateConflictError
from studio.ports.contents import ContentFilter, ContentPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DELETED_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DynamoContentStore:
    """Contents and slots of the Jobs table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def create(self, article: Article) -> None:
        """Write a new content with its slots."""
        content = article.content
        key = records.content_key(content.tenant, content.content_id)
        puts: list[Any] = [{"Put": write(self.table, key, put=records.content_record(content))}]
        for slot in article.slots:
            slot_key = records.slot_key(content.tenant, content.content_id, slot.number)
            puts.append({"Put": write(self.table, slot_key, put=records.slot_record(slot))})
        transact(self.client, puts, self.retry)

    def load(self, tenant: str, content_id: str) -> Article:
        """Return a content with its slots."""
        rows = query(self.client, self.table, f"{tenant}#{content_id}")
        if not rows or "contents" not in rows[0]:
            raise NotFoundError(f"there is no content {content_id}")
        slots = (records.slot_of(row) for row in rows[1:] if "revision" in row)
        return Article(records.content_of(rows[0]), tuple(slots))

    def page(
        self, tenant: str, wanted: ContentFilter, limit: int, after: str | None
    ) -> ContentPage:
        """Return contents of a tenant, newest first."""
        found: list[Content] = []
        options = _filter(tenant, wanted)
        if after is not None:
            key = records.content_key(tenant, after)
            options["ExclusiveStartKey"] = encode({**key, "contents": tenant, "content_id": after})
        while len(found) <= limit:
            answer = self.client.query(
                TableName=self.table,
                IndexName=records.INDEX,
                KeyConditionExpression="#contents = :tenant",
                ScanIndexForward=False,
                Limit=limit + 1 - len(found),
                **options,
            )
            found += [records.content_of(decode(row)) for row in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            options["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        kept = found[:limit]
        return ContentPage(kept, kept[-1].content_id if len(found) > limit else None)

    def change(self, before: Content, after: Content) -> None:
        """Write the words of a content."""
        words = records.words_of(after)
        request = write(
            self.table,
            records.content_key(before.tenant, before.content_id),
            condition="#version = :version",
            values={"version": before.version},
            sets={**words, "updated_at": rfc3339(after.updated_at)},
            adds={"version": 1},
            removes=tuple(name for name, value in words.items() if value is None),
        )
        if write_if(self.client.update_item, request, self.retry) is None:
            raise _changed(before)

    def delete(self, article: Article, at: datetime) -> None:
        """Delete a content with its slots."""
        content = article.content
        gone = write(
            self.table,
            records.content_key(content.tenant, content.content_id),
            condition="attribute_not_exists(#claimed_by) AND #version = :version",
            values={"version": content.version},
            sets={"expires_at": _expiry(at)},
            removes=("contents", "version"),
        )
        gone["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        slots = [{"Update": self._gone(content, slot, at)} for slot in article.slots]
        failed = transact(self.client, [{"Update": gone}, *slots], self.retry)
        if "claimed_by" in failed.get(0, {}):
            job_id = failed[0]["claimed_by"]
            raise StateConflictError(f"job {job_id} makes images for it; wait for it or cancel it")
        if failed:
            raise _changed(content)

    def put_slot(self, before: Content, slot: Slot, replaces: Slot | None) -> None:
        """Write a slot and count it in its content."""
        condition = "attribute_not_exists(pk)"
        if replaces is not None:
            condition = "#revision = :revision"
        put = write(
            self.table,
            _slot_key(before, slot),
            put=records.slot_record(slot),
            condition=condition,
            values={"revision": replaces.revision} if replaces else None,
        )
        self._write_slot(before, {"Put": put}, slot, _moved(slot, replaces), new=replaces is None)

    def delete_slot(self, before: Content, slot: Slot, at: datetime) -> None:
        """Delete a slot and take it out of the counts."""
        gone = {"Update": self._gone(before, slot, at)}
        moved: dict[SlotStatus, int] = {slot.status: -1}
        self._write_slot(before, gone, replace(slot, updated_at=at), moved, new=False)

    def _gone(self, content: Content, slot: Slot, at: datetime) -> dict[str, Any]:
        """Return the write that deletes a slot as it was read."""
        return write(
            self.table,
            _slot_key(content, slot),
            condition="#revision = :revision",
            values={"revision": slot.revision},
            sets={"expires_at": _expiry(at)},
            removes=("revision",),
        )

    def _write_slot(
        self,
        before: Content,
        action: dict[str, Any],
        slot: Slot,
        moved: Mapping[SlotStatus, int],
        *,
        new: bool,
    ) -> None:
        """Write a change of a slot together with its content, whose version counts it."""
        counted = write(
            self.table,
            records.content_key(before.tenant, before.content_id),
            condition="#version = :version",
            values={"version": before.version},
            sets={
                "updated_at": rfc3339(slot.updated_at),
                "last_slot": slot.number if new else None,
            },
            adds={"version": 1, **{name: count for name, count in moved.items() if count}},
        )
        if transact(self.client, [{"Update": counted}, action], self.retry):
            raise _changed(before)


def _moved(slot: Slot, replaces: Slot | None) -> dict[SlotStatus, int]:
    moved: dict[SlotStatus, int] = {"pending": 0, "generated": 0, "failed": 0}
    moved[slot.status] += 1
    if replaces is not None:
        moved[replaces.status] -= 1
    return moved


def _slot_key(content: Content, slot: Slot) -> dict[str, str]:
    return records.slot_key(content.tenant, content.content_id, slot.number)


def _expiry(at: datetime) -> int:
    return int((at + DELETED_KEPT).timestamp())


def _filter(tenant: str, wanted: ContentFilter) -> dict[str, Any]:
    """Return the options of a query for a tenant's contents."""
    names, values = {"#contents": "contents"}, {":tenant": tenant}
    filters: list[str] = []
    if wanted.external_ref is not None:
        filters.append("#external_ref = :external_ref")
        names["#external_ref"] = "external_ref"
        values[":external_ref"] = wanted.external_ref
    options: dict[str, Any] = {}
    more: dict[str, int] = {}
    if wanted.status is not None:
        filters.append("#counted > :none")
        names["#counted"] = wanted.status
        more[":none"] = 0
    if filters:
        options["FilterExpression"] = " AND ".join(filters)
    options["ExpressionAttributeNames"] = names
    options["ExpressionAttributeValues"] = encode({**values, **more})
    return options


def _changed(content: Content) -> PreconditionFailedError:
    return PreconditionFailedError(f"the content {content.content_id} changed meanwhile")
