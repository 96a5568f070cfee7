"""Reading of pictures out of documents in every form."""

import base64

import pytest

from studio.providers.shared.images import Address, find_image, first_image, read_image
from tests.support.stand_ins.pictures import png

PICTURE = png(8, 8, "a house")
TEXT = base64.b64encode(PICTURE).decode()
URL = "https://files.test/a.png"


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (TEXT, PICTURE),
        ("aGk=", b"hi"),
        ("/9j/4AAQSkZJRg==", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        (URL, Address(URL)),
        ("http://files.test/a", Address("http://files.test/a")),
        ("//files.test/a", Address("//files.test/a")),
        ("/files/a.png", Address("/files/a.png")),
        ("/files/abcd", Address("/files/abcd")),
        ({"url": URL}, Address(URL)),
        ([{"b64_json": TEXT}], PICTURE),
        ("data:image/png,%89PNG%0D%0A%1A%0A", b"\x89PNG\r\n\x1a\n"),
        ("data:image/png,a", None),
        ("HTTPS://files.test/a.png", Address(URL)),
        (f" \n{URL}\n", Address(URL)),
        (f'"{URL}"', Address(URL)),
        (f'{{"b64_json": "{TEXT}"}}', PICTURE),
        (f'[{{"url": "{URL}"}}]', Address(URL)),
        ({"type": "Buffer", "data": list(PICTURE)}, PICTURE),
        (list(PICTURE), PICTURE),
        ([1, 2, 3], None),
        ([137, 80, 78, 71, 300], None),
        ("file:///etc/passwd", None),
        ("*", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_documented_field_is_read_in_every_form(value: object, content: object) -> None:
    assert read_image(value) == content


def test_the_first_readable_value_counts() -> None:
    assert first_image(["*", None, TEXT, URL]) == PICTURE
    assert first_image(["*", None]) is None


@pytest.mark.parametrize(
    ("document", "content"),
    [
        ({"data": [{"b64_json": TEXT}]}, PICTURE),
        ({"data": {"url": URL, "b64_json": TEXT}}, PICTURE),
        ({"images": [TEXT]}, PICTURE),
        ({"images": [{"image_url": {"url": URL}}]}, Address(URL)),
        ({"output": {"results": [{"url": URL}]}}, Address(URL)),
        ({"generatedImages": [{"image": {"imageBytes": TEXT}}]}, PICTURE),
        ({"choices": [{"message": {"images": [{"image_url": {"url": URL}}]}}]}, Address(URL)),
        ({"artifacts": [{"base64": "*"}, {"base64": TEXT}]}, PICTURE),
        ({"result": f"data:image/png;base64,{TEXT}"}, PICTURE),
        ({"input": {"image": TEXT}, "prompt": TEXT}, None),
        ({"data": "none", "result": "aGk="}, None),
        ({"url": "/files/a.png", "output": "success"}, None),
        ({"data": [[[[[[[[TEXT]]]]]]]]}, None),
        ({}, None),
        ([], None),
    ],
)
def test_an_image_is_found_where_it_is_beyond_doubt(document: object, content: object) -> None:
    assert find_image(document) == content
