"""The kind of any file in words, for messages that refuse it. Imported on first use."""

import re
import zlib
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
    (0, b"icns", "an Apple icon (ICNS)"),
    (0, b"\xff\x0a", "a JPEG XL image"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (0, b"v/1\x01", "an OpenEXR image"),
    (0, b"#?RADIANCE", "a Radiance HDR image"),
    (0, b"#?RGBE", "a Radiance HDR image"),
    (0, b"\xd7\xcd\xc6\x9a", "a Windows metafile (WMF or EMF)"),
    (40, b" EMF", "a Windows metafile (WMF or EMF)"),
    (0, b"AT&TFORM", "a DjVu document"),
    (128, b"DICM", "a DICOM image"),
    (0, b"BPG\xfb", "a BPG image"),
    (0, b"\x00\x05\x16\x07", "a companion file of macOS without an image"),
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
_MARKUP: Final = re.compile(
    rb"<((?:[\w.-]{1,20}:)?svg|html|!doctype\s+html|!doctype\s+svg|head|body)[\s/>]", re.I
)
_MARKUP_REACH: Final = 65_536
_SVG: Final = "an SVG drawing"
_BMP_HEADERS: Final = frozenset({b"\x0c", b"\x28", b"\x38", b"\x6c", b"\x7c", b"\x40"})
_TGA_END: Final = b"TRUEVISION-XFILE.\x00"
# The first bytes of JPEG, PNG, GIF, RIFF and of an address that is an image.
_BASE64: Final = re.compile(rb"(?:/9j/|iVBORw0KGgo|R0lGOD|UklGR)[\w+/=\s]*|data:image/.*", re.S)
_BEFORE_TEXT: Final = b"\xef\xbb\xbf \t\r\n"
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
    return _by_signature(data) or _by_header(data) or _by_text(data[:_MARKUP_REACH])


def _by_signature(data: bytes) -> str | None:
    for at, start, name in _OTHERS:
        if data.startswith(start, at):
            return name
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        found = brands(data)
        return next((name for those, name in _BRANDS_OF if found & those), "an MP4 video")
    return None


def _by_header(data: bytes) -> str | None:
    """Return the kind of a file whose signature is short and needs more than its first bytes."""
    if data.startswith(b"\x1f\x8b"):
        return _kind_of_gzip(data)
    kinds = (
        ("a Windows cursor (CUR)", data.startswith(b"\x00\x00\x02\x00") and any(data[4:6])),
        ("a TGA image", data.endswith(_TGA_END)),
        ("a BMP image", data.startswith(b"BM") and data[14:15] in _BMP_HEADERS),
        ("a Netpbm image (PBM, PGM or PPM)", re.match(rb"P[1-7][\s#]", data)),
        ("an MP3 sound", re.match(rb"\xff[\xf2\xf3\xfa\xfb]", data)),
    )
    return next((name for name, is_one in kinds if is_one), None)


def _kind_of_gzip(data: bytes) -> str:
    try:
        start = zlib.decompressobj(31).decompress(data[:_MARKUP_REACH], _MARKUP_REACH)
    except zlib.error:
        start = b""
    return _by_markup(start) if _by_markup(start) == _SVG else "a gzip archive"


def _by_text(start: bytes) -> str:
    if start.lstrip(_BEFORE_TEXT).startswith(b"%PDF-"):
        return "a PDF document"
    if _BASE64.fullmatch(start.strip()):
        return "an image as base64 text"
    if start.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")):
        start = start.replace(b"\x00", b"")[2:]
    return _by_markup(start) or ("text" if _TEXT.fullmatch(start) else "of an unknown type")


def _by_markup(start: bytes) -> str:
    """Return the kind of a document with tags; empty if it is none."""
    if not start.lstrip(_BEFORE_TEXT).startswith(b"<"):
        return ""
    markup = _MARKUP.search(start)
    if markup is None:
        return "an XML document"
    return _SVG if b"svg" in markup[1].lower() else "an HTML page"
