"""FolderStore on DynamoDB (table Assets).

Access patterns:
    a folder, all by name       pk = {tenant}#FOLDERS          sk = {name}
    sources and their results   pk = {tenant}#FOLDER#{name}    sk = {source}#  or  {source}#{result}

A source's results follow it in the order of the key, so a page of pairs is one Query. Counters
of a folder move only in the transaction that writes or moves the row they count.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb.base import Attributes, query, read, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.clock import parse_rfc3339, rfc3339
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
        key = _folder_key(folder.tenant, folder.name)
        row = read(self.client, self.table, key)
        if row is None:
            made = write(
                self.table, key, put=_folder_record(folder), condition="attribute_not_exists(pk)"
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
            return _folder_of(folder.tenant, row)
        return self.get(folder.tenant, folder.name)

    def get(self, tenant: str, name: str) -> Folder:
        """Return a folder."""
        row = read(self.client, self.table, _folder_key(tenant, name))
        if row is None:
            raise NotFoundError(f"no folder {name}")
        return _folder_of(tenant, row)

    def page(self, tenant: str, limit: int, after: str | None) -> FolderPage:
        """Return folders of a tenant by name."""
        rows = query(self.client, self.table, f"{tenant}#FOLDERS", limit=limit + 1, after=after)
        found = [_folder_of(tenant, row) for row in rows]
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
        row = read(self.client, self.table, _source_key(tenant, name, asset_id))
        return None if row is None else _source_of(tenant, name, row)

    def add_source(self, source: Source) -> bool:
        """Put an image into a folder, which counts it."""
        return not transact(self.client, source_actions(self.table, source), self.retry)

    def note_job(self, source: Source, job_id: str) -> None:
        """Write which job the folder's rule started with a source."""
        request = write(
            self.table,
            _source_key(source.tenant, source.folder, source.asset_id),
            condition="attribute_exists(pk) AND attribute_not_exists(#job_id)",
            sets={"job_id": job_id},
        )
        write_if(self.client.update_item, request, self.retry)

    def link(self, source: Source, result: Result) -> bool:
        """Record a result of a source."""
        state = _next_state(source.state, result)
        put = write(
            self.table,
            {
                "pk": _partition(result.tenant, result.folder),
                "sk": f"{result.source_id}#{result.asset_id}",
            },
            put=_result_record(result),
            # A late failure must not hide what a later run made.
            condition="attribute_not_exists(#key)",
        )
        if state == source.state:
            return self._linked([{"Put": put}])
        moved = write(
            self.table,
            _source_key(source.tenant, source.folder, source.asset_id),
            condition="#state = :state",
            values={"state": source.state},
            sets={"state": state},
        )
        counts: dict[str, int] = {state: 1}
        if source.state != "pending":
            counts[source.state] = -1
        counted = _count(self.table, source.tenant, source.folder, counts)
        return self._linked([{"Put": put}, {"Update": moved}, {"Update": counted}])

    def pairs(self, tenant: str, name: str, limit: int, after: str | None) -> PairPage:
        """Return the pairs of a folder; a source without a result is a pair alone."""
        found: list[tuple[str, Pair]] = []
        source = None if after is None else self.source(tenant, name, after.partition("#")[0])
        # A pair is two rows at most: a source and its first result.
        most = 2 * (limit + 1)
        rows = query(self.client, self.table, _partition(tenant, name), limit=most, after=after)
        for row in rows:
            if row["sk"].endswith("#") or source is None:
                source = _source_of(tenant, name, row)
                found.append((row["sk"], Pair(source, None)))
                continue
            if found and found[-1][0].endswith("#"):
                found.pop()
            found.append((row["sk"], Pair(source, _result_of(tenant, name, row))))
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
            _folder_key(tenant, name),
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
        _source_key(source.tenant, source.folder, source.asset_id),
        put=_source_record(source),
        condition="attribute_not_exists(pk)",
    )
    return [{"Put": put}, {"Update": _count(table, source.tenant, source.folder, {"sources": 1})}]


def _count(table: str, tenant: str, folder: str, counts: dict[str, int]) -> dict[str, Any]:
    return write(table, _folder_key(tenant, folder), condition="attribute_exists(pk)", adds=counts)


def _next_state(state: SourceState, result: Result) -> SourceState:
    """Return the state of a source after a result; one good result makes it done."""
    if result.key is not None:
        return "done"
    return "failed" if state == "pending" else state


def _partition(tenant: str, folder: str) -> str:
    return f"{tenant}#FOLDER#{folder}"


def _folder_key(tenant: str, name: str) -> dict[str, str]:
    return {"pk": f"{tenant}#FOLDERS", "sk": name}


def _source_key(tenant: str, folder: str, asset_id: str) -> dict[str, str]:
    return {"pk": _partition(tenant, folder), "sk": f"{asset_id}#"}


def _folder_record(folder: Folder) -> Attributes:
    return {
        "created_at": rfc3339(folder.created_at),
        "title": folder.title,
        "state": folder.state,
        "sources": folder.sources,
        "done": folder.done,
        "failed": folder.failed,
        "thumbnail_key": folder.thumbnail_key,
        "main_asset_id": folder.main_asset_id,
        "recipe_id": folder.recipe_id,
    }


def _folder_of(tenant: str, row: Attributes) -> Folder:
    return Folder(
        tenant=tenant,
        name=row["sk"],
        created_at=parse_rfc3339(row["created_at"]),
        title=row.get("title"),
        state=row["state"],
        sources=row["sources"],
        done=row["done"],
        failed=row["failed"],
        thumbnail_key=row.get("thumbnail_key"),
        main_asset_id=row.get("main_asset_id"),
        recipe_id=row.get("recipe_id"),
    )


def _source_record(source: Source) -> Attributes:
    return {
        "name": source.name,
        "key": source.key,
        "thumbnail_key": source.thumbnail_key,
        "added_at": rfc3339(source.added_at),
        "state": source.state,
        "job_id": source.job_id,
    }


def _source_of(tenant: str, folder: str, row: Attributes) -> Source:
    return Source(
        tenant=tenant,
        folder=folder,
        asset_id=row["sk"].removesuffix("#"),
        name=row["name"],
        key=row["key"],
        thumbnail_key=row.get("thumbnail_key"),
        added_at=parse_rfc3339(row["added_at"]),
        state=row["state"],
        job_id=row.get("job_id"),
    )


def _result_record(result: Result) -> Attributes:
    return {
        "job_id": result.job_id,
        "item": result.item,
        "at": rfc3339(result.at),
        "key": result.key,
    }


def _result_of(tenant: str, folder: str, row: Attributes) -> Result:
    source_id, _, asset_id = row["sk"].partition("#")
    return Result(
        tenant=tenant,
        folder=folder,
        source_id=source_id,
        asset_id=asset_id,
        job_id=row["job_id"],
        item=row["item"],
        at=parse_rfc3339(row["at"]),
        key=row.get("key"),
    )
