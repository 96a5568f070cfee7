"""The kind of a file in a message that refuses it."""

import base64
import gzip
import struct

import pytest
from PIL import Image

from studio_imaging.audio import check_audio
from studio_imaging.decode import decode
from studio_imaging.errors import ImageRejectedError
from studio_imaging.media import check_model, check_video
from studio_imaging.naming import named
from tests.support.imaging.samples import file_of

TGA_END = b"TRUEVISION-XFILE.\x00"
RED = Image.new("RGB", (8, 8), "red")


def iso(*brands: bytes) -> bytes:
    body = brands[0] + bytes(4) + b"".join(brands[1:])
    return struct.pack(">I", len(body) + 8) + b"ftyp" + body + bytes(32)


FILES = {
    "a HEIC image": [iso(b"heic", b"mif1"), iso(b"mif1", b"heic"), iso(b"heix")],
    "a HEIF image": [iso(b"mif1", b"miaf")],
    "an AVIF image": [iso(b"avif", b"mif1"), file_of(RED, "AVIF")],
    "an MP4 video": [iso(b"isom", b"mp42"), iso(b"M4V ")],
    "a QuickTime video": [iso(b"qt  "), b"\x00\x00\x00\x08wide" + bytes(9)],
    "a Canon camera raw image (CR3)": [iso(b"crx ", b"isom")],
    "a TIFF or camera raw image": [file_of(RED, "TIFF"), b"MM\x00*" + bytes(9)],
    "an SVG drawing": [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- by hand -->\n<svg width='1'></svg>",
        "<svg />".encode("utf-16"),
        b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN'>",
        b"<svg/>",
        b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><!--" + b"c" * 20_000 + b"--><svg></svg>",
        gzip.compress(b"<svg width='1'></svg>"),
    ],
    "an HTML page": [b"<!doctype html><title>404</title>", b"\n<HTML><body>no image"],
    "an XML document": [b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"],
    "text": [b"not an image", "caf\u00e9".encode()],
    "a gzip archive": [gzip.compress(b"words"), b"\x1f\x8b\x08" + bytes(9)],
    "a TGA image": [file_of(RED, "TGA"), b"\x00\x00\x02" + bytes(40) + TGA_END],
    "a Windows cursor (CUR)": [b"\x00\x00\x02\x00\x01\x00" + bytes(20)],
    "a Windows metafile (WMF or EMF)": [
        b"\xd7\xcd\xc6\x9a" + bytes(20),
        b"\x01\x00\x00\x00" + bytes(36) + b" EMF",
    ],
    "a DjVu document": [b"AT&TFORM\x00\x00\x00\x20DJVU"],
    "a DICOM image": [bytes(128) + b"DICM"],
    "a BPG image": [b"BPG\xfb\x00"],
    "a Radiance HDR image": [b"#?RADIANCE\n", b"#?RGBE\n"],
    "a companion file of macOS without an image": [b"\x00\x05\x16\x07" + bytes(20)],
    "an image as base64 text": [
        base64.b64encode(file_of(RED, each)) for each in ("JPEG", "PNG", "GIF", "WEBP")
    ]
    + [b"data:image/png;base64,iVBORw0KGgo"],
    "a PDF document": [file_of(RED, "PDF"), b"\xef\xbb\xbf\r\n %PDF-1.7\n"],
    "a BMP image": [file_of(RED, "BMP")],
    "a Photoshop document (PSD)": [b"8BPS\x00\x01" + bytes(20)],
    "a WebM or Matroska video": [b"\x1aE\xdf\xa3" + bytes(20)],
    "an AVI video": [b"RIFF\x00\x00\x00\x00AVI LIST"],
    "a JPEG 2000 image": [b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51\x00"],
    "a JPEG XL image": [b"\xff\x0a" + bytes(9), b"\x00\x00\x00\x0cJXL \r\n\x87\n"],
    "a Windows icon (ICO)": [file_of(RED, "ICO")],
    "a ZIP archive or an office document": [b"PK\x03\x04" + bytes(20)],
    "an EPS document": [b"\xc5\xd0\xd3\xc6" + bytes(20)],
    "a Netpbm image (PBM, PGM or PPM)": [file_of(RED, "PPM")],
    "an MP3 sound": [b"ID3\x03", b"\xff\xfb\x90\x00"],
    "empty": [b""],
    "of an unknown type": [b"\x00\x01\x02\x03" * 5, b"<\x00\x01\x02"[1:]],
}


@pytest.mark.parametrize(
    ("data", "name"), [(data, name) for name, files in FILES.items() for data in files]
)
def test_a_file_is_named_by_its_content(data: bytes, name: str) -> None:
    assert named(data) == name


@pytest.mark.parametrize("name", [name for name in FILES if name != "an AVIF image"])
def test_the_refusal_of_an_image_has_the_name(name: str) -> None:
    with pytest.raises(ImageRejectedError) as refused:
        decode(FILES[name][0])

    assert refused.value.code == "image-type-unsupported"
    assert f"the file is {name}, not a JPEG" in str(refused.value)


def test_refusals_of_sound_video_and_model_have_the_name() -> None:
    picture = file_of(RED, "PNG")
    for check, wanted in (
        (check_audio, "neither WAV nor MP3"),
        (check_video, "not a complete MP4 video"),
        (check_model, "not a complete GLB model"),
    ):
        with pytest.raises(ImageRejectedError, match=f"the file is a PNG image, {wanted}"):
            check(picture)
    with pytest.raises(ImageRejectedError, match=r"^the file is not a complete MP4 video$"):
        check_video(iso(b"isom"))
