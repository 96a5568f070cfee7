"""What the routes work with, wired once per process by the function's ``build()``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.clock import Clock
from studio.domain.webhooks.recipients import Recipients
from studio.ports.assets import AssetStore
from studio.ports.blobs import BlobStore
from studio.ports.credentials import KeyRegister
from studio.ports.folders import FolderStore
from studio.ports.jobs import JobStore, Workflow
from studio.ports.ledger import LedgerStore
from studio.ports.recipes import RecipeStore
from studio.ports.renditions import Renderer, RenditionStore
from studio.ports.schedules import ScheduleStore, ScheduleTarget
from studio.ports.uploads import Registrar, UploadBucket, UploadStore
from studio.ports.web import WebClient
from studio.ports.webhooks import DeliveryQueue, WebhookSecrets, WebhookStore

if TYPE_CHECKING:
    from studio.ports.batches import BatchStore, BatchWorkflow, ImportCheck, ImportStore
    from studio.ports.downloads import DownloadBuilder, DownloadStore
    from studio.ports.routing import CallLimitStore
    from studio.services.orders.intake import JobRequestIntake
    from studio.services.routing.provider_health import ProviderHealth


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Stores and settings of the API.

    Attributes:
        call_limits, imports, batches, import_check, batch_workflow, downloads, download_builder:
            Made when a route first needs them, as what follows. Of these the modules too are
            loaded only then.
        upload_bucket, registrar, renderer, blobs, workflow, web, webhook_secrets, delivery_queue,
            schedule_target:
            Made when a route first needs them: a client of its own costs a cold start about 40 ms,
            and most requests only read tables.
        keys: Tells which providers have a key.
        monthly_limit: Micro-dollars a tenant may commit in a month, None for no limit.
        providers: Who may work on a job that names no provider, the preferred first.
        recipients: To whom orders may have mail sent.
        cursor_key: Signs page cursors.
        version, region: Shown by ``GET /health``.
    """

    jobs: JobStore
    assets: AssetStore
    renditions: RenditionStore
    ledger: LedgerStore
    recipes: RecipeStore
    personas: RecipeStore
    templates: RecipeStore
    schedules: ScheduleStore
    uploads: UploadStore
    folders: FolderStore
    webhooks: WebhookStore
    call_limits: "Callable[[], CallLimitStore]"
    imports: "Callable[[], ImportStore]"
    batches: "Callable[[], BatchStore]"
    import_check: "Callable[[], ImportCheck]"
    batch_workflow: "Callable[[], BatchWorkflow]"
    downloads: "Callable[[], DownloadStore]"
    download_builder: "Callable[[], DownloadBuilder]"
    upload_bucket: Callable[[], UploadBucket]
    registrar: Callable[[], Registrar]
    renderer: Callable[[], Renderer]
    blobs: Callable[[], BlobStore]
    workflow: Callable[[], Workflow]
    web: Callable[[], WebClient]
    webhook_secrets: Callable[[], WebhookSecrets]
    delivery_queue: Callable[[], DeliveryQueue]
    schedule_target: Callable[[], ScheduleTarget]
    keys: KeyRegister
    now: Clock
    monthly_limit: int | None
    providers: tuple[str, ...]
    recipients: Recipients
    cursor_key: bytes
    version: str
    region: str

    def intake(self) -> "JobRequestIntake":
        """Return the desk that takes job bodies; its reading costs a cold start about 90 ms."""
        from studio.services.orders.intake import JobRequestIntake

        return JobRequestIntake(
            self.recipes.get,
            self.personas.get,
            self.templates.get,
            self.assets,
            self.blobs,
            self.providers,
            self.now,
            self.recipients,
            lambda tenant, models: self.health().failing(tenant, models),
            self.keys.missing,
        )

    def health(self) -> "ProviderHealth":
        """Return what is known of providers' health."""
        from studio.services.routing.provider_health import ProviderHealth

        return ProviderHealth(self.call_limits(), self.now)
