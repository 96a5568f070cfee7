"""Settings from the environment."""

import re

import pytest

from studio.config import OPTIONAL, Settings, Tables
from studio.errors import ConfigurationError

REQUIRED = ("JOBS_TABLE_NAME", "ASSETS_TABLE_NAME", "LEDGER_TABLE_NAME")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*REQUIRED, *OPTIONAL, "PROVIDERS"):
        monkeypatch.delenv(name, raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings.read(*values)


def test_members_are_named_after_what_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(
        monkeypatch, JOBS_TABLE_NAME="jobs", ASSETS_TABLE_NAME="assets", LEDGER_TABLE_NAME="ledger"
    )

    assert settings.jobs_table == "jobs"
    assert settings.tables == Tables("jobs", "assets", "ledger")


def test_all_missing_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS_TABLE_NAME", "jobs")
    monkeypatch.setenv("ASSETS_TABLE_NAME", "")

    with pytest.raises(ConfigurationError, match=r": ASSETS_TABLE_NAME, LEDGER_TABLE_NAME$"):
        Settings.read(*REQUIRED, *OPTIONAL)


def test_optional_settings_may_be_absent() -> None:
    settings = Settings.read(*OPTIONAL)

    assert settings.monthly_limit is None
    assert settings.trusted_hosts == frozenset()
    assert settings.notification_sender == settings.notification_domains == ""


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, PROVIDERS="openai")
    monkeypatch.setenv("PROVIDERS", "runware")

    assert settings.providers == ("openai",)


def test_a_setting_that_is_not_declared_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, JOBS_TABLE_NAME="jobs")
    monkeypatch.setenv("ASSETS_TABLE_NAME", "assets")

    for undeclared in ("assets_table", "tables", "providers", "trusted_hosts", "monthly_limit"):
        with pytest.raises(ConfigurationError, match="does not declare"):
            getattr(settings, undeclared)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, PROVIDERS=" openai,, runware ", TRUSTED_HOSTS="a.b, c ,")

    assert settings.providers == ("openai", "runware")
    assert settings.trusted_hosts == {"a.b", "c"}


def test_the_limit_is_read_as_micro_dollars(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, TENANT_MONTHLY_LIMIT_USD="12.50").monthly_limit == 12_500_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("TENANT_MONTHLY_LIMIT_USD", text) for text in ("twelve", "-1", "0.0000001", "NaN")),
        *(("PROVIDERS", text) for text in (",", "openai;runware", "OpenAI")),
        *(("TRUSTED_HOSTS", text) for text in ("http://a.b", "a.b:80", "a b")),
    ],
)
def test_a_malformed_value_is_named_when_it_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} is not .*: {re.escape(text)}$"):
        given(monkeypatch, **{name: text})


def test_all_malformed_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"PROVIDERS": ",", "TRUSTED_HOSTS": "a b", "JOBS_TABLE_NAME": "jobs"}

    with pytest.raises(ConfigurationError, match=r"PROVIDERS is not .*; TRUSTED_HOSTS is not"):
        given(monkeypatch, **values)


def test_no_value_is_shown_in_the_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "secret-value" not in repr(given(monkeypatch, CURSOR_KEY="secret-value"))
