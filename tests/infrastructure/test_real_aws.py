"""What AWS refuses or stops and the local AWS lets pass."""

import json
from importlib.resources import files

import pytest

from tests.support.mock_aws.stack import template
from tests.support.template.functions import functions, resources, text
from tests.support.template.state_machine import PROCESS_JOB, RUN_BATCH, definition_text

LONGEST_STACK_NAME = "s" * 64
# Characters that AWS allows where the template makes a name of the stack's name.
MAX_CHARACTERS = {
    "AWS::ApiGatewayV2::Api": 128,
    "AWS::Logs::QueryDefinition": 255,
    "AWS::Events::EventBus": 256,
    "AWS::Logs::LogGroup": 512,
    "AWS::Scheduler::ScheduleGroup": 64,
    "AWS::Serverless::StateMachine": 80,
}
# Seconds that remain after a call to record its outcome.
SECONDS_TO_RECORD = 20
CATALOGUE = files("studio.domain.catalogue").joinpath("data")
PROVIDERS = {
    path.name.removesuffix(".json"): json.loads(path.read_text()) for path in CATALOGUE.iterdir()
}

each_machine = pytest.mark.parametrize("machine", [PROCESS_JOB, RUN_BATCH])


def names_of_the_stack() -> dict[str, tuple[str, str]]:
    """Return type and name of each resource that is named after the stack."""
    found = {}
    for resource in resources():
        given = resource.properties.get("Name", resource.properties.get("LogGroupName"))
        if given is not None and "AWS::StackName" in str(given):
            name = text(given).replace("${AWS::StackName}", LONGEST_STACK_NAME)
            found[resource.logical_id] = (
                resource.type,
                name.replace("AWS::StackName", LONGEST_STACK_NAME),
            )
    return found


def test_a_stack_name_of_64_characters_fits_into_every_name() -> None:
    names = names_of_the_stack()

    assert {"Api", "EventBus", "ScheduleGroup", "RunBatchStateMachine"} <= set(names)
    for logical_id, (kind, name) in names.items():
        assert len(name) <= MAX_CHARACTERS[kind], logical_id


def test_parameters_are_below_a_path_that_no_stack_name_spoils() -> None:
    # A path that begins with aws or ssm is refused; a stack may be called so.
    paths = [
        text(value)
        for function in functions()
        for name, value in function.environment.items()
        if name.endswith("_PATH")
    ]

    assert paths
    assert all(path.startswith("/studio/${AWS::StackName}/") for path in paths)


@pytest.mark.parametrize(
    "logical_id", ["ApiAccessLogGroup", "ProcessJobLogGroup", "RunBatchLogGroup"]
)
def test_a_log_that_a_service_writes_needs_no_line_of_the_account_s_policy(logical_id: str) -> None:
    # The one resource policy of CloudWatch Logs holds 5,120 characters for the whole account.
    (group,) = (one for one in resources("AWS::Logs::LogGroup") if one.logical_id == logical_id)

    assert text(group.properties["LogGroupName"]).startswith("/aws/vendedlogs/")


@each_machine
def test_a_state_machine_names_no_partition(machine: str) -> None:
    assert "arn:aws:" not in definition_text(machine)
    (found,) = (
        one
        for one in resources("AWS::Serverless::StateMachine")
        if machine in str(one.properties["DefinitionUri"])
    )
    assert found.properties["DefinitionSubstitutions"]["Partition"] == {"Ref": "AWS::Partition"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_call_ends_before_its_function(provider: str) -> None:
    (caller,) = (one for one in functions() if one.name == "CallProvider")

    assert PROVIDERS[provider]["read_timeout_seconds"] + SECONDS_TO_RECORD <= caller.timeout


def test_concurrency_is_reserved_only_where_a_parameter_says_so() -> None:
    # An account with little concurrency cannot reserve any.
    reserved = {
        one.name: one.properties["ReservedConcurrentExecutions"]
        for one in functions()
        if "ReservedConcurrentExecutions" in one.properties
    }

    assert set(reserved) == {"Api", "RegisterUpload", "CallProvider"}
    for name, value in reserved.items():
        parameter = f"{name}Concurrency"
        choice = [f"Reserves{name}", {"Ref": parameter}, {"Ref": "AWS::NoValue"}]
        assert value == {"Fn::If": choice}
        assert template()["Parameters"][parameter]["Default"] == ""
        has_value = {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}
        assert template()["Conditions"][f"Reserves{name}"] == has_value


def test_the_api_of_the_local_aws_alone_is_named_for_it() -> None:
    (api,) = resources("AWS::ApiGatewayV2::Api")

    condition, _, otherwise = api.properties["Tags"]["Fn::If"]
    assert (condition, otherwise) == ("IsLocal", {"Ref": "AWS::NoValue"})


def test_lambda_stops_a_delivery_that_goes_round_in_circles() -> None:
    """A queue that its own function fills: what AWS does about it is a choice, see decisions.md."""
    recursive = {
        function.name: function.properties["RecursiveLoop"]
        for function in functions()
        if "RecursiveLoop" in function.properties
    }
    assert recursive == {"SendWebhook": "Terminate"}
