"""G7 and G8: the AWS resources of a thousand images, and their price.

One full job runs through the real state machine and handlers over a mock account, and every request
is counted. The provider answers at once; its ten seconds are added to the function that waits.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Figure
from benchmarks.meter import Meter
from studio.domain.jobs.model import MAX_ITEMS
from studio.providers.shared.http import shared_client
from tests.support.mock_aws.stack import clients
from tests.support.mock_aws.workflow import KEYS_PATH, LocalLambda, Workflow, running
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.template.functions import functions

PROVIDER_SECONDS = 10
OUTPUTS = 2  # the image and its thumbnail
PRICES = json.loads((Path(__file__).parent / "aws_prices.json").read_text())


@dataclass(frozen=True, slots=True)
class Usage:
    """The resources of one job.

    Attributes:
        used: Billed amounts of the whole job, by kind.
        seconds: Median duration of each function in seconds.
        calls: Number of requests by name.
    """

    used: dict[str, float]
    seconds: dict[str, float]
    calls: dict[str, int]


class _Timed:
    """A handler whose calls are timed."""

    def __init__(self, handler: Any) -> None:  # noqa: ANN401 - a module
        self.handler = handler
        self.seconds: list[float] = []

    def lambda_handler(self, event: object, context: object) -> object:
        """Run the handler and record its duration."""
        start = time.perf_counter()
        answer: object = self.handler.lambda_handler(event, context)
        self.seconds.append(time.perf_counter() - start)
        return answer


def measure() -> list[Figure]:
    """Run one full job and return the resources and the price of an image."""
    usage = _run()
    per_image = {name: amount / MAX_ITEMS for name, amount in usage.used.items()}
    return [*_workflow(usage, per_image), *_requests(usage, per_image), _price(per_image)]


def _workflow(usage: Usage, per_image: dict[str, float]) -> list[Figure]:
    pixels = usage.seconds["PostProcess"]
    most_gb_seconds = 1.15 * (PROVIDER_SECONDS * 0.25 + pixels * 1.73)
    return [
        Figure("G7", "state transitions per image", per_image["transitions"], 4.1),
        Figure("G7", "function invocations per image", per_image["invocations"]),
        Figure(
            "G7",
            f"GB-s per image, provider {PROVIDER_SECONDS} s",
            per_image["gb_seconds"],
            most_gb_seconds,
            note=", ".join(f"{name} {1000 * took:.0f} ms" for name, took in usage.seconds.items()),
        ),
    ]


def _requests(usage: Usage, per_image: dict[str, float]) -> list[Figure]:
    return [
        Figure(
            "G7",
            "DynamoDB write units per image",
            per_image["write_units"],
            6,
            note=_calls(usage, "TransactWriteItems", "UpdateItem", "PutItem"),
        ),
        Figure(
            "G7",
            "DynamoDB read units per image",
            per_image["read_units"],
            note=_calls(usage, "GetItem", "Query"),
        ),
        Figure(
            "G7",
            f"S3 PUT and COPY per image, {OUTPUTS} outputs",
            per_image["s3_puts"],
            1 + OUTPUTS,
            note=_calls(usage, "PutObject", "CopyObject"),
        ),
        Figure(
            "G7",
            "S3 GET and HEAD per image",
            per_image["s3_gets"],
            note=_calls(usage, "GetObject", "HeadObject"),
        ),
    ]


def _price(per_image: dict[str, float]) -> Figure:
    bill = {
        name: amount * 1000 * PRICES["per_million"][name] / 1_000_000
        for name, amount in per_image.items()
    }
    total = sum(bill.values())
    parts = sorted(bill.items(), key=lambda part: -part[1])
    return Figure(
        "G8",
        f"AWS / provider at ${PRICES['provider_per_image']} an image",
        total / (1000 * PRICES["provider_per_image"]),
        0.01,
        note=f"${total:.3f} per 1,000 images: "
        + ", ".join(f"{name} {cost:.3f}" for name, cost in parts if cost >= 0.0005),
    )


def _run() -> Usage:
    """Run one job with the most images that a job may have."""
    meter = Meter()
    with _studio() as workflow:
        timed = {name: _Timed(one) for name, one in workflow.functions.handlers.items()}
        workflow.functions.handlers = timed
        meter.listen()
        prompts = [f"A harbour town at dusk, photograph number {n}" for n in range(MAX_ITEMS)]
        job_id = workflow.create(*prompts, provider="openai", size="1024x1024")
        execution = workflow.finish(job_id)
    if execution.outputs["FinishJob"] != [{"status": "succeeded"}]:
        raise RuntimeError(f"the job did not succeed: {execution.outputs['FinishJob']}")
    seconds = {name: median(one.seconds) for name, one in timed.items() if one.seconds}
    used = {
        "transitions": len(execution.visited),
        "invocations": len(workflow.functions.invoked) + 1,
        "gb_seconds": _gb_seconds(workflow.functions, timed),
        "api_requests": 1,
        **meter.used,
        **meter.units,
    }
    return Usage(used, seconds, dict(meter.calls))


@contextmanager
def _studio() -> Iterator[Workflow]:
    with OpenAIStandIn() as provider, running() as workflow:
        account = {
            "api_key": provider.api_key,
            "base_url": provider.base_url,
            "rate_per_minute": 60_000,
        }
        clients().ssm.put_parameter(
            Name=f"{KEYS_PATH}/openai/default", Value=json.dumps(account), Type="SecureString"
        )
        yield workflow
        shared_client().close()
        shared_client.cache_clear()


def _gb_seconds(local: LocalLambda, timed: dict[str, _Timed]) -> float:
    """Return memory times duration of all invocations, with the provider's seconds."""
    memory: dict[str, float] = {
        one.name: one.properties["MemorySize"] / 1024 for one in functions()
    }
    waited = PROVIDER_SECONDS * local.invoked.count("CallProvider") * memory["CallProvider"]
    worked = sum(memory[name] * sum(one.seconds) for name, one in timed.items())
    return waited + worked


def _calls(usage: Usage, *names: str) -> str:
    counted = ((name, usage.calls.get(name, 0) / MAX_ITEMS) for name in names)
    return ", ".join(f"{name} {count:.2f}" for name, count in counted if count)
