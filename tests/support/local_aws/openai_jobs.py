"""Jobs of the OpenAI stand-in on the deployed stack."""

from collections.abc import Iterable
from typing import Any

from tests.support.local_aws.caller import Caller
from tests.support.stand_ins.server import PaidCall

SQUARE = "1024x1024"


def openai_job(caller: Caller, prompts: Iterable[str]) -> dict[str, Any]:
    """Create a job of one draft for each prompt, wait for its end and return it."""
    created = caller.create(
        items=[{"prompt": prompt, "size": SQUARE} for prompt in prompts],
        provider={"id": "openai"},
        quality="draft",
    )
    return caller.finish(created["id"], 90)


def paid(calls: Iterable[PaidCall], prompt: str) -> int:
    """Return how many calls with a prompt were paid."""
    return sum(call.prompt == prompt for call in calls)
