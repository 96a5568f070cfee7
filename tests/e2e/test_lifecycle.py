"""Cancel, death and rescue of jobs on the deployed stack."""

from datetime import timedelta

from studio.adapters.dynamodb.jobs import DynamoJobStore
from studio.clock import utc_now
from studio.config import Tables
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.ports.jobs import ExecutionState
from studio.services.jobs.create_job import CreateJob
from studio.services.jobs.key_use import KeyUse
from tests.support.builders import TODAY
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack
from tests.support.local_aws.ledger import check_ledger
from tests.support.local_aws.openai_jobs import SQUARE, paid
from tests.support.mock_aws.environment import sample
from tests.support.workflows.jobs import made


def slow_job(caller: Caller, name: str, count: int) -> tuple[str, list[str]]:
    prompts = [f"{name} {number} [[slow 1]]" for number in range(count)]
    created = caller.create(
        items=[{"prompt": prompt, "size": SQUARE} for prompt in prompts],
        provider={"id": "openai"},
        quality="draft",
    )
    return created["id"], prompts


def test_cancel_what_is_queued_never_starts_and_what_is_done_stays(
    stack: Stack, acme: Caller
) -> None:
    job_id, prompts = slow_job(acme, "cancelled", 5)
    acme.until(job_id, lambda job: job["counts"]["succeeded"] == 1)
    answer = acme.post(f"/v1/jobs/{job_id}/cancel")
    assert answer.status_code == 202
    assert answer.json()["status"] == "cancelling"
    cancelled = answer.json()["counts"]["cancelled"]
    assert cancelled >= 3
    job = acme.finish(job_id)
    assert job["status"] == "cancelled"
    assert job["counts"]["succeeded"] == 5 - cancelled
    assert job["counts"]["cancelled"] == cancelled
    calls = [paid(stack.openai.paid, prompt) for prompt in prompts]
    assert calls == [1] * (5 - cancelled) + [0] * cancelled
    check_ledger(acme, job)
    refused = acme.post(f"/v1/jobs/{job_id}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "state-conflict")


def test_an_aborted_execution_still_ends_its_job(stack: Stack, acme: Caller) -> None:
    job_id, prompts = slow_job(acme, "aborted", 4)
    acme.until(job_id, lambda job: job["counts"]["succeeded"] == 1)
    machine = stack.outputs["ProcessJobStateMachineArn"]
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:{job_id}"
    stack.client("stepfunctions").stop_execution(executionArn=execution, cause="test")
    # What was queued fails at once; the call in flight is continued by the sweeper.
    acme.until(job_id, lambda job: job["counts"]["failed"] >= 1)
    stack.invoke("SweepJobsFunction", sample("sweep_jobs"))
    job = acme.finish(job_id, 400)
    assert job["status"] == "partially_succeeded"
    assert job["counts"]["failed"] + job["counts"]["unknown"] == 4 - job["counts"]["succeeded"]
    check_ledger(acme, job)
    acme.post(f"/v1/jobs/{job_id}/redrive", {"only": "failed"})
    again = acme.finish(job_id)
    assert again["counts"]["failed"] == 0
    assert all(paid(stack.openai.paid, prompt) <= 1 for prompt in prompts)
    check_ledger(acme, again)


class NoWorkflow:
    """A start that is lost."""

    def start(self, name: str, *, tenant: str, job_id: str, run: int) -> None:
        """Do nothing."""

    def state(self, name: str) -> ExecutionState:
        return "absent"


def test_the_sweeper_starts_a_job_whose_start_was_lost(stack: Stack, acme: Caller) -> None:
    outputs = stack.outputs
    tables = Tables(
        outputs["JobsTableName"], outputs["AssetsTableName"], outputs["LedgerTableName"]
    )
    create = CreateJob(
        jobs=DynamoJobStore(stack.client("dynamodb"), tables),
        workflow=NoWorkflow(),
        now=lambda: utc_now() - timedelta(minutes=5),
        monthly_limit=None,
        answer=lambda _: "{}",
    )
    order = JobRequest("generate", [ImageRequest("a lost job", 64, 64)], "builtin", "ann", TODAY)
    job_id = made(create.run("acme", order, KeyUse("POST /v1/jobs", "lost", "hash"))).job_id
    assert acme.get(f"/v1/jobs/{job_id}").json()["status"] == "queued"
    assert stack.invoke("SweepJobsFunction", sample("sweep_jobs"))["started"] >= 1
    assert acme.finish(job_id)["status"] == "succeeded"
    assert stack.invoke("SweepJobsFunction", sample("sweep_jobs"))["started"] == 0


def test_a_finished_job_is_announced_on_the_bus(stack: Stack, acme: Caller) -> None:
    events, sqs = stack.client("events"), stack.client("sqs")
    url = sqs.create_queue(QueueName="announced")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    bus = stack.outputs["EventBusName"]
    events.put_rule(Name="all", EventBusName=bus, EventPattern='{"source": ["image-studio"]}')
    events.put_targets(
        Rule="all", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn["QueueArn"]}]
    )
    job = acme.finish(acme.create(prompt="an announcement", size="64x64")["id"])
    received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages", [])
    assert any(job["id"] in message["Body"] for message in received)
    assert any("job.succeeded" in message["Body"] for message in received)
