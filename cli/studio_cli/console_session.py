"""One-time codes: ``studio console`` opens the console with the demo user signed in."""

import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from studio_cli.aws import Aws
from studio_cli.demo_user import demo_user_file
from studio_cli.files import read_object, write_private
from studio_cli.profiles import Profile

VALID_SECONDS = 300


@dataclass(frozen=True, slots=True)
class ConsoleTokens:
    """The tokens of a user who is signed in to the console."""

    id_token: str
    refresh_token: str

    def __repr__(self) -> str:
        """Return no token."""
        return "ConsoleTokens()"


class OneTimeCodes:
    """Makes and exchanges the code of the local console; a new code replaces the last one.

    Args:
        folder: The folder of the local AWS.
        profile: The local stack.
    """

    def __init__(self, folder: Path, profile: Profile) -> None:
        self._path = folder / "console-code.json"
        self._folder = folder
        self._profile = profile

    def new(self) -> str:
        """Return a code that is valid once, for five minutes."""
        code = secrets.token_urlsafe(24)
        write_private(self._path, {"code": code, "expires_at": time.time() + VALID_SECONDS})
        return code

    def exchange(self, code: str) -> ConsoleTokens | None:
        """Return tokens of the demo user; None if the code is wrong, used or expired."""
        kept = read_object(self._path)
        expected, expires_at = kept.get("code"), kept.get("expires_at")
        if not (isinstance(expected, str) and secrets.compare_digest(expected, code)):
            return None
        # The exchange that removes the file wins; a second one at the same time finds none.
        try:
            self._path.unlink()
        except FileNotFoundError:
            return None
        expired = not isinstance(expires_at, float) or expires_at < time.time()
        return None if expired else self._sign_in()

    def _sign_in(self) -> ConsoleTokens | None:
        user = read_object(demo_user_file(self._folder))
        cognito = Aws(self._profile.region, self._profile.endpoint).cognito
        try:
            answer = cognito.initiate_auth(
                AuthFlow="USER_PASSWORD_AUTH",
                ClientId=self._profile.console_client_id,
                AuthParameters={
                    "USERNAME": str(user["username"]), "PASSWORD": str(user["password"])
                },
            )  # fmt: skip
        except (BotoCoreError, ClientError, KeyError):
            return None
        result = answer["AuthenticationResult"]
        return ConsoleTokens(result["IdToken"], result["RefreshToken"])
