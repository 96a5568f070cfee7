"""ReportMonth: report how much of its monthly limit a tenant has committed."""

from dataclasses import dataclass

from studio.domain.jobs.model import Job
from studio.metrics import emit
from studio.ports.ledger import LedgerStore


@dataclass(frozen=True, slots=True)
class ReportMonth:
    """Reads the month of a job that has ended.

    Attributes:
        limit: Micro-dollars that a tenant may commit in a month; None for no limit.
    """

    ledger: LedgerStore
    limit: int | None

    def run(self, job: Job) -> None:
        """Report the share, in percent; a stack without a limit has none."""
        if not self.limit:
            return
        committed = self.ledger.committed(job.tenant, job.budget_month)
        facts = {"message": "month", "correlation_id": job.job_id, "tenant": job.tenant}
        emit({"MonthShare": 100 * committed / self.limit}, facts=facts)
