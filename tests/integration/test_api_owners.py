"""What a tenant has is all there for the tenant, and not there for another."""

from collections.abc import Iterator

import pytest

from studio.api.http.messages import Route
from tests.support.mock_aws.account import Contents, contents, restore
from tests.support.mock_aws.api_client import Api, executions, stored
from tests.support.mock_aws.owned import ask, owned_account
from tests.support.mock_aws.routes import BODIES, OF_ONE, ORDER, PRIVATE, Ids, fill, name_of


@pytest.fixture(scope="module")
def shared(clients: None) -> Iterator[tuple[Api, Ids]]:
    """One API for the module, and the ids of what acme has."""
    with owned_account() as found:
        yield found


@pytest.fixture(scope="module")
def at_first(shared: tuple[Api, Ids]) -> Contents:
    """What the account holds at first."""
    return contents()


@pytest.fixture
def api(shared: tuple[Api, Ids], at_first: Contents) -> Api:
    """The API, with nothing in the account but what acme has at first."""
    restore(at_first)
    return shared[0]


@pytest.fixture
def ids(shared: tuple[Api, Ids]) -> Ids:
    return shared[1]


@pytest.mark.parametrize("route", PRIVATE, ids=name_of)
def test_the_owner_reaches_every_route(api: Api, ids: Ids, route: Route) -> None:
    answer = ask(api, ids, route)
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
