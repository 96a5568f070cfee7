"""Clients that public generators make of the contract: they compile, and read every answer."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from studio.api.http.messages import Route
from studio.api.routes import all_routes
from tests.support import generated_clients
from tests.support.generated_clients import (
    PACKAGE,
    client_of,
    importable,
    python_client,
    run_typescript,
)
from tests.support.imaging.camera_files import photo_of
from tests.support.mock_aws.account import Contents, contents, restore
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.gateway import ACCESS_TOKEN, TOKEN, gateway
from tests.support.mock_aws.owned import body_of, owned_account, prepare
from tests.support.mock_aws.rendering import put, rendering
from tests.support.mock_aws.routes import QUERIES, Ids, name_of, values_of

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def shared(clients: None) -> Iterator[tuple[Api, Ids, Contents]]:
    """An account in which acme has one of everything."""
    with owned_account() as (api, ids):
        yield api, ids, contents()


@pytest.fixture
def ids(shared: tuple[Api, Ids, Contents]) -> Ids:
    """The ids of what acme has."""
    return shared[1]


@pytest.fixture(scope="module")
def url(shared: tuple[Api, Ids, Contents]) -> Iterator[str]:
    with gateway() as found:
        yield found


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The Python client on the path, and what its generator said."""
    folder = tmp_path_factory.mktemp("python")
    said = python_client(folder)
    with importable(folder):
        yield said


def module_of(route: Route) -> ModuleType:
    operation = generated_clients.operations()[route.endpoint.__name__]
    tag = operation["tags"][0].lower()
    return importlib.import_module(f"{PACKAGE}.api.{tag}.{route.endpoint.__name__}")


@pytest.fixture(scope="module")
def client(generated: str, url: str) -> Iterator[Any]:
    with client_of(url, TOKEN) as made:
        yield made


def arguments(route: Route, ids: Ids) -> dict[str, Any]:
    """Return the arguments of a call of a generated function."""
    named: dict[str, Any] = {**values_of(route, ids)}
    if "item" in named:
        named["item"] = int(named["item"])
    if query := QUERIES.get(route.path):
        name, _, value = query.partition("=")
        named[name] = value
    if route.spends or route.keyed:
        named["idempotency_key"] = "generated"
    if route.guarded:
        named["if_match"] = "*"
    if body := body_of(route, ids):
        name = str(route.body)
        shape = getattr(importlib.import_module(f"{PACKAGE}.models"), name)
        named["body"] = shape.from_dict(body)
    return named


def test_the_python_generator_understands_all_of_the_contract(generated: str) -> None:
    assert "Cannot parse" not in generated
    assert "WARNING" not in generated.upper()


@pytest.mark.parametrize("route", all_routes(), ids=name_of)
def test_the_python_client_reads_the_answer_of_every_route(
    client: Any, shared: tuple[Api, Ids, Contents], ids: Ids, route: Route
) -> None:
    known = prepare(shared[0], ids, route)
    put(ids["asset_id"], photo_of(60, 40))
    with rendering():
        answer = module_of(route).sync_detailed(client=client, **arguments(route, known))
    if route.method != "GET":
        restore(shared[2])
    assert answer.status_code == route.status
    if route.answer:
        assert type(answer.parsed).__name__ == route.answer
        assert answer.parsed.to_dict() == json.loads(answer.content)


def test_the_python_client_reads_the_refusal_of_the_gateway_and_of_the_api(
    generated: str, url: str, ids: Ids
) -> None:
    private = [route for route in all_routes() if not route.public]
    with client_of(url, "expired") as stranger:
        for route in private:
            answer = module_of(route).sync_detailed(client=stranger, **arguments(route, ids))
            assert answer.status_code == 401
            assert answer.parsed.to_dict() == {"message": "Unauthorized"}
    with client_of(url, ACCESS_TOKEN) as other:
        for route in private:
            answer = module_of(route).sync_detailed(client=other, **arguments(route, ids))
            assert answer.status_code == 401
            assert answer.parsed.code == "id-token-required"


def test_the_typescript_client_compiles_and_makes_a_round_trip(
    url: str, ids: Ids, shared: tuple[Api, Ids, Contents], tmp_path: Path
) -> None:
    generated_clients.typescript_client(tmp_path)
    job_id = run_typescript(tmp_path, url, TOKEN).strip()
    assert shared[0].get(f"/v1/jobs/{job_id}").document["labels"] == {"from": "ts"}
