"""End an import whose check is dead, when somebody looks at it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from studio.clock import Clock
from studio.domain.batches.model import BatchImport, RowError
from studio.ports.batches import ImportStore

# Lambda tries a check three times, of 5 minutes at most, and waits 1 and 2 minutes in between.
_LONGEST = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class ExpireImport:
    """Behind the routes that show imports."""

    imports: ImportStore
    now: Clock

    def run(self, value: BatchImport) -> BatchImport:
        """Return the import as it is, or as ``invalid`` where nobody checks it any more."""
        if value.status != "validating" or self.now() - value.created_at < _LONGEST:
            return value
        wrong = RowError(
            None, None, "check-failed", "The check did not come to its end; send the table again"
        )
        ended = replace(value, status="invalid", errors=(wrong,))
        if self.imports.finish(ended):
            return ended
        return self.imports.get(value.tenant, value.import_id)
