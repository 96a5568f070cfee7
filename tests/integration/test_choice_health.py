"""Every route that orders avoids failing providers and makes the same choice."""

from functools import reduce
from importlib import import_module

import pytest

from studio.adapters.dynamodb.call_limits import DynamoCallLimitStore
from studio.clock import utc_now
from studio.domain.orders.plan_job import plan_job
from studio.domain.routing.breaker import Breaker, after_fault
from tests.support.mock_aws.environment import environment
from tests.support.mock_aws.stack import CATALOG, clients


@pytest.mark.parametrize("function", ["RegisterUpload", "RunSchedule", "CreateBatchJob"])
@pytest.mark.usefixtures("account")
def test_a_route_chooses_a_provider_that_does_not_fail(
    function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(f"{function}Function").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PROVIDERS", "openai,runware")
    store, at = DynamoCallLimitStore(clients().dynamodb, CATALOG), utc_now()
    opened = reduce(lambda one, _: after_fault(one, "transient", at), range(5), Breaker())
    store.swap("openai/tenants/acme/gpt-image-2", Breaker(), opened, at)
    folder = "".join(f"_{one.lower()}" if one.isupper() else one for one in function)[1:]
    handler = import_module(f"functions.{folder}.handler")
    handler.build.cache_clear()
    intake = handler.build().intake()
    chosen = {}
    for tenant in ("acme", "rival"):
        body = {"operation": "generate", "prompt": "a boat", "quality": "premium"}
        order = intake.order(tenant, body, created_by="ann", seed_source="key")
        choice = plan_job(order).choice
        assert choice is not None
        chosen[tenant] = choice.provider
    handler.build.cache_clear()
    assert chosen == {"acme": "runware", "rival": "openai"}
