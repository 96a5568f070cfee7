"""The state machine as it stands, run over the real handlers: every state of it is entered."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from studio.providers.shared.http import shared_client
from tests.support.builders import a_picture
from tests.support.mock_aws.stack import clients
from tests.support.mock_aws.workflow import KEYS_PATH, Execution, Workflow, running
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.template.state_machine import PROCESS_JOB, scopes

OUTPUT_LIMIT = 60
SIZE = "1024x1024"


@dataclass(frozen=True)
class Run:
    """A job that was run, once or in several runs, and what the provider billed for it."""

    executions: list[Execution]
    job: dict[str, Any]
    items: list[dict[str, Any]]
    held: str
    paid: int

    @property
    def statuses(self) -> list[str]:
        return [item["status"] for item in self.items]


@dataclass
class Studio:
    """One account for all scenarios; each scenario is played once."""

    workflow: Workflow
    openai: OpenAIStandIn
    played: dict[str, Run] = field(default_factory=dict)

    def play(self, scenario: "Scenario") -> Run:
        """Return the run of a scenario, from now or from before."""
        if scenario.__name__ not in self.played:
            self.openai.paid.clear()
            self.workflow.functions.crashes.clear()
            self.played[scenario.__name__] = scenario(self)
            assert not +self.workflow.functions.crashes, "a crash that was planned did not happen"
        return self.played[scenario.__name__]

    def report(self, job_id: str, *executions: Execution) -> Run:
        """Collect what became of a job."""
        ledger = self.workflow.api.get(f"/v1/jobs/{job_id}/ledger").document
        return Run(
            executions=list(executions),
            job=self.workflow.job(job_id),
            items=self.workflow.items(job_id),
            held=ledger["totals"]["held"],
            paid=len(self.openai.paid),
        )


Scenario = Callable[[Studio], Run]


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with OpenAIStandIn() as openai, running() as workflow:
        account = {"api_key": openai.api_key, "base_url": openai.base_url, "rate_per_minute": 6000}
        clients().ssm.put_parameter(
            Name=f"{KEYS_PATH}/openai/default", Value=json.dumps(account), Type="SecureString"
        )
        yield Studio(workflow, openai)
        shared_client().close()
        shared_client.cache_clear()


def all_is_well(studio: Studio) -> Run:
    job_id = studio.workflow.create("a red house", "a blue sea")
    return studio.report(job_id, studio.workflow.finish(job_id))


def made_from_bytes_that_came_along(studio: Studio) -> Run:
    source = {"base64": b64encode(a_picture()).decode()}
    job_id = studio.workflow.create("a lamp", sources=[source])
    return studio.report(job_id, studio.workflow.finish(job_id))


def made_from_an_asset(studio: Studio) -> Run:
    first = studio.workflow.create("a lamp")
    studio.workflow.finish(first)
    source = {"asset_id": studio.workflow.items(first)[0]["asset_id"]}
    job_id = studio.workflow.create("a lamp", sources=[source])
    return studio.report(job_id, studio.workflow.finish(job_id))


def one_is_refused_and_redriven(studio: Studio) -> Run:
    studio.openai.script(["success", "moderated", "success"])
    job_id = studio.workflow.create("a hill", "a wood", provider="openai", size=SIZE)
    first = studio.workflow.finish(job_id)
    studio.workflow.redrive(job_id)
    return studio.report(job_id, first, studio.workflow.finish(job_id, run=2))


def a_step_crashes_and_is_redriven(studio: Studio) -> Run:
    """PostProcess dies in both its tries; the picture was paid for and lies staged."""
    studio.workflow.functions.crashes["PostProcess"] = 2
    job_id = studio.workflow.create("a lamp", "a chair", provider="openai", size=SIZE)
    first = studio.workflow.finish(job_id)
    studio.workflow.redrive(job_id)
    return studio.report(job_id, first, studio.workflow.finish(job_id, run=2))


def a_step_crashes_once(studio: Studio) -> Run:
    studio.workflow.functions.crashes.update(
        ("StartJob", "CallProvider", "PostProcess", "SaveImage", "FinishJob")
    )
    job_id = studio.workflow.create("a boat", provider="openai", size=SIZE)
    return studio.report(job_id, studio.workflow.finish(job_id))


def cancelled_while_it_runs(studio: Studio) -> Run:
    def cancel() -> None:
        (job,) = studio.workflow.api.get("/v1/jobs", "status=running").document["data"]
        assert studio.workflow.api.post(f"/v1/jobs/{job['id']}/cancel").status == 202

    studio.workflow.functions.before["PostProcess"] = cancel
    job_id = studio.workflow.create("first", "second", "third")
    return studio.report(job_id, studio.workflow.finish(job_id))


def put_off_by_the_provider(studio: Studio) -> Run:
    studio.openai.script(["rate-limit", "success"])
    job_id = studio.workflow.create("a slow river", provider="openai", size=SIZE)
    return studio.report(job_id, studio.workflow.finish(job_id))


def put_off_once_too_often(studio: Studio) -> Run:
    studio.openai.script(["rate-limit", "rate-limit"])
    studio.workflow.allow_rounds(1)
    job_id = studio.workflow.create("an endless river", provider="openai", size=SIZE)
    execution = studio.workflow.finish(job_id)
    studio.workflow.allow_rounds(15)
    return studio.report(job_id, execution)


def the_start_crashes(studio: Studio) -> Run:
    studio.workflow.functions.crashes["StartJob"] = 2
    job_id = studio.workflow.create("never begun")
    return studio.report(job_id, studio.workflow.finish(job_id))


def even_the_last_resort_crashes(studio: Studio) -> Run:
    studio.workflow.functions.crashes.update({"SaveImage": 2, "FailImage": 2})
    job_id = studio.workflow.create("lost", "never begun")
    return studio.report(job_id, studio.workflow.finish(job_id))


SCENARIOS: tuple[Scenario, ...] = (
    all_is_well,
    made_from_bytes_that_came_along,
    made_from_an_asset,
    one_is_refused_and_redriven,
    a_step_crashes_and_is_redriven,
    a_step_crashes_once,
    cancelled_while_it_runs,
    put_off_by_the_provider,
    put_off_once_too_often,
    the_start_crashes,
    even_the_last_resort_crashes,
)


def test_a_job_goes_through_each_step_once_per_image(studio: Studio) -> None:
    run = studio.play(all_is_well)

    image = ("CallProvider", "RouteOutcome", "PostProcess", "SaveImage")
    assert run.executions[0].visited == ("StartJob", "ProcessImages", *image, *image, "FinishJob")
    assert run.job["status"] == "succeeded"
    assert run.statuses == ["succeeded", "succeeded"]
    assert run.executions[0].outputs["FinishJob"] == [{"status": "succeeded"}]


def test_a_source_that_is_not_ready_costs_one_round_more(studio: Studio) -> None:
    run = studio.play(made_from_bytes_that_came_along)

    assert run.executions[0].visited == (
        "StartJob", "ProcessImages",
        "CallProvider", "RouteOutcome", "PrepareSource",
        "CallProvider", "RouteOutcome", "PostProcess", "SaveImage", "FinishJob",
    )  # fmt: skip
    assert run.statuses == ["succeeded"]
    assert [item["attempts"] for item in run.items] == [1]


def test_an_asset_of_the_studios_own_costs_no_step_more(studio: Studio) -> None:
    run = studio.play(made_from_an_asset)

    assert run.executions[0].visited == (
        "StartJob", "ProcessImages",
        "CallProvider", "RouteOutcome", "PostProcess", "SaveImage", "FinishJob",
    )  # fmt: skip
    assert run.statuses == ["succeeded"]
    asset = studio.workflow.api.get(f"/v1/assets/{run.items[0]['asset_id']}").document
    assert asset["recipe"]["source_asset_id"] == run.items[0]["sources"][0]["asset_id"]


def test_a_redrive_runs_what_failed_and_pays_for_nothing_else(studio: Studio) -> None:
    run = studio.play(one_is_refused_and_redriven)

    assert run.executions[0].outputs["FinishJob"] == [{"status": "partially_succeeded"}]
    assert run.executions[1].visited.count("CallProvider") == 1
    assert run.job["status"] == "succeeded"
    assert run.statuses == ["succeeded", "succeeded"]
    assert run.paid == 2


def test_an_image_whose_step_crashes_fails_and_the_next_goes_on(studio: Studio) -> None:
    run = studio.play(a_step_crashes_and_is_redriven)
    first = run.executions[0]

    assert first.visited.count("FailImage") == 1
    assert first.visited.count("SaveImage") == 1
    assert first.outputs["FinishJob"] == [{"status": "partially_succeeded"}]
    assert first.status == "SUCCEEDED"


def test_staged_bytes_are_used_by_the_redrive_and_not_paid_again(studio: Studio) -> None:
    run = studio.play(a_step_crashes_and_is_redriven)

    assert run.job["status"] == "succeeded"
    assert run.statuses == ["succeeded", "succeeded"]
    assert [item["attempts"] for item in run.items] == [1, 1]
    assert run.paid == 2


def test_a_crash_of_each_step_is_cured_by_its_retry(studio: Studio) -> None:
    run = studio.play(a_step_crashes_once)

    assert run.job["status"] == "succeeded"
    assert "FailImage" not in run.executions[0].visited
    assert run.paid == 1


def test_cancelling_keeps_what_is_done_and_starts_nothing_more(studio: Studio) -> None:
    run = studio.play(cancelled_while_it_runs)

    assert run.job["status"] == "cancelled"
    assert run.statuses == ["succeeded", "cancelled", "cancelled"]
    assert run.executions[0].visited.count("ImageDone") == 2
    assert run.executions[0].visited.count("PostProcess") == 1


def test_an_image_that_is_put_off_waits_and_is_called_again(studio: Studio) -> None:
    run = studio.play(put_off_by_the_provider)

    assert run.executions[0].visited.count("WaitForProvider") >= 1
    assert run.statuses == ["succeeded"]
    assert run.items[0]["attempts"] == 2
    assert run.paid == 1


def test_nothing_waits_for_ever(studio: Studio) -> None:
    run = studio.play(put_off_once_too_often)

    assert run.executions[0].visited.count("WaitForProvider") == 1
    assert run.executions[0].visited[-2:] == ("FailImage", "FinishJob")
    assert run.statuses == ["failed"]
    assert run.job["status"] == "failed"
    assert run.paid == 0


def test_a_job_that_cannot_start_is_ended(studio: Studio) -> None:
    run = studio.play(the_start_crashes)

    assert run.executions[0].visited == ("StartJob", "FinishJob")
    assert run.job["status"] == "failed"
    assert run.statuses == ["failed"]
    assert run.items[0]["problem"]["code"] == "execution-died"


def test_a_job_whose_map_fails_is_ended(studio: Studio) -> None:
    run = studio.play(even_the_last_resort_crashes)

    assert run.executions[0].visited[-2:] == ("FailImage", "FinishJob")
    assert run.job["status"] == "failed"
    assert run.statuses == ["failed", "failed"]


def test_every_run_ends_its_job_and_frees_its_money(studio: Studio) -> None:
    for scenario in SCENARIOS:
        run = studio.play(scenario)
        assert run.job["finished_at"] is not None, scenario.__name__
        assert run.job["cost"]["reserved"] == "0.000000", scenario.__name__
        assert run.held == "0.000000", scenario.__name__


def test_an_iteration_gives_back_a_few_bytes(studio: Studio) -> None:
    # A save that is given up leaves by its catch and not to the Map.
    for scenario in set(SCENARIOS) - {even_the_last_resort_crashes}:
        for execution in studio.play(scenario).executions:
            for name in ("SaveImage", "FailImage", "ImageDone"):
                for output in execution.outputs.get(name, []):
                    assert len(json.dumps(output)) <= OUTPUT_LIMIT, (scenario.__name__, name)


def test_every_state_of_the_definition_was_entered(studio: Studio) -> None:
    entered = {
        state
        for scenario in SCENARIOS
        for execution in studio.play(scenario).executions
        for state in execution.visited
    }

    assert entered == {name for scope in scopes(PROCESS_JOB) for name in scope.states}
