"""FailImage: end an image whose step crashed after all its retries.

A stored result has the cost of the call and waits for a redrive. An open call without a stored
result has an unknown outcome once its deadline has passed. Until then its worker may still store
the result, so the image stays as it is. Without a call there is no cost.
"""

from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.assets.model import raw_key
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.jobs.model import TERMINAL_ITEM, Item, awaits_result
from studio.domain.jobs.staged_result import StagedResult
from studio.ports.blobs import BlobStore
from studio.ports.jobs import ItemEnding, JobStore
from studio.services.workflow import settlement
from studio.services.workflow.steps import ImageTask, StepResult, result


@dataclass(frozen=True, slots=True)
class FailImage:
    """The service behind the state FailImage; FinishJob uses it for executions that died."""

    jobs: JobStore
    blobs: BlobStore
    now: Clock

    def run(self, task: ImageTask) -> StepResult:
        """End the image as failed or unknown; one with a call in flight stays as it is."""
        item = self.jobs.get_item(task.tenant, task.job_id, task.number)
        if item.status not in TERMINAL_ITEM and item.run == task.run:
            self.end(item, "step-failed", "A step of the workflow failed; redrive the image.")
        return result(task, "failed")

    def end(self, item: Item, code: str, message: str) -> bool:
        """End an item without a live execution; return False if its call is in flight."""
        if self._in_flight(item):
            return False
        self.jobs.finish_item(self._ending(item, code, message))
        return True

    def _in_flight(self, item: Item) -> bool:
        """Tell whether the worker of a paid call may still store its result."""
        if not awaits_result(item) or provider_card(item.spec.provider).repeatable:
            return False
        if item.attempt_deadline is None or self.now() >= item.attempt_deadline:
            return False
        return self.blobs.metadata(_raw_key(item)) is None

    def _ending(self, item: Item, code: str, message: str) -> ItemEnding:
        at = self.now()
        if not item.attempt_open:
            return settlement.failed(item, at, code, message, retryable=True)
        metadata = self.blobs.metadata(_raw_key(item))
        if metadata is not None:
            staged = StagedResult.from_metadata(metadata)
            return settlement.failed(
                item,
                at,
                code,
                message,
                retryable=True,
                staged=staged,
                keep_attempt_open=True,
            )
        if provider_card(item.spec.provider).repeatable:
            return settlement.failed(item, at, code, message, retryable=True)
        return settlement.unknown(item, at, message)


def _raw_key(item: Item) -> str:
    return raw_key(item.tenant, item.job_id, item.number, item.attempt)
