"""Names of files: as titles, as keys, and in the header of a download."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.assets.file_names import (
    content_disposition,
    decoded_name,
    key_name,
    shown_name,
)

ANY = st.text(st.characters(exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("name", "shown", "key"),
    [
        ("front.jpg", "front.jpg", "front.jpg"),
        ("商品写真.jpg", "商品写真.jpg", "file.jpg"),
        ("商品写真", "商品写真", "file"),
        ("u\u0308ber Fu\u0308chse.png", "über Füchse.png", "u-ber-Fu-chse.png"),
        ("über Füchse.png", "über Füchse.png", "ber-F-chse.png"),
        ("👩\u200d🚀 fox 🦊.webp", "👩\u200d🚀 fox 🦊.webp", "fox.webp"),
        ("C:\\photos\\mug.jpg", "mug.jpg", "mug.jpg"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("folder/mug.jpg/", "mug.jpg", "file"),
        ("line\r\nbreak\x00\x1b[2J.jpg", "line break [2J.jpg", "line-break-2J.jpg"),
        ("gpj.\u202egnp.jpg", "gpj.gnp.jpg", "gpj.-gnp.jpg"),
        ("\ufeff\u200bmug.jpg", "mug.jpg", "mug.jpg"),
        ("CON.jpg", "CON.jpg", "CON.jpg"),
        (".hidden", ".hidden", "file.hidden"),
        ("", "file", "file"),
        ("..", "file", "file"),
        ("a" * 300 + ".jpeg", "a" * 250 + ".jpeg", "a" * 95 + ".jpeg"),
        ("写" * 100 + ".jpg", "写" * 83 + ".jpg", "file.jpg"),
    ],
)
def test_a_name_is_shown_as_it_was_written_and_has_a_safe_key(
    name: str, shown: str, key: str
) -> None:
    assert (shown_name(name), key_name(name)) == (shown, key)


@given(ANY)
def test_any_name_is_shown_on_one_line_and_has_a_key_in_ascii(name: str) -> None:
    shown, key = shown_name(name), key_name(name)
    assert 1 <= len(shown.encode()) <= 255
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069/]", shown)
    assert shown_name(shown) == shown
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,100}", key)
    assert key not in (".", "..")


@pytest.mark.parametrize(
    ("name", "decoded"),
    [
        ("%E5%95%86%E5%93%81.jpg", "商品.jpg"),
        ("front%20view.jpg", "front view.jpg"),
        ("100%.jpg", "100%.jpg"),
        ("%ff%fe.jpg", "%ff%fe.jpg"),
        ("a+b.jpg", "a+b.jpg"),
    ],
)
def test_an_encoded_name_is_decoded(name: str, decoded: str) -> None:
    assert decoded_name(name) == decoded


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("fox.webp", 'attachment; filename="fox.webp"'),
        (
            "商品写真.jpg",
            'attachment; filename="file.jpg"; '
            "filename*=UTF-8''%E5%95%86%E5%93%81%E5%86%99%E7%9C%9F.jpg",
        ),
        ("a b.jpg", "attachment; filename=\"a-b.jpg\"; filename*=UTF-8''a%20b.jpg"),
        (
            'a";b.jpg',
            "attachment; filename=\"a-b.jpg\"; filename*=UTF-8''a%22%3Bb.jpg",
        ),
    ],
)
def test_the_header_of_a_download_names_the_file(name: str, header: str) -> None:
    assert content_disposition(name) == header


@given(ANY.map(shown_name))
def test_a_header_is_ascii_and_gives_the_name_back(name: str) -> None:
    header = content_disposition(name)
    assert re.fullmatch(r"[\x20-\x7e]+", header)
    found = re.search(r"filename\*=UTF-8''([^ ;]+)$", header)
    plain = re.search(r'filename="([A-Za-z0-9._-]+)"', header)
    assert plain
    assert (unquote(found[1]) if found else plain[1]) == name
    assert unicodedata.is_normalized("NFC", name)
