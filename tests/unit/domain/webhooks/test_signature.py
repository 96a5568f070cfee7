"""Signatures of webhooks, held against the standard's own words and numbers."""

import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from studio.domain.webhooks.signature import SigningSecret, is_secret, new_secret, signed_headers

AT = datetime(2022, 11, 6, 22, 57, 30, tzinfo=UTC)


def test_a_body_is_signed_with_its_id_and_its_time() -> None:
    secret = new_secret()
    headers = signed_headers(SigningSecret(secret), "evt_1", '{"test": "ü"}', AT)
    assert headers["webhook-id"] == "evt_1"
    assert headers["webhook-timestamp"] == "1667775450"
    key = b64decode(secret.removeprefix("whsec_"))
    content = 'evt_1.1667775450.{"test": "ü"}'.encode()
    digest = hmac.new(key, content, sha256).digest()
    assert headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"


def test_for_a_day_both_secrets_sign() -> None:
    held = SigningSecret(new_secret()).replaced(new_secret(), AT)
    for hours, count in [(0, 2), (23, 2), (24, 1), (25, 1)]:
        headers = signed_headers(held, "evt_1", "{}", AT + timedelta(hours=hours))
        signatures = headers["webhook-signature"].split(" ")
        assert len(signatures) == count
        alone = signed_headers(
            SigningSecret(held.current), "evt_1", "{}", AT + timedelta(hours=hours)
        )
        assert signatures[0] == alone["webhook-signature"]


def test_a_secret_shows_itself_nowhere() -> None:
    assert "whsec" not in repr(SigningSecret(new_secret(), new_secret(), AT))


def test_secrets_are_never_the_same() -> None:
    assert is_secret(new_secret())
    assert len({new_secret() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("length", "good"), [(23, False), (24, True), (32, True), (64, True), (65, False)]
)
def test_a_secret_has_24_to_64_bytes(length: int, good: bool) -> None:
    assert is_secret("whsec_" + b64encode(b"x" * length).decode()) == good


@pytest.mark.parametrize(
    "text", ["", "whsec_", "whsec_***", "secret", b64encode(b"x" * 32).decode()]
)
def test_what_is_no_secret_is_told_apart(text: str) -> None:
    assert not is_secret(text)
