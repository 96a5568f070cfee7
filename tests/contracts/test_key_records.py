"""KeyRecordStore: what a tenant has set up, in one read, and changes that meet each other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from studio.adapters.dynamodb.key_records import DynamoKeyRecordStore
from studio.adapters.dynamodb.settings import DynamoSettingsStore
from studio.clock import rfc3339
from studio.domain.integrations.model import KeyRecord
from studio.domain.settings.model import IMAGE_GENERATION, PROVIDERS, SavedSettings
from studio.ports.credentials import KeyRecordStore
from studio.ports.settings import SettingsStore
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.integrations import FakeKeyRecordStore
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS, dynamodb_of
from tests.support.mock_aws.stack import CATALOG, clients, mock_stack

KEY = KeyRecord("wxyz", START, "ann", 1)


@dataclass(frozen=True, slots=True)
class Subject:
    """The records, and the settings of the same table."""

    records: KeyRecordStore
    settings: SettingsStore


@pytest.fixture(params=BACKENDS)
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        fake = FakeKeyRecordStore()
        yield Subject(fake, fake.settings)
        return
    with mock_stack():
        client, retry = dynamodb_of(request.param)
        yield Subject(
            DynamoKeyRecordStore(client, CATALOG, retry),
            DynamoSettingsStore(client, CATALOG, retry),
        )


def save(subject: Subject, name: str, document: dict[str, object]) -> None:
    subject.settings.put(SavedSettings(TENANT, name, 0, document, START, "ann"), 0)


def test_nothing_is_set_up_at_first(subject: Subject) -> None:
    setup = subject.records.setup(TENANT)
    assert (setup.images.source, setup.access.own) == ("default", {})
    assert (setup.access.shared, setup.access.disabled) == (None, frozenset())


def test_a_setup_has_the_settings_the_switches_and_the_keys(subject: Subject) -> None:
    save(subject, IMAGE_GENERATION, {"provider": "runware"})
    save(subject, PROVIDERS, {"disabled": ["bedrock"]})
    subject.records.put(TENANT, "openai", KEY, START)
    subject.records.put(TENANT, "gemini", replace(KEY, last_four="abcd"), START)
    subject.records.put("rival", "runware", KEY, START)
    subject.records.put_shared(["stability"], START)
    setup = subject.records.setup(TENANT)
    assert setup.images.provider == "runware"
    assert setup.access.own == {"openai": KEY, "gemini": replace(KEY, last_four="abcd")}
    assert setup.access.shared == frozenset({"stability"})
    assert setup.access.disabled == {"bedrock"}
    assert subject.records.setup("rival").access.own == {"runware": KEY}


def test_a_later_key_wins_whatever_comes_last(subject: Subject) -> None:
    later = KeyRecord("late", START + timedelta(seconds=1), "bob", 2)
    subject.records.put(TENANT, "openai", later, START)
    subject.records.put(TENANT, "openai", KEY, START)
    assert subject.records.setup(TENANT).access.own == {"openai": later}
    third = replace(later, version=3)
    subject.records.put(TENANT, "openai", third, START)
    assert subject.records.setup(TENANT).access.own == {"openai": third}


def test_a_key_of_a_new_parameter_replaces_one_that_was_there_before(subject: Subject) -> None:
    subject.records.put(TENANT, "openai", replace(KEY, version=9), START)
    after = START + timedelta(seconds=1)
    new = KeyRecord("new1", after, "bob", 1)
    subject.records.put(TENANT, "openai", new, START)
    assert subject.records.setup(TENANT).access.own["openai"].version == 9
    subject.records.put(TENANT, "openai", new, after)
    assert subject.records.setup(TENANT).access.own == {"openai": new}


def test_a_key_that_is_stored_during_a_deletion_stays(subject: Subject) -> None:
    new = replace(KEY, stored_at=START + timedelta(milliseconds=1))
    subject.records.put(TENANT, "openai", new, START)
    subject.records.remove(TENANT, "openai", START)
    assert subject.records.setup(TENANT).access.own == {"openai": new}


def test_a_removed_key_is_gone_and_may_come_again(subject: Subject) -> None:
    subject.records.remove(TENANT, "openai", START)
    subject.records.put(TENANT, "openai", replace(KEY, version=9), START)
    subject.records.put(TENANT, "gemini", KEY, START)
    for _ in range(2):
        subject.records.remove(TENANT, "openai", START)
        assert subject.records.setup(TENANT).access.own == {"gemini": KEY}
    subject.records.put(TENANT, "openai", KEY, START)
    assert subject.records.setup(TENANT).access.own["openai"] == KEY


def test_the_keys_of_the_stack_replace_the_earlier_ones(subject: Subject) -> None:
    for shared in (["openai", "gemini"], ["openai"], []):
        subject.records.put_shared(shared, START)
        assert subject.records.setup(TENANT).access.shared == frozenset(shared)


def test_the_same_keys_of_the_stack_are_not_written_to_aws_again() -> None:
    with mock_stack():
        store = DynamoKeyRecordStore(clients().dynamodb, CATALOG)
        store.put_shared(["openai"], START)
        store.put_shared(["openai"], START + timedelta(minutes=1))
        rows = clients().dynamodb.scan(TableName=CATALOG)["Items"]
    assert [row["changed_at"]["S"] for row in rows] == [rfc3339(START)]


def test_a_setup_is_one_call_of_aws() -> None:
    asked: list[str] = []
    with mock_stack():
        client = clients().dynamodb
        client.meta.events.register(
            "before-call.dynamodb", lambda model, **_: asked.append(model.name)
        )
        DynamoKeyRecordStore(client, CATALOG).setup(TENANT)
    assert asked == ["BatchGetItem"]


def test_where_nothing_is_recorded_aws_gets_no_row() -> None:
    with mock_stack():
        DynamoKeyRecordStore(clients().dynamodb, CATALOG).remove(TENANT, "openai", START)
        assert clients().dynamodb.scan(TableName=CATALOG)["Items"] == []
