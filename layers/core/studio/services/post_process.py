"""PostProcess: a provider's parked bytes become the picture that was ordered."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from studio.assets.model import MEDIA_TYPES, StoredImage, raw_key, rendered_key
from studio.jobs.parked import ParkedCall
from studio.ports import BlobStore, JobStore
from studio.services import settlement
from studio.services.steps import (
    Clock,
    ImageTask,
    RenderedResult,
    StepResult,
    image_facts,
    result,
)
from studio_imaging.encode import EncodedImage
from studio_imaging.errors import ImageRejectedError
from studio_imaging.render import RenderPlan, render


@dataclass(frozen=True, slots=True)
class PostProcess:
    """The service behind the state PostProcess."""

    jobs: JobStore
    blobs: BlobStore
    now: Clock

    def run(self, task: ImageTask) -> StepResult | RenderedResult:
        """Decode, convert, resize and hash; bytes that are no image fail the item, paid or not."""
        item = self.jobs.enter_stage(task.tenant, task.job_id, task.number, task.attempt, "PARSE")
        if item is None:
            return result(task, "failed")
        raw = raw_key(task.tenant, task.job_id, task.number, task.attempt)
        data, facts = self.blobs.read(raw)
        spec = item.spec
        plan = RenderPlan(spec.width, spec.height, spec.output_format, spec.output_quality)
        try:
            rendered = render(data, plan)
        except ImageRejectedError as error:
            parked = ParkedCall.from_facts(facts)
            self.jobs.finish_item(
                settlement.failed(
                    item,
                    self.now(),
                    error.code,
                    str(error),
                    cost=parked.cost,
                    provider_request_id=parked.provider_request_id,
                )
            )
            return result(task, "failed")
        with ThreadPoolExecutor(max_workers=2) as pool:
            image, thumbnail = pool.map(
                lambda named: self._store(raw, *named),
                (("image", rendered.image), ("thumbnail", rendered.thumbnail)),
            )
        return {
            **result(task, "rendered"),
            "image": image_facts(image),
            "thumbnail": image_facts(thumbnail),
        }

    def _store(self, raw: str, name: str, encoded: EncodedImage) -> StoredImage:
        media_type = MEDIA_TYPES[encoded.format]
        key = rendered_key(raw, name, encoded.format)
        self.blobs.write(key, encoded.data, media_type)
        return StoredImage(
            key=key,
            media_type=media_type,
            bytes=len(encoded.data),
            width=encoded.width,
            height=encoded.height,
            sha256=encoded.sha256,
        )
