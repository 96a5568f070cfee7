"""What starts each function: routes, events, permissions, and where a lost event goes."""

import pytest

from tests.support.template.functions import Resource, functions, referenced, resources, text

FUNCTIONS = functions()
CLIENTS = resources("AWS::Cognito::UserPoolClient")
PUBLIC_ROUTES = {
    f"{method} {path}"
    for method in ("GET", "HEAD")
    for path in ("/health", "/v1/openapi.json", "/problems/{code}")
}
HTTP_API_LIMIT_SECONDS = 30


def test_the_api_answers_before_the_gateway_gives_up() -> None:
    (api,) = [function for function in FUNCTIONS if function.folder == "api"]

    assert api.timeout < HTTP_API_LIMIT_SECONDS


def test_every_route_but_the_public_ones_asks_for_a_token() -> None:
    routes = {
        route.properties["RouteKey"]: route for route in resources("AWS::ApiGatewayV2::Route")
    }
    (authorizer,) = resources("AWS::ApiGatewayV2::Authorizer")

    assert authorizer.properties["AuthorizerType"] == "JWT"
    assert {key for key in routes if key not in PUBLIC_ROUTES}
    for key, route in routes.items():
        if key in PUBLIC_ROUTES:
            assert "AuthorizationType" not in route.properties, key
        else:
            assert route.properties["AuthorizationType"] == "JWT", key
            assert route.properties["AuthorizerId"] == {"Ref": authorizer.logical_id}, key


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: str(client.logical_id))
def test_a_user_cannot_move_into_another_tenant(client: Resource) -> None:
    assert "custom:tenant" in client.properties["ReadAttributes"]
    assert "custom:tenant" not in client.properties["WriteAttributes"]


def test_no_event_is_lost_on_its_way_to_a_function() -> None:
    by_id = {f"{function.name}Function": function for function in FUNCTIONS}
    rules = resources("AWS::Events::Rule")

    assert rules
    for rule in rules:
        for target in rule.properties["Targets"]:
            assert text(target["DeadLetterConfig"]["Arn"]) == "DeadLetterQueue.Arn"
            (logical_id,) = referenced(target["Arn"])
            queue = by_id[logical_id].properties["DeadLetterQueue"]
            assert text(queue["TargetArn"]) == "DeadLetterQueue.Arn", logical_id


def test_events_reach_functions_only_through_rules_of_the_template() -> None:
    assert [function.name for function in FUNCTIONS if "Events" in function.properties] == []


def test_the_queue_takes_events_from_these_rules_only() -> None:
    policies = resources("AWS::SQS::QueuePolicy")
    (statement,) = (
        statement
        for policy in policies
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    )
    rules = {f"{rule.logical_id}.Arn" for rule in resources("AWS::Events::Rule")}

    assert (statement["Action"], text(statement["Resource"])) == (
        "sqs:SendMessage",
        "DeadLetterQueue.Arn",
    )
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert {text(arn) for arn in statement["Condition"]["ArnEquals"]["aws:SourceArn"]} == rules


def test_a_schedule_may_start_one_function_whose_losses_are_kept() -> None:
    (role,) = [one for one in resources("AWS::IAM::Role") if one.logical_id == "SchedulerRole"]
    (document,) = [policy["PolicyDocument"] for policy in role.properties["Policies"]]
    (target,) = [
        text(statement["Resource"])
        for statement in document["Statement"]
        if statement["Action"] == "lambda:InvokeFunction"
    ]
    (function,) = [one for one in FUNCTIONS if f"{one.name}Function.Arn" == target]

    assert function.folder == "run_schedule"
    assert text(function.properties["DeadLetterQueue"]["TargetArn"]) == "DeadLetterQueue.Arn"


def test_nothing_may_call_a_function_without_naming_its_source() -> None:
    for permission in resources("AWS::Lambda::Permission"):
        assert permission.properties["SourceArn"], permission.logical_id


def test_people_are_told_when_a_job_or_an_event_dies() -> None:
    watched = {
        (alarm.properties["Namespace"], alarm.properties["MetricName"])
        for alarm in resources("AWS::CloudWatch::Alarm")
        if alarm.properties["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    }

    assert watched >= {
        ("AWS/States", "ExecutionsFailed"),
        ("AWS/States", "ExecutionsTimedOut"),
        ("AWS/States", "ExecutionsAborted"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    }
