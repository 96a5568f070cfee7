"""The alarms of our own metrics hear what the real handlers print."""

import json
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.clock import utc_now
from studio.config import Tables
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.metrics import NAMESPACE, UNITS
from studio.providers.shared.http import shared_client
from studio.services.jobs.create_job import CreateJob
from studio.services.jobs.key_use import KeyUse
from tests.support.builders import TODAY
from tests.support.mock_aws.environment import environment, sample
from tests.support.mock_aws.metric_lines import log_lines, metric_lines, values_of
from tests.support.mock_aws.stack import ASSETS, JOBS, LEDGER, clients
from tests.support.mock_aws.workflow import KEYS_PATH, Context, Workflow, built, running
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.template.alarms import Alarm, alarms

SIZE = "1024x1024"
SERVICE = environment("CallProviderFunction")["POWERTOOLS_SERVICE_NAME"]
ALARMS = alarms()
FAILURES = {one.dimensions["Provider"]: one for one in ALARMS.values()
            if one.metric == (NAMESPACE, "ProviderFailures")}  # fmt: skip


@pytest.fixture
def openai() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn() as stand_in:
        yield stand_in
        shared_client().close()
        shared_client.cache_clear()


@pytest.fixture
def workflow(openai: OpenAIStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workflow]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", SERVICE)
    with running() as started:
        account = {"api_key": openai.api_key, "base_url": openai.base_url, "rate_per_minute": 6000}
        clients().ssm.put_parameter(
            Name=f"{KEYS_PATH}/openai/default", Value=json.dumps(account), Type="SecureString"
        )
        yield started


def play(workflow: Workflow, openai: OpenAIStandIn, *scenarios: str) -> str:
    """Run a job of one image at the provider and return its id."""
    openai.script(list(scenarios))
    job_id = workflow.create("a boat", provider="openai", size=SIZE)
    workflow.finish(job_id)
    return job_id


def heard(alarm: Alarm, printed: str) -> list[float]:
    """Return the values of an alarm's metric among what was printed."""
    return values_of(printed, *alarm.metric, alarm.dimensions)


def test_each_provider_that_is_called_has_an_alarm_of_its_own() -> None:
    called = {one for one in provider_ids() if provider_card(one).base_url is not None}

    assert set(FAILURES) == called
    assert all(one.dimensions["service"] == SERVICE for one in FAILURES.values())


@pytest.mark.parametrize("scenario", ["auth", "permission", "billing-limit", "gone"])
def test_a_provider_that_refuses_every_image_sounds_the_alarm(
    workflow: Workflow,
    openai: OpenAIStandIn,
    capsys: pytest.CaptureFixture[str],
    scenario: str,
) -> None:
    play(workflow, openai, scenario)
    values = heard(FAILURES["openai"], capsys.readouterr().out)

    assert values == [1]
    assert FAILURES["openai"].sounds(values, values)
    assert not FAILURES["openai"].sounds(values, [])


