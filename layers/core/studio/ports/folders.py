"""Port of folders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from studio.domain.folders.model import Folder, FolderState, Pair, Result, Source


@dataclass(frozen=True, slots=True)
class FolderPage:
    """One page of folders by name; ``next_after`` is the name to continue behind."""

    folders: Sequence[Folder]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class PairPage:
    """One page of pairs: results without a source first, then the oldest source.

    ``next_after`` says where to continue.
    """

    pairs: Sequence[Pair]
    next_after: str | None


class FolderStore(Protocol):
    """Folders, their sources and results."""

    def ensure(self, folder: Folder) -> Folder:
        """Return a folder, made as given if there is none; one without thumbnail takes this."""
        ...

    def get(self, tenant: str, name: str) -> Folder:
        """Return a folder.

        Raises:
            NotFoundError: the tenant has no such folder.
        """
        ...

    def page(self, tenant: str, limit: int, after: str | None) -> FolderPage:
        """Return folders of a tenant by name."""
        ...

    def change(
        self,
        tenant: str,
        name: str,
        *,
        title: str | None = None,
        state: FolderState | None = None,
        main_asset_id: str | None = None,
    ) -> Folder:
        """Change what is given and return the folder.

        Raises:
            NotFoundError: the tenant has no such folder.
        """
        ...

    def set_rule(self, tenant: str, name: str, recipe_id: str | None) -> None:
        """Say what is done with new sources, None for nothing."""
        ...

    def source(self, tenant: str, name: str, asset_id: str) -> Source | None:
        """Return a source of a folder."""
        ...

    def add_source(self, source: Source) -> bool:
        """Put an image into a folder, which counts it; False if it is there already."""
        ...

    def note_job(self, source: Source, job_id: str) -> None:
        """Write which job the folder's rule started with a source; the first one stays."""
        ...

    def link(self, source: Source | None, result: Result) -> bool:
        """Link a result to its source, which becomes done, or failed if it has no other result.

        Without a source the folder holds and counts the result itself.

        Returns:
            False if the source or the folder changed since it was read: read it again. A repeat
            changes nothing.
        """
        ...

    def pairs(self, tenant: str, name: str, limit: int, after: str | None) -> PairPage:
        """Return the pairs of a folder; a source without a result is a pair without one.

        Results without a source come first.
        """
        ...
