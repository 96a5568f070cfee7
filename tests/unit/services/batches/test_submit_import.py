"""SubmitImport: repeats, tables that cannot be submitted, and limits on the estimate."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from studio.domain.batches.model import BatchImport
from studio.errors import (
    BudgetExceededError,
    CostUnknownError,
    MaxCostExceededError,
    StateConflictError,
)
from studio.ports.jobs import Replayed
from studio.services.batches.submit_import import Submission
from tests.support.builders import TENANT
from tests.support.tables import SIZE, table
from tests.support.workflows.batches import BatchStudio, memory_batches


@pytest.mark.parametrize(("limit", "unpriced"), [(None, 1), (40_000_000, 0)])
def test_a_row_is_checked_with_whom_its_job_will_choose(limit: int | None, unpriced: int) -> None:
    studio = memory_batches(None, limit)
    # Openai has no price for so large a picture, and under a limit runware is chosen.
    value = studio.taken("prompt,size,quality\nfox,2880x2880,premium\n")
    intake = replace(studio.intake, providers=("openai", "runware"))
    check = replace(studio.validate, intake=intake)
    check.run(TENANT, value.import_id)
    totals = studio.imports.get(TENANT, value.import_id).totals
    assert (totals.valid, totals.unpriced) == (1, unpriced)


def test_a_dry_run_does_not_ask_which_models_have_been_failing() -> None:
    studio = memory_batches()
    value = studio.taken("prompt,size\nfox,1024x1024\n")
    asked: list[str] = []

    def failing(tenant: str, models: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        asked.append(tenant)
        return frozenset(models)

    intake = replace(studio.intake, providers=("openai", "runware"), failing=failing)
    replace(studio.validate, intake=intake).run(TENANT, value.import_id)

    assert studio.imports.get(TENANT, value.import_id).totals.valid == 1
    assert asked == []


def test_a_submit_is_repeated_without_a_second_batch() -> None:
    studio = memory_batches()
    value = studio.checked(table("fox"))
    batch = studio.submit(value, key="once")

    assert studio.submit_again(value, key="once") == Replayed(batch.batch_id)
    with pytest.raises(StateConflictError):
        studio.submit(value, key="twice")
    assert len(studio.workflow.started) == 1


@pytest.mark.parametrize("text", ["prompt\n", "size\n9x9\n"])
def test_what_has_no_valid_row_is_not_submitted(text: str) -> None:
    studio = memory_batches()

    with pytest.raises(StateConflictError):
        studio.submit(studio.checked(text))


def test_what_is_not_checked_yet_is_not_submitted() -> None:
    studio = memory_batches()

    with pytest.raises(StateConflictError):
        studio.submit(studio.taken(table("fox")))


def priced(limit: int | None = None) -> tuple[BatchStudio, BatchImport]:
    studio = memory_batches()
    value = studio.checked(table("fox", "owl"))
    studio.base.monthly_limit = limit
    return studio, value


def test_limits_stand_against_the_whole_estimate() -> None:
    studio, value = priced()
    with pytest.raises(MaxCostExceededError):
        studio.submit(value, Submission(max_cost=value.totals.estimate - 1))
    studio.base.monthly_limit = value.totals.estimate - 1
    with pytest.raises(BudgetExceededError) as refused:
        studio.submit(value)
    assert refused.value.requested == value.totals.estimate
    studio.base.monthly_limit = value.totals.estimate
    assert studio.submit(value, Submission(max_cost=value.totals.estimate)).run == 1


def test_an_unknown_price_keeps_no_limit() -> None:
    studio = memory_batches()
    value = studio.checked(f"prompt,provider,model,size\nfox,runware,runware:97@1,{SIZE}\n")
    assert (value.totals.unpriced, value.totals.estimate) == (1, 0)

    with pytest.raises(CostUnknownError):
        studio.submit(value, Submission(max_cost=1_000_000))
    assert studio.submit(value).unpriced == 1
