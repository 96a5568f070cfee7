"""G3: the time that the workflow adds to the work, on the real template.

The stack runs on a local AWS, with an additional function that does nothing. A job of the built-in
provider with tiny images is nearly all overhead. A job with two seconds of provider time for
each image shows the share of the overhead.
"""

import io
import json
import time
import uuid
import zipfile
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.measure import Figure, Ratio, seconds
from studio_cli.aws_local import FIRST_PORT
from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import Stack, deployed

OVERHEAD_LIMITS = {12: 1.6, 50: 1.2}
WALL_LIMIT = 1.05
ROUNDS = {12: 5, 50: 2}
INVOKES = 40
TASKS = 3
PROVIDER_SECONDS = 2
SLOW_IMAGES = 8

# On the local AWS a function without output waits up to 50 ms for its first log line.
NOTHING = "def lambda_handler(event, context):\n    print('nothing')\n    return {}\n"


def measure() -> list[Figure]:
    """Deploy the template and run jobs, in turn with direct invokes."""
    with TemporaryDirectory() as folder, deployed(Path(folder), FIRST_PORT) as stack:
        _add_noop(stack)
        with httpx.Client(base_url=stack.api_url, timeout=60, trust_env=False) as http:
            caller = Caller(http, sign_in(stack, "bench", "bench"))
            _execution_seconds(stack, caller, {"variations": 3, "prompt": "warm up"})
            return [
                *(_overhead(stack, caller, images) for images in OVERHEAD_LIMITS),
                _wall(stack, caller),
            ]


def _overhead(stack: Stack, caller: Caller, images: int) -> Figure:
    items = [{"prompt": f"image {number}", "size": "64x64"} for number in range(images)]
    rounds = []
    for _ in range(ROUNDS[images]):
        before = _invoke_p50(stack)
        job = _execution_seconds(stack, caller, {"items": items})
        invoke = (before + _invoke_p50(stack)) / 2
        rounds.append(job / images / (TASKS * invoke))
    measured = Ratio(tuple(rounds))
    what = f"job overhead per image / {TASKS} direct no-op invokes, {images} images"
    return Figure("G3", what, measured.median, OVERHEAD_LIMITS[images], note=measured.spread)


def _wall(stack: Stack, caller: Caller) -> Figure:
    items = [
        {"prompt": f"image {number} [[slow {PROVIDER_SECONDS}]]", "size": "1024x1024"}
        for number in range(SLOW_IMAGES)
    ]
    provider = {"id": "openai"}
    before = _provider_seconds(stack)
    job = _execution_seconds(stack, caller, {"items": items, "provider": provider})
    one = (before + _provider_seconds(stack)) / 2
    return Figure(
        "G3",
        f"job wall / sum of provider time, {SLOW_IMAGES} images of {one:.2f} s",
        job / (one * SLOW_IMAGES),
        WALL_LIMIT,
        note=f"{(job / SLOW_IMAGES - one) * 1000:.0f} ms an image on top",
    )


def _add_noop(stack: Stack) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handler.py", NOTHING)
    role = stack.client("iam").list_roles()["Roles"][0]["Arn"]
    stack.client("lambda").create_function(
        FunctionName="nothing",
        Runtime="python3.13",
        Handler="handler.lambda_handler",
        Role=role,
        Code={"ZipFile": package.getvalue()},
    )


def _invoke_p50(stack: Stack) -> float:
    client = stack.client("lambda")
    client.invoke(FunctionName="nothing", Payload=b"{}")
    times = [
        seconds(lambda: client.invoke(FunctionName="nothing", Payload=b"{}"))
        for _ in range(INVOKES)
    ]
    return median(times)


def _execution_seconds(stack: Stack, caller: Caller, order: dict[str, Any]) -> float:
    """Run a job and return the seconds of its execution."""
    job = caller.create(**order)
    machine = stack.outputs["ProcessJobStateMachineArn"].replace(":stateMachine:", ":execution:")
    client = stack.client("stepfunctions")
    while True:
        found = client.describe_execution(executionArn=f"{machine}:{job['id']}")
        if found["status"] != "RUNNING":
            break
        # Polls are rare, because the process of the local AWS also runs the job.
        time.sleep(0.25)
    ended = caller.finish(job["id"])
    if ended["status"] != "succeeded":
        raise RuntimeError(f"the job ended {ended['status']}")
    taken: float = (found["stopDate"] - found["startDate"]).total_seconds()
    return taken


def _provider_seconds(stack: Stack) -> float:
    """Return the seconds of the stand-in for one image in a direct call."""
    body = {
        "model": "gpt-image-2",
        "prompt": f"{uuid.uuid4()} [[slow {PROVIDER_SECONDS}]]",
        "size": "1024x1024",
    }
    headers = {"authorization": f"Bearer {stack.openai.api_key}"}
    url = f"{stack.openai.base_url}/images/generations"
    with httpx.Client(timeout=60, trust_env=False, headers=headers) as client:
        return seconds(lambda: json.loads(client.post(url, json=body).raise_for_status().content))
