"""FailImage: end an image whose step crashed after all its retries.

A stored result has the cost of the call and waits for a redrive. An open call without a stored
result has an unknown outcome once its deadline has passed. A provider that can be asked must have
been asked, too. Until then the image stays as it is. Without a call there is no cost.
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
from studio.services.workflow.end_item import end_item
from studio.services.workflow.steps import ImageTask, StepResult, result


@dataclass(frozen=True, slots=True)
class FailImage:
    """The service behind the state FailImage; FinishJob uses it for executions that died."""

    jobs: JobStore
    blobs: BlobStore
    now: Clock

    def run(self, task: ImageTask) -> StepResult:
        """End the image as failed or unknown; one whose call may still be found stays as it is."""
        item = self.jobs.get_item(task.tenant, task.job_id, task.number)
        if item.status not in TERMINAL_ITEM and item.run == task.run:
            self.end(item, "step-failed", "A step of the workflow failed; redrive the image.")
        return result(task, "failed")

    def end(self, item: Item, code: str, message: str, *, asked: bool = False) -> bool:
        """End an item without a live execution; return False if its call may still be found.

        Args:
            item: The item.
            code: Code of its error if it fails.
            message: Message of its error.
            asked: Whether an execution has asked the provider about the calls of a dead one.
        """
        if self._may_be_found(item, asked=asked):
            return False
        end_item(self.jobs, self._ending(item, code, message))
        return True

    def _may_be_found(self, item: Item, *, asked: bool) -> bool:
        """Tell whether a worker may still store a paid result, or the provider be asked for it."""
        card = provider_card(item.spec.provider)
        if not awaits_result(item) or card.repeatable:
            return False
        in_flight = item.attempt_deadline is not None and self.now() < item.attempt_deadline
        can_ask = not asked and (item.handle is not None or card.finds_calls)
        return (in_flight or can_ask) and self.blobs.metadata(_raw_key(item)) is None

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
