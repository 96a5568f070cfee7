"""An account in which a tenant has one of everything, and a good request for each route."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.api.http.messages import Route
from studio.clock import utc_now
from studio.domain.webhooks.model import Attempt
from studio.money import Cost
from studio.services.folders.add_source import add_source
from tests.support.imaging.camera_files import photo_of
from tests.support.mock_aws.account import empty_account, running_api
from tests.support.mock_aws.api_client import Api, ApiResponse
from tests.support.mock_aws.batch_imports import checked, end_batch, submitted
from tests.support.mock_aws.finished_jobs import Work
from tests.support.mock_aws.rendering import put, rendering
from tests.support.mock_aws.routes import BODIES, ORDER, QUERIES, TABLE, Ids, fill
from tests.support.mock_aws.stack import ASSETS, CATALOG
from tests.support.mock_aws.stack import clients as here


@contextmanager
def owned_account() -> Iterator[tuple[Api, Ids]]:
    """Enter an account in which acme has one of everything; give its API, and the ids."""
    with pytest.MonkeyPatch.context() as patch, empty_account(patch), running_api(patch) as api:
        patch.setenv("TRUSTED_HOSTS", "localhost")
        yield api, created(api)


def created(api: Api) -> Ids:
    """Make an ended job and its picture, a webhook and its delivery, an import and a batch."""
    job_id = str(api.post("/v1/jobs", ORDER, key="first").document["id"])
    work = Work(job_id)
    work.start()
    asset_id = work.make(1, Cost(50_000, "reported"))
    work.refuse(2)
    work.finish()
    api.request("PUT", "/v1/recipes/saved", body={"job": ORDER})
    api.request("PUT", "/v1/personas/our-brand", body={"mood": "calm"})
    api.request("PUT", "/v1/templates/our-posts", body={"category": "post"})
    hourly = {"recipe_id": "saved", "rate": "1 hour"}
    api.request("PUT", "/v1/schedules/hourly", body=hourly)
    group = api.post("/v1/prompt-groups", {"title": "Blog"}, key=None).document["id"]
    own = {"template": "{image_prompt}"}
    template = api.post(f"/v1/prompt-groups/{group}/templates", own, key=None).document["id"]
    webhook = api.post("/v1/webhooks", BODIES["/v1/webhooks"]).document["id"]
    delivery = api.post(f"/v1/webhooks/{webhook}/test").document["id"]
    ended = Attempt(utc_now(), 1, 200)
    hooks = DynamoWebhookStore(here().dynamodb, CATALOG)
    hooks.record(hooks.delivery("acme", webhook, delivery), "delivered", ended, utc_now())
    batch_id = submitted(api, "prompt,size\na,1024x1024\n")["id"]
    api.request("PUT", "/v1/folders/SKU-1/rule", body={"recipe_id": "saved"})
    folders = DynamoFolderStore(here().dynamodb, ASSETS)
    asset = DynamoAssetStore(here().dynamodb, ASSETS).get("acme", asset_id)
    add_source(folders, asset, "SKU-1", "shoe.jpg", utc_now())
    import_id = checked(api, TABLE)["id"]
    download = api.post("/v1/downloads", {"job_id": job_id}, key=None).document["id"]
    article = {"title": "Foxes", "images": [{"type": "featured", "prompt": "a fox"}]}
    content = api.post("/v1/contents", article).document
    return {
        "content_id": content["id"],
        "image_id": content["images"][0]["id"],
        "group_id": group,
        "prompt_template_id": template,
        "upload_id": registered(api),
        "download_id": download,
        "job_id": job_id,
        "asset_id": asset_id,
        "webhook_id": webhook,
        "delivery_id": delivery,
        "import_id": import_id,
        "batch_id": batch_id,
    }


def registered(api: Api) -> str:
    """Return an upload of acme that has become the picture of its job."""
    made = api.post("/v1/uploads", BODIES["/v1/uploads"]).document["upload"]
    store = DynamoUploadStore(here().dynamodb, ASSETS)
    upload = store.get("acme", str(made["id"]))
    asset_id = str(api.get("/v1/assets").document["data"][0]["id"])
    store.register(replace(upload, status="registered", asset_id=asset_id), None, None)
    return upload.upload_id


def body_of(route: Route, ids: Ids) -> object:
    if route.path == "/v1/downloads":
        return {"job_id": ids["job_id"]}
    if route.path == "/v1/content-images/jobs":
        return {"ids": [ids["content_id"]]}
    if route.path.endswith("/from-job"):
        return {"id": "new", "job_id": ids["job_id"]}
    return BODIES.get(route.path) if route.body else None


def prepare(api: Api, ids: Ids, route: Route) -> Ids:
    """Bring what a route works on into the state that it asks for; return the ids to send."""
    if route.path.endswith("/batches/{batch_id}/redrive"):
        end_batch("acme", ids["batch_id"])
    if route.path.endswith("/jobs/{job_id}/cancel"):
        # Only a job that has not ended can be cancelled.
        return {**ids, "job_id": api.post("/v1/jobs", ORDER, key="second").document["id"]}
    if route.path.endswith("/integrations/{provider_id}/test"):
        # It is called by a role, so no other address is called here.
        return {**ids, "provider_id": "bedrock"}
    return ids


def ask(api: Api, ids: Ids, route: Route) -> ApiResponse:
    """Send a request that succeeds to a route."""
    path = fill(route, prepare(api, ids, route))
    put(ids["asset_id"], photo_of(60, 40))
    with rendering():
        return api.request(
            route.method,
            path,
            body=body_of(route, ids),
            query=QUERIES.get(route.path, ""),
            headers={"idempotency-key": "k", **({"if-match": "*"} if route.guarded else {})},
        )
