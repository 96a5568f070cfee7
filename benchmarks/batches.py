"""Batches: the time, calls and bytes of a batch by its size.

Time is measured on the real template on a local AWS, compared with the same images as plain jobs
in sequence. Calls and bytes are counted on a mock account. The benchmark runs only by name
(``python -m benchmarks batches``), because a thousand images take minutes.
"""

import json
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.dynamodb_units import size
from benchmarks.measure import Figure
from studio.domain.batches.manifest import LINES, MANIFEST
from studio_cli.aws_local import FIRST_PORT
from tests.support.local_aws.caller import TERMINAL, Caller, sign_in
from tests.support.local_aws.deployment import Stack, deployed
from tests.support.mock_aws.stack import BUCKET, JOBS, clients, mock_stack
from tests.support.template.state_machine import RUN_BATCH, definition
from tests.support.workflows.batches import aws_batches

SIZES = (10, 100, 1_000)
BOUND_SECONDS = 600
PLAIN_JOBS = 10
COUNTED = (5, 50)
GOAL = "batches"
LIMITS = {"item": 400 * 1024, "state": 256 * 1024, "request": 6 * 1024 * 1024}


def measure() -> list[Figure]:
    """Measure the time of batches on the deployed stack, and count their requests."""
    figures = [*_counts(), *_on_paper()]
    with TemporaryDirectory() as folder, deployed(Path(folder), FIRST_PORT) as stack:
        figures += _times(stack)
    return figures


def _times(stack: Stack) -> list[Figure]:
    with httpx.Client(base_url=stack.api_url, timeout=60, trust_env=False) as http:
        caller = Caller(http, sign_in(stack, "bench", "bench"))
        _job_seconds(stack, caller)
        return [figure for lines in SIZES for figure in _timed(stack, caller, lines)]


def _timed(stack: Stack, caller: Caller, lines: int) -> list[Figure]:
    before = [_job_seconds(stack, caller) for _ in range(PLAIN_JOBS)]
    checked = time.perf_counter()
    path = _imported(caller, lines)
    checked = time.perf_counter() - checked
    submitted = time.perf_counter()
    batch = caller.post(f"{path}/submit", {}).json()
    submitted = time.perf_counter() - submitted
    seconds, ended = _batch_seconds(stack, caller, batch["id"])
    after = [_job_seconds(stack, caller) for _ in range(PLAIN_JOBS)]
    plain = median([*before, *after])
    done = ended["jobs"]["succeeded"]
    note = f"{done} of {lines} done, {seconds:.0f} s, one plain job {plain * 1000:.0f} ms"
    what = f"wall per image / the same as plain jobs one after another, {lines} images"
    return [
        Figure(GOAL, what, seconds / max(done, 1) / plain, note=note),
        Figure(GOAL, f"check of {lines} rows", checked, unit="s", note="with the request"),
        Figure(GOAL, f"submit of {lines} rows", submitted, unit="s"),
    ]


def _imported(caller: Caller, lines: int) -> str:
    rows = "".join(f"image {number},64x64\n" for number in range(lines))
    answer = caller.post("/v1/batch-imports", {"csv": f"prompt,size\n{rows}"})
    path: str = answer.headers["location"]
    while caller.get(path).json()["status"] == "validating":
        time.sleep(0.1)
    return path


def _batch_seconds(stack: Stack, caller: Caller, batch_id: str) -> tuple[float, dict[str, Any]]:
    """Wait for a batch up to a time limit, and return its seconds and its last document."""
    start = time.perf_counter()
    deadline = start + BOUND_SECONDS
    document: dict[str, Any] = {"status": ""}
    while document["status"] not in TERMINAL:
        # Polls are rare, because the process of the local AWS also runs the batch.
        time.sleep(1)
        document = caller.get(f"/v1/batches/{batch_id}").json()
        if time.perf_counter() > deadline:
            caller.post(f"/v1/batches/{batch_id}/cancel", {})
            break
    return time.perf_counter() - start, document


