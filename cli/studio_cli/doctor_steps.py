"""The checks of ``studio ops doctor``: each does one thing that users do, and tidies up."""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from studio_cli.client import StudioClient
from studio_cli.curve import utc_now
from studio_cli.errors import CliError
from studio_cli.terminal import new_console
from studio_cli.uploads import upload_file
from studio_cli.wire import ENDED_JOB

NEEDED = (
    "Api", "ApiFunction", "UserPool", "UserPoolClient", "Bucket", "EventBus",
    "JobsTable", "AssetsTable", "LedgerTable", "CatalogTable",
    "RegisterUploadFunction", "RunScheduleFunction", "ValidateImportFunction",
    "StartJobFunction", "PrepareSourceFunction", "CallProviderFunction", "PostProcessFunction",
    "SaveImageFunction", "RenderAssetFunction", "FailImageFunction", "FinishJobFunction",
    "CreateBatchJobFunction", "FailBatchRowFunction", "FinishBatchFunction",
    "SweepJobsFunction", "TestIntegrationFunction", "BuildDownloadFunction",
    "NotifyFunction", "SendWebhookFunction", "SendWebhookSource",
    "ProcessJobStateMachine", "RunBatchStateMachine", "ScheduleGroup", "SchedulerRole",
    "UploadRule", "DeadExecutionRule", "DeadBatchRule", "SweepJobsRule", "ProviderKeysRule",
    "NotifyRule", "DeliveryQueue", "DeadLetterQueue",
)  # fmt: skip
"""Logical ids without which a step cannot succeed."""

