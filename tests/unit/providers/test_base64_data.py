"""Reading of base64 in the forms in which services send it."""

import pytest

from studio.providers.shared.base64_data import decode_base64

# These bytes need both characters in which the alphabets differ, and two of padding.
DATA = b"\xfb\xff\xfe\xfb\xff\xfe!"


@pytest.mark.parametrize(
    "text",
    [
        "+//++//+IQ==",
        "+//++//+IQ",
        "+//++//+IQ=",
        "-__--__-IQ==",
        "-__--__-IQ",
        "+//+\n+//+\r\nIQ==\n",
        " \t+//++//+ IQ==",
        "data:image/png;base64,+//++//+IQ==",
        "image/png;base64,+//++//+IQ==",
        "data:image/png;base64,+//+\n+//+IQ",
        "data:;base64,-__--__-IQ",
        "DATA:image/png;charset=utf-8;BASE64,+//++//+IQ==",
        "data:image/png;base64,%2B//%2B%2B//%2BIQ%3D%3D",
        "data:image/png,+//++//+IQ==",
        "base64,+//++//+IQ==",
        "%2B//%2B%2B//%2BIQ%3D%3D",
        "\ufeff+//++//+\u200bIQ==",
        '"+//++//+IQ=="',
        "b'+//++//+IQ=='",
        r"+\/\/++\/\/+\r\nIQ==\n",
    ],
)
def test_every_form_of_base64_is_read(text: str) -> None:
    assert decode_base64(text) == DATA


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "=",
        "*+//+",
        "+//+A",
        "+/=/+",
        "aGk\xe9",
        "data:image/png;base64,",
        "https://a.b/c",
    ],
)
def test_other_texts_are_not_base64(text: str) -> None:
    assert decode_base64(text) is None
