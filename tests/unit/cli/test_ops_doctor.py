"""``studio ops doctor``: a line for each step, the section to read, and nothing left behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio_cli.doctor_steps import NEEDED, steps
from studio_cli.ops_doctor import RUNBOOK
from studio_cli.profiles import LOCAL, Profile, save_profile
from tests.support.cli.ops_stand_in import OpsStandIn
from tests.support.cli.running import PAGE, announced, completed, studio
from tests.support.cli.stand_in import ScriptedResponse, problem, serve
from tests.support.mock_aws.stack import ROOT
from tests.support.template.functions import TEMPLATE, functions

RECEIVER = "https://receiver.example/hook"


@pytest.fixture
def aws(project: Path) -> Iterator[OpsStandIn]:
    """A stack in which every step succeeds."""
    with serve(OpsStandIn) as api:
        url, keys = api.url, "/studio/image-studio/providers"
        save_profile(Profile(LOCAL, url, "us-east-1", "pool", "client", keys, "bucket", url))
        api.resources |= {name: f"image-studio-{name}" for name in NEEDED}
        api.outputs |= {
            "ApiId": "api", "UserPoolClientId": "client", "ProviderKeysPath": keys,
            "BucketName": "bucket",
        }  # fmt: skip
        yield api


@pytest.fixture
def working(aws: OpsStandIn) -> OpsStandIn:
    """An API in which every step succeeds."""
    job = {"id": "job_1", "status": "succeeded"}
    month: dict[str, Any] = {"month": "2026-12", "spent": {}, "reserved": {}, "limit": None}
    aws.on("GET", "/v1/me", ScriptedResponse({"account_id": "doctor", "month": month}))
    aws.on("POST", "/v1/jobs", ScriptedResponse(job | {"status": "queued"}, status=202))
    aws.on("GET", "/v1/jobs/job_1", ScriptedResponse(job))
    announced(aws, "image/png")
    aws.on("POST", "/v1/uploads/upl_1/complete", ScriptedResponse(completed()))
    made = {"id": "imp_1", "status": "validating", "counts": {"valid": 0}}
    aws.on("POST", "/v1/batch-imports", ScriptedResponse(made, status=202))
    checked = made | {"status": "validated", "counts": {"valid": 2}}
    aws.on("GET", "/v1/batch-imports/imp_1", ScriptedResponse(checked))
    batch = {"id": "bat_1", "status": "cancelled", "jobs": {"cancelled": 1}}
    aws.on("POST", "/v1/batch-imports/imp_1/submit", ScriptedResponse(batch, status=202))
    aws.on("POST", "/v1/batches/bat_1/cancel", ScriptedResponse(batch))
    aws.on("GET", "/v1/batches/bat_1", ScriptedResponse(batch))
    for path in ("/v1/recipes/doctor", "/v1/schedules/doctor", "/v1/webhooks/whk_1"):
        aws.on("PUT", path, ScriptedResponse({"version": 1}, status=201))
        aws.on("GET", path, ScriptedResponse({"version": 1}, headers={"ETag": '"1"'}))
        aws.on("DELETE", path, ScriptedResponse(status=204, body=b""))
    run = {"outcome": "started", "job_id": "job_1", "message": None}
    aws.on("GET", "/v1/schedules/doctor/runs", runs(), runs(run | {"outcome": "starting"}),
           runs(run))  # fmt: skip
    aws.on("POST", "/v1/webhooks", ScriptedResponse({"id": "whk_1"}, status=201))
    aws.on("POST", "/v1/webhooks/whk_1/test", ScriptedResponse({"id": "dlv_1"}, status=202))
    sent = {"id": "dlv_1", "status": "delivered", "attempts": [{"status": 204, "error": None}]}
    aws.on("GET", "/v1/webhooks/whk_1/deliveries", runs(sent))
    return aws


def runs(*entries: dict[str, Any]) -> ScriptedResponse:
    return ScriptedResponse({"data": list(entries), "page": PAGE})


def deleted(aws: OpsStandIn) -> set[str]:
    return {one.path.rpartition("/")[2] for one in aws.requests if one.method == "DELETE"}


def anchors() -> set[str]:
    lines = (ROOT / RUNBOOK).read_text().splitlines()
    found = (line.removeprefix("## ").lower() for line in lines if line.startswith("## "))
    return {"".join(c for c in one if c.isalnum() or c in " -").replace(" ", "-") for one in found}


def test_every_step_names_a_section_of_the_runbook() -> None:
    source = (ROOT / "cli/studio_cli/ops_doctor.py").read_text()
    named = {step.section for step in steps("https://receiver.example")}
    assert named <= anchors()
    for other in ("a-deployment-is-not-complete", "a-sign-in-fails"):
        assert f'"{other}"' in source
        assert other in anchors()


def test_what_the_steps_need_is_in_the_template() -> None:
    text = TEMPLATE.read_text()
    assert [name for name in NEEDED if f"\n  {name}:\n" not in text] == []
    assert {f"{one.name}Function" for one in functions()} - set(NEEDED) == set()


def test_every_step_is_done_and_told(working: OpsStandIn) -> None:
    result = studio("ops", "doctor", "--receiver", RECEIVER)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    heads = [line.split(":")[0] for line in lines]
    names = ("stack", "sign-in", "API", "picture", "upload", "batch", "schedule", "webhook")
    assert heads == [*(f"ok       {name}" for name in names), "The stack works."]
    assert "bat_1 was stopped" in result.output
    assert working.of("POST", "/v1/batches/bat_1/cancel")
    assert deleted(working) == {"doctor", "whk_1"}
    (job,) = working.of("POST", "/v1/jobs")
    assert '"builtin"' in job.body.decode()
    assert "builtin" in working.of("POST", "/v1/batch-imports")[0].body.decode()


def test_its_user_is_an_admin_of_a_tenant_of_its_own_and_is_deleted(working: OpsStandIn) -> None:
    before = Path(".local/tokens.json").exists()
    assert studio("ops", "doctor").exit_code == 0
    names = [name for name, _ in working.pool.asked]
    assert names[0] == "AdminCreateUser"
    assert names[-1] == "AdminDeleteUser"
    attributes = working.pool.asked[0][1]["UserAttributes"]
    assert {"Name": "custom:tenant", "Value": "doctor"} in attributes
    assert working.pool.users == {}
    assert all(
        "in ['admin']" in one.headers["authorization"]
        for one in working.requests
        if one.path.startswith("/v1/")
    )
    assert Path(".local/tokens.json").exists() == before


def test_a_given_user_stays(working: OpsStandIn) -> None:
    working.pool.has("ann", "acme", "admin")
    working.pool.passwords["ann"] = "correct-horse-1"
    words = ("ops", "doctor", "--username", "ann", "--password", "correct-horse-1")
    result = studio(*words)
    assert result.exit_code == 0
    assert "correct-horse-1" not in result.output
    assert [name for name, _ in working.pool.asked] == ["InitiateAuth"]


def test_a_webhook_without_a_receiver_is_skipped_aloud(working: OpsStandIn) -> None:
    result = studio("ops", "doctor")
    assert "skipped  webhook: give --receiver" in result.output
    assert not working.of("POST", "/v1/webhooks")


def test_a_half_deployed_stack_says_what_is_missing(working: OpsStandIn) -> None:
    del working.resources["NotifyRule"]
    working.status["SaveImageFunction"] = "CREATE_FAILED"
    result = studio("ops", "doctor")
    assert result.exit_code == 1
    assert "missing or not finished: SaveImageFunction, NotifyRule" in result.output
    assert "read docs/runbook.md#a-deployment-is-not-complete" in result.output
    assert working.pool.asked == []
    assert not working.of("POST", "/v1/jobs")


def test_a_stack_without_an_output_says_which(working: OpsStandIn) -> None:
    del working.outputs["BucketName"]
    result = studio("ops", "doctor")
    assert result.exit_code == 1
    assert "no output 'BucketName'" in result.output


FAILURES = {
    "picture": ("GET", "/v1/jobs/job_1", ScriptedResponse({"id": "job_1", "status": "running"})),
    "upload": ("POST", "/v1/uploads", problem(503, "unavailable", "no bucket")),
    "batch": ("GET", "/v1/batches/bat_1", ScriptedResponse(
        {"id": "bat_1", "status": "succeeded", "jobs": {"cancelled": 0}})),
    "schedule": ("GET", "/v1/schedules/doctor/runs", runs(
        {"outcome": "failed", "job_id": None, "message": "no recipe"})),
    "webhook": ("GET", "/v1/webhooks/whk_1/deliveries", runs(
        {"id": "dlv_1", "status": "dead", "attempts": [{"status": 410, "error": None}]})),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_a_step_that_fails_says_so_and_the_others_go_on(working: OpsStandIn, name: str) -> None:
    method, path, answer = FAILURES[name]
    working.script_again(method, path, answer)
    result = studio("ops", "doctor", "--receiver", RECEIVER, "--wait", "1")
    assert result.exit_code == 1
    assert f"FAILED   {name}: " in result.output
    section = next(step.section for step in steps(RECEIVER) if step.name == name)
    assert f"read {RUNBOOK}#{section}" in result.output
    assert result.output.endswith("The stack is not in order.\n")
    failed = {"picture", "schedule"} if name == "picture" else {name}
    assert result.output.count("FAILED") == len(failed)
    assert deleted(working) == {"doctor", "whk_1"}
    assert working.pool.users == {}
    assert bool(working.of("POST", "/v1/jobs/job_1/cancel")) == (name == "picture")


def test_a_refused_sign_in_ends_the_check(working: OpsStandIn) -> None:
    working.pool.refuses = True
    result = studio("ops", "doctor")
    assert result.exit_code == 1
    assert "FAILED   sign-in" in result.output
    assert "read docs/runbook.md#a-sign-in-fails" in result.output
    assert working.pool.users == {}
