"""RegisterUpload: turn an uploaded file into an asset of its folder, and start the rule's job.

Events come twice, late and out of order, so the object in the bucket decides. The content claims
its asset id first. So every repeat has the same id and keys, and a repeat after the end does
nothing more.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from studio.clock import Clock
from studio.domain.assets.file_names import decoded_name, shown_name
from studio.domain.assets.model import MEDIA_TYPES, Asset, StoredImage, asset_key
from studio.domain.folders.model import Folder, Source
from studio.domain.orders.faults import ORDER_REFUSALS
from studio.domain.uploads.model import (
    MAX_IMAGE_BYTES,
    ObjectKey,
    Upload,
    parse_key,
    quarantine_key,
)
from studio.errors import NotFoundError, StateConflictError
from studio.ids import derived_id, new_id
from studio.metrics import emit
from studio.ports.assets import AssetStore
from studio.ports.blobs import BlobStore
from studio.ports.folders import FolderStore
from studio.ports.uploads import UploadBucket, UploadedObject, UploadStore
from studio.services.folders.add_source import source_of
from studio.services.jobs.key_use import KeyUse
from studio_imaging.encode import EncodedImage
from studio_imaging.errors import ImageRejectedError
from studio_imaging.register import Registered, register
from studio_imaging.rights import read_rights

if TYPE_CHECKING:
    from studio.ports.events import EventSink
    from studio.services.jobs.create_job import CreateJob
    from studio.services.orders.intake import JobRequestIntake

# Each failed try finds one more fact: the upload has ended, the image or its place is there.
_ATTEMPTS = 3
# The largest object that S3 copies in one call; a larger file stays until it expires.
_MOST_MOVED_BYTES = 5 * 1024**3
_NO_FOLDER = (
    "the key names no folder: put files into uploads/{tenant}/{folder}/; a folder has 1 to 64 "
    "letters of A to Z, digits, dots, hyphens and underscores, and begins with a letter or digit"
)


@dataclass(frozen=True, slots=True)
class RegisterUpload:
    """The service behind the bucket's events and behind POST /v1/uploads/{id}/complete.

    Attributes:
        intake, create_job: Built only when a folder has a rule; their modules are slow to import.
        events: Built only when a file is refused.
    """

    uploads: UploadStore
    folders: FolderStore
    assets: AssetStore
    blobs: BlobStore
    upload_bucket: UploadBucket
    intake: "Callable[[], JobRequestIntake]"
    create_job: "Callable[[], CreateJob]"
    events: "Callable[[], EventSink]"
    now: Clock

    def run(self, key: str, etag: str | None) -> str:
        """Register the object at a key and return the outcome.

        Args:
            key: A key below ``uploads/``.
            etag: ETag of the event's object; None for the present object.

        Raises:
            StateConflictError: other uploads of the same content change its state all the time;
                a later try can succeed.
        """
        object_key = parse_key(key)
        if object_key is None:
            return "ignored"
        ended = self._ended(object_key)
        if ended is not None:
            if etag is not None:
                self._follow_refusal(ended, etag)
            return self._follow_rule(ended)
        uploaded = self.upload_bucket.fetch(key, etag, MAX_IMAGE_BYTES)
        if uploaded is None:
            return "superseded"
        upload = self._upload(object_key, key, uploaded)
        if upload.status != "waiting":
            self._follow_refusal(upload, uploaded.etag)
            return self._follow_rule(upload)
        return self._follow_rule(self._registered(upload, uploaded))

    def _ended(self, object_key: ObjectKey) -> Upload | None:
        """Return an announced upload that has ended; its file need not be read again."""
        if object_key.upload_id is None:
            return None
        found = self._find(object_key.tenant, object_key.upload_id)
        return found if found is not None and found.status != "waiting" else None

    def _upload(self, object_key: ObjectKey, key: str, uploaded: UploadedObject) -> Upload:
        """Return the upload of an object: the announced one, or a new one."""
        announced = (
            self._find(object_key.tenant, object_key.upload_id) if object_key.upload_id else None
        )
        if announced is not None:
            return replace(announced, bytes=uploaded.size)
        # Key, content and time of the object decide the id, so a repeat is the same upload.
        upload_id = derived_id("upl", uploaded.modified_at, f"{key} {uploaded.etag}")
        return self._find(object_key.tenant, upload_id) or Upload(
            tenant=object_key.tenant,
            upload_id=upload_id,
            key=key,
            folder=object_key.folder,
            filename=shown_name(decoded_name(object_key.filename)),
            media_type=uploaded.media_type,
            bytes=uploaded.size,
            created_at=uploaded.modified_at,
        )

    def _registered(self, upload: Upload, uploaded: UploadedObject) -> Upload:
        if upload.folder is None:
            return self._quarantined(upload, uploaded, "folder-name-invalid", _NO_FOLDER)
        if uploaded.data is None:
            detail = f"the file has {uploaded.size} bytes, the limit is {MAX_IMAGE_BYTES}"
            return self._quarantined(upload, uploaded, "image-too-large", detail)
        digest = sha256(uploaded.data).hexdigest()
        asset_id = self.uploads.known(upload.tenant, digest)
        asset = self._find_asset(upload.tenant, asset_id)
        if asset is not None:
            return self._written(replace(upload, duplicate=True), asset, is_new=False)
        try:
            registered = register(uploaded.data)
        except ImageRejectedError as error:
            return self._quarantined(upload, uploaded, error.code, str(error))
        stated = read_rights(uploaded.data)
        # Only a valid image claims an id.
        claimed = self.uploads.claim(upload.tenant, digest, new_id("ast", self.now()))
        image, thumbnail = self._store_both(upload.tenant, claimed, registered)
        asset = Asset(
            tenant=upload.tenant,
            asset_id=claimed,
            job_id=None,
            item=None,
            operation="upload",
            created_at=self.now(),
            image=image,
            thumbnail=thumbnail,
            cost=None,
            recipe={"upload_id": upload.upload_id, "filename": upload.filename, "sha256": digest},
            title=upload.filename,
            source_type=registered.source_type,
            folder=upload.folder,
            creator=stated.creator,
            copyright=stated.copyright,
        )
        return self._written(upload, asset, is_new=True)

    def _store_both(
        self, tenant: str, asset_id: str, registered: Registered
    ) -> tuple[StoredImage, StoredImage]:
        """Store the image and its thumbnail at the same time."""
        named = (("image", registered.image), ("thumbnail", registered.thumbnail))
        with ThreadPoolExecutor(max_workers=2) as pool:
            image, thumbnail = pool.map(lambda one: self._store(tenant, asset_id, *one), named)
        return image, thumbnail

    def _store(self, tenant: str, asset_id: str, name: str, encoded: EncodedImage) -> StoredImage:
        key = asset_key(tenant, asset_id, name, encoded.format)
        media_type = MEDIA_TYPES[encoded.format]
        self.blobs.write(key, encoded.data, media_type)
        return StoredImage(
            key=key,
            media_type=media_type,
            bytes=len(encoded.data),
            width=encoded.width,
            height=encoded.height,
            sha256=encoded.sha256,
        )

    def _written(self, upload: Upload, asset: Asset, *, is_new: bool) -> Upload:
        """Write the end of an upload; after a conflict, read the upload and try again."""
        at, folder = self.now(), str(upload.folder)
        self.folders.ensure(Folder(upload.tenant, folder, at, thumbnail_key=asset.thumbnail.key))
        ended = replace(upload, status="registered", asset_id=asset.asset_id)
        for _ in range(_ATTEMPTS):
            placed = self.folders.source(upload.tenant, folder, asset.asset_id)
            source = None if placed else source_of(asset, folder, upload.filename, at)
            if self.uploads.register(ended, asset if is_new else None, source):
                return ended
            found = self._find(upload.tenant, upload.upload_id)
            if found is not None and found.status != "waiting":
                return found
            is_new = is_new and self._find_asset(upload.tenant, asset.asset_id) is None
            ended = replace(ended, duplicate=not is_new)
        raise StateConflictError(f"the upload {upload.upload_id} keeps changing")

    def _quarantined(
        self, upload: Upload, uploaded: UploadedObject, code: str, reason: str
    ) -> Upload:
        """Write the reason, then announce it and move the file: a repeat does what is left."""
        if upload.folder is not None:
            self.folders.ensure(Folder(upload.tenant, upload.folder, self.now()))
        refused = replace(upload, status="quarantined", reason_code=code, reason=reason)
        if self.uploads.quarantine(refused):
            facts = {
                "message": "upload refused",
                "correlation_id": upload.upload_id,
                "tenant": upload.tenant,
            }
            emit({"UploadRefusals": 1}, {"Code": code}, facts=facts)
        else:
            refused = self.uploads.get(upload.tenant, upload.upload_id)
        self._follow_refusal(refused, uploaded.etag)
        return refused

    def _follow_refusal(self, upload: Upload, etag: str) -> None:
        """Announce a refused upload and move its file; a repeat has the same event id."""
        if upload.status != "quarantined":
            return
        from studio.services.uploads.announce_refusal import announce_refusal

        announce_refusal(self.events(), upload)
        if upload.bytes <= _MOST_MOVED_BYTES:
            self.upload_bucket.move_to_quarantine(upload.key, etag, quarantine_key(upload))

    def _follow_rule(self, upload: Upload) -> str:
        """Start the job of the folder's rule, one for each image in each folder."""
        if upload.status != "registered" or upload.job_id:
            return upload.status
        folder = self.folders.get(upload.tenant, str(upload.folder))
        source = self.folders.source(upload.tenant, folder.name, str(upload.asset_id))
        if source is None or folder.recipe_id is None:
            return upload.status
        if source.job_id is not None:
            self.uploads.note_job(replace(upload, job_id=source.job_id))
            return upload.status
        try:
            job_id = self._start(source, folder.recipe_id)
        except ORDER_REFUSALS as error:
            problem = f"{error.code}: {error.recorded_message}"
            self.uploads.note_job(replace(upload, rule_error=problem))
            return upload.status
        self.folders.note_job(source, job_id)
        self.uploads.note_job(replace(upload, job_id=job_id, rule_error=None))
        return upload.status

    def _start(self, source: Source, recipe_id: str) -> str:
        from studio.ports.jobs import Replayed

        name, intake = f"{source.folder} {source.asset_id}", self.intake()
        document = {
            "recipe_id": recipe_id,
            "sources": [{"asset_id": source.asset_id}],
            "folder": source.folder,
        }
        recipe, _ = intake.merge_recipe(source.tenant, document)
        order = intake.job_request(
            source.tenant,
            document | _from_this_image(recipe),
            created_by=f"rule:{source.folder}",
            seed_source=name,
        )
        # Image and folder decide the key, so a changed recipe starts no second job.
        key = KeyUse("upload-rule", name, body_hash=name)
        made = self.create_job().run(source.tenant, order, key)
        return made.answer if isinstance(made, Replayed) else made.job_id

    def _find(self, tenant: str, upload_id: str) -> Upload | None:
        try:
            return self.uploads.get(tenant, upload_id)
        except NotFoundError:
            return None

    def _find_asset(self, tenant: str, asset_id: str | None) -> Asset | None:
        if asset_id is None:
            return None
        return self.assets.get_many(tenant, [asset_id]).get(asset_id)


def _from_this_image(recipe: Mapping[str, object]) -> dict[str, object]:
    """Return the recipe's items without their own sources: the new image is the source."""
    items = recipe.get("items")
    if not isinstance(items, list):
        return {}
    return {"items": [{name: item[name] for name in item if name != "sources"} for item in items]}
