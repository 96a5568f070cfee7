"""A provider that goes down on the deployed stack: left alone, replaced, probed, called again."""

import time
from collections.abc import Callable
from typing import Any

from tests.e2e.test_generate import check_ledger
from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import Stack

FAULTS = 5
PICTURE = {"size": "1024x1024", "quality": "draft"}


def health(caller: Caller) -> dict[str, Any]:
    answer = caller.get("/v1/providers/openai/health")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def of_model(document: dict[str, Any]) -> dict[str, Any]:
    (model,) = [one for one in document["models"] if one["model"] == "gpt-image-2"]
    found: dict[str, Any] = model
    return found


def until(read: Callable[[], dict[str, Any]], state: str, seconds: float) -> dict[str, Any]:
    """Read until the model's breaker is in a state."""
    deadline = time.monotonic() + seconds
    while of_model(found := read())["state"] != state:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    return found


def test_a_provider_that_is_down_is_left_alone_until_a_probe_is_answered(
    stack: Stack, acme: Caller
) -> None:
    # A tenant with an account of its own, so that no other test is held up.
    frail = Caller(acme.http, sign_in(stack, "fay", "frail"))
    key = {"api_key": stack.openai.api_key, "base_url": stack.openai.base_url}
    stack.put_key("openai", "tenants/frail", {**key, "rate_per_minute": 6000})
    stack.openai.script(["server-error"] * FAULTS)
    jobs = [
        frail.create(prompt=f"a storm, {number}", provider={"id": "openai"}, **PICTURE)
        for number in range(FAULTS)
    ]

    down = until(lambda: health(frail), "open", 60)

    assert (down["healthy"], down["account"]) == (False, "own")
    model = of_model(down)
    assert (model["failures"], model["last_error"]["kind"]) == (FAULTS, "transient")
    assert model["opened_at"] < model["next_probe_at"]
    assert (model["rate_per_minute"], model["held_until"]) == (6000, None)
    assert health(acme)["healthy"], "the account of the other tenants"
    named = {"id": "openai", "fallback": [{"id": "gemini"}]}
    helped = frail.create(prompt="a calm sea", provider=named, **PICTURE)
    helped = frail.finish(helped["id"], 60)
    assert helped["status"] == "succeeded"
    (item,) = frail.items(helped["id"])
    assert item["provider"]["id"] == "gemini"
    assert item["provider"]["why"] == "its calls have been failing"
    assert item["attempts"] == 1
    check_ledger(frail, helped)
    probe, *others = jobs
    for job in others:
        assert frail.post(f"/v1/jobs/{job['id']}/cancel").status_code == 202
    ended = frail.finish(probe["id"], 90)
    assert ended["status"] == "succeeded", frail.items(probe["id"])
    check_ledger(frail, ended)
    for job in others:
        assert frail.finish(job["id"], 60)["status"] == "cancelled"
    assert sum(call.prompt.startswith("a storm, ") for call in stack.openai.paid) == 1
    up = health(frail)
    assert up["healthy"]
    assert (of_model(up)["state"], of_model(up)["failures"]) == ("closed", 0)
    assert of_model(up)["last_error"] == model["last_error"]
