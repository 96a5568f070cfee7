"""Executions die when a provider was paid; its book and the ledger agree all the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

import pytest

from studio.adapters.web.guarded_http import GuardedClient
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
from tests.support.stand_ins.server import StandIn
from tests.support.stand_ins.servers import STAND_INS
from tests.support.workflows.asl import ExecutionDied
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import Studio, memory_studio

# Every line is covered by other tests, and tracing makes the tests twice as slow.
pytestmark = pytest.mark.untraced

# Their calls can be asked about after the answer is lost; a result of Hugging Face is at a URL,
# which is saved before the fetch.
ASKABLE = {"huggingface", "runware", "wavespeed"}


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


@pytest.fixture(scope="module", params=sorted({*STAND_INS, "bedrock"}))
def stand_in(request: pytest.FixtureRequest) -> Iterator[tuple[str, StandIn]]:
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
    stand_in: StandIn
    studio: Studio
    bucket: DyingBucket
    job_id: str

    def rest(self) -> None:
        """Let executions run and the sweeper sweep until the job has ended."""
        Engine(self.studio).settle(TENANT, self.job_id)
        job, items = self.studio.raw.jobs.load(TENANT, self.job_id)
        is_over(job, items)
        keep_books(self.studio, [(TENANT, self.job_id)])

    def check(self) -> int:
        """Compare the provider's book with the ledger; return how many calls stay unknown."""
        entries = self.studio.raw.ledger.entries(TENANT, self.job_id)
        booked = [e.amount for e in entries if e.type in ("settle", "adjust") and e.amount]
        paid = [payment.micros for payment in self.stand_in.paid]
        job = self.studio.raw.jobs.get(TENANT, self.job_id)
        assert sum(paid) == sum(booked) + job.unknown_costs * paid[0]
        assert len(paid) == len(booked) + job.unknown_costs
        assert job.cost == sum(booked)
        return job.unknown_costs


def _begin(stand_in: tuple[str, StandIn], deaths: int) -> Trial:
    """Order an image and let its first execution die behind the payment."""
    provider, server = stand_in
    server.paid.clear()
    # The stand-in has the book of what was paid, and no fake provider is asked.
    studio = memory_studio(FakeProvider(repeatable=True))
    account = Credentials(server.api_key, server.base_url, 6000)
    accounts = FakeCredentialStore({(provider, "default"): account})
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
    Engine(studio).run_executions()
    assert len(server.paid) == 1
    assert bucket.late
    assert studio.raw.jobs.get(TENANT, job.job_id).unknown_costs == 0
    return Trial(provider, server, studio, bucket, job.job_id)


def test_a_result_that_comes_late_is_paid_once_and_booked(stand_in: tuple[str, StandIn]) -> None:
    trial = _begin(stand_in, 1)
    trial.bucket.late[0]()
    trial.rest()
    assert trial.check() == 0
    assert len(trial.stand_in.paid) == 1


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_lost_call_is_asked_about_and_paid_again_only_on_the_callers_word(
    stand_in: tuple[str, StandIn], deaths: int
) -> None:
    trial = _begin(stand_in, deaths)
    trial.rest()
    assert len(trial.stand_in.paid) == 1
    unknown = trial.check()
    if trial.provider in ASKABLE and deaths == 1:
        assert unknown == 0
    if unknown:
        key = a_key(unique("key"))
        trial.studio.redrive(TENANT, trial.job_id, key, Selection(statuses={"unknown"}))
        trial.rest()
        left = trial.check()
        # The second death strikes the second call where the first one cannot be asked about.
        assert left == (0 if trial.provider in ASKABLE else deaths)
        assert len(trial.stand_in.paid) == (1 if trial.provider in ASKABLE else 2)
