"""What the routes use; the function's ``build()`` wires it once per process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.clock import Clock
from studio.domain.webhooks.recipients import Recipients
from studio.ports.assets import AssetStore
from studio.ports.blobs import BlobStore
from studio.ports.folders import FolderStore
from studio.ports.functions import FunctionInvoker
from studio.ports.jobs import JobStore, Workflow
from studio.ports.ledger import LedgerStore
from studio.ports.recipes import RecipeStore
from studio.ports.renditions import RenditionStore
from studio.ports.schedules import ScheduleStore, ScheduleTarget
from studio.ports.uploads import UploadBucket, UploadStore
from studio.ports.web import WebClient
from studio.ports.webhooks import DeliveryQueue, WebhookSecrets, WebhookStore

if TYPE_CHECKING:
    from studio.ports.batches import BatchStore, BatchWorkflow, ImportStore
    from studio.ports.downloads import DownloadStore
    from studio.ports.routing import CallLimitStore
    from studio.services.orders.intake import JobRequestIntake
    from studio.services.routing.provider_health import ProviderHealth


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Stores and settings of the API.

    Attributes:
        call_limits, imports, batches, batch_workflow, downloads: Built, and their modules imported,
            when a route first needs them.
        validate_import, build_download, register_upload, render_asset: The functions of these
            names; built when a route first needs them, as are those that follow.
        upload_bucket, blobs, workflow, web, webhook_secrets, delivery_queue,
            schedule_target: A client of its own
            costs a cold start about 40 ms, and most requests only read tables.
        monthly_limit: Micro-dollars a tenant may commit in a month, None for no limit.
        providers: The providers for a job that names none, in order of preference.
        recipients: The addresses that orders may have mail sent to.
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
    batch_workflow: "Callable[[], BatchWorkflow]"
    downloads: "Callable[[], DownloadStore]"
    validate_import: Callable[[], FunctionInvoker]
    build_download: Callable[[], FunctionInvoker]
    register_upload: Callable[[], FunctionInvoker]
    render_asset: Callable[[], FunctionInvoker]
    upload_bucket: Callable[[], UploadBucket]
    blobs: Callable[[], BlobStore]
    workflow: Callable[[], Workflow]
    web: Callable[[], WebClient]
    webhook_secrets: Callable[[], WebhookSecrets]
    delivery_queue: Callable[[], DeliveryQueue]
    schedule_target: Callable[[], ScheduleTarget]
    now: Clock
    monthly_limit: int | None
    providers: tuple[str, ...]
    recipients: Recipients
    cursor_key: bytes
    version: str
    region: str

    def intake(self) -> "JobRequestIntake":
        """Return the desk that takes job bodies; its import takes about 90 ms."""
        from studio.services.orders.intake import JobRequestIntake

        return JobRequestIntake(
            self.recipes.get,
            self.personas.get,
            self.templates.get,
            self.assets,
            self.blobs,
            self.providers,
            self.recipients,
            lambda tenant, models: self.health().failing(tenant, models),
        )

    def health(self) -> "ProviderHealth":
        """Return what is known of providers' health."""
        from studio.services.routing.provider_health import ProviderHealth

        return ProviderHealth(self.call_limits(), self.now)
