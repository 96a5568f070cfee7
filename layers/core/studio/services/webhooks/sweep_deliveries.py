"""SweepDeliveries: queue parked deliveries whose next try is due."""

import logging
from dataclasses import dataclass
from functools import partial

from studio.clock import Clock
from studio.ports.webhooks import DeliveryQueue, WebhookStore
from studio.services.jobs.iter_open import iter_open
from studio.services.jobs.sweep_jobs import Swept

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SweepDeliveries:
    """Runs in the function sweep_jobs, every minute."""

    webhooks: WebhookStore
    queue: DeliveryQueue
    now: Clock

    def run(self) -> Swept:
        """Queue each parked delivery that is due.

        The message comes first: a sweep that dies before the second call repeats it, and a try
        that was made is recognised by its count.
        """
        swept: Swept = {"started": 0, "finished": 0, "failed": 0}
        for delivery in iter_open(partial(self.webhooks.due_deliveries, self.now()), self.now):
            try:
                self.queue.send(
                    delivery.tenant,
                    delivery.webhook_id,
                    delivery.delivery_id,
                    attempt_count=delivery.attempt_count,
                    seconds=0,
                )
                self.webhooks.unpark(delivery)
                swept["started"] += 1
            except Exception:
                # One delivery that fails must not stop the others.
                logger.exception("delivery %s: not queued", delivery.delivery_id)
                swept["failed"] += 1
        return swept
