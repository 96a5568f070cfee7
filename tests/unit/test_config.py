"""Settings from the environment."""

import pytest

from studio.config import settings
from studio.errors import ConfigurationError


def test_settings_are_read_in_the_order_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST", "1")
    monkeypatch.setenv("SECOND", "2")
    assert settings("SECOND", "FIRST") == ("2", "1")


def test_all_missing_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST", "1")
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.delenv("ABSENT", raising=False)
    with pytest.raises(ConfigurationError, match="EMPTY, ABSENT"):
        settings("FIRST", "EMPTY", "ABSENT")
