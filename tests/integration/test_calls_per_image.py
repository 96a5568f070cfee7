"""Counts the DynamoDB calls of CallProvider: the breaker adds none to those of the rate limit."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from studio.domain.provider_calls.model import Credentials, Throttled
from studio.services.workflow.steps import ImageTask
from tests.support.builders import TENANT, a_key, an_order
from tests.support.fakes.edges import FakeCredentialStore
from tests.support.mock_aws.stack import clients, mock_stack
from tests.support.workflows.jobs import Studio, aws_studio

STEP = Counter({"GetItem Jobs": 1, "UpdateItem Jobs": 1})
"""Its item is read and its attempt is written."""


@pytest.fixture
def studio() -> Iterator[Studio]:
    with mock_stack():
        yield aws_studio()


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count calls of DynamoDB by operation and table."""
    calls: Counter[str] = Counter()

    def note(model: Any, params: Any, **_: object) -> None:
        table = str(params["body"].decode()).partition('"TableName": "')[2].partition('"')[0]
        calls[f"{model.name} {table.removesuffix('Table')}"] += 1

    events = clients().dynamodb.meta.events
    events.register("before-call.dynamodb", note)
    yield calls
    events.unregister("before-call.dynamodb", note)


def steps(studio: Studio, provider: str, images: int) -> list[Counter[str]]:
    """Make each image of a job and return what it took."""
    prompts = [f"picture {number}" for number in range(images)]
    job = studio.create(TENANT, an_order(*prompts, provider=provider), a_key())
    found = []
    for number in range(1, images + 1):
        with counted() as calls:
            studio.call_provider.run(ImageTask(TENANT, job.job_id, number, run=1))
        found.append(calls)
    return found


def test_with_a_limit_the_token_brings_the_breaker_along(studio: Studio) -> None:
    accounts = studio.raw.credentials
    assert isinstance(accounts, FakeCredentialStore)
    accounts.accounts["openai", "default"] = Credentials("secret", rate_per_minute=60)
    first, *others = steps(studio, "openai", 3)
    assert first == STEP + Counter({"UpdateItem Catalog": 2}), "the bucket was idle"
    assert others == [STEP + Counter({"UpdateItem Catalog": 1})] * 2


def test_without_a_limit_the_breaker_costs_half_a_read_unit(studio: Studio) -> None:
    first, *others = steps(studio, "runware", 3)
    assert first == STEP + Counter({"GetItem Catalog": 1, "UpdateItem Catalog": 1}), "once a day"
    assert others == [STEP + Counter({"GetItem Catalog": 1})] * 2


def test_without_an_account_there_is_nothing_to_restrain(studio: Studio) -> None:
    assert steps(studio, "builtin", 2) == [STEP] * 2


def test_a_fault_is_one_write_and_so_is_the_answer_after_it(studio: Studio) -> None:
    studio.provider.replies.append(Throttled("transient", "try again"))
    failed, answered, healthy = (
        calls["UpdateItem Catalog"] for calls in steps(studio, "runware", 3)
    )
    assert (failed, answered, healthy) == (2, 1, 0), "the first has the new record besides"


def test_who_is_held_writes_only_why(studio: Studio) -> None:
    studio.provider.replies.extend([Throttled("transient", "try again")] * 5)
    *_, held = steps(studio, "runware", 6)
    assert held == {"GetItem Jobs": 1, "GetItem Catalog": 1, "UpdateItem Jobs": 1}
