"""What the routes of recipes, personas and templates share: what is saved in versions."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, json_response
from studio.api.http.pagination import page_of, page_response
from studio.api.http.preconditions import require_match
from studio.api.http.serializers import Document
from studio.clock import rfc3339
from studio.domain.recipes.model import Kind, Recipe
from studio.errors import MalformedRequestError, NotFoundError
from studio.ids import RECIPE_ID
from studio.ports.recipes import RecipeStore

_VERSION = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class VersionedResource:
    """Where one kind of saved thing is, and how it looks.

    Attributes:
        store: Finds its store.
        body: What of its document is its own, between the title and the times.
    """

    kind: Kind
    store: Callable[[Dependencies], RecipeStore]
    body: Callable[[Recipe], Document]

    def page(self, request: Request, deps: Dependencies) -> Response:
        """List what the tenant has, in the order of the names."""
        page = page_of(request, deps)
        found = self.store(deps).page(request.caller().tenant, page.limit, page.after)
        data = [self.document(one) for one in found.recipes]
        return page_response(request, deps, page, data, found.next_after)

    def get(self, request: Request, deps: Dependencies) -> Response:
        """Give the one that the path names, or an older version of it."""
        version = version_of(request)
        found = self.store(deps).get(request.caller().tenant, self.name(request), version)
        return json_response(self.document(found))

    def replaced(self, request: Request, deps: Dependencies) -> Recipe | None:
        """Return what a PUT takes the place of, None where the name is free.

        Raises:
            PreconditionMissingError, PreconditionFailedError: see ``require_match``.
        """
        try:
            current = self.store(deps).get(request.caller().tenant, self.name(request))
        except NotFoundError:
            current = None
        require_match(request, self.document(current) if current else None)
        return current

    def remove(self, request: Request, deps: Dependencies) -> Response:
        """Take the one that the path names away."""
        tenant, name, store = request.caller().tenant, self.name(request), self.store(deps)
        current = store.get(tenant, name)
        require_match(request, self.document(current))
        store.delete(tenant, name, current.version)
        return Response(204)

    def name(self, request: Request) -> str:
        """Return the name in the path.

        Raises:
            NotFoundError: nothing can have it.
        """
        name = request.params[f"{self.kind}_id"]
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


def version_of(request: Request) -> int | None:
    """Read which version is wanted, None for the newest.

    Raises:
        MalformedRequestError: it is no number from 1.
    """
    version = request.query_param("version")
    if version is not None and not _VERSION.fullmatch(version):
        raise MalformedRequestError("version must be a number from 1")
    return None if version is None else int(version)
