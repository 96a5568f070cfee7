"""PrepareSource: fetch, check and convert the source files of an image.

Only files that the provider cannot take unchanged are prepared. Each is written once. So every
attempt of every run starts from the same file, even if its address shows another one later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.clock import Clock
from studio.domain.assets.model import MEDIA_TYPES
from studio.domain.catalogue.catalogue import planned_model, provider_card
from studio.domain.catalogue.limits import SourceRules
from studio.domain.catalogue.sizes import Size
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import TERMINAL_ITEM, Item
from studio.domain.operations.values import Role
from studio.domain.provider_calls.source_file import SourceFile
from studio.errors import (
    NotFoundError,
    TargetRefusedError,
    TargetTooLargeError,
    TargetUnreachableError,
)
from studio.ports.blobs import BlobStore
from studio.ports.web import Fetched, Fetcher
from studio.services.workflow.end_item import end_item
from studio.services.workflow.source_files import (
    earlier_keys,
    fits,
    prepared_key,
    prepared_metadata,
    source_rules,
)
from studio.services.workflow.steps import ImageTask, StepResult, result
from studio_imaging import source as imaging
from studio_imaging.audio import check_audio
from studio_imaging.errors import ImageRejectedError

if TYPE_CHECKING:
    from studio.ports.jobs import ItemEnding, JobStore

_NOUNS: Mapping[Role, str] = {
    "image": "picture",
    "mask": "mask",
    "style_image": "style image",
    "background": "background image",
    "lighting": "lighting image",
    "audio": "sound",
}
_SECONDS = 15
_ACCEPT = "image/jpeg, image/png, image/webp, image/avif, image/gif, audio/wav, audio/mpeg"
# Statuses that a retry may cure.
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_ATTEMPTS = 2


class _SourceError(Exception):
    """A source that cannot be used; another try of this step does not change that."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class PrepareSource:
    """The service behind the state PrepareSource.

    Attributes:
        web: Makes the client for sources at an address; few sources are.
    """

    jobs: "JobStore"
    blobs: BlobStore
    web: Callable[[], Fetcher]
    now: Clock

    def run(self, task: ImageTask) -> StepResult:
        """Prepare the missing sources; an unusable source fails the image."""
        item = self.jobs.get_item(task.tenant, task.job_id, task.number)
        if item.status in TERMINAL_ITEM or item.run != task.run:
            return result(task, "skipped")
        rules = source_rules(item.spec)
        for index, source in enumerate(item.spec.sources):
            try:
                self._prepare(item, index, source, rules)
            except _SourceError as error:
                which = f"Source {index + 1}: " if len(item.spec.sources) > 1 else ""
                end_item(self.jobs, self._ending(item, error.code, f"{which}{error}"))
                return result(task, "failed")
        return result(task, "prepared")

    def _prepare(self, item: Item, index: int, source: SourceRef, rules: SourceRules) -> None:
        lies_at = source.key if source.key and fits(source, rules) else None
        key = prepared_key(item, index)
        if self.blobs.metadata(lies_at or key) is not None:
            return
        try:
            made = self._made(item, index, source, rules)
        except ImageRejectedError as error:
            code = "source-too-large" if error.code == "image-too-large" else "source-invalid"
            raise _SourceError(
                code, f"the {_NOUNS[source.role]} cannot be used: {error}."
            ) from error
        self.blobs.put_if_absent(key, made.data, prepared_metadata(made))

    def _made(self, item: Item, index: int, source: SourceRef, rules: SourceRules) -> SourceFile:
        """Return a file converted for the model; a mask comes after its image."""
        data = self._bytes(item, index, source)
        if source.role == "audio":
            return SourceFile(data, check_audio(data), 0, 0, "audio")
        if source.role == "mask":
            mask, remark = imaging.prepare_mask(data, self._main_size(item, rules))
            media_type = MEDIA_TYPES[mask.format]
            return SourceFile(mask.data, media_type, mask.width, mask.height, "mask", remark)
        if planned_model(item.spec.provider, item.spec.model).process == "passthrough":
            # The same file as of an upload: in its own format, and not scaled.
            from studio_imaging.register import kept_picture

            kept = kept_picture(data)
            return SourceFile(kept.data, MEDIA_TYPES[kept.format], kept.width, kept.height)
        plan = imaging.SourcePlan(
            rules.media_types, rules.max_bytes, rules.max_side, rules.max_pixels, rules.min_side,
            shrink=not item.spec.operation.startswith("upscale."),
        )  # fmt: skip
        picture = imaging.prepare(data, plan)
        return SourceFile(
            picture.data, MEDIA_TYPES[picture.format], picture.width, picture.height, source.role
        )

    def _main_size(self, item: Item, rules: SourceRules) -> Size:
        """Return the size of a mask's image, as the provider gets it."""
        main = item.spec.sources[0]
        if fits(main, rules) and main.width and main.height:
            return main.width, main.height
        metadata = self.blobs.metadata(prepared_key(item, 0)) or {}
        return int(metadata["width"]), int(metadata["height"])

    def _bytes(self, item: Item, index: int, source: SourceRef) -> bytes:
        if source.url is not None:
            # The address may show another image by now, or none.
            kept = (
                key for key in earlier_keys(item, index) if self.blobs.metadata(key) is not None
            )
            key = next(kept, None)
            return self._fetched(source.url) if key is None else self.blobs.read(key)[0]
        try:
            data, _ = self.blobs.read(str(source.key))
        except NotFoundError as error:
            raise _SourceError("source-gone", "the image no longer exists.") from error
        return data

    def _fetched(self, url: str) -> bytes:
        """Return a fetched file; messages never contain the address, whose query may be secret."""
        problem = ""
        for _ in range(_ATTEMPTS):
            try:
                answer = self._asked(url)
            except TargetUnreachableError as error:
                # The error names only the host of the address.
                problem = f"the address cannot be reached ({error})."
                continue
            if 200 <= answer.status < 300:
                return answer.data
            problem = f"the address answered with status {answer.status}."
            if answer.status not in _PASSING:
                break
        raise _SourceError("source-unreachable", problem)

    def _asked(self, url: str) -> Fetched:
        try:
            return self.web().get(
                url, max_bytes=imaging.LIMITS.max_bytes, seconds=_SECONDS, accept=_ACCEPT
            )
        except TargetRefusedError as error:
            message = f"the studio does not fetch from this address ({error.reason})."
            raise _SourceError("source-refused", message) from error
        except TargetTooLargeError as error:
            megabytes = imaging.LIMITS.max_bytes // 1024**2
            message = f"the address answered with more than {megabytes} MiB."
            raise _SourceError("source-too-large", message) from error

    def _ending(self, item: Item, code: str, message: str) -> "ItemEnding":
        """End the image; nothing is charged, unless an earlier call is still open."""
        from studio.services.workflow import settlement

        at = self.now()
        if item.attempt_open and not provider_card(item.spec.provider).repeatable:
            return settlement.unknown(item, at, message)
        again = code == "source-unreachable"
        return settlement.failed(item, at, code, message, retryable=again)
