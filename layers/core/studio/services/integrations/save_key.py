"""SaveKey: store a tenant's provider key and record that it is there."""

import json
from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.integrations.model import (
    MAX_KEY_BYTES,
    MIN_KEY_CHARACTERS,
    KeyRecord,
    last_four,
)
from studio.errors import FieldError, InvalidRequestError
from studio.ports.credentials import KeyRecordStore, KeyVault
from studio.services.integrations.change_key import change_key

_POINTER = "/api_key"


@dataclass(frozen=True, slots=True)
class SaveKey:
    """The service behind PUT /v1/integrations/{provider_id}."""

    vault: KeyVault
    records: KeyRecordStore
    now: Clock

    def run(
        self, tenant: str, provider: str, key: str, rate: int | None, *, saved_by: str
    ) -> KeyRecord:
        """Store a key and return its record.

        The key is stored before its record, so that no record stands for a key that is not there.

        Args:
            tenant: The tenant of the caller's token.
            provider: A provider that takes keys.
            key: The key; white space around it is left out.
            rate: Calls per minute of the account, None for those of the catalogue.
            saved_by: The user, for the record.

        Raises:
            InvalidRequestError: no key has this form.
            UnavailableError: as ``change_key``.
        """
        key = key.strip()
        value = key
        if rate is not None or key.startswith("{"):
            members = {"api_key": key, "rate_per_minute": rate}
            value = json.dumps({name: one for name, one in members.items() if one is not None})
        _check(key, value)
        written: list[KeyRecord] = []

        def write(change: int) -> bool:
            version = self.vault.put(provider, tenant, value)
            written.append(KeyRecord(last_four(key), self.now(), saved_by, version))
            return self.records.put(tenant, provider, written[-1], change)

        change_key(self.records, tenant, provider, write)
        return written[-1]


def _check(key: str, value: str) -> None:
    """Check the form of a key; the message does not repeat it.

    Raises:
        InvalidRequestError: it is too short or too long, or has characters that no key has.
    """
    if not (key.isascii() and key.isprintable()):
        detail = "A key has no line breaks, no control characters and only ASCII characters"
        raise InvalidRequestError(FieldError(_POINTER, "string-pattern-mismatch", detail))
    if "{{" in key:
        # The Parameter Store refuses a value with the name of a parameter in it.
        detail = "A key has no double braces"
        raise InvalidRequestError(FieldError(_POINTER, "string-pattern-mismatch", detail))
    if len(key) < MIN_KEY_CHARACTERS:
        detail = f"A key has at least {MIN_KEY_CHARACTERS} characters"
        raise InvalidRequestError(FieldError(_POINTER, "string-too-short", detail))
    if len(value.encode()) > MAX_KEY_BYTES:
        detail = f"A key has at most {MAX_KEY_BYTES:,} bytes"
        raise InvalidRequestError(FieldError(_POINTER, "string-too-long", detail))
