"""``studio providers``."""

from typing import Any

import pytest

from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn

CLOSED: dict[str, Any] = {
    "model": "gpt-image-2",
    "state": "closed",
    "failures": 0,
    "opened_at": None,
    "next_probe_at": None,
    "last_error": None,
    "rate_per_minute": 5,
    "tokens_left": 1,
    "held_until": None,
}
OPEN = CLOSED | {
    "model": "gpt-image-1",
    "state": "open",
    "failures": 5,
    "opened_at": "2026-11-21T12:00:00.000Z",
    "next_probe_at": "2026-11-21T12:00:30.000Z",
    "last_error": {"kind": "no_answer", "at": "2026-11-21T12:00:00.000Z"},
    "rate_per_minute": None,
    "tokens_left": None,
}


def shown(api: StandIn, *models: dict[str, Any], healthy: bool, account: str | None) -> str:
    document = {"id": "openai", "healthy": healthy, "account": account, "models": models}
    api.on("GET", "/v1/providers/openai/health", ScriptedResponse(document))
    result = studio("providers", "health", "openai")
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.mark.usefixtures("signed_in")
def test_a_table_says_who_is_called_and_who_is_left_alone(api: StandIn) -> None:
    output = shown(api, CLOSED, OPEN, healthy=False, account="own")
    assert "gpt-image-2 closed 0 now 1 of 5 a minute" in output
    assert "gpt-image-1 open 5" in output
    assert "no limit" in output
    assert "no_answer at" in output
    assert "openai is failing, by the own account." in output


@pytest.mark.usefixtures("signed_in")
def test_a_provider_without_calls_is_healthy(api: StandIn) -> None:
    output = shown(api, CLOSED, healthy=True, account=None)
    assert output.endswith("openai is healthy.")


@pytest.mark.usefixtures("signed_in")
def test_a_held_bucket_says_until_when(api: StandIn) -> None:
    held = CLOSED | {"held_until": "2026-11-21T12:09:00.000Z", "tokens_left": 0}
    assert "2026-11-21T12:09" in shown(api, held, healthy=True, account="shared")


@pytest.mark.usefixtures("signed_in")
def test_the_list_shows_what_ends_and_what_has_ended(api: StandIn) -> None:
    models = [
        {"id": "new-1", "state": "active", "ends": None, "successor": None},
        {"id": "old-1", "state": "sunset", "ends": "2026-12-01", "successor": "new-1"},
    ]
    retired = [{"id": "gone-1", "state": "retired", "ends": "2026-10-29", "successor": "new-1"}]
    card = {"id": "openai", "models": models, "retired": retired}
    api.on("GET", "/v1/providers", ScriptedResponse({"data": [card]}))
    result = studio("providers", "list")
    assert result.exit_code == 0, result.output
    rows = [line.split() for line in result.output.splitlines()]
    assert ["openai", "new-1", "active"] in rows
    assert ["openai", "old-1", "sunset"] in rows
    ending = rows[rows.index([]) + 1 :]
    assert ending == [
        ["ending", "model", "end", "successor"],
        ["old-1", "2026-12-01", "new-1"],
        ["gone-1", "2026-10-29", "new-1"],
    ]
