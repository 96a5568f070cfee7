"""Who may see what: tokens, tenants and ids that belong to somebody else."""

from dataclasses import replace

import pytest

from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.adapters.dynamodb.webhooks import DynamoWebhookStore
from studio.api.http.messages import Route
from studio.api.routes import all_routes
from studio.clock import utc_now
from studio.domain.webhooks.model import Attempt
from studio.money import Cost
from tests.integration.api_client import Api, executions, stored
from tests.integration.finished import Work
from tests.integration.rendering import put, rendering
from tests.integration.tables import checked, end_batch, submitted
from tests.support.photos import photo_of
from tests.support.worlds.stack import ASSETS, CATALOG, clients

HOOK = "http://localhost:8000/hook"
ORDER = {"operation": "generate", "prompt": "a", "variations": 2, "provider": {"id": "openai"}}
TABLE = "prompt,size\na,1024x1024\nb,9x9\n"
BODIES = {
    "/v1/batch-imports": {"csv": TABLE},
    "/v1/jobs": ORDER,
    "/v1/estimates": {"jobs": [ORDER]},
    "/v1/recipes/{recipe_id}": {"job": ORDER},
    "/v1/personas/{persona_id}": {"mood": "calm"},
    "/v1/templates/{template_id}": {"category": "post"},
    "/v1/prompts/enhance": {"prompt": "a fox", "persona_id": "our-brand"},
    "/v1/webhooks": {"url": HOOK, "events": ["job.*"]},
    "/v1/webhooks/{webhook_id}": {"active": True},
    "/v1/schedules/{schedule_id}": {"recipe_id": "saved", "rate": "1 hour"},
    "/v1/assets/{asset_id}/renditions": {"width": 100},
    "/v1/uploads": {"filename": "a.jpg", "media_type": "image/jpeg", "bytes": 5},
    "/v1/folders/{sku}": {"title": "Shoes"},
    "/v1/folders/{sku}/rule": {"recipe_id": "saved"},
}
QUERIES = {"/v1/templates/search": "q=sale", "/v1/templates/recommendations": "use=sale"}
UNKNOWN = "01KGA2Y3Z4M5N6P7Q8R9S0T1V2"
PREFIXES = {
    "job_id": "job",
    "asset_id": "ast",
    "webhook_id": "whk",
    "delivery_id": "dlv",
    "import_id": "imp",
    "batch_id": "bat",
    "upload_id": "upl",
    "download_id": "dwn",
}

PRIVATE = [route for route in all_routes() if not route.public]
NAMED = ("{job_id}", "{asset_id}", "{webhook_id}", "{import_id}", "{batch_id}", "{download_id}")
Ids = dict[str, str]
OF_ONE = [route for route in PRIVATE if any(name in route.path for name in NAMED)]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def fill(route: Route, ids: Ids) -> str:
    known = {"item": "1", "operation_id": "generate", "provider_id": "openai"}
    named = {"recipe_id": "saved", "schedule_id": "hourly", "sku": "SKU-1"}
    named["persona_id"] = "our-brand"
    named["template_id"] = "our-posts"
    known |= {"platform_id": "instagram", "format_id": "ig_story"}
    return route.path.format(**named, **known, **ids)


