"""change_key: write a key and its record such that both agree, whatever else changes the key."""

from collections.abc import Callable

from studio.errors import UnavailableError
from studio.ports.credentials import KeyRecordStore

_ATTEMPTS = 10


def change_key(
    records: KeyRecordStore, tenant: str, provider: str, write: Callable[[int], bool]
) -> None:
    """Make a change of a key until no other change of it begins meanwhile.

    The last write of the key is then by a change that also wrote the last record.

    Args:
        records: Of the keys.
        tenant: The owner of the key.
        provider: Its provider.
        write: Writes the key and then the record of a change; returns whether the record held.

    Raises:
        UnavailableError: other changes begin all the time; a repeat brings both together.
    """
    for _ in range(_ATTEMPTS):
        if write(records.begin(tenant, provider)):
            return
    raise UnavailableError("other requests change this key all the time; repeat the request")
