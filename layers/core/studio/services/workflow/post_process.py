"""PostProcess: turn a provider's stored result into the ordered image and its files."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from studio.clock import Clock
from studio.domain.assets.model import EXTENSIONS, MEDIA_TYPES, StoredImage, raw_key, rendered_key
from studio.domain.jobs.model import Item
from studio.domain.operations.table import operation_of
from studio.ports.blobs import BlobStore
from studio.services.renditions.render_files import stored
from studio.services.workflow.end_item import end_item
from studio.services.workflow.render_image import render_image
from studio.services.workflow.staged_renditions import NOTHING, StagedRenditions, put_list
from studio.services.workflow.steps import (
    ImageTask,
    RenderedResult,
    StepResult,
    image_facts,
    result,
)
from studio_imaging.decode import open_image
from studio_imaging.errors import ImageRejectedError
from studio_imaging.thumbnail import thumbnail_of

if TYPE_CHECKING:
    from studio.ports.jobs import ItemEnding, JobStore

# Uploads wait for S3, so there are more of them at once than cores.
_UPLOADS = 8

File = tuple[StoredImage, bytes]


@dataclass(frozen=True, slots=True)
class PostProcess:
    """The service behind the state PostProcess."""

    jobs: "JobStore"
    blobs: BlobStore
    now: Clock

    def run(self, task: ImageTask) -> StepResult | RenderedResult:
        """Decode, convert, resize and hash; bytes that are no image fail the item, even if paid."""
        item = self.jobs.enter_stage(task.tenant, task.job_id, task.number, task.attempt, "PARSE")
        if item is None:
            return result(task, "failed")
        raw = raw_key(task.tenant, task.job_id, task.number, task.attempt)
        data, metadata = self.blobs.read(raw)
        try:
            if operation_of(item.spec.operation).produces == "image":
                return self._picture(task, item, raw, data)
            return self._media(task, item, raw, data)
        except ImageRejectedError as error:
            end_item(self.jobs, self._ending(item, error, metadata))
            return result(task, "failed")

    def _ending(
        self, item: Item, error: ImageRejectedError, metadata: Mapping[str, str]
    ) -> "ItemEnding":
        """Return the ending of an image whose paid bytes are unusable."""
        from studio.domain.jobs.staged_result import StagedResult
        from studio.services.workflow import settlement

        staged = StagedResult.from_metadata(metadata)
        return settlement.failed(item, self.now(), error.code, str(error), staged=staged)

    def _picture(self, task: ImageTask, item: Item, raw: str, data: bytes) -> RenderedResult:
        """Store the image and all its files.

        Raises:
            ImageRejectedError: the bytes are no usable image.
        """
        made = render_image(item.spec, data)
        image = stored(made.image, rendered_key(raw, "image", made.image.format))
        thumbnail = stored(made.thumbnail, rendered_key(raw, "thumbnail", made.thumbnail.format))
        files = [(image, made.image.data), (thumbnail, made.thumbnail.data)]
        renditions = []
        for one in made.files:
            file = None
            if one.encoded:
                name = f"renditions/{one.rendition.name}"
                file = stored(one.encoded, rendered_key(raw, name, one.encoded.format))
                files.append((file, one.encoded.data))
            renditions.append(replace(one.rendition, file=file))
        store_files(self.blobs, files)
        waiting = StagedRenditions(tuple(renditions), made.signed_by, made.notes)
        listed = rendered_key(raw, "waiting", "json") if waiting != NOTHING else ""
        if listed:
            put_list(self.blobs, listed, waiting)
        return _rendered(task, image, thumbnail, listed)

    def _media(self, task: ImageTask, item: Item, raw: str, data: bytes) -> RenderedResult:
        """Check and store a video or a 3D model unchanged, with its poster.

        Raises:
            ImageRejectedError: the bytes are not what the operation makes.
        """
        from studio.services.workflow.source_files import collect

        # Its own frames need another decoder, so the poster is the source image.
        (main, *_) = collect(item, self.blobs) or [None]
        if main is None:
            raise ImageRejectedError("image-unreadable", "the image it was made of is gone")
        poster = thumbnail_of(open_image(main.data))
        media = _checked(item, raw, data)
        thumbnail = stored(poster, rendered_key(raw, "thumbnail", poster.format))
        store_files(self.blobs, [(media, data), (thumbnail, poster.data)])
        return _rendered(task, media, thumbnail, "")


def store_files(blobs: BlobStore, files: Sequence[File]) -> None:
    """Write files, many at a time."""

    def write(file: File) -> None:
        facts, data = file
        blobs.write(facts.key, data, facts.media_type)

    with ThreadPoolExecutor(max_workers=_UPLOADS) as pool:
        # Iteration raises the errors of the threads.
        list(pool.map(write, files))


def _rendered(
    task: ImageTask, image: StoredImage, thumbnail: StoredImage, listed: str
) -> RenderedResult:
    return {
        **result(task, "rendered"),
        "image": image_facts(image),
        "thumbnail": image_facts(thumbnail),
        "waiting": listed,
    }


def _checked(item: Item, raw: str, data: bytes) -> StoredImage:
    """Return the measures of a video or a 3D model.

    Raises:
        ImageRejectedError: the file is not complete.
    """
    from studio_imaging.media import check_model, check_video

    produces = operation_of(item.spec.operation).produces
    width = height = 0
    duration: int | None = None
    if produces == "video":
        facts = check_video(data)
        width, height, duration = facts.width, facts.height, facts.duration_ms
    else:
        check_model(data)
    extension = EXTENSIONS[produces]
    return StoredImage(
        key=rendered_key(raw, "image", extension),
        media_type=MEDIA_TYPES[extension],
        bytes=len(data),
        width=width,
        height=height,
        sha256=sha256(data).hexdigest(),
        duration_ms=duration,
    )
