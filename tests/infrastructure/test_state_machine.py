"""The graphs of the state machines: every way leads on, ends, and has a limit."""

import json

import pytest
from cfnlint.api import lint  # type: ignore[import-untyped]

from studio.domain.batches.model import MAX_CONCURRENCY
from studio.domain.batches.table import MAX_ROWS
from studio.domain.jobs.model import MAX_ITEMS
from studio.services.workflow.call_outcome import SHORTEST_WAITS
from tests.support.mock_aws.stack import ROOT
from tests.support.template.functions import functions
from tests.support.template.state_machine import (
    LAMBDA,
    NESTED,
    PROCESS_JOB,
    RUN_BATCH,
    Scope,
    State,
    Task,
    bounded_by_round,
    definition,
    scopes,
    targets,
    tasks,
)

LAMBDA_FAULTS = {
    "Lambda.AWSLambdaException",
    "States.TaskFailed",
}
# Lambda did not run the function: for want of concurrency, or by a fault of its own.
LAMBDA_REFUSALS = {
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.SdkClientException",
}
HISTORY_LIMIT = 25_000
STATE_LIMIT = 256 * 1024
ITERATION_OUTPUT_LIMIT = 60

MACHINES = (PROCESS_JOB, RUN_BATCH)
SCOPES = [scope for machine in MACHINES for scope in scopes(machine)]
CALLS = [task for task in tasks() if task.body["Resource"] == LAMBDA]

each_scope = pytest.mark.parametrize("scope", SCOPES, ids=lambda one: f"{one.machine}-{one.name}")
each_machine = pytest.mark.parametrize("machine", MACHINES)
each_task = pytest.mark.parametrize("task", tasks(), ids=lambda one: str(one.name))


def the_map() -> tuple[str, State]:
    ((name, state),) = [
        (name, state) for name, state in definition()["States"].items() if state["Type"] == "Map"
    ]
    return name, state


@each_machine
def test_step_functions_would_take_the_definition(machine: str) -> None:
    resource = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": "arn:aws:iam::123456789012:role/process-job",
            "Definition": definition(machine),
        },
    }

    found = lint(json.dumps({"Resources": {"Machine": resource}}))

    assert [str(match) for match in found] == []


@each_scope
def test_every_target_is_a_state_of_the_same_scope(scope: Scope) -> None:
    wanted = {scope.start}.union(*(targets(state) for state in scope.states.values()))

    assert wanted <= set(scope.states)


@each_scope
def test_every_state_is_reached(scope: Scope) -> None:
    reached: set[str] = set()
    waiting = {scope.start}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= targets(scope.states[name]) - reached

    assert reached == set(scope.states)


@each_scope
def test_every_state_goes_on_or_ends(scope: Scope) -> None:
    for name, state in scope.states.items():
        if state["Type"] == "Choice":
            assert "Default" in state, name
        else:
            assert ("Next" in state) != (state.get("End") is True), name


@each_scope
def test_a_way_back_is_open_for_a_counted_number_of_rounds(scope: Scope) -> None:
    left: dict[str, set[str]] = {}
    for name, state in scope.states.items():
        counted = {one["Next"] for one in state.get("Choices", []) if bounded_by_round(one)}
        left[name] = targets(state) - counted

    ended: set[str] = set()
    while free := {name for name in left if name not in ended and left[name] <= ended}:
        ended |= free

    assert ended == set(left), "these states can be gone through again and again"


def test_states_functions_and_folders_have_the_same_names() -> None:
    folders = {function.name: function.folder for function in functions()}

    assert [task.name for task in tasks() if task not in CALLS] == ["RunJob"]
    for task in CALLS:
        assert task.body["Parameters"]["FunctionName"] == f"${{{task.name}FunctionArn}}"
        assert (ROOT / "functions" / folders[task.name] / "handler.py").exists()


@each_task
def test_a_task_has_a_limit_in_time(task: Task) -> None:
    assert 0 < task.body["TimeoutSeconds"] < definition(task.machine)["TimeoutSeconds"]