@pytest.fixture
def ids(api: Api, monkeypatch: pytest.MonkeyPatch) -> Ids:
    """What acme has: an ended job and its picture, a webhook and its delivery, import and batch."""
    monkeypatch.setenv("TRUSTED_HOSTS", "localhost")
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
    webhook = api.post("/v1/webhooks", BODIES["/v1/webhooks"]).document["id"]
    delivery = api.post(f"/v1/webhooks/{webhook}/test").document["id"]
    ended = Attempt(utc_now(), 1, 200)
    hooks = DynamoWebhookStore(clients().dynamodb, CATALOG)
    hooks.record(hooks.delivery("acme", webhook, delivery), "delivered", ended, utc_now())
    batch_id = submitted(api, "prompt,size\na,1024x1024\n")["id"]
    api.request("PUT", "/v1/folders/SKU-1/rule", body={"recipe_id": "saved"})
    import_id = checked(api, TABLE)["id"]
    download = api.post("/v1/downloads", {"job_id": job_id}, key=None).document["id"]
    return {
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
    store = DynamoUploadStore(clients().dynamodb, ASSETS)
    upload = store.get("acme", str(made["id"]))
    asset_id = str(api.get("/v1/assets").document["data"][0]["id"])
    store.register(replace(upload, status="registered", asset_id=asset_id), None, None)
    return upload.upload_id


def body_of(route: Route, ids: Ids) -> object:
    if route.path == "/v1/downloads":
        return {"job_id": ids["job_id"]}
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


@pytest.mark.parametrize("route", OF_ONE, ids=name_of)
def test_unknown_and_malformed_ids_do_not_exist(api: Api, route: Route) -> None:
    for text in (UNKNOWN, UNKNOWN.lower(), "", f"{UNKNOWN}#x"):
        ids = {name: f"{prefix}_{text}" for name, prefix in PREFIXES.items()}
        path = fill(route, ids)
        answer = api.request(
            route.method, path, body=BODIES.get(route.path), headers={"idempotency-key": "k"}
        )
        assert (answer.status, answer.code) == (404, "not-found"), path
        assert api.calls == [] or text == UNKNOWN
    assert stored() == {}


def test_a_list_holds_only_what_is_the_tenants_own(api: Api, ids: Ids) -> None:
    for path in ("/v1/jobs", "/v1/assets"):
        assert len(api.get(path).document["data"]) == 1
        assert api.get(path, tenant="rival").document["data"] == []
    rival = api.post("/v1/jobs", ORDER, key="first", tenant="rival").document["id"]
    assert [job["id"] for job in api.get("/v1/jobs").document["data"]] == [ids["job_id"]]
    assert [job["id"] for job in api.get("/v1/jobs", tenant="rival").document["data"]] == [rival]


@pytest.mark.parametrize("route", PRIVATE, ids=name_of)
def test_without_a_token_there_is_no_answer(api: Api, route: Route) -> None:
    answer = api.request(
        route.method,
        fill(route, {name: f"{prefix}_{UNKNOWN}" for name, prefix in PREFIXES.items()}),
        body=BODIES.get(route.path),
        headers={"idempotency-key": "k"},
        claims={},
    )
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert api.calls == []
    assert stored() == {}


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "ann", "custom:tenant": "acme#job"},
        {"sub": "ann", "custom:tenant": ""},
        {"sub": "ann", "custom:tenant": "x" * 65},
        {"sub": "ann@example.com"},
        {"custom:tenant": "acme"},
        {"sub": "", "custom:tenant": "acme"},
    ],
)
def test_a_token_without_a_usable_tenant_is_forbidden(api: Api, claims: dict[str, str]) -> None:
    answer = api.post("/v1/jobs", ORDER, claims=claims)
    assert (answer.status, answer.code) == (403, "forbidden")
    assert stored() == {}


def test_a_user_without_a_tenant_claim_is_a_tenant_of_their_own(api: Api) -> None:
    answer = api.get("/v1/me", claims={"sub": "ann", "email": "ann@example.com"})
    assert answer.document["account_id"] == "ann"
    assert answer.document["email"] == "ann@example.com"
    created = api.post("/v1/jobs", ORDER, claims={"sub": "ann"}).document
    assert created["created_by"] == "ann"
    path = f"/v1/jobs/{created['id']}"
    assert api.get(path, claims={"sub": "ann"}).status == 200
    assert api.get(path, claims={"sub": "bob"}).status == 404


@pytest.mark.parametrize("path", ["/health", "/v1/openapi.json"])
def test_public_routes_need_no_token(api: Api, path: str) -> None:
    assert api.get(path, claims={}).status == 200
    assert api.calls == []
