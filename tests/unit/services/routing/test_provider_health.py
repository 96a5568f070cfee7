"""What is known of providers' health: whose account counts, and who is failing."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import pytest

from studio.domain.routing.breaker import Breaker, after_fault
from studio.domain.routing.bucket import Bucket
from studio.services.routing.provider_health import ModelHealth, ProviderHealth
from tests.support.builders import TENANT
from tests.support.fakes.call_limits import FakeCallLimitStore
from tests.support.fakes.edges import START, FakeClock

MODEL = "gpt-image-2"
PAIR = ("openai", MODEL)
OPEN = Breaker(version=5, failures=5, failing_since=START, opened_at=START, trips=1)


class Known(FakeCallLimitStore):
    """Notes what it was asked for."""

    asked: tuple[str, ...] = ()

    def read(self, buckets: Collection[str]) -> Mapping[str, Bucket]:
        self.asked = (*self.asked, *buckets)
        return super().read(buckets)


def health(**buckets: Bucket) -> ProviderHealth:
    """Health where accounts (``own``, ``default``, ``role``, ``rival``) have been called."""
    names = {"own": f"tenants/{TENANT}", "rival": "tenants/rival"}
    known = {
        f"openai/{names.get(account, account)}/{MODEL}": bucket
        for account, bucket in buckets.items()
    }
    return ProviderHealth(Known(known), FakeClock(START + timedelta(seconds=5)))


def of_model(known: ProviderHealth) -> tuple[str | None, ModelHealth]:
    found = known.of(TENANT, "openai")
    (model,) = [one for one in found.models if one.model == MODEL]
    return found.account, model


def test_a_provider_without_calls_is_healthy_at_the_rate_of_the_catalogue() -> None:
    assert of_model(health()) == (None, ModelHealth(MODEL, Bucket(), 5))


def test_a_tenant_without_an_account_sees_the_shared_one() -> None:
    bucket = Bucket(START, 60, OPEN)
    assert of_model(health(default=bucket)) == ("shared", ModelHealth(MODEL, bucket, 60))
    unlimited = Bucket(breaker=OPEN)
    assert of_model(health(default=unlimited))[1].per_minute is None


def test_a_tenants_own_account_hides_the_shared_one() -> None:
    bucket = Bucket(START, 60)
    found = health(own=bucket, default=Bucket(breaker=OPEN))
    assert of_model(found) == ("own", ModelHealth(MODEL, bucket, 60))
    assert found.failing(TENANT, [PAIR]) == frozenset()


def test_a_model_that_the_own_account_never_called_is_not_judged_by_the_shared_one() -> None:
    found = health(own=Bucket())
    assert isinstance(found.store, Known)
    other = "gpt-image-2-2026-04-21"
    found.store.buckets[f"openai/default/{other}"] = Bucket(breaker=OPEN)
    models = {one.model: one for one in found.of(TENANT, "openai").models}
    assert models[other] == ModelHealth(other, Bucket(), 5)


def test_no_tenant_sees_the_account_of_another() -> None:
    found = health(rival=Bucket(breaker=OPEN))
    assert of_model(found) == (None, ModelHealth(MODEL, Bucket(), 5))
    assert found.failing(TENANT, [PAIR]) == frozenset()
    assert isinstance(found.store, Known)
    assert not any("rival" in name for name in found.store.asked)


@pytest.mark.parametrize(("seconds", "failing"), [(29, True), (30, False)])
def test_a_model_fails_until_a_probe_is_due(seconds: int, failing: bool) -> None:
    found = health(default=Bucket(breaker=OPEN))
    known = ProviderHealth(found.store, FakeClock(START + timedelta(seconds=seconds)))
    assert (PAIR in known.failing(TENANT, [PAIR, ("runware", "runware:101@1")])) is failing


def test_a_few_faults_are_no_failure() -> None:
    found = health(default=Bucket(breaker=after_fault(Breaker(), "transient", START)))
    assert found.failing(TENANT, [PAIR]) == frozenset()


def test_the_functions_own_role_is_an_account_of_bedrock() -> None:
    known = ProviderHealth(FakeCallLimitStore(), FakeClock())
    model = known.of(TENANT, "bedrock").models[0].model
    known.store.swap(f"bedrock/role/{model}", Breaker(), OPEN, START)
    assert known.failing(TENANT, [("bedrock", model)]) == {("bedrock", model)}


def test_who_has_no_account_is_not_asked_about() -> None:
    found = health()
    assert found.of(TENANT, "builtin").account is None
    assert found.failing(TENANT, [("builtin", "preview-1")]) == frozenset()
    assert isinstance(found.store, Known)
    assert found.store.asked == ()
