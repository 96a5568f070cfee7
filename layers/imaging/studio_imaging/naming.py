"""The kind of any file in words, for messages that refuse it. Imported on first use."""

import re
from typing import Final

from studio_imaging.formats import brands, sniff

# First bytes of files that are often taken for images, where in the file they stand, and a name.
_OTHERS: Final = (
    (0, b"II*\x00", "a TIFF or camera raw image"),
    (0, b"MM\x00*", "a TIFF or camera raw image"),
    (0, b"II+\x00", "a BigTIFF image"),
    (0, b"MM\x00+", "a BigTIFF image"),
    (0, b"IIRO", "an Olympus camera raw image"),
    (0, b"IIU\x00", "a Panasonic camera raw image"),
    (0, b"II\xbc\x01", "a JPEG XR image"),
    (0, b"FUJIFILMCCD-RAW", "a Fujifilm camera raw image"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"%!PS", "a PostScript or EPS document"),
    (0, b"\xc5\xd0\xd3\xc6", "an EPS document"),
    (0, b"8BPS", "a Photoshop document (PSD)"),
    (0, b"gimp xcf", "a GIMP document (XCF)"),
    (0, b"\x00\x00\x01\x00", "a Windows icon (ICO)"),
    (0, b"\x00\x00\x02\x00", "a Windows cursor (CUR)"),
    (0, b"icns", "an Apple icon (ICNS)"),
    (0, b"\xff\x0a", "a JPEG XL image"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (0, b"v/1\x01", "an OpenEXR image"),
    (0, b"#?RADIANCE", "a Radiance HDR image"),
    (0, b"DDS ", "a DDS texture"),
    (0, b"qoif", "a QOI image"),
    (0, b"\x8aMNG", "an MNG animation"),
    (0, b"glTF", "a GLB model"),
    (0, b"\x1aE\xdf\xa3", "a WebM or Matroska video"),
    (0, b"OggS", "an Ogg video or sound"),
    (0, b"FLV\x01", "a Flash video"),
    (0, b"\x00\x00\x01\xba", "an MPEG video"),
    (0, b"\x00\x00\x01\xb3", "an MPEG video"),
    (0, b"ID3", "an MP3 sound"),
    (0, b"fLaC", "a FLAC sound"),
    (0, b"PK\x03\x04", "a ZIP archive or an office document"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"\xd0\xcf\x11\xe0", "an office document"),
    (0, b"{\\rtf", "a text document (RTF)"),
    (4, b"moov", "a QuickTime video"),
    (4, b"mdat", "a QuickTime video"),
    (4, b"wide", "a QuickTime video"),
)
_RIFF: Final = {b"AVI ": "an AVI video", b"WAVE": "a WAV sound"}
# Brands of ISO media files; a file may have several, and the first match counts.
_BRANDS_OF: Final = (
    (frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}), "a HEIC image"),
    (frozenset({b"crx "}), "a Canon camera raw image (CR3)"),
    (frozenset({b"mif1", b"msf1", b"heif", b"mif2"}), "a HEIF image"),
    (frozenset({b"M4A ", b"M4B "}), "an MPEG-4 sound"),
    (frozenset({b"qt  "}), "a QuickTime video"),
)
_MARKUP: Final = re.compile(rb"<(svg|html|!doctype\s+html|!doctype\s+svg|head|body)[\s>]", re.I)
_MARKUP_REACH: Final = 4096
_TEXT: Final = re.compile(rb"[\x09\x0a\x0d\x20-\x7e\x80-\xff]+")


def named(data: bytes) -> str:
    """Return what a file is by its content, with an article: "a HEIC image".

    This is for messages. Only a few kinds of file are known; others are "of an unknown type".
    """
    known = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "avif": "AVIF", "gif": "GIF"}
    source = sniff(data)
    if source is not None:
        return f"{'an' if source == 'avif' else 'a'} {known[source]} image"
    if not data:
        return "empty"
    for at, start, name in _OTHERS:
        if data.startswith(start, at):
            return name
    if data[4:8] == b"ftyp":
        found = brands(data)
        return next((name for those, name in _BRANDS_OF if found & those), "an MP4 video")
    if data.startswith(b"RIFF") and data[8:12] in _RIFF:
        return _RIFF[data[8:12]]
    return _named_text(data)


def _named_text(data: bytes) -> str:
    """Return the kind of a file of text, and of two kinds with short signatures."""
    if data.startswith(b"BM") and data[14:15] in {
        b"\x0c",
        b"\x28",
        b"\x38",
        b"\x6c",
        b"\x7c",
        b"\x40",
    }:
        return "a BMP image"
    if re.match(rb"P[1-7][\s#]", data):
        return "a Netpbm image (PBM, PGM or PPM)"
    if data[:1] == b"\xff" and data[1:2] in {b"\xfb", b"\xf3", b"\xf2", b"\xfa"}:
        return "an MP3 sound"
    start = data[:_MARKUP_REACH]
    if start.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")):
        start = start.replace(b"\x00", b"")[2:]
    markup = _MARKUP.search(start)
    if markup is not None and start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "an SVG drawing" if b"svg" in markup[1].lower() else "an HTML page"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<")):
        return "an XML document"
    return "text" if _TEXT.fullmatch(start) else "of an unknown type"
