"""LinkResult: put the result of an image into its folder, with its source if that is an asset."""

from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.assets.model import EXTENSIONS, asset_key
from studio.domain.folders.model import Folder, Result, Source
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Item
from studio.domain.operations.table import operation_of
from studio.errors import StateConflictError
from studio.ports.folders import FolderStore

# A source moves twice at most: from pending to failed, and from there to done.
_ATTEMPTS = 3
_LINKED = frozenset({"succeeded", "failed", "unknown"})


@dataclass(frozen=True, slots=True)
class LinkResult:
    """Used by the steps that end an image and by those that end a job."""

    folders: FolderStore
    now: Clock

    def run(self, item: Item) -> None:
        """Link an image that has ended; an image without a folder has no link.

        Raises:
            StateConflictError: the source keeps changing; a retry may help.
        """
        spec = item.spec
        if spec.folder is None or item.status not in _LINKED:
            return
        origin = spec.sources[0] if spec.sources else SourceRef()
        result = Result(
            tenant=item.tenant,
            folder=spec.folder,
            source_id=origin.asset_id,
            asset_id=item.asset_id,
            job_id=item.job_id,
            item=item.number,
            at=self.now(),
            key=_file(item, "image") if item.status == "succeeded" else None,
            source_url=origin.url,
        )
        for _ in range(_ATTEMPTS):
            if origin.asset_id is None:
                self._ensure(item, spec.folder)
                source = None
            else:
                source = self._source(spec.folder, item, origin)
            if self.folders.link(source, result):
                return
        raise StateConflictError(f"the place of {item.asset_id} in its folder keeps changing")

    def _ensure(self, item: Item, folder: str) -> None:
        """Create the folder if there is none; it shows the first result that it gets."""
        thumbnail = _file(item, "thumbnail") if item.status == "succeeded" else None
        self.folders.ensure(Folder(item.tenant, folder, self.now(), thumbnail_key=thumbnail))

    def _source(self, folder: str, item: Item, origin: SourceRef) -> Source:
        """Return the source in its folder; an image from elsewhere is added first."""
        asset_id = str(origin.asset_id)
        found = self.folders.source(item.tenant, folder, asset_id)
        if found is not None:
            return found
        at = self.now()
        self.folders.ensure(Folder(item.tenant, folder, at))
        source = Source(item.tenant, folder, asset_id, asset_id, str(origin.key), None, at)
        self.folders.add_source(source)
        return self.folders.source(item.tenant, folder, asset_id) or source


def _file(item: Item, name: str) -> str:
    """Return the key of a file of the asset that the image became."""
    spec = item.spec
    extension = EXTENSIONS.get(operation_of(spec.operation).produces, spec.output_format)
    if name == "thumbnail":
        extension = "webp"
    return asset_key(item.tenant, item.asset_id, name, extension)
