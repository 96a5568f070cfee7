"""Each write of a job meets conflicts; the invariants hold, and no conflict is shown."""

from typing import get_args

import pytest

from studio.services.jobs.key_use import KeyUse
from tests.support.builders import TENANT, a_key, an_order
from tests.support.contents import with_article
from tests.support.mock_aws.conflicting_dynamodb import ConflictingDynamoDB, Timer
from tests.support.mock_aws.stack import clients, mock_stack
from tests.support.reliability.effects import Effects, Fault, Severity
from tests.support.reliability.invariants import is_over, keep_books
from tests.support.reliability.vendors import PROMPTS, VENDORS
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import aws_studio


@pytest.mark.parametrize("kind", VENDORS)
def test_a_job_whose_writes_meet_conflicts_ends_as_any_other(kind: str) -> None:
    vendor = VENDORS[kind]
    with mock_stack():
        double = ConflictingDynamoDB(clients().dynamodb, times=2)
        studio = aws_studio(vendor.make(), (double.as_client(), Timer().retry()))
        order = an_order(*PROMPTS, provider=vendor.provider, fallback=vendor.fallback)
        job = Engine(studio).live(TENANT, with_article(studio, TENANT, order), a_key())
        assert double.conflicts > 2 * len(PROMPTS)
        assert job.status == "succeeded"
        assert studio.provider.paid == dict.fromkeys(PROMPTS, 1)
        keep_books(studio, [(TENANT, job.job_id)])
        is_over(*studio.raw.jobs.load(TENANT, job.job_id))


@pytest.mark.parametrize("severity", [one for one in get_args(Severity) if "silent" not in one])
@pytest.mark.parametrize("effect", ["jobs.create #1", "jobs.finish_item #1", "jobs.finish #1"])
def test_a_crash_at_a_write_that_meets_conflicts_is_survived(
    effect: str, severity: Severity
) -> None:
    vendor = VENDORS["cannot be asked"]
    with mock_stack():
        double = ConflictingDynamoDB(clients().dynamodb, times=1)
        studio = aws_studio(vendor.make(), (double.as_client(), Timer().retry()))
        effects = Effects(Fault(effect, "after", severity))
        effects.record(studio)
        order = an_order(PROMPTS[0], provider=vendor.provider)
        job = Engine(studio).live(TENANT, order, KeyUse("POST /v1/jobs", "key", "body"))
        assert effects.struck
        assert job.status == "succeeded"
        keep_books(studio, [(TENANT, job.job_id)])
        is_over(*studio.raw.jobs.load(TENANT, job.job_id))
