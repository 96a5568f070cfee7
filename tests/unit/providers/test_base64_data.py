"""Reading of base64 in the forms in which services send it."""

import base64
import gzip

import pytest

from studio.providers.shared.base64_data import decode_base64
from tests.support.stand_ins.pictures import png

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
        "base64:+//++//+IQ==",
        "+//++//+I=\r\nQ=3D=3D",
        "+//++//+IQ==\0",
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


PICTURE = png(8, 8, "a house") + bytes(range(256)) + b"\xfb\xef\xbe!"
TEXT = base64.b64encode(PICTURE).decode()


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("+", " "),
        f"data:image/png;base64,{TEXT}".replace("+", " "),
        PICTURE.hex(),
        PICTURE.hex().upper(),
        f"0x{PICTURE.hex()}",
        rf"\x{PICTURE.hex()}",
        base64.b64encode(TEXT.encode()).decode(),
        base64.b64encode(gzip.compress(PICTURE)).decode(),
        " ".join(TEXT[at : at + 76] for at in range(0, len(TEXT), 76)),
    ],
)
def test_a_file_that_was_changed_on_its_way_is_read(text: str) -> None:
    assert "+" in TEXT
    assert decode_base64(text) == PICTURE