def test_a_provider_that_works_or_refuses_one_image_sounds_none(
    workflow: Workflow, openai: OpenAIStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    play(workflow, openai, "success")
    play(workflow, openai, "moderated")
    values = heard(FAILURES["openai"], capsys.readouterr().out)

    assert values == [0, 0]
    assert not FAILURES["openai"].sounds(values, values)


def test_the_alarms_of_all_providers_differ_in_the_provider_only() -> None:
    first = FAILURES["openai"].properties
    for provider, alarm in FAILURES.items():
        assert alarm.dimensions == {"service": SERVICE, "Provider": provider}
        for member in first.keys() - {"AlarmDescription", "Dimensions"}:
            assert alarm.properties[member] == first[member], provider
        assert provider in alarm.properties["AlarmDescription"]


def test_a_lost_answer_sounds_the_alarm_of_unknown_outcomes(
    workflow: Workflow, openai: OpenAIStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    job_id = play(workflow, openai, "cut")
    printed = capsys.readouterr().out
    alarm = ALARMS["UnknownOutcomesAlarm"]

    assert [item["status"] for item in workflow.items(job_id)] == ["unknown"]
    assert heard(alarm, printed) == [1]
    assert alarm.sounds(heard(alarm, printed))
    assert heard(FAILURES["openai"], printed) == [1]


def test_a_finished_image_is_counted_with_its_spend(
    workflow: Workflow, openai: OpenAIStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    play(workflow, openai, "rate-limit", "success")
    printed = capsys.readouterr().out
    model = openai.paid[0].model
    ours, provider = {"service": SERVICE}, {"service": SERVICE, "Provider": "openai"}
    ended = {**provider, "Model": model, "Outcome": "succeeded"}

    assert values_of(printed, NAMESPACE, "Images", ended) == [1]
    assert values_of(printed, NAMESPACE, "ProviderThrottles", provider) == [1, 0]
    assert len(values_of(printed, NAMESPACE, "ProviderLatency", {**provider, "Model": model})) == 1
    (spent,) = values_of(printed, NAMESPACE, "SpendUsd", provider)
    assert spent == pytest.approx(openai.paid[0].micros / 1_000_000)
    assert values_of(printed, NAMESPACE, "UnknownOutcomes", ours) == [0]
    assert not ALARMS["UnknownOutcomesAlarm"].sounds([0.0])


def test_a_call_is_one_line_with_its_facts(
    workflow: Workflow, openai: OpenAIStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    job_id = play(workflow, openai, "moderated")
    lines = log_lines(capsys.readouterr().out)
    (line,) = [one for one in lines if one.get("message") == "provider answered"]

    assert line["correlation_id"] == job_id
    assert (line["Provider"], line["outcome"], line["code"]) == ("openai", "refused", "moderation")
    assert line["tenant"]
    assert line["ms"] >= 0


def test_no_metric_names_a_tenant(
    workflow: Workflow, openai: OpenAIStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    play(workflow, openai, "success")
    play(workflow, openai, "cut")
    used = set()
    for line in metric_lines(capsys.readouterr().out):
        (directive,) = line.members["_aws"]["CloudWatchMetrics"]
        used |= {name for names in directive["Dimensions"] for name in names}
        for metric in directive["Metrics"]:
            assert metric["Unit"] == UNITS[metric["Name"]].value

    assert used == {"service", "Provider", "Model", "Outcome"}


@pytest.mark.parametrize(
    ("limit", "sound"),
    [
        ("1000", []),
        ("0.09", ["MonthHalfAlarm"]),
    ],
)
def test_the_share_of_a_month_sounds_its_alarms(
    workflow: Workflow,
    openai: OpenAIStandIn,
    capsys: pytest.CaptureFixture[str],
    limit: str,
    sound: list[str],
) -> None:
    handler = import_module("functions.finish_job.handler")
    handler.build.cache_clear()
    built("FinishJob", TENANT_MONTHLY_LIMIT_USD=limit)
    play(workflow, openai, "success")
    months = {name: one for name, one in ALARMS.items() if one.metric[1] == "MonthShare"}
    printed = capsys.readouterr().out
    share = 100 * openai.paid[0].micros / 1_000_000 / float(limit)

    assert set(months) == {"MonthHalfAlarm", "MonthHighAlarm", "MonthFullAlarm"}
    for alarm in months.values():
        assert heard(alarm, printed) == [pytest.approx(share)]
    assert [name for name, one in months.items() if one.sounds(heard(one, printed))] == sound


@pytest.mark.parametrize(("share", "count"), [(49.9, 0), (50, 1), (80, 2), (100, 3)])
def test_the_alarms_of_a_month_stand_at_50_80_and_100_percent(share: float, count: int) -> None:
    months = [one for one in ALARMS.values() if one.metric[1] == "MonthShare"]

    assert sum(bool(one.sounds([share])) for one in months) == count
    assert all(one.sounds([]) is None for one in months)


@pytest.mark.parametrize(("minutes", "sounds"), [(29, False), (31, True)])
def test_an_old_open_job_sounds_its_alarm(
    workflow: Workflow,
    capsys: pytest.CaptureFixture[str],
    minutes: int,
    sounds: bool,
) -> None:
    def unstarted(**_: object) -> None:
        """Leave the job without an execution."""

    class Unstarted:
        def start(self, name: str, *, tenant: str, job_id: str, run: int) -> None:
            unstarted(name=name, tenant=tenant, job_id=job_id, run=run)

        def state(self, name: str) -> Any:
            return "absent"

    CreateJob(
        jobs=DynamoJobStore(clients().dynamodb, Tables(JOBS, ASSETS, LEDGER)),
        workflow=Unstarted(),
        now=lambda: utc_now() - timedelta(minutes=minutes),
        monthly_limit=None,
        answer=lambda _: "{}",
    ).run(
        "demo",
        JobRequest("generate", [ImageRequest("a sample", 64, 64)], "builtin", "ann", TODAY),
        KeyUse("POST /v1/jobs", "old", "hash"),
    )
    sweeper = built("SweepJobs")
    sweeper.lambda_handler({}, Context("SweepJobs"))
    sweeper.build.cache_clear()
    printed = capsys.readouterr().out
    oldest, missing = ALARMS["OldestOpenJobAlarm"], ALARMS["SweeperMissingAlarm"]

    assert heard(oldest, printed) == [pytest.approx(60 * minutes, abs=20)]
    assert oldest.sounds(heard(oldest, printed)) is sounds
    assert heard(missing, printed) == [1]
    assert not missing.sounds(heard(missing, printed), [])
    assert missing.sounds([], [])


def test_every_alarm_of_ours_is_played_here() -> None:
    ours = {name for name, one in ALARMS.items() if one.metric[0] == NAMESPACE}

    assert ours == {
        *(one.name for one in FAILURES.values()),
        "UnknownOutcomesAlarm", "OldestOpenJobAlarm", "SweeperMissingAlarm",
        "MonthHalfAlarm", "MonthHighAlarm", "MonthFullAlarm",
    }  # fmt: skip


def test_a_request_that_creates_a_job_is_logged_with_both_ids(
    workflow: Workflow, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    caplog.clear()
    job_id = workflow.create("a lamp")
    (line,) = [vars(one) for one in caplog.records if one.message == "request"]

    assert (line["method"], line["route"], line["status"]) == ("POST", "/v1/jobs", 202)
    assert line["job_id"] == job_id
    assert line["gateway_request_id"] == sample("api_health")["requestContext"]["requestId"]
    assert (line["tenant"], line["user"]) == ("acme", "user-of-acme")
    assert line["ms"] >= 0