def _job_seconds(stack: Stack, caller: Caller) -> float:
    """Run a job of one image and return the seconds of its execution."""
    job = caller.create(prompt=f"plain {uuid.uuid4()}", size="64x64")
    machine = stack.outputs["ProcessJobStateMachineArn"].replace(":stateMachine:", ":execution:")
    client = stack.client("stepfunctions")
    while True:
        found = client.describe_execution(executionArn=f"{machine}:{job['id']}")
        if found["status"] != "RUNNING":
            taken: float = (found["stopDate"] - found["startDate"]).total_seconds()
            return taken
        time.sleep(0.05)


@dataclass
class _Seen:
    """The requests of the functions, and the largest request of each service."""

    calls: Counter[str] = field(default_factory=Counter)
    largest: Counter[str] = field(default_factory=Counter)

    def note(self, model: Any, params: dict[str, Any], **_: object) -> None:  # noqa: ANN401
        body = params.get("body") or b""
        self.calls[model.name] += 1
        if model.name not in ("PutObject", "GetObject") and isinstance(body, str | bytes):
            self.largest[model.service_model.service_name] = max(
                self.largest[model.service_model.service_name], len(body)
            )


def _counts() -> list[Figure]:
    """Count the requests for each image at two sizes; for linear growth both are equal."""
    figures = []
    for lines in COUNTED:
        seen, item, progress = _counted(lines)
        names = ", ".join(f"{name} {count / lines:.1f}" for name, count in seen.calls.items())
        figures += [
            Figure(GOAL, f"requests per image, {lines} images", sum(seen.calls.values()) / lines,
                   note=names),
            Figure(GOAL, f"largest item, {lines} images", item, LIMITS["item"], "bytes"),
            Figure(GOAL, f"largest request to DynamoDB, {lines} images",
                   seen.largest["dynamodb"], 4 * 1024 * 1024, "bytes"),
            Figure(GOAL, f"batch record, {lines} images", progress, LIMITS["item"], "bytes"),
        ]  # fmt: skip
    return figures


def _counted(lines: int) -> tuple[_Seen, int, int]:
    with mock_stack():
        studio, seen = aws_batches(), _Seen()
        value = studio.checked("prompt,size\n" + "a red fox,1024x1024\n" * lines)
        batch = studio.submit(value)
        events = [client.meta.events for client in (clients().dynamodb, clients().s3)]
        for one in events:
            one.register("before-call", seen.note)
        studio.run(batch)
        for one in events:
            one.unregister("before-call", seen.note)
        rows = clients().dynamodb.scan(TableName=JOBS)["Items"]
        records = [size(row) for row in rows if row["sk"]["S"] == batch.batch_id]
        return seen, max(size(row) for row in rows), records[0]


def _on_paper() -> list[Figure]:
    """Return the sizes of ten thousand lines, from files of a batch that does not run."""
    lines = 10_000
    with mock_stack():
        studio = aws_batches()
        started = time.perf_counter()
        value = studio.checked("prompt,size\n" + "a red fox,1024x1024\n" * lines)
        checked = time.perf_counter() - started
        started = time.perf_counter()
        batch = studio.submit(value)
        submitted = time.perf_counter() - started
        sizes = {}
        for name in (MANIFEST, LINES):
            found = clients().s3.head_object(Bucket=BUCKET, Key=batch.key(name))
            sizes[name] = found["ContentLength"]
    inner = definition(RUN_BATCH)["States"]["RunLanes"]["ItemProcessor"]["States"]["RunLane"]
    states = inner["ItemProcessor"]["States"]
    output = len(json.dumps([0] * lines))
    notes = f"{len(states)} states a line, and those of its job"
    return [
        Figure(GOAL, "check of 10,000 rows", checked, 300, "s", "limit: the function's time-out"),
        Figure(GOAL, "submit of 10,000 rows", submitted, 29, "s", "limit: the API's time-out"),
        Figure(GOAL, "manifest of 10,000 rows", sizes[MANIFEST], unit="bytes"),
        Figure(GOAL, "lane file of 10,000 rows", sizes[LINES], unit="bytes"),
        Figure(GOAL, "output of a lane of 10,000 lines", output, LIMITS["state"], "bytes"),
        Figure(GOAL, "transitions per line", len(states), note=notes),
    ]
