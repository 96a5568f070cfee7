"""Creator and copyright notice, as cameras and editors write them."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from studio_imaging.encode import encode
from studio_imaging.formats import OutputFormat
from studio_imaging.rights import MOST_CHARACTERS, Rights, read_rights
from studio_imaging.xmp import packet

SMALL = Image.new("RGB", (16, 16), (120, 80, 40))
SAID = Rights("Ann Müller", "© 2026 Studio Süd")


def with_exif(kind: str, artist: str, notice: str) -> bytes:
    """Return a file with both texts in UTF-8, as cameras write where the standard has ASCII."""
    exif, file = Image.Exif(), BytesIO()
    exif[ExifTags.Base.Artist] = artist.encode()
    exif[ExifTags.Base.Copyright] = notice.encode()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    SMALL.save(file, kind, exif=exif)
    return file.getvalue()


def with_iptc(*records: tuple[int, bytes], name: bytes = b"\x00\x00") -> bytes:
    """Return a JPEG with a Photoshop block before its other segments."""
    file = BytesIO()
    SMALL.save(file, "JPEG")
    data = file.getvalue()
    block = b"".join(
        b"\x1c\x02" + bytes([number]) + len(text).to_bytes(2, "big") + text
        for number, text in records
    )
    other = b"8BIM\x03\xed\x00\x00" + (3).to_bytes(4, "big") + b"abc\x00"
    iptc = (
        b"8BIM\x04\x04" + name + len(block).to_bytes(4, "big") + block + b"\x00" * (len(block) % 2)
    )
    content = b"Photoshop 3.0\x00" + other + iptc
    return data[:2] + b"\xff\xed" + (len(content) + 2).to_bytes(2, "big") + content + data[2:]


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "avif"])
def test_the_studio_reads_what_it_writes(kind: OutputFormat) -> None:
    xmp = packet(None, creator=SAID.creator, notice=SAID.copyright)
    assert read_rights(encode(SMALL, kind, xmp=xmp).data) == SAID
    assert read_rights(encode(SMALL, kind).data) == Rights()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_exif_is_read(kind: str) -> None:
    assert read_rights(with_exif(kind, str(SAID.creator), str(SAID.copyright))) == SAID


def test_iptc_is_read() -> None:
    two = with_iptc((80, b"Ann"), (80, "Bö".encode()), (116, "© 2026".encode("latin-1")))
    assert read_rights(two) == Rights("Ann; Bö", "© 2026")
    named = with_iptc((5, b"title"), (116, b"(c) x"), name=b"\x04name\x00")
    assert read_rights(named) == Rights(None, "(c) x")


def test_xmp_of_other_software_is_read_and_comes_first() -> None:
    xmp = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"
     xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:RDF><rdf:Description
     xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>Ann</rdf:li>
     <rdf:li>Bo</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist], exif[ExifTags.Base.Copyright] = "other", "mine"
    file = BytesIO()
    SMALL.save(file, "JPEG", exif=exif, xmp=xmp)
    assert read_rights(file.getvalue()) == Rights("Ann; Bo", "mine")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("photographer\x00editor", "photographer; editor"),
        ("line\r\nbreak\x1b[2J\u202e", "line break [2J"),
        (" ", None),
        ("a" * 900, "a" * MOST_CHARACTERS),
    ],
)
def test_a_text_is_one_line_of_bounded_length(text: str, read: str | None) -> None:
    assert read_rights(with_exif("JPEG", text, "x")).creator == read
    if "\x00" not in text:
        assert read_rights(with_iptc((80, text.encode()))).creator == read


@given(st.binary(max_size=60), st.integers(0, 200))
def test_no_damage_stops_the_reading(noise: bytes, at: int) -> None:
    for whole in (with_iptc((80, b"Ann"), (116, b"mine")), with_exif("JPEG", "Ann", "mine")):
        read_rights(whole[:at] + noise + whole[at + len(noise) :])
        read_rights(whole[: at + 20])
    read_rights(noise)