@each_task
def test_a_task_is_tried_again_a_few_times_and_not_by_all_at_once(task: Task) -> None:
    assert task.body["Retry"]
    for retrier in task.body["Retry"]:
        assert retrier["JitterStrategy"] == "FULL"
        assert retrier["MaxDelaySeconds"] <= 60
        assert retrier["BackoffRate"] >= 1
    named = {name for retrier in task.body["Retry"] for name in retrier["ErrorEquals"]}
    if task.body["Resource"] == NESTED:
        # Its failure is its job's, which is ended; only a start that was put off is tried again.
        assert "States.TaskFailed" not in named
        return
    # The local AWS gives every exception of a handler the same name, so no class is named here.
    refused, failed = task.body["Retry"]
    assert set(refused["ErrorEquals"]) == LAMBDA_REFUSALS
    assert set(failed["ErrorEquals"]) == LAMBDA_FAULTS
    assert 1 <= failed["MaxAttempts"] <= 5


@pytest.mark.parametrize("task", CALLS, ids=lambda one: str(one.name))
def test_a_function_without_room_is_waited_for_minutes_and_apart_from_crashes(task: Task) -> None:
    refused = task.body["Retry"][0]
    assert set(refused["ErrorEquals"]) == LAMBDA_REFUSALS
    assert refused["MaxAttempts"] >= 10
    assert (refused["MaxDelaySeconds"], refused["JitterStrategy"]) == (60, "FULL")
    pauses = [
        min(refused["IntervalSeconds"] * refused["BackoffRate"] ** number, 60)
        for number in range(refused["MaxAttempts"])
    ]
    # With full jitter a pause is half as long on average.
    assert sum(pauses) / 2 >= 180


def test_all_errors_together_stand_alone_and_last() -> None:
    for scope in SCOPES:
        for name, state in scope.states.items():
            for rules in (state.get("Retry", []), state.get("Catch", [])):
                for rule in rules:
                    if "States.ALL" in rule["ErrorEquals"]:
                        assert rule["ErrorEquals"] == ["States.ALL"], name
                        assert rule is rules[-1], name


def test_a_step_that_fails_ends_its_image_and_not_the_job() -> None:
    name, _ = the_map()
    inside = [task for task in tasks(PROCESS_JOB) if task.scope == name]
    last_resort = {catch["Next"] for task in inside for catch in task.body.get("Catch", [])}

    assert last_resort == {"FailImage"}
    for task in inside:
        if task.name not in last_resort:
            assert task.body["Catch"][-1]["ErrorEquals"] == ["States.ALL"], task.name


def test_whatever_fails_the_job_is_finished() -> None:
    for name, state in definition()["States"].items():
        if name != "FinishJob":
            assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name
            assert state["Catch"][-1]["Next"] == "FinishJob", name


def test_images_are_made_one_after_another() -> None:
    _, state = the_map()

    assert state["MaxConcurrency"] == 1
    assert state["ItemProcessor"]["ProcessorConfig"] == {"Mode": "INLINE"}


def test_an_iteration_gives_back_nothing_but_its_number() -> None:
    _, state = the_map()
    ends = [one for one in state["ItemProcessor"]["States"].values() if one.get("End")]

    assert state["ResultPath"] is None
    assert state["ItemSelector"]["item.$"] == "$$.Map.Item.Value"
    assert ends
    for end in ends:
        assert end["OutputPath"] == "$.item"
        assert end["Type"] == "Pass" or end["ResultPath"] is None
    assert len(json.dumps(MAX_ITEMS)) <= ITERATION_OUTPUT_LIMIT


def events(state: State) -> int:
    """Return the history events of one pass through a state with every retry used.

    A task: entered, exited, and scheduled, started, ended for each try. Any other: entered,
    exited.
    """
    if state["Type"] != "Task":
        return 2
    retries: int = sum(retrier["MaxAttempts"] for retrier in state["Retry"])
    return 2 + 3 * (1 + retries)


