"""Services that several functions use, wired from the settings.

A function that uses one only for some of its events calls it then: each loads its modules on its
first call. What a function needs for every event is imported at the top of its handler.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.adapters import clients
from studio.clock import utc_now
from studio.config import Settings

if TYPE_CHECKING:
    from studio.domain.batches.model import Batch
    from studio.domain.jobs.model import Job
    from studio.domain.webhooks.recipients import Recipients
    from studio.ports.events import EventSink
    from studio.ports.web import WebClient
    from studio.services.batches.submit_import import SubmitImport
    from studio.services.contents.start_run import StartRun
    from studio.services.jobs.create_job import CreateJob
    from studio.services.orders.intake import JobRequestIntake
    from studio.services.routing.provider_health import ProviderHealth
    from studio.services.settings.recent_setups import RecentSetups


def intake(
    settings: Settings,
    recipients: "Recipients | None" = None,
    setups: "RecentSetups | None" = None,
) -> "JobRequestIntake":
    """Return the service that turns job bodies into orders.

    Keep it while the function is warm: it caches what accounts have set up.

    Args:
        settings: Of the function.
        recipients: To whom an order may have mail sent; None where that was checked before.
        setups: What accounts have set up; None makes one that reads it.
    """
    from studio.adapters.dynamodb.assets import DynamoAssetStore
    from studio.adapters.dynamodb.recipes import DynamoRecipeStore
    from studio.adapters.s3.blobs import S3BlobStore
    from studio.services.orders.intake import JobRequestIntake

    client, catalog = clients.dynamodb(), settings.catalog_table
    setups = setups or recent_setups(settings)
    return JobRequestIntake(
        recipe=DynamoRecipeStore(client, catalog).get,
        persona=DynamoRecipeStore(client, catalog, "persona").get,
        template=DynamoRecipeStore(client, catalog, "template").get,
        assets=DynamoAssetStore(client, settings.assets_table),
        blobs=lambda: S3BlobStore(clients.s3(), settings.bucket),
        providers=settings.providers,
        now=utc_now,
        recipients=recipients,
        failing=provider_health(settings).failing,
        keys=setups,
        defaults=setups.defaults,
    )


def recent_setups(settings: Settings) -> "RecentSetups":
    """Return what reads the setup of accounts and keeps it for a few seconds."""
    from studio.adapters.dynamodb.key_records import DynamoKeyRecordStore
    from studio.services.settings.recent_setups import RecentSetups

    store = DynamoKeyRecordStore(clients.dynamodb(), settings.catalog_table)
    return RecentSetups(store.setup)


def provider_health(settings: Settings) -> "ProviderHealth":
    """Return the service that knows how providers have been answering."""
    from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
    from studio.services.routing.provider_health import ProviderHealth

    return ProviderHealth(DynamoCallLimitStore(clients.dynamodb(), settings.catalog_table), utc_now)


def event_sink(settings: Settings) -> "EventSink":
    """Return the stack's bus, for the few events of a function that are announced."""
    from studio.adapters.events import EventBridgeSink

    return EventBridgeSink(clients.events(), settings.event_bus)


def create_job(settings: Settings, answer: "Callable[[Job], str]") -> "CreateJob":
    """Return the service that records a job and starts its execution.

    Args:
        settings: Of the function.
        answer: Writes the answer that a repeated key gets again.
    """
    from studio.adapters.dynamodb.jobs import DynamoJobStore
    from studio.adapters.step_functions.jobs import StepFunctionsWorkflow
    from studio.services.jobs.create_job import CreateJob

    return CreateJob(
        jobs=DynamoJobStore(clients.dynamodb(), settings.tables),
        workflow=StepFunctionsWorkflow(clients.step_functions(), settings.process_job_arn),
        now=utc_now,
        monthly_limit=settings.monthly_limit,
        answer=answer,
    )


def start_run(
    settings: Settings, intake: "JobRequestIntake", answer: "Callable[[Job], str]"
) -> "StartRun":
    """Return the service that makes the images of contents.

    Args:
        settings: Of the function.
        intake: Turns the job body of a run into an order.
        answer: Writes the answer that a repeated key gets again.
    """
    from studio.adapters.dynamodb.contents import DynamoContentStore
    from studio.adapters.dynamodb.recipes import DynamoRecipeStore
    from studio.adapters.dynamodb.settings import DynamoSettingsStore
    from studio.services.contents.read_run_settings import ReadRunSettings
    from studio.services.contents.start_run import StartRun
    from studio.services.prompts.resolve_prompts import ResolvePrompts

    client, catalog = clients.dynamodb(), settings.catalog_table
    templates = DynamoRecipeStore(client, catalog, "prompt-template")
    prompts = ResolvePrompts(DynamoSettingsStore(client, catalog), templates)
    return StartRun(
        contents=DynamoContentStore(client, settings.jobs_table),
        settings=ReadRunSettings(prompts),
        intake=intake,
        create_job=create_job(settings, answer),
        now=utc_now,
    )


def submit_import(settings: Settings, answer: "Callable[[Batch], str]") -> "SubmitImport":
    """Return the service that makes a batch of an import and starts its execution.

    Args:
        settings: Of the function.
        answer: Writes the answer that a repeated key gets again.
    """
    from studio.adapters.dynamodb.batches import DynamoBatchStore
    from studio.adapters.dynamodb.imports import DynamoImportStore
    from studio.adapters.dynamodb.jobs import DynamoJobStore
    from studio.adapters.dynamodb.ledger import DynamoLedgerStore
    from studio.adapters.dynamodb.settings import DynamoSettingsStore
    from studio.adapters.s3.blobs import S3BlobStore
    from studio.adapters.step_functions.batches import StepFunctionsBatchWorkflow
    from studio.services.batches.submit_import import SubmitImport

    client, catalog = clients.dynamodb(), settings.catalog_table
    stored = DynamoSettingsStore(client, catalog)
    return SubmitImport(
        imports=DynamoImportStore(client, catalog),
        batches=DynamoBatchStore(client, settings.jobs_table, catalog),
        jobs=DynamoJobStore(client, settings.tables),
        ledger=DynamoLedgerStore(client, settings.ledger_table),
        blobs=S3BlobStore(clients.s3(), settings.bucket),
        workflow=StepFunctionsBatchWorkflow(clients.step_functions(), settings.run_batch_arn),
        now=utc_now,
        monthly_limit=settings.monthly_limit,
        answer=answer,
        defaults=lambda tenant: stored.image_generation(tenant).order_defaults,
    )


def web_client(settings: Settings) -> "WebClient":
    """Return the client for addresses that users name."""
    from studio.adapters.web.guarded_http import GuardedClient

    return GuardedClient(trusted_hosts=settings.trusted_hosts)
