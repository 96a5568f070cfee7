import json
import stat
import time
from pathlib import Path

import pytest

from studio_cli.auth import Tokens, id_token, sign_in
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL, Profile, load_profile
from tests.support.cli.stand_in import ScriptedResponse, StandIn

WORDS, OWN_WORDS = "correct horse", "battery staple"
RESULT = {"IdToken": "fresh", "AccessToken": "a", "RefreshToken": "r", "ExpiresIn": 3600}


@pytest.fixture
def profile(api: StandIn, project: Path) -> Profile:
    return Profile(LOCAL, api.url, "us-east-1", "pool", "client", "/keys", "bucket", api.url)


def age(project: Path, seconds: float) -> None:
    """Let the kept ID token have this many seconds left."""
    path = project / ".local" / "tokens.json"
    tokens = json.loads(path.read_text())
    tokens[LOCAL]["expires_at"] = time.time() + seconds
    path.write_text(json.dumps(tokens))


def test_a_sign_in_is_kept_for_its_owner_only(
    api: StandIn, profile: Profile, project: Path
) -> None:
    api.on("POST", "/", ScriptedResponse({"AuthenticationResult": RESULT}))
    sign_in(profile, "ann", WORDS)
    path = project / ".local" / "tokens.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert WORDS not in path.read_text()
    assert id_token(profile) == "fresh"
    assert len(api.requests) == 1
    assert api.requests[0].document == {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": "client",
        "AuthParameters": {
            "USERNAME": "ann",
            "PASSWORD": WORDS,
        },
    }


def test_a_token_about_to_end_is_refreshed_and_kept(signed_in: Path, api: StandIn) -> None:
    age(signed_in, 30)
    api.on(
        "POST",
        "/",
        ScriptedResponse({"AuthenticationResult": {"IdToken": "next", "ExpiresIn": 3600}}),
    )
    profile = load_profile(LOCAL)
    assert [id_token(profile), id_token(profile)] == ["next", "next"]
    assert [request.document for request in api.requests] == [
        {
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "ClientId": "client",
            "AuthParameters": {"REFRESH_TOKEN": "refresh-token"},
        }
    ]


def test_a_sign_in_that_ended_says_how_to_sign_in_again(signed_in: Path, api: StandIn) -> None:
    age(signed_in, -10)
    api.on("POST", "/", ScriptedResponse({"__type": "NotAuthorizedException"}, status=400))
    with pytest.raises(CliError, match="has expired") as caught:
        id_token(load_profile(LOCAL))
    assert "studio local up" in str(caught.value.next_step)


def test_without_a_sign_in_there_is_no_token(profile: Profile) -> None:
    with pytest.raises(CliError, match="No user is signed in"):
        id_token(profile)


def test_a_wrong_password_is_refused_in_one_line(api: StandIn, profile: Profile) -> None:
    refusal = {"__type": "NotAuthorizedException", "message": "Incorrect username or password."}
    api.on("POST", "/", ScriptedResponse(refusal, status=400))
    with pytest.raises(CliError, match="Incorrect username or password") as caught:
        sign_in(profile, "ann", "wrong")
    assert "wrong" not in caught.value.message.replace("Incorrect", "")


def test_a_temporary_password_is_replaced(api: StandIn, profile: Profile) -> None:
    challenge = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s" * 20}
    api.on(
        "POST", "/", ScriptedResponse(challenge), ScriptedResponse({"AuthenticationResult": RESULT})
    )
    sign_in(profile, "ann", "temporary", lambda: OWN_WORDS)
    assert id_token(profile) == "fresh"
    assert api.requests[1].document == {
        "ClientId": "client",
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": "s" * 20,
        "ChallengeResponses": {
            "USERNAME": "ann",
            "NEW_PASSWORD": OWN_WORDS,
        },
    }


def test_a_step_that_the_cli_cannot_do_is_named(api: StandIn, profile: Profile) -> None:
    api.on("POST", "/", ScriptedResponse({"ChallengeName": "SMS_MFA", "Session": "s" * 20}))
    with pytest.raises(CliError, match="SMS_MFA"):
        sign_in(profile, "ann", "password")


def test_tokens_do_not_show_themselves() -> None:
    shown = repr(Tokens("ann", "secret-id", "secret-refresh", 1.0))
    assert "ann" in shown
    assert "secret" not in shown
