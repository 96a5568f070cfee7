"""Folders, their sources and results as DynamoDB records (table Assets).

A result without a source has the sort key ``#{result}``, so it comes before all sources.
"""

from studio.adapters.dynamodb.base import Attributes
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.folders.model import Folder, Result, Source


def partition(tenant: str, folder: str) -> str:
    """Return the partition of a folder's sources and results."""
    return f"{tenant}#FOLDER#{folder}"


def folder_key(tenant: str, name: str) -> dict[str, str]:
    """Return the key of a folder."""
    return {"pk": f"{tenant}#FOLDERS", "sk": name}


def source_key(tenant: str, folder: str, asset_id: str) -> dict[str, str]:
    """Return the key of a source."""
    return {"pk": partition(tenant, folder), "sk": f"{asset_id}#"}


def result_key(result: Result) -> dict[str, str]:
    """Return the key of a result: behind its source, or before all sources without one."""
    return {
        "pk": partition(result.tenant, result.folder),
        "sk": f"{result.source_id or ''}#{result.asset_id}",
    }


def folder_record(folder: Folder) -> Attributes:
    """Code a folder."""
    return {
        "created_at": rfc3339(folder.created_at),
        "title": folder.title,
        "state": folder.state,
        "sources": folder.sources,
        "done": folder.done,
        "failed": folder.failed,
        "standalone": folder.standalone,
        "refused": folder.refused,
        "thumbnail_key": folder.thumbnail_key,
        "main_asset_id": folder.main_asset_id,
        "recipe_id": folder.recipe_id,
    }


def folder_of(tenant: str, row: Attributes) -> Folder:
    """Read a folder back."""
    return Folder(
        tenant=tenant,
        name=row["sk"],
        created_at=parse_rfc3339(row["created_at"]),
        title=row.get("title"),
        state=row["state"],
        sources=row["sources"],
        done=row["done"],
        failed=row["failed"],
        standalone=row.get("standalone", 0),
        refused=row.get("refused", 0),
        thumbnail_key=row.get("thumbnail_key"),
        main_asset_id=row.get("main_asset_id"),
        recipe_id=row.get("recipe_id"),
    )


def source_record(source: Source) -> Attributes:
    """Code a source."""
    return {
        "name": source.name,
        "key": source.key,
        "thumbnail_key": source.thumbnail_key,
        "added_at": rfc3339(source.added_at),
        "state": source.state,
        "job_id": source.job_id,
    }


def source_of(tenant: str, folder: str, row: Attributes) -> Source:
    """Read a source back."""
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


def result_record(result: Result) -> Attributes:
    """Code a result."""
    return {
        "job_id": result.job_id,
        "item": result.item,
        "at": rfc3339(result.at),
        "key": result.key,
        "source_url": result.source_url,
    }


def result_of(tenant: str, folder: str, row: Attributes) -> Result:
    """Read a result back."""
    source_id, _, asset_id = row["sk"].partition("#")
    return Result(
        tenant=tenant,
        folder=folder,
        source_id=source_id or None,
        asset_id=asset_id,
        job_id=row["job_id"],
        item=row["item"],
        at=parse_rfc3339(row["at"]),
        key=row.get("key"),
        source_url=row.get("source_url"),
    )
