"""SaveSettings: a size is stored only if a model that may be chosen can make it."""

from typing import Any

import pytest

from studio.domain.settings.model import IMAGE_GENERATION, user_settings
from studio.errors import FieldError, InvalidRequestError
from studio.services.settings.save_settings import SaveSettings
from tests.support.builders import TENANT
from tests.support.fakes.edges import START, FakeKeyRegister
from tests.support.fakes.settings import FakeSettingsStore

OWN = user_settings("user-1")


def save(
    document: dict[str, Any],
    providers: tuple[str, ...] = ("openai", "stability"),
    without_key: tuple[str, ...] = (),
    name: str = OWN,
) -> None:
    keys = FakeKeyRegister(without_key)
    service = SaveSettings(FakeSettingsStore(), lambda: START, providers, keys)
    service.run(TENANT, name, document, saved_by="user-1", replaces=0)


def refused(document: dict[str, Any], **known: Any) -> tuple[FieldError, ...]:
    with pytest.raises(InvalidRequestError) as caught:
        save(document, **known)
    return caught.value.fields


def test_one_model_of_the_automatic_choice_is_enough_for_a_size() -> None:
    save({"output_size": "4000x1000"})
    (error,) = refused({"output_size": "4000x900"})
    assert (error.pointer, error.code) == ("/output_size", "ratio-not-offered")
    assert error.detail == "no configured model makes a format longer than 4:1"


def test_a_model_that_cannot_be_called_makes_no_size() -> None:
    (error,) = refused({"output_size": "4000x1000"}, without_key=("stability",))
    assert error.detail.endswith("longer than 3:1")


def test_a_named_model_is_asked_alone() -> None:
    (error,) = refused({"output_size": "4000x1000", "model": {"provider": "openai"}})
    assert "3:1" in error.detail
    save({"output_size": "4000x1000", "model": {"provider": "stability"}})


def test_each_wrong_size_of_an_account_is_named() -> None:
    found = refused(
        {"desktop_size": "4000x500", "mobile_size": "64x4000", "service": "stability"},
        name=IMAGE_GENERATION,
    )
    assert [one.pointer for one in found] == ["/desktop_size", "/mobile_size"]


def test_no_size_is_refused_where_no_model_can_be_called() -> None:
    save({"output_size": "4096x64"}, without_key=("openai", "stability"))


def test_a_model_that_generates_nothing_has_no_sizes_to_check() -> None:
    save({"output_size": "4096x64", "model": {"provider": "stability", "id": "upscale-fast"}})
