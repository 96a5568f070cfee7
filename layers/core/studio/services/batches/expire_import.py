"""ExpireImport: end an import whose check has crashed, when a caller reads it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from studio.clock import Clock
from studio.domain.batches.model import BatchImport, RowError
from studio.ports.batches import ImportStore

# Lambda tries a check three times, each up to 5 minutes, with pauses of 1 and 2 minutes.
_LONGEST = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class ExpireImport:
    """The service behind the routes that show imports."""

    imports: ImportStore
    now: Clock

    def run(self, value: BatchImport) -> BatchImport:
        """Return the import, as ``invalid`` if its check has crashed."""
        if value.status != "validating" or self.now() - value.created_at < _LONGEST:
            return value
        wrong = RowError(
            None, None, "check-failed", "The check did not finish; send the table again"
        )
        ended = replace(value, status="invalid", errors=(wrong,))
        if self.imports.finish(ended):
            return ended
        return self.imports.get(value.tenant, value.import_id)
