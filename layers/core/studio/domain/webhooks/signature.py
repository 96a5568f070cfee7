"""Secrets and signatures of Standard Webhooks 1.0.0 (standardwebhooks.com, read 2026-11-21)."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

PREFIX = "whsec_"
MIN_BYTES, MAX_BYTES = 24, 64
OLD_SECRET_VALID = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """The secret of a webhook, and for a day after a change the one before it."""

    current: str
    previous: str | None = None
    previous_until: datetime | None = None

    def __repr__(self) -> str:
        return "SigningSecret(***)"

    def valid(self, at: datetime) -> Sequence[str]:
        """Return the secrets to sign with."""
        if self.previous and self.previous_until and at < self.previous_until:
            return (self.current, self.previous)
        return (self.current,)

    def replaced(self, secret: str, at: datetime) -> "SigningSecret":
        """Return the secret after a change to a new one."""
        return SigningSecret(secret, self.current, at + OLD_SECRET_VALID)


def new_secret() -> str:
    """Return a new secret of 256 bits."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    """Tell whether a text is a secret of 24 to 64 bytes, as the standard writes it."""
    if not text.startswith(PREFIX):
        return False
    try:
        key = b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError:
        return False
    return MIN_BYTES <= len(key) <= MAX_BYTES


def signed_headers(
    secret: SigningSecret, message_id: str, body: str, at: datetime
) -> dict[str, str]:
    """Return the headers that prove the sender and the time of a body."""
    timestamp = str(int(at.timestamp()))
    content = f"{message_id}.{timestamp}.{body}".encode()
    signatures = (
        b64encode(hmac.digest(b64decode(one.removeprefix(PREFIX)), content, sha256)).decode()
        for one in secret.valid(at)
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
