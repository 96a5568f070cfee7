"""ExpireDownload: end a download whose packing has crashed, when a caller reads it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from studio.clock import Clock
from studio.domain.downloads.model import OPEN, Download
from studio.ports.downloads import DownloadStore

# A try has 15 minutes, and Lambda pauses 1 and 2 minutes before the next ones.
_LONGEST = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class ExpireDownload:
    """The service behind the route that shows a download."""

    downloads: DownloadStore
    now: Clock

    def run(self, value: Download) -> Download:
        """Return the download, as ``failed`` if its worker has crashed."""
        last = value.started_at or value.created_at
        if value.status not in OPEN or self.now() - last < _LONGEST:
            return value
        failed = replace(value, status="failed", finished_at=self.now())
        if self.downloads.move(value, failed):
            return failed
        return self.downloads.get(value.tenant, value.download_id)
