"""SettingsStore: one document a name, and changes that never overwrite each other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.adapters.dynamodb.settings import DynamoSettingsStore
from studio.domain.settings.model import (
    ACCOUNT,
    IMAGE_GENERATION,
    ImageGenerationSettings,
    SavedSettings,
    user_settings,
)
from studio.errors import PreconditionFailedError
from studio.ports.settings import SettingsStore
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.settings import FakeSettingsStore
from tests.support.mock_aws.conflicting_dynamodb import BACKENDS, dynamodb_of
from tests.support.mock_aws.stack import CATALOG, mock_stack

DOCUMENT = {"provider": "runware", "nested": {"ü": [1, 0.5, None, True]}}


@pytest.fixture(params=BACKENDS)
def settings(request: pytest.FixtureRequest) -> Iterator[SettingsStore]:
    if request.param == "memory":
        yield FakeSettingsStore()
        return
    with mock_stack():
        client, retry = dynamodb_of(request.param)
        yield DynamoSettingsStore(client, CATALOG, retry)


def a_document(name: str = ACCOUNT, tenant: str = TENANT) -> SavedSettings:
    return SavedSettings(tenant, name, 0, DOCUMENT, START, "ann")


def test_documents_are_read_as_they_were_written(settings: SettingsStore) -> None:
    written = settings.put(a_document(), 0)
    assert written == replace(a_document(), version=1)
    own = settings.put(a_document(user_settings("ann")), 0)
    names = [ACCOUNT, user_settings("ann"), user_settings("bob"), ACCOUNT]
    assert settings.get(TENANT, names) == {ACCOUNT: written, user_settings("ann"): own}
    assert settings.get("rival", names) == {}


def test_each_change_is_one_version_more(settings: SettingsStore) -> None:
    first = settings.put(a_document(), 0)
    later = replace(first, document={}, updated_at=START + timedelta(hours=1), updated_by="bob")
    second = settings.put(later, first.version)
    assert second == replace(later, version=2)
    assert settings.get(TENANT, [ACCOUNT]) == {ACCOUNT: second}


@pytest.mark.parametrize("stale", [0, 1, 3])
def test_a_document_that_changed_meanwhile_is_not_overwritten(
    settings: SettingsStore, stale: int
) -> None:
    second = settings.put(settings.put(a_document(), 0), 1)
    with pytest.raises(PreconditionFailedError):
        settings.put(replace(a_document(), document={}), stale)
    assert settings.get(TENANT, [ACCOUNT]) == {ACCOUNT: second}


def test_what_is_not_stored_cannot_be_replaced(settings: SettingsStore) -> None:
    with pytest.raises(PreconditionFailedError):
        settings.put(a_document(), 1)
    assert settings.get(TENANT, [ACCOUNT]) == {}


def test_image_settings_are_the_stored_ones_or_the_defaults(settings: SettingsStore) -> None:
    assert settings.image_generation(TENANT) == ImageGenerationSettings()
    document = {"provider": "stability", "image_format": "png"}
    settings.put(replace(a_document(IMAGE_GENERATION), document=document), 0)
    found = settings.image_generation(TENANT)
    assert (found.provider, found.model, found.image_format) == ("stability", None, "png")
    assert (found.source, found.version) == ("stored", 1)
    assert settings.image_generation("rival").source == "default"
