"""UploadStore and FolderStore in memory, and an upload bucket."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import md5

from studio.domain.assets.model import Asset
from studio.domain.folders.model import Folder, FolderState, Pair, Result, Source
from studio.domain.uploads.model import Upload
from studio.errors import NotFoundError
from studio.ports.folders import FolderPage, PairPage
from studio.ports.uploads import Form, UploadedObject, UploadPage
from tests.support.fakes.edges import START
from tests.support.fakes.stores import Memory

Name = tuple[str, str]


@dataclass
class FakeFolderStore:
    """FolderStore."""

    folders: dict[Name, Folder] = field(default_factory=dict)
    sources: dict[tuple[str, str, str], Source] = field(default_factory=dict)
    results: dict[tuple[str, str, str, str], Result] = field(default_factory=dict)
    standalone: dict[tuple[str, str, str], Result] = field(default_factory=dict)

    def ensure(self, folder: Folder) -> Folder:
        held = self.folders.setdefault((folder.tenant, folder.name), folder)
        shown = replace(held, thumbnail_key=held.thumbnail_key or folder.thumbnail_key)
        self.folders[folder.tenant, folder.name] = shown
        return shown

    def get(self, tenant: str, name: str) -> Folder:
        if (tenant, name) not in self.folders:
            raise NotFoundError(name)
        return self.folders[tenant, name]

    def page(self, tenant: str, limit: int, after: str | None) -> FolderPage:
        names = sorted(name for owner, name in self.folders if owner == tenant)
        found = [self.get(tenant, name) for name in names if after is None or name > after]
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
        held = self.get(tenant, name)
        self.folders[tenant, name] = replace(
            held,
            title=title or held.title,
            state=state or held.state,
            main_asset_id=main_asset_id or held.main_asset_id,
        )
        return self.folders[tenant, name]

    def set_rule(self, tenant: str, name: str, recipe_id: str | None) -> None:
        self.folders[tenant, name] = replace(self.get(tenant, name), recipe_id=recipe_id)

    def source(self, tenant: str, name: str, asset_id: str) -> Source | None:
        return self.sources.get((tenant, name, asset_id))

    def add_source(self, source: Source) -> bool:
        key = (source.tenant, source.folder, source.asset_id)
        if key in self.sources or (source.tenant, source.folder) not in self.folders:
            return False
        self.sources[key] = source
        self.count((source.tenant, source.folder), sources=1)
        return True

    def note_job(self, source: Source, job_id: str) -> None:
        key = (source.tenant, source.folder, source.asset_id)
        if key in self.sources and self.sources[key].job_id is None:
            self.sources[key] = replace(self.sources[key], job_id=job_id)

    def link(self, source: Source | None, result: Result) -> bool:
        return self._add(result) if source is None else self._link(source, result)

    def _add(self, result: Result) -> bool:
        place = (result.tenant, result.folder)
        held = self.standalone.get((*place, result.asset_id))
        if held is not None and (held.key or not result.key):
            return True
        if place not in self.folders:
            return False
        self.standalone[*place, result.asset_id] = result
        kind = "standalone" if result.key else "failed"
        self.count(place, **{kind: 1, **({"failed": -1} if held else {})})
        return True

    def _link(self, source: Source, result: Result) -> bool:
        key = (source.tenant, source.folder, source.asset_id)
        held = self.results.get((*key, result.asset_id))
        if held is not None and held.key is not None:
            return True
        row = self.sources[key]
        if row.state != source.state:
            return False
        self.results[*key, result.asset_id] = result
        state = "done" if result.key else "failed" if row.state == "pending" else row.state
        if state != row.state:
            self.sources[key] = replace(row, state=state)
            left = {row.state: -1} if row.state != "pending" else {}
            self.count((row.tenant, row.folder), **{state: 1, **left})
        return True

    def pairs(self, tenant: str, name: str, limit: int, after: str | None) -> PairPage:
        found: list[tuple[str, Pair]] = [
            (f"#{asset_id}", Pair(None, result))
            for (*place, asset_id), result in sorted(self.standalone.items())
            if place == [tenant, name]
        ]
        for (owner, folder, asset_id), source in sorted(self.sources.items()):
            if (owner, folder) != (tenant, name):
                continue
            made = [
                (f"{asset_id}#{result_id}", Pair(source, result))
                for (*key, result_id), result in sorted(self.results.items())
                if key == [owner, folder, asset_id]
            ]
            found += made or [(f"{asset_id}#", Pair(source, None))]
        found = [entry for entry in found if after is None or entry[0] > after]
        page = found[:limit]
        return PairPage([pair for _, pair in page], page[-1][0] if len(found) > limit else None)

    def count(self, place: Name, **counts: int) -> None:
        """Change counters of a folder."""
        folder = self.folders[place]
        changed = {name: getattr(folder, name) + count for name, count in counts.items()}
        self.folders[place] = replace(folder, **changed)


@dataclass
class FakeUploadStore:
    """UploadStore; pictures go to the memory of the other stores."""

    memory: Memory
    folders: FakeFolderStore
    claims: dict[Name, str] = field(default_factory=dict)

    def open(self, upload: Upload) -> None:
        self.memory.uploads[upload.tenant, upload.upload_id] = upload

    def get(self, tenant: str, upload_id: str) -> Upload:
        if (tenant, upload_id) not in self.memory.uploads:
            raise NotFoundError(upload_id)
        return self.memory.uploads[tenant, upload_id]

    def known(self, tenant: str, sha256: str) -> str | None:
        return self.claims.get((tenant, sha256))

    def claim(self, tenant: str, sha256: str, asset_id: str) -> str:
        return self.claims.setdefault((tenant, sha256), asset_id)

    def register(self, upload: Upload, asset: Asset | None, source: Source | None) -> bool:
        if self._has_ended(upload):
            return False
        if asset and (asset.tenant, asset.asset_id) in self.memory.assets:
            return False
        if source and self.folders.source(source.tenant, source.folder, source.asset_id):
            return False
        self.open(upload)
        if asset:
            self.memory.assets[asset.tenant, asset.asset_id] = asset
        if source:
            self.folders.add_source(source)
        return True

    def page(self, tenant: str, limit: int, after: str | None, *, refused: bool) -> UploadPage:
        found = sorted(
            (
                upload
                for (owner, upload_id), upload in self.memory.uploads.items()
                if owner == tenant
                and (after is None or upload_id < after)
                and (upload.status == "quarantined" or not refused)
            ),
            key=lambda upload: upload.upload_id,
            reverse=True,
        )
        page = found[:limit]
        return UploadPage(page, page[-1].upload_id if len(found) > limit else None)

    def quarantine(self, upload: Upload) -> bool:
        if self._has_ended(upload):
            return False
        if upload.folder is not None:
            if (upload.tenant, upload.folder) not in self.folders.folders:
                return False
            self.folders.count((upload.tenant, upload.folder), refused=1)
        self.open(upload)
        return True

    def note_job(self, upload: Upload) -> None:
        if held := self.memory.uploads.get((upload.tenant, upload.upload_id)):
            job_id = upload.job_id or held.job_id
            self.open(replace(held, job_id=job_id, rule_error=upload.rule_error))

    def _has_ended(self, upload: Upload) -> bool:
        held = self.memory.uploads.get((upload.tenant, upload.upload_id))
        return held is not None and held.status != "waiting"


@dataclass
class FakeUploadBucket:
    """UploadBucket: objects by key, each with the time at which it was put."""

    objects: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)

    def put(self, key: str, data: bytes) -> str:
        """Drop a file and return its tag."""
        self.objects[key] = (data, START + timedelta(seconds=len(self.objects)))
        return etag_of(data)

    def form(self, key: str, media_type: str, size: int, seconds: int) -> Form:
        return Form("https://blobs.test", {"key": key, "Content-Type": media_type})

    def fetch(self, key: str, etag: str | None, max_bytes: int) -> UploadedObject | None:
        if key not in self.objects:
            return None
        data, at = self.objects[key]
        if etag is not None and etag != etag_of(data):
            return None
        kept = data if len(data) <= max_bytes else None
        return UploadedObject(etag_of(data), len(data), "image/jpeg", at, kept)

    def exists(self, key: str) -> bool:
        return key in self.objects

    def move_to_quarantine(self, key: str, etag: str, target: str) -> None:
        if key in self.objects and etag_of(self.objects[key][0]) == etag:
            self.objects[target] = self.objects.pop(key)


def etag_of(data: bytes) -> str:
    """Return the ETag that S3 gives to bytes."""
    return md5(data, usedforsecurity=False).hexdigest()
