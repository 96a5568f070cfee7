"""Every route of the API, in one table. The resolver, the contract and the tests read it."""

from studio.api.assets import routes as asset_routes
from studio.api.batches.import_routes import ROUTES as IMPORT_ROUTES
from studio.api.batches.routes import ROUTES as BATCH_ROUTES
from studio.api.downloads.routes import ROUTES as DOWNLOAD_ROUTES
from studio.api.folders.routes import ROUTES as FOLDER_ROUTES
from studio.api.http import pagination
from studio.api.http.messages import HOUR, Route
from studio.api.jobs import commands
from studio.api.jobs import routes as job_routes
from studio.api.personas.routes import ROUTES as PERSONA_ROUTES
from studio.api.platforms.routes import ROUTES as PLATFORM_ROUTES
from studio.api.provider_health.routes import ROUTES as PROVIDER_HEALTH_ROUTES
from studio.api.recipes.routes import ROUTES as RECIPE_ROUTES
from studio.api.renditions.routes import ROUTES as RENDITION_ROUTES
from studio.api.schedules.routes import ROUTES as SCHEDULE_ROUTES
from studio.api.service import routes as service_routes
from studio.api.templates.routes import ROUTES as TEMPLATE_ROUTES
from studio.api.uploads.routes import ROUTES as UPLOAD_ROUTES
from studio.api.webhooks.routes import ROUTES as WEBHOOK_ROUTES

_JOB = "/v1/jobs/{job_id}"
_ASSET = "/v1/assets/{asset_id}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/health", service_routes.health, "Liveness", "Health", public=True),
    Route("GET", "/v1/openapi.json", service_routes.contract, "This document", None, public=True),
    Route("GET", "/v1/me", service_routes.me, "The caller and their limits", "Me"),
    Route(
        "GET",
        "/v1/operations",
        service_routes.list_operations,
        "What the studio can do",
        "OperationList",
        max_age=HOUR,
    ),
    Route(
        "GET",
        "/v1/operations/{operation_id}",
        service_routes.get_operation,
        "One operation, with the JSON Schema of its input and its phases",
        "OperationDetail",
        max_age=HOUR,
    ),
    Route(
        "GET",
        "/v1/providers",
        service_routes.list_providers,
        "Who can make images, with models and limits",
        "ProviderList",
        max_age=HOUR,
    ),
    Route(
        "GET",
        "/v1/providers/{provider_id}",
        service_routes.get_provider,
        "One provider",
        "Provider",
        max_age=HOUR,
    ),
    *PROVIDER_HEALTH_ROUTES,
    Route(
        "POST",
        "/v1/estimates",
        commands.estimate_jobs,
        "What jobs would cost; nothing runs",
        "Estimate",
        body="EstimateBody",
    ),
    Route(
        "POST",
        "/v1/jobs",
        commands.create_job,
        "Start a job",
        "Job",
        body="JobBody",
        status=202,
        spends=True,
    ),
    Route(
        "GET",
        "/v1/jobs",
        job_routes.list_jobs,
        "Jobs, newest first",
        "JobList",
        query=pagination.PARAMETERS | {"status"},
    ),
    Route("GET", _JOB, job_routes.get_job, "One job", "Job"),
    Route("GET", f"{_JOB}/progress", job_routes.get_progress, "How far a job is", "Progress"),
    Route(
        "GET",
        f"{_JOB}/items",
        job_routes.list_items,
        "A job's images in their order",
        "ItemList",
        query=pagination.PARAMETERS,
    ),
    Route("GET", f"{_JOB}/items/{{item}}", job_routes.get_item, "One image of a job", "Item"),
    Route(
        "GET",
        f"{_JOB}/logs",
        job_routes.list_logs,
        "A job's log",
        "LogList",
        query=frozenset({"level", "after"}),
    ),
    Route("GET", f"{_JOB}/ledger", job_routes.list_ledger, "A job's ledger entries", "Ledger"),
    Route(
        "POST",
        f"{_JOB}/cancel",
        commands.cancel_job,
        "Stop what has not started",
        "Job",
        body="CancelBody",
        body_required=False,
        status=202,
    ),
    Route(
        "POST",
        f"{_JOB}/redrive",
        commands.redrive_job,
        "Run failed or named images of an ended job again",
        "Job",
        body="RedriveBody",
        body_required=False,
        status=202,
        spends=True,
    ),
    Route(
        "GET",
        "/v1/assets",
        asset_routes.list_assets,
        "Finished pictures, newest first",
        "AssetList",
        query=pagination.PARAMETERS,
    ),
    Route("GET", _ASSET, asset_routes.get_asset, "One asset with its recipe", "Asset"),
    Route(
        "GET",
        f"{_ASSET}/content",
        asset_routes.get_content,
        "The file, by redirect to a URL of ten minutes",
        None,
        query=frozenset({"rendition", "download"}),
        status=302,
    ),
    *RENDITION_ROUTES,
    *DOWNLOAD_ROUTES,
    *UPLOAD_ROUTES,
    *FOLDER_ROUTES,
    *RECIPE_ROUTES,
    *PERSONA_ROUTES,
    *PLATFORM_ROUTES,
    *TEMPLATE_ROUTES,
    *SCHEDULE_ROUTES,
    *WEBHOOK_ROUTES,
    *IMPORT_ROUTES,
    *BATCH_ROUTES,
)