def test_the_history_of_a_full_job_fits_with_every_wait_and_every_retry_used() -> None:
    name, state = the_map()
    inside: dict[str, State] = state["ItemProcessor"]["States"]
    (rounds,) = {
        limit
        for choice in inside["RouteOutcome"]["Choices"]
        if (limit := bounded_by_round(choice)) is not None
    }
    # A further round is a call that went well, its choice and its wait. Retries come on top
    # once per image: a call that is retried in each of the rounds is not planned for,
    # it would end the job by its dead execution. Sources are prepared in one round, once: what
    # was prepared stays longer than an execution may run.
    one_round = 5 + events(inside["RouteOutcome"]) + events(inside["WaitForProvider"])
    iteration = 2
    preparing = 5 + events(inside["RouteOutcome"])
    image = iteration + rounds * one_round + preparing + sum(events(one) for one in inside.values())
    outside = sum(events(one) for one in definition()["States"].values())
    map_and_execution = 4

    # Built-in work and signing are to get a state of their own each.
    planned = 2 * events(inside["SaveImage"])

    assert MAX_ITEMS * (image + planned) + outside + map_and_execution <= HISTORY_LIMIT, name


def test_the_waits_of_an_image_are_as_many_as_its_rounds_and_long_enough_together() -> None:
    _, state = the_map()
    choices = state["ItemProcessor"]["States"]["RouteOutcome"]["Choices"]
    limits = {bounded_by_round(choice) for choice in choices} - {None}

    assert limits == {len(SHORTEST_WAITS)}
    assert list(SHORTEST_WAITS) == sorted(SHORTEST_WAITS)
    # A provider may work for half an hour on an accepted call.
    assert sum(SHORTEST_WAITS) >= 26 * 60


def lanes() -> tuple[State, State]:
    """Return the Map over lanes and the Map over the lines of a lane."""
    outer: State = definition(RUN_BATCH)["States"]["RunLanes"]
    inner: State = outer["ItemProcessor"]["States"]["RunLane"]
    return outer, inner


def test_lanes_run_side_by_side_and_rows_one_after_another() -> None:
    outer, inner = lanes()

    assert outer["MaxConcurrency"] == MAX_CONCURRENCY
    assert outer["ItemProcessor"]["ProcessorConfig"] == {"Mode": "INLINE"}
    assert inner["MaxConcurrency"] == 1
    # An express child lives for five minutes and may be delivered twice: wrong for paid work.
    assert inner["ItemProcessor"]["ProcessorConfig"] == {
        "Mode": "DISTRIBUTED",
        "ExecutionType": "STANDARD",
    }


def test_a_row_that_fails_stops_no_other_and_whatever_fails_the_batch_is_finished() -> None:
    outer, inner = lanes()

    assert inner["ToleratedFailurePercentage"] == 100
    for state in (outer, inner, *inner["ItemProcessor"]["States"].values()):
        if state["Type"] in ("Map", "Task"):
            assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    assert outer["Catch"][-1]["Next"] == "FinishBatch"


def test_a_row_whose_job_cannot_be_created_is_recorded_before_it_ends() -> None:
    _, inner = lanes()
    states = inner["ItemProcessor"]["States"]

    assert [catch["Next"] for catch in states["CreateBatchJob"]["Catch"]] == ["FailBatchRow"]
    assert states["FailBatchRow"]["Parameters"]["Payload"]["error.$"] == "$.error.Error"
    # A job that a try created before it died is run as any other.
    for name in ("CreateBatchJob", "FailBatchRow"):
        assert states[name]["Next"] == "RouteLine"
    assert states["CreateBatchJob"]["ResultSelector"] == states["FailBatchRow"]["ResultSelector"]
    # A line has a history of its own, however many lines a batch has.
    assert sum(events(state) for state in states.values()) < HISTORY_LIMIT // 100


def test_a_row_gives_back_so_little_that_ten_thousand_fit_one_state() -> None:
    outer, inner = lanes()
    (end,) = [
        state for state in inner["ItemProcessor"]["States"].values() if state.get("End") is True
    ]

    assert outer["ResultPath"] is inner["ResultPath"] is None
    assert len(json.dumps([end["Result"]] * MAX_ROWS)) < STATE_LIMIT // 4


def test_a_nested_run_is_what_the_sweeper_would_start() -> None:
    _, inner = lanes()
    parameters = inner["ItemProcessor"]["States"]["RunJob"]["Parameters"]

    assert parameters["Name.$"] == "$.step.execution"
    assert set(parameters["Input"]) == {"tenant.$", "job_id.$", "run.$"}
    longest = inner["ItemProcessor"]["States"]["RunJob"]["TimeoutSeconds"]
    assert longest > definition(PROCESS_JOB)["TimeoutSeconds"]
