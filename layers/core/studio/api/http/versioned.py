"""What the routes of recipes, personas and templates share: what is saved in versions."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from studio.api.http.dependencies import Backend
from studio.api.http.messages import Call, Reply, json_reply
from studio.api.http.pagination import page_of, page_reply
from studio.api.http.preconditions import require_match
from studio.api.http.serializers import Document
from studio.clock import rfc3339
from studio.domain.recipes.model import Kind, Recipe
from studio.errors import MalformedRequestError, NotFoundError
from studio.ids import RECIPE_ID
from studio.ports.recipes import RecipeStore

_VERSION = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one kind of saved thing is, and how it looks.

    Attributes:
        store: Finds its store.
        body: What of its document is its own, between the title and the times.
    """

    kind: Kind
    store: Callable[[Backend], RecipeStore]
    body: Callable[[Recipe], Document]

    def page(self, call: Call, backend: Backend) -> Reply:
        """List what the tenant has, in the order of the names."""
        page = page_of(call, backend)
        found = self.store(backend).page(call.caller().tenant, page.limit, page.after)
        data = [self.document(one) for one in found.recipes]
        return page_reply(call, backend, page, data, found.next_after)

    def one(self, call: Call, backend: Backend) -> Reply:
        """Give the one that the path names, or an older version of it."""
        version = version_of(call)
        found = self.store(backend).get(call.caller().tenant, self.name(call), version)
        return json_reply(self.document(found))

    def replaced(self, call: Call, backend: Backend) -> Recipe | None:
        """Return what a PUT takes the place of, None where the name is free.

        Raises:
            PreconditionMissingError, PreconditionFailedError: see ``require_match``.
        """
        try:
            current = self.store(backend).get(call.caller().tenant, self.name(call))
        except NotFoundError:
            current = None
        require_match(call, self.document(current) if current else None)
        return current

    def remove(self, call: Call, backend: Backend) -> Reply:
        """Take the one that the path names away."""
        tenant, name, store = call.caller().tenant, self.name(call), self.store(backend)
        current = store.get(tenant, name)
        require_match(call, self.document(current))
        store.delete(tenant, name, current.version)
        return Reply(204)

    def name(self, call: Call) -> str:
        """Return the name in the path.

        Raises:
            NotFoundError: nothing can have it.
        """
        name = call.params[f"{self.kind}_id"]
        if not RECIPE_ID.fullmatch(name):
            raise NotFoundError(
                f"a {self.kind}'s name is of lower-case letters, digits and hyphens"
            )
        return name

    def document(self, value: Recipe) -> Document:
        """Return what the API shows of it."""
        return {
            "id": value.recipe_id,
            "version": value.version,
            "title": value.title,
            **self.body(value),
            "created_at": rfc3339(value.created_at),
            "updated_at": rfc3339(value.updated_at),
            "updated_by": value.updated_by,
        }


def version_of(call: Call) -> int | None:
    """Read which version is wanted, None for the newest.

    Raises:
        MalformedRequestError: it is no number from 1.
    """
    version = call.one("version")
    if version is not None and not _VERSION.fullmatch(version):
        raise MalformedRequestError("version must be a number from 1")
    return None if version is None else int(version)
