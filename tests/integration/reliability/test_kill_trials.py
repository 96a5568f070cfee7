"""Executions die when a provider was paid; its book and the ledger agree all the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, cast, get_args

import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.entries import provider_ids
from studio.domain.provider_calls.model import Credentials
from studio.ports.blobs import BlobStore
from studio.providers.registry import ProviderRegistry
from studio.providers.shared.http import shared_client
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import TENANT, a_key, an_order, unique
from tests.support.fakes.edges import FakeCredentialStore
from tests.support.fakes.provider import FakeProvider
from tests.support.reliability.invariants import is_over, keep_books
from tests.support.stand_ins.bedrock import ACCESS_KEY, REGION, BedrockStandIn
from tests.support.stand_ins.server import PaidCall, StandIn
from tests.support.stand_ins.servers import STAND_INS
from tests.support.workflows.asl import ExecutionDied
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import Studio, memory_studio

# Every line is covered by other tests, and tracing makes the tests twice as slow.
pytestmark = pytest.mark.untraced

# Their calls can be asked about after the answer is lost; a result of Hugging Face is at a URL,
# which is saved before the fetch, and the built-in provider makes its picture again.
ASKABLE = {"builtin", "huggingface", "runware", "wavespeed"}


@dataclass
class FreeAccount:
    """The account at the built-in provider, which is in this process and bills nothing."""

    api_key: str = "none"
    base_url: str = "http://localhost"
    paid: list[PaidCall] = field(default_factory=list)


Account = StandIn | FreeAccount
Heard = Literal["at once", "late"]
"""When FinishJob hears of the death; late is after the deadline of the call."""
_LATE = 3600


@dataclass
class DyingBucket:
    """A bucket before whose first writes the execution dies.

    Attributes:
        deaths: How many executions still die.
        late: The writes that their workers had begun.
    """

    bucket: BlobStore
    deaths: int
    late: list[Callable[[], object]] = field(default_factory=list)

    def put_if_absent(self, key: str, data: bytes, metadata: dict[str, str]) -> object:
        write = partial(self.bucket.put_if_absent, key, data, metadata)
        if not self.deaths:
            return write()
        self.deaths -= 1
        self.late.append(write)
        raise ExecutionDied

    def __getattr__(self, name: str) -> object:
        return getattr(self.bucket, name)


@pytest.fixture(scope="module", params=sorted(provider_ids()))
def account(request: pytest.FixtureRequest) -> Iterator[tuple[str, Account]]:
    if request.param == "builtin":
        yield request.param, FreeAccount()
        return
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        environment.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-role")
        environment.setenv("AWS_SESSION_TOKEN", "token-of-the-role")
        bedrock = partial(BedrockStandIn, "secret-of-the-role", token="token-of-the-role")
        with STAND_INS.get(request.param, bedrock)() as running:
            yield request.param, running
    shared_client().close()
    shared_client.cache_clear()


@dataclass
class Trial:
    """One image of one provider, whose executions die."""

    provider: str
    account: Account
    studio: Studio
    bucket: DyingBucket
    job_id: str

    def rest(self) -> None:
        """Let executions run and the sweeper sweep until the job has ended."""
        Engine(self.studio).settle(TENANT, self.job_id)
        job, items = self.studio.raw.jobs.load(TENANT, self.job_id)
        is_over(job, items)
        keep_books(self.studio, [(TENANT, self.job_id)])

    def check(self, *, calls: int) -> int:
        """Compare the provider's book with the ledger; return how many calls stay unknown.

        Args:
            calls: How many calls were made.
        """
        raw = self.studio.raw
        entries = raw.ledger.entries(TENANT, self.job_id)
        booked = [e.amount for e in entries if e.type in ("settle", "adjust") and e.amount]
        paid = [payment.micros for payment in self.account.paid]
        assert len(paid) == (0 if self.provider == "builtin" else calls)
        job, (item,) = raw.jobs.load(TENANT, self.job_id)
        assert sum(paid) == sum(booked) + job.unknown_costs * sum(paid[:1])
        assert len(paid) == len(booked) + job.unknown_costs
        assert (job.cost, item.known_cost) == (sum(booked), sum(booked))
        assert item.unknown_costs == job.unknown_costs
        if not job.unknown_costs:
            assert raw.ledger.committed(TENANT, job.budget_month) == sum(paid)
            cost = raw.assets.get(TENANT, item.asset_id).cost
            assert cost is not None
            assert cost.micros == sum(paid)
        return job.unknown_costs


def _begin(account: tuple[str, Account], deaths: int, heard: Heard = "at once") -> Trial:
    """Order an image and let its first execution die behind the payment."""
    provider, server = account
    server.paid.clear()
    # The stand-in has the book of what was paid, and no fake provider is asked.
    studio = memory_studio(FakeProvider(repeatable=True))
    credentials = Credentials(server.api_key, server.base_url, 6000)
    accounts = FakeCredentialStore({(provider, "default"): credentials})
    bucket = DyingBucket(studio.raw.blobs, deaths)
    studio.ports = replace(
        studio.raw,
        blobs=cast("BlobStore", bucket),
        credentials=accounts,
        providers=ProviderRegistry(
            accounts, lambda: GuardedClient(trusted_hosts=frozenset({"localhost"})), REGION
        ),
    )
    job = studio.create(
        TENANT, an_order(unique("a house"), provider=provider), a_key(unique("key"))
    )
    engine = Engine(studio, announces_deaths=heard == "at once")
    engine.run_executions()
    assert bucket.late
    assert studio.raw.jobs.get(TENANT, job.job_id).unknown_costs == 0
    if heard == "late":
        studio.clock.advance(_LATE)
        engine.dead_execution(studio.workflow.executions[job.job_id])
    return Trial(provider, server, studio, bucket, job.job_id)


def test_a_result_that_comes_late_is_paid_once_and_booked(account: tuple[str, Account]) -> None:
    trial = _begin(account, 1)
    trial.bucket.late[0]()
    trial.rest()
    assert trial.check(calls=1) == 0


@pytest.mark.parametrize("heard", get_args(Heard))
@pytest.mark.parametrize("deaths", [1, 2])
def test_a_lost_call_is_asked_about_and_paid_again_only_on_the_callers_word(
    account: tuple[str, Account], deaths: int, heard: Heard
) -> None:
    trial = _begin(account, deaths, heard)
    trial.rest()
    unknown = trial.check(calls=1)
    if trial.provider in ASKABLE and deaths == 1:
        assert unknown == 0
    if unknown:
        key = a_key(unique("key"))
        trial.studio.redrive(TENANT, trial.job_id, key, Selection(statuses={"unknown"}))
        trial.rest()
        askable = trial.provider in ASKABLE
        # The second death strikes the second call where the first one cannot be asked about.
        assert trial.check(calls=1 if askable else 2) == (0 if askable else deaths)
