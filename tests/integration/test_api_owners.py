"""What a tenant has is all there for the tenant, and not there for another."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.api.http.messages import Route
from studio.clock import utc_now
from studio.domain.webhooks.model import Attempt
from studio.money import Cost
from tests.support.imaging.camera_files import photo_of
from tests.support.mock_aws.account import Contents, contents, empty_account, restore, running_api
from tests.support.mock_aws.api_client import Api, executions, stored
from tests.support.mock_aws.batch_imports import checked, end_batch, submitted
from tests.support.mock_aws.finished_jobs import Work
from tests.support.mock_aws.rendering import put, rendering
from tests.support.mock_aws.routes import (
    BODIES,
    OF_ONE,
    ORDER,
    PRIVATE,
    QUERIES,
    TABLE,
    Ids,
    fill,
    name_of,
)
from tests.support.mock_aws.stack import ASSETS, CATALOG
from tests.support.mock_aws.stack import clients as here


@pytest.fixture(scope="module")
def shared_api(clients: None) -> Iterator[Api]:
    """One API for the module."""
    with pytest.MonkeyPatch.context() as patch, empty_account(patch), running_api(patch) as running:
        patch.setenv("TRUSTED_HOSTS", "localhost")
        yield running


@pytest.fixture(scope="module")
def owned(shared_api: Api) -> tuple[Ids, Contents]:
    """The ids of what acme has, and what the account holds then."""
    return created(shared_api), contents()


@pytest.fixture
def api(shared_api: Api, owned: tuple[Ids, Contents]) -> Api:
    """The API, with nothing in the account but what acme has at first."""
    restore(owned[1])
    return shared_api


@pytest.fixture
def ids(owned: tuple[Ids, Contents]) -> Ids:
    return owned[0]


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


@pytest.mark.parametrize("route", PRIVATE, ids=name_of)
def test_the_owner_reaches_every_route(api: Api, ids: Ids, route: Route) -> None:
    path = fill(route, ids)
    if "/batches/" in path and path.endswith("/redrive"):
        end_batch("acme", ids["batch_id"])
    if "/jobs/" in path and path.endswith("/cancel"):
        # Only a job that has not ended can be cancelled.
        path = f"/v1/jobs/{api.post('/v1/jobs', ORDER, key='second').document['id']}/cancel"
    put(ids["asset_id"], photo_of(60, 40))
    with rendering():
        answer = api.request(
            route.method,
            path,
            body=body_of(route, ids),
            query=QUERIES.get(route.path, ""),
            headers={"idempotency-key": "k", **({"if-match": "*"} if route.guarded else {})},
        )
    assert answer.status == route.status


@pytest.mark.parametrize("route", OF_ONE, ids=name_of)
def test_another_tenants_ids_do_not_exist(api: Api, ids: Ids, route: Route) -> None:
    before, started = stored(), executions()
    answer = api.request(
        route.method,
        fill(route, ids),
        body=BODIES.get(route.path),
        headers={"idempotency-key": "k"},
        tenant="rival",
    )
    assert (answer.status, answer.code) == (404, "not-found")
    assert "acme" not in answer.text
    assert stored() == before
    assert executions() == started


def test_a_list_holds_only_what_is_the_tenants_own(api: Api, ids: Ids) -> None:
    for path in ("/v1/jobs", "/v1/assets"):
        assert len(api.get(path).document["data"]) == 1
        assert api.get(path, tenant="rival").document["data"] == []
    rival = api.post("/v1/jobs", ORDER, key="first", tenant="rival").document["id"]
    assert [job["id"] for job in api.get("/v1/jobs").document["data"]] == [ids["job_id"]]
    assert [job["id"] for job in api.get("/v1/jobs", tenant="rival").document["data"]] == [rival]
