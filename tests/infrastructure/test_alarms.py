"""Alarms, graphs and saved queries watch what there is, and say what to do."""

import json
import re
from functools import cache
from typing import Any

import pytest

from studio.metrics import NAMESPACE, UNITS
from tests.support.mock_aws.stack import ROOT, template
from tests.support.template.alarms import Alarm, alarms
from tests.support.template.functions import resources

ALARMS = alarms()
ON_AWS = [one for one in ALARMS.values() if one.metric[0] != NAMESPACE]
# Values of a period that is well, and of one that is not.
PLAYED = {
    "ApiErrorsAlarm": ([0], [1]),
    "FunctionErrorsAlarm": ([4], [5]),
    "FunctionThrottlesAlarm": ([0], [1]),
    "DeliveryAgeAlarm": ([900, 1800], [1801]),
    "DeadLetterAlarm": ([0], [1]),
    **{f"{how}ExecutionsAlarm": ([0], [1]) for how in ("Failed", "TimedOut", "Aborted")},
    **{f"{how}BatchesAlarm": ([0], [1]) for how in ("Failed", "TimedOut", "Aborted")},
}

each_on_aws = pytest.mark.parametrize("alarm", ON_AWS, ids=lambda one: str(one.name))


@cache
def documented() -> dict[str, Any]:
    """Return the metrics of AWS by namespace, as its documentation lists them."""
    table = json.loads((ROOT / "tests/support/template/aws_metrics.json").read_text())
    assert table["sources"].keys() == table["metrics"].keys()
    metrics: dict[str, Any] = table["metrics"]
    return metrics


def sections() -> set[str]:
    """Return the anchors of the runbook."""
    headings = re.findall(r"(?m)^## (.+)$", (ROOT / "docs/runbook.md").read_text())
    return {re.sub(r"[^a-z -]", "", one.lower()).replace(" ", "-") for one in headings}


def dashboard() -> dict[str, Any]:
    """Return the body of the dashboard."""
    (found,) = resources("AWS::CloudWatch::Dashboard")
    body: dict[str, Any] = json.loads(found.properties["DashboardBody"]["Fn::Sub"])
    return body


@each_on_aws
def test_an_alarm_on_a_metric_of_aws_uses_its_documented_name(alarm: Alarm) -> None:
    namespace, name = alarm.metric

    assert name in documented()[namespace]["names"]
    assert sorted(alarm.dimensions) in documented()[namespace]["dimensions"]


@each_on_aws
def test_an_alarm_on_a_metric_of_aws_sounds_above_its_threshold(alarm: Alarm) -> None:
    well, ill = PLAYED[alarm.name]

    assert not alarm.sounds(well)
    assert alarm.sounds(ill)
    assert not alarm.sounds([])


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=lambda one: str(one.name))
def test_an_alarm_tells_a_person_where_to_read_on(alarm: Alarm) -> None:
    found = re.search(r"\(docs/runbook\.md#([a-z-]+)\)$", alarm.properties["AlarmDescription"])

    assert found is not None
    assert found[1] in sections()
    assert alarm.properties["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert "Metrics" not in alarm.properties


def test_the_documentation_names_every_alarm() -> None:
    text = (ROOT / "docs/deploy.md").read_text()

    assert [name for name in ALARMS if f"`{name}`" not in text] == []


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    body = json.dumps(dashboard())

    assert [name for name in UNITS if name != "Sweeps" and name not in body] == []
    assert set(re.findall(r"MetricName=\\+\"(\w+)", body)) <= UNITS.keys()


def test_the_dashboard_answers_four_questions_without_overlap() -> None:
    widgets = dashboard()["widgets"]
    headings = [one["properties"]["markdown"] for one in widgets if one["type"] == "text"]
    cells = [
        (x, y)
        for one in widgets
        for x in range(one["x"], one["x"] + one["width"])
        for y in range(one["y"], one["y"] + one["height"])
    ]

    assert headings == [
        "## Is work flowing?", "## Is a provider ill?", "## What does it cost?",
        "## Is anything stuck?",
    ]  # fmt: skip
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_graphs_of_aws_use_documented_names() -> None:
    rows = [
        row
        for widget in dashboard()["widgets"]
        for row in widget["properties"].get("metrics", [])
        if isinstance(row[0], str) and row[0] != NAMESPACE
    ]

    assert rows
    for namespace, name, *_ in rows:
        assert name in documented()[namespace]["names"]


def test_saved_queries_read_logs_of_the_stack_on_aws_only() -> None:
    queries = resources("AWS::Logs::QueryDefinition")
    groups = {one.logical_id for one in resources("AWS::Logs::LogGroup")}

    assert len(queries) == 5
    for query in queries:
        assert template()["Resources"][query.logical_id]["Condition"] == "IsAws"
        assert {one["Ref"] for one in query.properties["LogGroupNames"]} <= groups


def test_the_access_log_explains_a_refusal_and_has_no_query_string() -> None:
    (stage,) = resources("AWS::ApiGatewayV2::Stage")
    fields = json.loads(stage.properties["AccessLogSettings"]["Format"])

    assert {
        "$context.requestId", "$context.path", "$context.identity.sourceIp",
        "$context.authorizer.claims.sub", "$context.authorizer.error",
        "$context.integrationErrorMessage",
    } <= set(fields.values())  # fmt: skip
    assert not [one for one in fields.values() if "query" in one.lower()]
