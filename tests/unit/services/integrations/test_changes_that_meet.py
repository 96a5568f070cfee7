"""Changes of one provider key that meet each other: key and record agree at the end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any

import pytest

from studio.domain.integrations.model import KeyTest
from studio.domain.provider_calls.accounts import own_account
from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError, UnavailableError
from studio.services.integrations.delete_key import DeleteKey
from studio.services.integrations.save_key import SaveKey
from studio.services.integrations.test_integration import TestIntegration as Integration
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.integrations import FakeKeyRecordStore, FakeKeyVault
from tests.support.interleaving import Interleaving, Program

PROVIDER = "openai"
STEPS_OF_A_CHANGE = 3
_AT = (PROVIDER, TENANT)


@dataclass
class World:
    """The keys and their records."""

    vault: FakeKeyVault = field(default_factory=FakeKeyVault)
    records: FakeKeyRecordStore = field(default_factory=FakeKeyRecordStore)

    def get(self, provider: str, tenant: str) -> Credentials:
        """Return the key, as a credential store that has nothing cached."""
        if (provider, tenant) not in self.vault.keys:
            raise CredentialsMissingError(provider)
        return Credentials(self.vault.keys[provider, tenant])

    def account(self, provider: str, tenant: str) -> str:
        """Return the account of a tenant."""
        return f"{provider}/{own_account(tenant)}"


def saving(key: str) -> Callable[[World], Program]:
    def of(world: World) -> Program:
        def program(step: Callable[[object], Any]) -> object:
            service = SaveKey(step(world.vault), step(world.records), lambda: START)
            return service.run(TENANT, PROVIDER, key, None, saved_by="ann")

        return program

    return of


def deleting(world: World) -> Program:
    def program(step: Callable[[object], Any]) -> None:
        DeleteKey(step(world.vault), step(world.records)).run(TENANT, PROVIDER)

    return program


def registering(world: World) -> Program:
    def program(step: Callable[[object], Any]) -> object:
        service = Integration(
            lambda: world,
            lambda provider, account: KeyTest("ok", ""),
            step(world.vault),
            step(world.records),
            lambda: START,
        )
        return service.register_tenants()

    return program


CHANGES = {
    "put": saving("first-key-1111"),
    "put another": saving("other-key-2222"),
    "delete": deleting,
    "register": registering,
}


def world_with(*, key: bool, record: bool) -> World:
    world = World()
    if key:
        world.vault.put(PROVIDER, TENANT, "stored-key-0000")
    if record:
        saving("stored-key-0000")(world)(lambda port: port)
        if not key:
            world.vault.delete(PROVIDER, TENANT)
    return world


def agree(world: World) -> bool:
    """Tell whether the record is of the key that is stored, or neither is there."""
    key, record = world.vault.keys.get(_AT), world.records.records.get((TENANT, PROVIDER))
    if key is None or record is None:
        return key is None and record is None
    return key.endswith(record.last_four)


@pytest.mark.parametrize("key", [False, True])
@pytest.mark.parametrize("pair", list(combinations_with_replacement(CHANGES, 2)), ids=str)
def test_key_and_record_agree_after_two_changes_in_any_order(
    pair: tuple[str, str], key: bool
) -> None:
    start = world_with(key=key, record=key)
    meeting = Interleaving([CHANGES[name] for name in pair], 3 * STEPS_OF_A_CHANGE)
    ends = list(meeting.ends(start))
    assert ends
    assert [order for world, order in ends if not agree(world)] == []


def test_key_and_record_agree_after_three_changes_in_any_order() -> None:
    changes = [CHANGES[name] for name in ("put", "delete", "put another")]
    meeting = Interleaving(changes, 2 * STEPS_OF_A_CHANGE)
    ends = list(meeting.ends(world_with(key=False, record=False)))
    assert len(ends) > 100
    assert [order for world, order in ends if not agree(world)] == []


@pytest.mark.parametrize(("key", "record"), [(True, False), (False, True)])
def test_a_change_puts_right_what_an_interrupted_one_left(key: bool, record: bool) -> None:
    for name in ("put", "delete"):
        world = world_with(key=key, record=record)
        assert not agree(world)
        CHANGES[name](world)(lambda port: port)
        assert agree(world)


class _Contested(FakeKeyRecordStore):
    """Records whose every change is followed by another one."""

    def begin(self, tenant: str, provider: str) -> int:
        super().begin(tenant, provider)
        return super().begin(tenant, provider) - 1


def test_a_change_that_never_comes_through_is_refused() -> None:
    with pytest.raises(UnavailableError, match="repeat the request"):
        DeleteKey(FakeKeyVault(), _Contested()).run(TENANT, PROVIDER)
