"""Sign-in: the tokens of a Cognito user, kept in a private file and refreshed in time.

The API takes the ID token, because only that one carries ``custom:tenant``.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from studio_cli.aws import Aws
from studio_cli.errors import CliError
from studio_cli.files import read_object, write_private
from studio_cli.profiles import LOCAL, Profile, folder_of

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import AuthenticationResultTypeTypeDef

EARLY_SECONDS = 60.0
"""A token is refreshed this long before it expires, so that it is valid during the request."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a user who is signed in.

    Attributes:
        expires_at: Unix time at which the ID token expires.
    """

    username: str
    id_token: str
    refresh_token: str
    expires_at: float

    def __repr__(self) -> str:
        """Return the user and the time, but no token."""
        return f"Tokens(username={self.username!r}, expires_at={self.expires_at})"


NewPassword = Callable[[], str]


def sign_in(
    profile: Profile, username: str, password: str, new_password: NewPassword | None = None
) -> None:
    """Sign in with a user name and a password, and keep the tokens.

    Raises:
        CliError: The user pool refuses the sign-in or asks for another step.
    """
    _keep(profile, authenticate(profile, username, password, new_password))


def authenticate(
    profile: Profile, username: str, password: str, new_password: NewPassword | None = None
) -> Tokens:
    """Sign in with a user name and a password, and return the tokens.

    Args:
        profile: The stack.
        username: The Cognito user.
        password: The user's password; it is not kept.
        new_password: Returns the user's own password; called if the given one is temporary.

    Raises:
        CliError: The user pool refuses the sign-in or asks for another step.
    """
    cognito = Aws(profile.region, profile.endpoint).cognito
    client_id = profile.user_pool_client_id
    try:
        answer = cognito.initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=client_id,
            AuthParameters={"USERNAME": username, "PASSWORD": password},
        )
        challenge, result = answer.get("ChallengeName"), answer.get("AuthenticationResult")
        if challenge == "NEW_PASSWORD_REQUIRED" and new_password:
            answered = cognito.respond_to_auth_challenge(
                ClientId=client_id,
                ChallengeName="NEW_PASSWORD_REQUIRED",
                Session=answer["Session"],
                ChallengeResponses={"USERNAME": username, "NEW_PASSWORD": new_password()},
            )
            challenge = answered.get("ChallengeName")
            result = answered.get("AuthenticationResult")
    except (BotoCoreError, ClientError) as error:
        raise CliError(f"The user pool refused the sign-in of {username!r}: {error}") from error
    if not result:
        raise CliError(
            f"The sign-in of {username!r} needs a step that this command lacks: {challenge}."
        )
    return _tokens(username, result, result["RefreshToken"])


def id_token(profile: Profile) -> str:
    """Return a valid ID token; refresh it first if it expires soon.

    Raises:
        CliError: No user is signed in, or the sign-in has expired.
    """
    entry = read_object(_path(profile)).get(profile.name)
    again = "studio local up" if profile.name == LOCAL else f"studio login --profile {profile.name}"
    if not isinstance(entry, dict):
        raise CliError(f"No user is signed in to {profile.name!r}.", f"sign in: {again}")
    tokens = Tokens(**entry)
    if tokens.expires_at - EARLY_SECONDS > time.time():
        return tokens.id_token
    try:
        answer = Aws(profile.region, profile.endpoint).cognito.initiate_auth(
            AuthFlow="REFRESH_TOKEN_AUTH",
            ClientId=profile.user_pool_client_id,
            AuthParameters={"REFRESH_TOKEN": tokens.refresh_token},
        )
    except (BotoCoreError, ClientError) as error:
        raise CliError(
            f"The sign-in of {tokens.username!r} has expired.", f"sign in again: {again}"
        ) from error
    fresh = _tokens(tokens.username, answer["AuthenticationResult"], tokens.refresh_token)
    _keep(profile, fresh)
    return fresh.id_token


def _tokens(username: str, result: "AuthenticationResultTypeTypeDef", refresh_token: str) -> Tokens:
    return Tokens(username, result["IdToken"], refresh_token, time.time() + result["ExpiresIn"])


def _keep(profile: Profile, tokens: Tokens) -> None:
    path = _path(profile)
    write_private(path, {**read_object(path), profile.name: asdict(tokens)})


def _path(profile: Profile) -> Path:
    return folder_of(profile.name) / "tokens.json"
