"""Runs commands against the stand-in, with answers that many of them need."""

from typing import Any

from typer.testing import CliRunner, Result

from studio_cli.main import commands
from tests.support.cli.stand_in import ScriptedResponse, StandIn

PAGE = {"next_cursor": None, "limit": 100}


def studio(*words: str) -> Result:
    return CliRunner().invoke(commands, words, catch_exceptions=False)


def announced(api: StandIn, media_type: str = "image/jpeg") -> None:
    """Let a file be announced and sent."""
    form = {"url": f"{api.url}/bucket", "fields": {"key": "k", "Content-Type": media_type}}
    document = {"asset": None, "upload": {"id": "upl_1"}, **form}
    api.on("POST", "/v1/uploads", ScriptedResponse(document, status=201))
    api.on("POST", "/bucket", ScriptedResponse(status=204, body=b""))


def completed(rule_error: str | None = None) -> dict[str, Any]:
    return {"asset": {"id": "ast_1"}, "upload": {"id": "upl_1", "rule_error": rule_error}}
