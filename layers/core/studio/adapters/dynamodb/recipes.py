"""RecipeStore on DynamoDB (table Catalog), for every kind of saved body.

Access patterns, with the kind in capital letters for RECIPE of what else is saved:
    the newest of a recipe, all newest   pk = {tenant}#RECIPES        sk = {recipe_id}
    one version                          pk = {tenant}#RECIPE#{id}    sk = {version, 6 digits}

A deleted recipe leaves its row without a body, so that its versions count on. So a version never
names two bodies.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb.base import Attributes, query, read, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.recipes.model import Kind, Recipe
from studio.errors import NotFoundError, PreconditionFailedError
from studio.ports.recipes import RecipePage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class DynamoRecipeStore:
    """Recipes, personas or templates of the Catalog table."""

    client: "DynamoDBClient"
    table: str
    kind: Kind = "recipe"
    retry: WriteRetry = RETRY

    def get(self, tenant: str, recipe_id: str, version: int | None = None) -> Recipe:
        """Return a version of a recipe, the newest where none is named."""
        key = self._newest(tenant, recipe_id)
        if version is not None:
            key = self._version(tenant, recipe_id, version)
        row = read(self.client, self.table, key)
        if row is None or "body" not in row:
            wanted = "" if version is None else f"version {version} of "
            raise NotFoundError(f"there is no {wanted}{self.kind} {recipe_id}")
        return _recipe_of(tenant, row)

    def page(self, tenant: str, limit: int, after: str | None, prefix: str = "") -> RecipePage:
        """Return the newest versions of a tenant's recipes in the order of their names."""
        rows = query(
            self.client,
            self.table,
            self._all(tenant),
            limit=limit + 1,
            after=after,
            prefix=prefix,
            having="body",
        )
        found = [_recipe_of(tenant, row) for row in rows]
        page = found[:limit]
        return RecipePage(page, page[-1].recipe_id if len(found) > limit else None)

    def between(self, tenant: str, first: str, last: str, limit: int) -> Sequence[Recipe]:
        """Return the newest versions of the first recipes whose names are in a range."""
        rows = query(
            self.client,
            self.table,
            self._all(tenant),
            limit=limit,
            between=(first, last),
            having="body",
        )
        return [_recipe_of(tenant, row) for row in rows]

    def versions(
        self, tenant: str, recipe_id: str, limit: int, before: int | None
    ) -> Sequence[Recipe]:
        """Return the versions of a recipe before a version, the newest first."""
        rows = query(
            self.client,
            self.table,
            self._version(tenant, recipe_id, 0)["pk"],
            limit=limit,
            after=None if before is None else f"{before:06d}",
            newest_first=True,
        )
        return [_recipe_of(tenant, row) for row in rows]

    def put(self, recipe: Recipe, replaces: int | None) -> Recipe:
        """Write a recipe and return it with its version."""
        for _ in range(_ATTEMPTS):
            last = replaces
            if replaces is None:
                row = (
                    read(self.client, self.table, self._newest(recipe.tenant, recipe.recipe_id))
                    or {}
                )
                last = row.get("version", 0)
                if "body" in row:
                    break
            written = replace(recipe, version=(last or 0) + 1)
            if self._write(written, last or 0, alive=replaces is not None):
                return written
            if replaces is not None:
                break
        raise self._changed(recipe.recipe_id)

    def delete(self, tenant: str, recipe_id: str, version: int) -> None:
        """Delete a recipe, and keep the count of its versions."""
        request = write(
            self.table,
            self._newest(tenant, recipe_id),
            condition="attribute_exists(#body) AND #version = :version",
            values={"version": version},
            removes=("body",),
        )
        if write_if(self.client.update_item, request, self.retry) is None:
            raise self._changed(recipe_id)

    def _write(self, recipe: Recipe, last: int, *, alive: bool) -> bool:
        """Write the newest row and the version's row; return False if the newest has changed."""
        record = _record(recipe)
        condition = "attribute_not_exists(pk)"
        if last:
            condition = "#version = :last"
        if alive:
            condition = "#version = :last AND attribute_exists(#body)"
        newest = write(
            self.table,
            self._newest(recipe.tenant, recipe.recipe_id),
            put=record,
            condition=condition,
            values={"last": last} if last else None,
        )
        version = write(
            self.table, self._version(recipe.tenant, recipe.recipe_id, recipe.version), put=record
        )
        puts: list[Any] = [{"Put": newest}, {"Put": version}]
        return not transact(self.client, puts, self.retry)

    def _all(self, tenant: str) -> str:
        return f"{tenant}#{self.kind.upper()}S"

    def _newest(self, tenant: str, recipe_id: str) -> dict[str, str]:
        return {"pk": self._all(tenant), "sk": recipe_id}

    def _version(self, tenant: str, recipe_id: str, version: int) -> dict[str, str]:
        return {"pk": f"{tenant}#{self.kind.upper()}#{recipe_id}", "sk": f"{version:06d}"}

    def _changed(self, recipe_id: str) -> PreconditionFailedError:
        return PreconditionFailedError(f"the {self.kind} {recipe_id} changed meanwhile")


def _record(recipe: Recipe) -> Attributes:
    return {
        "recipe_id": recipe.recipe_id,
        "version": recipe.version,
        "title": recipe.title,
        "body": json.dumps(dict(recipe.body), separators=(",", ":"), ensure_ascii=False),
        "created_at": rfc3339(recipe.created_at),
        "updated_at": rfc3339(recipe.updated_at),
        "updated_by": recipe.updated_by,
    }


def _recipe_of(tenant: str, row: Attributes) -> Recipe:
    return Recipe(
        tenant=tenant,
        recipe_id=row["recipe_id"],
        version=row["version"],
        title=row.get("title"),
        body=json.loads(row["body"]),
        created_at=parse_rfc3339(row["created_at"]),
        updated_at=parse_rfc3339(row["updated_at"]),
        updated_by=row["updated_by"],
    )
