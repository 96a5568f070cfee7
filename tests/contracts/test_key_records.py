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


def record(subject: Subject, provider: str, key: KeyRecord, tenant: str = TENANT) -> None:
    change = subject.records.begin(tenant, provider)
    assert subject.records.put(tenant, provider, key, change)


def own(subject: Subject) -> dict[str, KeyRecord]:
    return dict(subject.records.setup(TENANT).access.own)


def test_nothing_is_set_up_at_first(subject: Subject) -> None:
    setup = subject.records.setup(TENANT)
    assert (setup.images.source, setup.access.own) == ("default", {})
    assert (setup.access.shared, setup.access.disabled) == (None, frozenset())


def test_a_setup_has_the_settings_the_switches_and_the_keys(subject: Subject) -> None:
    save(subject, IMAGE_GENERATION, {"provider": "runware"})
    save(subject, PROVIDERS, {"disabled": ["bedrock"]})
    record(subject, "openai", KEY)
    record(subject, "gemini", replace(KEY, last_four="abcd"))
    record(subject, "runware", KEY, tenant="rival")
    subject.records.put_shared(["stability"], START)
    setup = subject.records.setup(TENANT)
    assert setup.images.provider == "runware"
    assert setup.access.own == {"openai": KEY, "gemini": replace(KEY, last_four="abcd")}
    assert setup.access.shared == frozenset({"stability"})
    assert setup.access.disabled == {"bedrock"}
    assert subject.records.setup("rival").access.own == {"runware": KEY}


def test_the_changes_of_each_key_are_counted_alone(subject: Subject) -> None:
    records = subject.records
    assert [records.begin(TENANT, "openai") for _ in range(3)] == [1, 2, 3]
    assert (records.begin(TENANT, "gemini"), records.begin("rival", "openai")) == (1, 1)
    assert own(subject) == {}


def test_a_change_records_its_key_and_goes_on_counting(subject: Subject) -> None:
    record(subject, "openai", KEY)
    later = replace(KEY, last_four="late", stored_at=START + timedelta(seconds=1), version=2)
    record(subject, "openai", later)
    assert own(subject) == {"openai": later}
    assert subject.records.begin(TENANT, "openai") == 3


def test_a_change_records_nothing_once_another_has_begun(subject: Subject) -> None:
    records = subject.records
    record(subject, "openai", KEY)
    first, second = records.begin(TENANT, "openai"), records.begin(TENANT, "openai")
    assert not records.put(TENANT, "openai", replace(KEY, version=9), first)
    assert not records.remove(TENANT, "openai", first)
    assert own(subject) == {"openai": KEY}
    assert records.remove(TENANT, "openai", second)
    assert not records.put(TENANT, "openai", KEY, first)
    assert own(subject) == {}


def test_a_removed_key_is_gone_and_may_come_again(subject: Subject) -> None:
    records = subject.records
    record(subject, "openai", replace(KEY, version=9))
    record(subject, "gemini", KEY)
    for _ in range(2):
        assert records.remove(TENANT, "openai", records.begin(TENANT, "openai"))
        assert own(subject) == {"gemini": KEY}
    record(subject, "openai", KEY)
    assert own(subject)["openai"] == KEY


def test_a_change_that_never_began_records_nothing(subject: Subject) -> None:
    assert not subject.records.put(TENANT, "openai", KEY, 1)
    assert not subject.records.remove(TENANT, "openai", 1)
    assert own(subject) == {}


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
