"""FolderStore on DynamoDB (table Assets).

Access patterns:
    a folder, all by name       pk = {tenant}#FOLDERS          sk = {name}
    sources and their results   pk = {tenant}#FOLDER#{name}    sk = {source}#  or  {source}#{result}
    results without a source    pk = {tenant}#FOLDER#{name}    sk = #{result}

A source's results follow it in the order of the key, so a page of pairs is one Query. Counters
of a folder move only in the transaction that writes or moves the row they count.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb.base import query, read, write
from studio.adapters.dynamodb.folder_records import (
    folder_key,
    folder_of,
    folder_record,
    partition,
    result_key,
    result_of,
    result_record,
    source_key,
    source_of,
    source_record,
)
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.domain.folders.model import Folder, FolderState, Pair, Result, Source, SourceState
from studio.errors import NotFoundError
from studio.ports.folders import FolderPage, PairPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoFolderStore:
    """Folders of the Assets table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def ensure(self, folder: Folder) -> Folder:
        """Return the folder of a name, created as given if there is none."""
        key = folder_key(folder.tenant, folder.name)
        row = read(self.client, self.table, key)
        if row is None:
            made = write(
                self.table, key, put=folder_record(folder), condition="attribute_not_exists(pk)"
            )
            write_if(self.client.put_item, made, self.retry)
        elif folder.thumbnail_key and "thumbnail_key" not in row:
            shown = write(
                self.table,
                key,
                condition="attribute_not_exists(#thumbnail_key)",
                sets={"thumbnail_key": folder.thumbnail_key},
            )
            write_if(self.client.update_item, shown, self.retry)
        else:
            return folder_of(folder.tenant, row)
        return self.get(folder.tenant, folder.name)

    def get(self, tenant: str, name: str) -> Folder:
        """Return a folder."""
        row = read(self.client, self.table, folder_key(tenant, name))
        if row is None:
            raise NotFoundError(f"no folder {name}")
        return folder_of(tenant, row)

    def page(self, tenant: str, limit: int, after: str | None) -> FolderPage:
        """Return folders of a tenant by name."""
        rows = query(self.client, self.table, f"{tenant}#FOLDERS", limit=limit + 1, after=after)
        found = [folder_of(tenant, row) for row in rows]
        page = found[:limit]
        return FolderPage(page, page[-1].name if len(found) > limit else None)

    def change(
        self,
        tenant: str,
        name: str,
        *,
        title: str | None = None,
        state: FolderState | None = None,
        main_asset_id: str | None = None,
    ) -> Folder:
        """Change what is given and return the folder."""
        sets = {"title": title, "state": state, "main_asset_id": main_asset_id}
        if any(value is not None for value in sets.values()):
            self._update(tenant, name, sets=sets)
        return self.get(tenant, name)

    def set_rule(self, tenant: str, name: str, recipe_id: str | None) -> None:
        """Set or remove the recipe that is applied to new sources."""
        if recipe_id is None:
            self._update(tenant, name, removes=("recipe_id",))
        else:
            self._update(tenant, name, sets={"recipe_id": recipe_id})

    def source(self, tenant: str, name: str, asset_id: str) -> Source | None:
        """Return a source of a folder."""
        row = read(self.client, self.table, source_key(tenant, name, asset_id))
        return None if row is None else source_of(tenant, name, row)

    def add_source(self, source: Source) -> bool:
        """Put an image into a folder, which counts it."""
        return not transact(self.client, source_actions(self.table, source), self.retry)

    def note_job(self, source: Source, job_id: str) -> None:
        """Write which job the folder's rule started with a source."""
        request = write(
            self.table,
            source_key(source.tenant, source.folder, source.asset_id),
            condition="attribute_exists(pk) AND attribute_not_exists(#job_id)",
            sets={"job_id": job_id},
        )
        write_if(self.client.update_item, request, self.retry)

    def link(self, source: Source | None, result: Result) -> bool:
        """Record a result, of a source or without one."""
        return self._add(result) if source is None else self._link(source, result)

    def _add(self, result: Result) -> bool:
        """Record a result without a source."""
        key = result_key(result)
        row = read(self.client, self.table, key)
        if row is not None and ("key" in row or result.key is None):
            return True
        put = write(
            self.table,
            key,
            put=result_record(result),
            condition="attribute_not_exists(pk)" if row is None else "attribute_not_exists(#key)",
        )
        counts = {"standalone": 1} if result.key else {"failed": 1}
        if row is not None:
            counts["failed"] = -1
        counted = count_actions(self.table, result.tenant, result.folder, counts)
        return not transact(self.client, [{"Put": put}, *counted], self.retry)

    def _link(self, source: Source, result: Result) -> bool:
        state = _next_state(source.state, result)
        put = write(
            self.table,
            result_key(result),
            put=result_record(result),
            # A late failure must not hide what a later run made.
            condition="attribute_not_exists(#key)",
        )
        if state == source.state:
            return self._linked([{"Put": put}])
        moved = write(
            self.table,
            source_key(source.tenant, source.folder, source.asset_id),
            condition="#state = :state",
            values={"state": source.state},
            sets={"state": state},
        )
        counts: dict[str, int] = {state: 1}
        if source.state != "pending":
            counts[source.state] = -1
        counted = count_actions(self.table, source.tenant, source.folder, counts)
        return self._linked([{"Put": put}, {"Update": moved}, *counted])

    def pairs(self, tenant: str, name: str, limit: int, after: str | None) -> PairPage:
        """Return the pairs of a folder; a source without a result is a pair alone."""
        found: list[tuple[str, Pair]] = []
        source = None if after is None else self.source(tenant, name, after.partition("#")[0])
        # A pair is two rows at most: a source and its first result.
        most = 2 * (limit + 1)
        rows = query(self.client, self.table, partition(tenant, name), limit=most, after=after)
        for row in rows:
            if row["sk"].startswith("#"):
                found.append((row["sk"], Pair(None, result_of(tenant, name, row))))
                continue
            if row["sk"].endswith("#") or source is None:
                source = source_of(tenant, name, row)
                found.append((row["sk"], Pair(source, None)))
                continue
            if found and found[-1][0].endswith("#"):
                found.pop()
            found.append((row["sk"], Pair(source, result_of(tenant, name, row))))
        page = found[:limit]
        return PairPage([pair for _, pair in page], page[-1][0] if len(found) > limit else None)

    def _linked(self, actions: list[Any]) -> bool:
        failed = transact(self.client, actions, self.retry)
        # A failure at 0 says that the result exists: this is a repeat, or it came too late.
        return not failed or 0 in failed

    def _update(
        self,
        tenant: str,
        name: str,
        *,
        sets: dict[str, str | None] | None = None,
        removes: tuple[str, ...] = (),
    ) -> None:
        request = write(
            self.table,
            folder_key(tenant, name),
            condition="attribute_exists(pk)",
            sets=sets,
            removes=removes,
        )
        if write_if(self.client.update_item, request, self.retry) is None:
            raise NotFoundError(f"no folder {name}")


def source_actions(table: str, source: Source) -> list[Any]:
    """Return the actions of a transaction that write a new source and count it."""
    put = write(
        table,
        source_key(source.tenant, source.folder, source.asset_id),
        put=source_record(source),
        condition="attribute_not_exists(pk)",
    )
    return [{"Put": put}, *count_actions(table, source.tenant, source.folder, {"sources": 1})]


def count_actions(table: str, tenant: str, folder: str, counts: dict[str, int]) -> list[Any]:
    """Return the action of a transaction that changes counters of an existing folder."""
    key = folder_key(tenant, folder)
    return [{"Update": write(table, key, condition="attribute_exists(pk)", adds=counts)}]


def _next_state(state: SourceState, result: Result) -> SourceState:
    """Return the state of a source after a result; one good result makes it done."""
    if result.key is not None:
        return "done"
    return "failed" if state == "pending" else state
