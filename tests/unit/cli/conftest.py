import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_cli.profiles import LOCAL, Profile, save_profile
from tests.support.cli import samples
from tests.support.cli.stand_in import ScriptedResponse, StandIn, serve

OWN_SETTINGS = {"output_size": None, "model": None, "quality": None}
ACCOUNT_SETTINGS = {"defaults": {"quality": None, "enhance_prompt": False}}


@pytest.fixture
def api() -> Iterator[StandIn]:
    with serve(StandIn) as stand_in:
        stand_in.usually("POST", "/v1/estimates", ScriptedResponse(samples.estimate("0.000000")))
        stand_in.usually("GET", "/v1/settings", ScriptedResponse(OWN_SETTINGS))
        stand_in.usually("GET", "/v1/settings/account", ScriptedResponse(ACCOUNT_SETTINGS))
        yield stand_in


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working copy, which is the current folder."""
    (tmp_path / "template.yaml").touch()
    (tmp_path / "statemachines").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def signed_in(project: Path, api: StandIn) -> Path:
    """A working copy whose local profile is the stand-in, with a token that is still good."""
    profile = Profile(LOCAL, api.url, "us-east-1", "pool", "client", "/keys", "bucket", api.url)
    save_profile(profile)
    tokens = {
        "username": "demo",
        "id_token": "id-token",
        "refresh_token": "refresh-token",
        "expires_at": time.time() + 3600,
    }
    (project / ".local" / "tokens.json").write_text(json.dumps({LOCAL: tokens}))
    return project