FREE = {"id": "builtin"}
JOB = {
    "operation": "generate", "prompt": "a check after a deployment", "size": "64x64",
    "provider": FREE,
}  # fmt: skip
TABLE = "prompt,size,provider\n" + "a check of a batch,64x64,builtin\n" * 2
POLL_SECONDS = 0.5
_SOON = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a check works with.

    Attributes:
        client: The API, as a user.
        seconds: How long work may take.
    """

    client: StudioClient
    seconds: float

    def until(self, read: Callable[[], dict[str, Any] | None], what: str) -> dict[str, Any]:
        """Read until there is a document, and return it.

        Raises:
            CliError: The time is over.
        """
        deadline = time.monotonic() + self.seconds
        while (found := read()) is None:
            if time.monotonic() > deadline:
                raise CliError(f"{self.seconds:.0f} s are over before {what}.")
            time.sleep(POLL_SECONDS)
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """One check.

    Attributes:
        name: What the operator sees.
        section: Anchor of docs/runbook.md to read after a failure.
        run: Does the check and returns what it made.
    """

    name: str
    section: str
    run: Callable[[Trial], str]


def steps(receiver: str | None) -> list[Step]:
    """Return the checks in their order; that of webhooks only with a receiver."""
    found = [
        Step("API", "the-api-does-not-answer", check_api),
        Step("picture", "a-job-does-not-end", check_picture),
        Step("upload", "the-dead-letter-queue-fills", check_upload),
        Step("batch", "a-batch-is-stuck", check_batch),
        Step("schedule", "a-schedule-does-not-fire", check_schedule),
    ]
    if receiver:
        run = _webhook_of(receiver)
        found.append(Step("webhook", "the-dead-letter-queue-fills", run))
    return found


def check_api(trial: Trial) -> str:
    """Read the account of the caller."""
    me = trial.client.me()
    return f"account {me['account_id']}"


def check_picture(trial: Trial) -> str:
    """Make a picture with the built-in provider."""
    return _job_ends(trial, trial.client.create_job(JOB)["id"])


def check_upload(trial: Trial) -> str:
    """Send a new picture through the bucket."""
    file = BytesIO()
    # A picture that the tenant has is not sent again.
    Image.frombytes("RGB", (16, 16), secrets.token_bytes(16 * 16 * 3)).save(file, "PNG")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "doctor.png"
        path.write_bytes(file.getvalue())
        return upload_file(trial.client, path, None, new_console()).id


def check_batch(trial: Trial) -> str:
    """Start a table of two rows, and stop it."""
    made = trial.client.post("/v1/batch-imports", {"name": "doctor.csv", "csv": TABLE})
    path = f"/v1/batch-imports/{made['id']}"
    made = trial.until(lambda: _checked(trial.client.get(path)), f"{made['id']} is checked")
    if made["counts"]["valid"] != 2:
        raise CliError(f"{made['id']}: {made['counts']['valid']} of 2 rows are valid.")
    batch_id = trial.client.spend(f"{path}/submit", {"concurrency": 1})["id"]
    with suppress(CliError):  # the end of the batch says whether it was stopped
        trial.client.post(f"/v1/batches/{batch_id}/cancel")
    batch = trial.until(
        lambda: _ended(trial.client.get(f"/v1/batches/{batch_id}")), f"{batch_id} ends"
    )
    if not batch["jobs"]["cancelled"]:
        raise CliError(f"{batch_id} was not stopped: it is {batch['status']}.")
    return f"{batch_id} was stopped"


def check_schedule(trial: Trial) -> str:
    """Let a schedule fire once, and wait for its job."""
    name = f"doctor-{secrets.token_hex(4)}"
    recipe, path = f"/v1/recipes/{name}", f"/v1/schedules/{name}"
    with _removed(trial.client, recipe), _removed(trial.client, path):
        trial.client.put(recipe, {"job": JOB})
        trial.client.put(path, {"recipe_id": name, "at": f"{utc_now() + _SOON:%Y-%m-%dT%H:%M:%S}"})
        run = trial.until(lambda: _fired(trial.client, path), f"{name} fires")
        if run["outcome"] != "started":
            raise CliError(f"{name} started nothing: {run['outcome']}, {run['message']}.")
        return _job_ends(trial, run["job_id"])


def _webhook_of(receiver: str) -> Callable[[Trial], str]:
    def check(trial: Trial) -> str:
        """Send a test event to the receiver."""
        made = trial.client.post("/v1/webhooks", {"url": receiver, "events": ["job.*"]})
        path = f"/v1/webhooks/{made['id']}"
        with _removed(trial.client, path):
            sent = trial.client.post(f"{path}/test")["id"]
            told = trial.until(lambda: _tried(trial.client, path, sent), f"{sent} is tried")
        if told["status"] != "delivered":
            last = told["attempts"][-1]
            raise CliError(f"{receiver} did not accept: {last['status'] or last['error']}.")
        return f"{sent} was delivered"

    return check


def _tried(client: StudioClient, path: str, delivery_id: str) -> dict[str, Any] | None:
    found = client.pages(f"{path}/deliveries")
    return next((one for one in found if one["id"] == delivery_id and one["attempts"]), None)


def _fired(client: StudioClient, path: str) -> dict[str, Any] | None:
    found = client.pages(f"{path}/runs")
    return found[0] if found and found[0]["outcome"] != "starting" else None


def _checked(document: dict[str, Any]) -> dict[str, Any] | None:
    return None if document["status"] == "validating" else document


def _ended(document: dict[str, Any]) -> dict[str, Any] | None:
    return document if document["status"] in ENDED_JOB else None


def _job_ends(trial: Trial, job_id: str) -> str:
    """Wait for a job; one that does not end is cancelled."""
    try:
        job = trial.until(lambda: _ended(trial.client.get(f"/v1/jobs/{job_id}")), f"{job_id} ends")
    except CliError:
        with suppress(CliError):  # it may have ended just now
            trial.client.cancel_job(job_id)
        raise
    if job["status"] != "succeeded":
        (item,) = trial.client.items(job_id)
        problem = item["problem"]
        raise CliError(f"{job_id} {job['status']}: {problem['detail'] if problem else ''}")
    return f"{job_id} succeeded"


@contextmanager
def _removed(client: StudioClient, path: str) -> Iterator[None]:
    """Delete a document at the end, also one that a failed request may have written."""
    try:
        yield
    finally:
        with suppress(CliError):
            client.remove(path)
