"""The contract on the deployed stack: HEAD, servers and a generated client with a real token."""

import importlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.generated_clients import (
    PACKAGE,
    client_of,
    importable,
    python_client,
)
from tests.support.local_aws.caller import TERMINAL, Caller
from tests.support.local_aws.deployment import Stack

# What belongs to one answer only.
_OWN = {"date", "apigw-requestid", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"}
_BOAT = {
    "operation": "generate",
    "prompt": "a boat",
    "size": "64x64",
    "provider": {"id": "builtin"},
}


def lasting(answer: httpx.Response) -> dict[str, str]:
    """Return the headers that two answers to one request share; a HEAD may leave a length out."""
    own = {*_OWN, "content-length", "connection", "server", "transfer-encoding"}
    headers = {name: text for name, text in answer.headers.items() if name not in own}
    return {name: text for name, text in headers.items() if "request-id" not in name}


@pytest.mark.parametrize(
    "path",
    ["/health", "/v1/openapi.json", "/v1/me", "/v1/jobs", "/v1/operations", "/v1/batch-imports",
     "/v1/folders", "/v1/batch-imports/template.csv", "/problems/not-found"],
)  # fmt: skip
def test_head_answers_like_get(acme: Caller, path: str) -> None:
    read, head = acme.get(path), acme.http.head(path, headers=bearer(acme))

    assert (read.status_code, head.status_code) == (200, 200)
    assert head.content == b""
    assert lasting(head) == lasting(read)
    held = {**bearer(acme), "if-none-match": head.headers["etag"]}
    assert acme.http.head(path, headers=held).status_code == 304


def test_head_is_refused_like_get(acme: Caller, http: httpx.Client) -> None:
    assert http.head("/v1/jobs").status_code == 401
    assert acme.http.head("/v1/jobs/job_1", headers=bearer(acme)).status_code == 404
    unknown = acme.http.head("/v1/nowhere", headers=bearer(acme))
    assert (unknown.status_code, unknown.content) == (404, b"")


def test_servers_is_the_address_of_the_stack(stack: Stack, http: httpx.Client) -> None:
    (server,) = http.get("/v1/openapi.json").json()["servers"]

    assert server == {"url": stack.api_url}
    assert httpx.get(f"{server['url']}/health", trust_env=False).status_code == 200


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("python")
    python_client(folder)
    with importable(folder):
        yield


def call(client: Any, tag: str, name: str, **named: Any) -> Any:
    """Return the answer of a generated function, read as its type."""
    module = importlib.import_module(f"{PACKAGE}.api.{tag}.{name}")
    answer = module.sync_detailed(client=client, **named)
    return answer.parsed


@pytest.mark.clients
@pytest.mark.usefixtures("generated")
def test_the_generated_python_client_makes_a_round_trip(stack: Stack, acme: Caller) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    with client_of(stack.api_url, acme.token) as client:
        assert call(client, "service", "me").account_id == "acme"
        body = models.JobBody.from_dict(_BOAT)
        made = call(client, "jobs", "create_job", body=body, idempotency_key="python-client")
        again = call(client, "jobs", "create_job", body=body, idempotency_key="python-client")
        ended = acme.finish(made.id)
        read = call(client, "jobs", "get_job", job_id=made.id)
        (item,) = call(client, "jobs", "list_items", job_id=made.id).data
        asset = call(client, "assets", "get_asset", asset_id=item.asset_id)

    assert again.id == made.id
    assert (ended["status"], read.status) == ("succeeded", "succeeded")
    assert read.status in TERMINAL
    assert (asset.width, asset.height) == (64, 64)
    picture = httpx.get(asset.thumbnail_url, trust_env=False)
    assert picture.headers["content-type"].startswith("image/")


@pytest.mark.clients
@pytest.mark.usefixtures("generated")
def test_the_generated_python_client_reads_a_refusal(stack: Stack, acme: Caller) -> None:
    with client_of(stack.api_url, "expired") as client:
        assert call(client, "service", "me").to_dict() == {"message": "Unauthorized"}
    with client_of(stack.api_url, acme.token) as client:
        assert call(client, "jobs", "get_job", job_id="job_1").code == "not-found"


def bearer(caller: Caller) -> dict[str, str]:
    return {"authorization": f"Bearer {caller.token}"}
