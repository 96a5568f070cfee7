"""The adapters of the API. Each is imported and made when a route first uses it.

Services that other functions use too come from ``studio.wiring``.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from studio import wiring
from studio.adapters import clients
from studio.clock import Clock, utc_now
from studio.config import Settings

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

    from studio.domain.recipes.model import Kind
    from studio.domain.webhooks.recipients import Recipients
    from studio.ports.assets import AssetStore
    from studio.ports.batches import BatchStore, BatchWorkflow, ImportStore
    from studio.ports.blobs import BlobStore
    from studio.ports.contents import ContentStore
    from studio.ports.credentials import KeyRecordStore, KeyVault
    from studio.ports.downloads import DownloadStore
    from studio.ports.folders import FolderStore
    from studio.ports.functions import FunctionInvoker
    from studio.ports.jobs import JobStore, Workflow
    from studio.ports.ledger import LedgerStore
    from studio.ports.recipes import RecipeStore
    from studio.ports.renditions import RenditionStore
    from studio.ports.schedules import ScheduleStore, ScheduleTarget
    from studio.ports.settings import SettingsStore
    from studio.ports.uploads import UploadBucket, UploadStore
    from studio.ports.webhooks import DeliveryQueue, WebhookSecrets, WebhookStore
    from studio.services.orders.intake import JobRequestIntake
    from studio.services.settings.recent_setups import RecentSetups


class Dependencies:
    """Stores and services of the routes, kept while the function is warm.

    Attributes:
        settings: Of the function.
        now: The clock.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.now: Clock = utc_now

    @cached_property
    def jobs(self) -> "JobStore":
        """The store of jobs and their images."""
        from studio.adapters.dynamodb.jobs import DynamoJobStore

        return DynamoJobStore(clients.dynamodb(), self.settings.tables)

    @cached_property
    def assets(self) -> "AssetStore":
        """The store of assets."""
        from studio.adapters.dynamodb.assets import DynamoAssetStore

        return DynamoAssetStore(clients.dynamodb(), self.settings.assets_table)

    @cached_property
    def renditions(self) -> "RenditionStore":
        """The store of the files of assets."""
        from studio.adapters.dynamodb.renditions import DynamoRenditionStore

        return DynamoRenditionStore(clients.dynamodb(), self.settings.assets_table)

    @cached_property
    def ledger(self) -> "LedgerStore":
        """The store of amounts and monthly sums."""
        from studio.adapters.dynamodb.ledger import DynamoLedgerStore

        return DynamoLedgerStore(clients.dynamodb(), self.settings.ledger_table)

    @cached_property
    def recipes(self) -> "RecipeStore":
        """The store of recipes."""
        return self._saved("recipe")

    @cached_property
    def personas(self) -> "RecipeStore":
        """The store of personas."""
        return self._saved("persona")

    @cached_property
    def templates(self) -> "RecipeStore":
        """The store of the tenants' own templates."""
        return self._saved("template")

    @cached_property
    def prompt_groups(self) -> "RecipeStore":
        """The store of prompt groups."""
        return self._saved("prompt-group")

    @cached_property
    def prompt_templates(self) -> "RecipeStore":
        """The store of the templates of prompt groups."""
        return self._saved("prompt-template")

    @cached_property
    def settings_store(self) -> "SettingsStore":
        """The store of settings of accounts and users."""
        from studio.adapters.dynamodb.settings import DynamoSettingsStore

        return DynamoSettingsStore(clients.dynamodb(), self.settings.catalog_table)

    @cached_property
    def schedules(self) -> "ScheduleStore":
        """The store of schedules and their runs."""
        from studio.adapters.dynamodb.schedules import DynamoScheduleStore

        return DynamoScheduleStore(clients.dynamodb(), self.settings.catalog_table)

    @cached_property
    def uploads(self) -> "UploadStore":
        """The store of uploads."""
        from studio.adapters.dynamodb.uploads import DynamoUploadStore

        return DynamoUploadStore(clients.dynamodb(), self.settings.assets_table)

    @cached_property
    def folders(self) -> "FolderStore":
        """The store of folders."""
        from studio.adapters.dynamodb.folders import DynamoFolderStore

        return DynamoFolderStore(clients.dynamodb(), self.settings.assets_table)

    @cached_property
    def contents(self) -> "ContentStore":
        """The store of contents and their image slots."""
        from studio.adapters.dynamodb.contents import DynamoContentStore

        return DynamoContentStore(clients.dynamodb(), self.settings.jobs_table)

    @cached_property
    def webhooks(self) -> "WebhookStore":
        """The store of webhooks and their deliveries."""
        from studio.adapters.dynamodb.webhooks import DynamoWebhookStore

        return DynamoWebhookStore(clients.dynamodb(), self.settings.catalog_table)

    @cached_property
    def imports(self) -> "ImportStore":
        """The store of imports."""
        from studio.adapters.dynamodb.imports import DynamoImportStore

        return DynamoImportStore(clients.dynamodb(), self.settings.catalog_table)

    @cached_property
    def batches(self) -> "BatchStore":
        """The store of batches and their rows."""
        from studio.adapters.dynamodb.batches import DynamoBatchStore

        settings = self.settings
        return DynamoBatchStore(clients.dynamodb(), settings.jobs_table, settings.catalog_table)

    @cached_property
    def downloads(self) -> "DownloadStore":
        """The store of downloads."""
        from studio.adapters.dynamodb.downloads import DynamoDownloadStore

        return DynamoDownloadStore(clients.dynamodb(), self.settings.catalog_table)

    @cached_property
    def blobs(self) -> "BlobStore":
        """The files of the bucket."""
        from studio.adapters.s3.blobs import S3BlobStore

        return S3BlobStore(clients.s3(), self.settings.bucket, self.now)

    @cached_property
    def upload_bucket(self) -> "UploadBucket":
        """The part of the bucket to which users send files."""
        from studio.adapters.s3.upload_bucket import S3UploadBucket

        return S3UploadBucket(clients.s3(), self.settings.bucket)

    @cached_property
    def workflow(self) -> "Workflow":
        """The executions of jobs."""
        from studio.adapters.step_functions.jobs import StepFunctionsWorkflow

        return StepFunctionsWorkflow(clients.step_functions(), self.settings.process_job_arn)

    @cached_property
    def batch_workflow(self) -> "BatchWorkflow":
        """The executions of batches."""
        from studio.adapters.step_functions.batches import StepFunctionsBatchWorkflow

        return StepFunctionsBatchWorkflow(clients.step_functions(), self.settings.run_batch_arn)

    @cached_property
    def validate_import(self) -> "FunctionInvoker":
        """The function that validates imports."""
        return self._function(clients.lambda_(), self.settings.validate_import_function)

    @cached_property
    def finish_job(self) -> "FunctionInvoker":
        """The function that ends jobs."""
        return self._function(clients.lambda_(), self.settings.finish_job_function)

    @cached_property
    def build_download(self) -> "FunctionInvoker":
        """The function that packs archives."""
        return self._function(clients.lambda_(), self.settings.build_download_function)

    @cached_property
    def register_upload(self) -> "FunctionInvoker":
        """The function that registers uploads."""
        return self._function(clients.lambda_waiting(), self.settings.register_upload_function)

    @cached_property
    def render_asset(self) -> "FunctionInvoker":
        """The function that makes a rendition of an asset."""
        return self._function(clients.lambda_waiting(), self.settings.render_asset_function)

    @cached_property
    def schedule_target(self) -> "ScheduleTarget":
        """The schedules of EventBridge that invoke RunSchedule."""
        from studio.adapters.scheduler import SchedulerTarget

        settings = self.settings
        return SchedulerTarget(
            clients.scheduler(),
            settings.schedule_group,
            settings.run_schedule_arn,
            settings.scheduler_role_arn,
            settings.dead_letter_queue_arn,
        )

    @cached_property
    def webhook_secrets(self) -> "WebhookSecrets":
        """The signing secrets of webhooks."""
        from studio.adapters.webhook_secrets import SsmWebhookSecrets

        return SsmWebhookSecrets(clients.ssm(), self.settings.webhook_secrets_path)

    @cached_property
    def delivery_queue(self) -> "DeliveryQueue":
        """The queue of webhook deliveries."""
        from studio.adapters.delivery_queue import SqsDeliveryQueue

        return SqsDeliveryQueue(clients.sqs(), self.settings.delivery_queue_url)

    @cached_property
    def intake(self) -> "JobRequestIntake":
        """The service that turns job bodies into orders."""
        return wiring.intake(self.settings, self.recipients, self.setups)

    @cached_property
    def setups(self) -> "RecentSetups":
        """What accounts have set up for their orders, kept for a few seconds."""
        return wiring.recent_setups(self.settings)

    @cached_property
    def key_records(self) -> "KeyRecordStore":
        """The records of provider keys."""
        from studio.adapters.dynamodb.key_records import DynamoKeyRecordStore

        return DynamoKeyRecordStore(clients.dynamodb(), self.settings.catalog_table)

    @cached_property
    def key_vault(self) -> "KeyVault":
        """The provider keys of tenants, to write and not to read."""
        from studio.adapters.provider_keys import SsmKeyVault

        return SsmKeyVault(clients.ssm(), self.settings.provider_keys_path)

    @cached_property
    def test_integration(self) -> "FunctionInvoker":
        """The function that tests provider keys."""
        return self._function(clients.lambda_waiting(), self.settings.test_integration_function)

    @cached_property
    def recipients(self) -> "Recipients":
        """To whom orders may have mail sent."""
        from studio.domain.webhooks.recipients import Recipients

        return Recipients.of(self.settings.notification_sender, self.settings.notification_domains)

    @property
    def cursor_key(self) -> bytes:
        """Signs page cursors."""
        return self.settings.cursor_key.encode()

    @staticmethod
    def _function(client: "LambdaClient", name: str) -> "FunctionInvoker":
        from studio.adapters.lambda_.invoker import LambdaInvoker

        return LambdaInvoker(client, name)

    def _saved(self, kind: "Kind") -> "RecipeStore":
        from studio.adapters.dynamodb.recipes import DynamoRecipeStore

        return DynamoRecipeStore(clients.dynamodb(), self.settings.catalog_table, kind)
