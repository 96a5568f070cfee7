"""``studio integrations``."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from studio_cli.errors import CliError
from studio_cli.main import commands
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn

OPENAI = "/v1/integrations/openai"
KEY = "planted-key-wxyz"
STORED = {
    "provider": "openai", "title": "OpenAI", "takes_key": True, "enabled": True,
    "configured": "own", "last_four": "wxyz", "updated_at": "2026-12-01T00:00:00.000Z",
    "updated_by": "ann",
}  # fmt: skip
WITHOUT = STORED | {
    "provider": "runware", "configured": "none", "enabled": False, "last_four": None,
    "updated_at": None, "updated_by": None,
}  # fmt: skip


def test_the_providers_are_listed_with_what_is_known_of_their_keys(
    signed_in: Path, api: StandIn
) -> None:
    api.on("GET", "/v1/integrations", ScriptedResponse({"data": [STORED, WITHOUT]}))
    shown = studio("integrations", "list").output
    for text in ("openai", "own", "wxyz", "ann", "runware", "none"):
        assert text in shown


def test_a_key_comes_from_a_file(signed_in: Path, api: StandIn, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"{KEY}\n")
    api.on("PUT", OPENAI, ScriptedResponse(STORED))
    file = str(tmp_path / "key.txt")
    shown = studio("integrations", "set", "openai", "--file", file, "--rate", "60").output
    (sent,) = api.of("PUT", OPENAI)
    assert sent.document == {"api_key": KEY, "rate_per_minute": 60}
    assert "ends with wxyz" in shown
    assert KEY not in shown


def test_a_key_comes_from_a_prompt_without_echo(signed_in: Path, api: StandIn) -> None:
    api.on("PUT", OPENAI, ScriptedResponse(STORED))
    asked = CliRunner().invoke(commands, ["integrations", "set", "openai"], input=f"{KEY}\n")
    assert asked.exit_code == 0
    assert api.of("PUT", OPENAI)[0].document == {"api_key": KEY}
    assert KEY not in asked.output


def test_a_key_is_no_argument(signed_in: Path, api: StandIn) -> None:
    assert studio("integrations", "set", "openai", KEY).exit_code == 2
    assert api.requests == []


@pytest.mark.parametrize("content", [b" \n", b"\xff\xfe", b"x" * 10_001, None])
def test_a_file_without_a_key_is_refused(
    signed_in: Path, api: StandIn, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "key.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CliError):
        studio("integrations", "set", "openai", "--file", str(file))
    assert api.requests == []


def test_a_key_is_deleted(signed_in: Path, api: StandIn) -> None:
    api.on("DELETE", OPENAI, ScriptedResponse(status=204, body=b""))
    assert "no key of openai" in studio("integrations", "delete", "openai").output


def test_a_test_tells_what_the_provider_said(signed_in: Path, api: StandIn) -> None:
    found = {"provider": "openai", "account": "own", "detail": "OpenAI accepts the key."}
    api.on(
        "POST",
        f"{OPENAI}/test",
        *(
            ScriptedResponse({**found, "outcome": outcome})
            for outcome in ("ok", "untested", "refused")
        ),
    )
    shown = studio("integrations", "test", "openai").output
    assert "ok, with your own key: OpenAI accepts" in shown
    assert "untested" in studio("integrations", "test", "openai").output
    with pytest.raises(CliError, match="refused"):
        studio("integrations", "test", "openai")
