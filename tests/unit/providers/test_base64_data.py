"""Strict reading of base64."""

from studio.providers.shared.base64_data import decode_base64


def test_base64_is_read_strictly() -> None:
    assert decode_base64("aGk=") == b"hi"
    for wrong in ("*aGk=", "aGk", "aG k=", "aGké"):
        assert decode_base64(wrong) is None
