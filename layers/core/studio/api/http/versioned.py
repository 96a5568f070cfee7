"""Routes that recipes, personas and templates share: they are saved in versions."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.preconditions import require_match
from studio.domain.recipes.model import Kind, Recipe
from studio.errors import MalformedRequestError, NotFoundError
from studio.ids import RECIPE_ID
from studio.ports.recipes import RecipeStore

if TYPE_CHECKING:
    from studio.api.http import responses

_VERSION = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class VersionedResource:
    """The store and the serializers of one kind of versioned resource.

    Attributes:
        store: Returns its store.
        document: Serializes one.
    """

    kind: Kind
    store: Callable[[Dependencies], RecipeStore]
    document: Callable[[Recipe], Mapping[str, object]]

    def page(
        self,
        request: Request,
        deps: Dependencies,
        listing: "Callable[[Sequence[Recipe], responses.Page], responses.Paged]",
    ) -> Response:
        """List the tenant's, in the order of their names; ``listing`` serializes a page."""
        page = page_of(request, deps)
        found = self.store(deps).page(request.caller().tenant, page.limit, page.after)
        place = next_page(request, deps, page, found.next_after)
        return page_response(request, listing(found.recipes, place))

    def get(self, request: Request, deps: Dependencies) -> Response:
        """Return the resource of the path, or the version that the query names."""
        version = version_of(request)
        found = self.store(deps).get(request.caller().tenant, self.name(request), version)
        return json_response(self.document(found))

    def replaced(self, request: Request, deps: Dependencies) -> Recipe | None:
        """Return what a PUT replaces, None where the name is free.

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
        """Delete the resource of the path."""
        tenant, name, store = request.caller().tenant, self.name(request), self.store(deps)
        current = store.get(tenant, name)
        require_match(request, self.document(current))
        store.delete(tenant, name, current.version)
        return Response(204)

    def name(self, request: Request) -> str:
        """Return the name in the path.

        Raises:
            NotFoundError: it is no valid name.
        """
        name = request.params[f"{self.kind}_id"]
        if not RECIPE_ID.fullmatch(name):
            raise NotFoundError(
                f"a {self.kind}'s name is of lower-case letters, digits and hyphens"
            )
        return name


def version_of(request: Request) -> int | None:
    """Return the version that the query names, None for the newest.

    Raises:
        MalformedRequestError: it is not a number from 1.
    """
    version = request.query_param("version")
    if version is not None and not _VERSION.fullmatch(version):
        raise MalformedRequestError("version must be a number from 1")
    return None if version is None else int(version)
