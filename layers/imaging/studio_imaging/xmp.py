"""XMP packets with the origin of an image: writing and reading.

Sources: ISO 16684-1:2012 (the packet), XMP Specification Part 3, 2020-01 (file formats), IPTC
Photo Metadata Standard 2023.2 (DigitalSourceType). The terms are those of
http://cv.iptc.org/newscodes/digitalsourcetype/, released on 2024-10-23.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, cast, get_args
from xml.etree import ElementTree as XmlTree

from studio_imaging.boxes import boxes
from studio_imaging.errors import PacketTooLargeError
from studio_imaging.formats import sniff
from studio_imaging.parts import jpeg_segments, png_chunks, webp_chunks

SourceType = Literal[
    "algorithmicMedia",
    "algorithmicallyEnhanced",
    "composite",
    "compositeCapture",
    "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia",
    "computationalCapture",
    "dataDrivenMedia",
    "digitalCapture",
    "digitalCreation",
    "humanEdits",
    "negativeFilm",
    "positiveFilm",
    "print",
    "screenCapture",
    "trainedAlgorithmicMedia",
    "virtualRecording",
]
"""The current terms of the vocabulary.

``trainedAlgorithmicMedia`` is a generated image, ``compositeWithTrainedAlgorithmicMedia`` a
image that a generator edited.
"""

SOURCE_TYPES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MAX_PACKET_BYTES: Final = 65_502
"""The most bytes that a JPEG holds in one piece (XMP Part 3, 1.1.3).

All formats have the same limit, so that the packet does not depend on the format.
"""

Generated = Literal[
    "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"
]
"""The terms of images that a trained generator made, wholly or in part."""
_GENERATED: Final = frozenset(get_args(Generated))

_META: Final = "adobe:ns:meta/"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_XMP: Final = "http://ns.adobe.com/xap/1.0/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_IPTC: Final = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_STUDIO: Final = "urn:image-studio:recipe:1#"
for _prefix, _namespace in (
    ("x", _META),
    ("rdf", _RDF),
    ("xmp", _XMP),
    ("dc", _DC),
    ("Iptc4xmpExt", _IPTC),
    ("studio", _STUDIO),
):
    XmlTree.register_namespace(_prefix, _namespace)

# Where a property may hold its text.
_INNER: Final = (("*/", "li"), ("", "value"))
_HEAD: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_TAIL: Final = '<?xpacket end="r"?>'
# The root of a packet may be left out, and has had another name (XMP Part 1, 7.3.3).
_OPENS: Final = re.compile(rb"<((?:[A-Za-z_][\w.-]{0,63}:)?(?:xmpmeta|xapmeta|RDF))(?=[\s>])")
_IN_JPEG: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_IN_PNG: Final = b"XML:com.adobe.xmp\x00"
# XML 1.0 (section 2.2) has no way to write these. Named one by one: the pattern of all others
# takes twenty times as long to compile.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Packets of other software may be larger than the studio's, within these limits.
_MOST_PARTS: Final = 65_536
_MOST_READ: Final = 256 * 1024
_TERM: Final = re.compile(
    r"(?P<of>https?://cv\.iptc\.org/newscodes/digitalsourcetype/|digsrctype:)?"
    r"(?P<term>[A-Za-z]{1,64})/?",
    re.IGNORECASE,
)
_TERMS: Final = {term.lower(): term for term in get_args(SourceType)}


@dataclass(frozen=True, slots=True)
class Packet:
    """The properties of an XMP packet that the studio uses.

    Attributes:
        source_type: Any term of the vocabulary, also a retired or a later one; None without one.
        creator_tool: Software that made the image.
        description: Alternative text.
        creator: The creators, separated by semicolons.
        copyright: The copyright notice.
        recipe: The settings of the studio; None in an image of another origin.
    """

    source_type: str | None
    creator_tool: str | None
    description: str | None
    recipe: Mapping[str, object] | None
    creator: str | None = None
    copyright: str | None = None

    @property
    def is_generated(self) -> bool:
        """True if the term names a trained generator as the maker of the image or a part."""
        return self.source_type in _GENERATED


def packet(
    source_type: SourceType | None,
    *,
    creator_tool: str = "Image Studio",
    description: str | None = None,
    recipe: Mapping[str, object] | None = None,
    creator: str | None = None,
    notice: str | None = None,
) -> bytes:
    """Return an XMP packet for ``encode``.

    Args:
        source_type: Origin of the image; None if it is unknown.
        creator_tool: Software that made the image.
        description: Alternative text, without a language.
        creator: Who made the original.
        notice: Its copyright notice, without a language.
        recipe: The settings of the image, written as JSON; equal settings give equal bytes.

    Raises:
        PacketTooLargeError: A long recipe or description makes the packet larger than
            ``MAX_PACKET_BYTES``.
    """
    meta, about = _empty_description()
    if source_type is not None:
        _add(about, f"{{{_IPTC}}}DigitalSourceType", SOURCE_TYPES + source_type)
    _add(about, f"{{{_XMP}}}CreatorTool", creator_tool)
    if description is not None:
        _add_alternative(about, "description", description)
    if creator is not None:
        _add_sequence(about, "creator", creator)
    if notice is not None:
        _add_alternative(about, "rights", notice)
    if recipe is not None:
        _add(about, f"{{{_STUDIO}}}Recipe", _as_json(recipe))
    body = XmlTree.tostring(meta, encoding="unicode")
    written = f"{_HEAD}{body}{_TAIL}".encode()
    if len(written) > MAX_PACKET_BYTES:
        raise PacketTooLargeError(len(written), MAX_PACKET_BYTES)
    return written


def _empty_description() -> tuple[XmlTree.Element, XmlTree.Element]:
    """Return the root of a packet, and the description in it that takes the properties."""
    meta = XmlTree.Element(f"{{{_META}}}xmpmeta")
    rdf = XmlTree.SubElement(meta, f"{{{_RDF}}}RDF")
    about = {f"{{{_RDF}}}about": ""}
    return meta, XmlTree.SubElement(rdf, f"{{{_RDF}}}Description", about)


def read_packet(data: bytes) -> Packet | None:
    """Return the XMP packet of an image file, or of a packet without a file.

    Split packets in a JPEG and packets of embedded previews are not found. The content is not
    verified.

    Returns:
        The packet; None if there is none that can be read.
    """
    found = next(filter(None, _roots(data)), None)
    if found is None:
        return None
    try:
        # The first byte opens the root element, so there is no document type and no entity.
        meta = XmlTree.fromstring(found)  # noqa: S314
    except XmlTree.ParseError:
        return None
    return Packet(
        source_type=_term(_value(meta, f"{{{_IPTC}}}DigitalSourceType") or ""),
        creator_tool=_value(meta, f"{{{_XMP}}}CreatorTool"),
        description=_value(meta, f"{{{_DC}}}description"),
        recipe=_recipe(_value(meta, f"{{{_STUDIO}}}Recipe")),
        creator=_joined(meta, f"{{{_DC}}}creator"),
        copyright=_value(meta, f"{{{_DC}}}rights"),
    )


def _term(text: str) -> str | None:
    """Return the term of a source type; without the vocabulary only one that is known."""
    found = _TERM.fullmatch(text.strip())
    if found is None:
        return None
    return _TERMS.get(found["term"].lower(), found["term"] if found["of"] else None)


def _roots(data: bytes) -> Iterator[bytes | None]:
    """Yield the root element of each packet of a file; None for what is no packet."""
    for place in _places(data):
        yield _root(data, *place)
    if sniff(data) == "png":
        # Imported on first use: few files get here.
        from studio_imaging.png_packets import png_packets

        for text in png_packets(data):
            yield _root(text, 0, len(text))


def _places(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each place where the format can hold a packet."""
    match sniff(data):
        case "jpg":
            parts, name, start = jpeg_segments(data), b"\xff\xe1", _IN_JPEG
        case "png":
            parts, name, start = png_chunks(data), b"iTXt", _IN_PNG
        case "webp":
            parts, name, start = webp_chunks(data), b"XMP ", b""
        case "avif":
            parts, name, start = boxes(data, 0, len(data)), b"mdat", b""
        case _:
            parts, name, start = iter([(b"", 0, len(data))]), b"", b""
    for found, at, end in islice(parts, _MOST_PARTS):
        if found == name and data.startswith(start, at, end):
            yield at, end


def _root(data: bytes, at: int, end: int) -> bytes | None:
    opens = _OPENS.search(data, at, end)
    if opens is None:
        return None
    closes = b"</" + opens[1] + b">"
    stop = data.find(closes, opens.end(), min(end, opens.start() + _MOST_READ))
    return None if stop < 0 else data[opens.start() : stop + len(closes)]


def _add(parent: XmlTree.Element, name: str, text: str) -> XmlTree.Element:
    child = XmlTree.SubElement(parent, name)
    child.text = _NOT_XML.sub("\ufffd", text)
    return child


def _add_sequence(about: XmlTree.Element, name: str, text: str) -> None:
    """Add a Dublin Core property that is a list of one entry."""
    entries = XmlTree.SubElement(XmlTree.SubElement(about, f"{{{_DC}}}{name}"), f"{{{_RDF}}}Seq")
    _add(entries, f"{{{_RDF}}}li", text)


def _add_alternative(about: XmlTree.Element, name: str, text: str) -> None:
    """Add a property of Dublin Core that has a text per language, without a language."""
    languages = XmlTree.SubElement(XmlTree.SubElement(about, f"{{{_DC}}}{name}"), f"{{{_RDF}}}Alt")
    _add(languages, f"{{{_RDF}}}li", text).set(f"{{{_XML}}}lang", "x-default")


def _as_json(recipe: Mapping[str, object]) -> str:
    """Return a recipe as JSON; characters that XML cannot hold are escaped in its strings."""
    text = json.dumps(recipe, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _recipe(text: str | None) -> Mapping[str, object] | None:
    try:
        found = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else None


def _value(meta: XmlTree.Element, name: str) -> str | None:
    """Return the text of a property in any of its forms (ISO 16684-1, 7.4 to 7.9)."""
    for about in meta.iter(f"{{{_RDF}}}Description"):
        if name in about.attrib:
            return about.attrib[name]
        found = about.find(name)
        if found is not None:
            inner = (found.find(f"{path}{{{_RDF}}}{name}") for path, name in _INNER)
            plain = next((each for each in inner if each is not None), found)
            return plain.get(f"{{{_RDF}}}resource") or plain.text
    return None


def _joined(meta: XmlTree.Element, name: str) -> str | None:
    """Return the texts of a list, separated by semicolons; a plain text as it is."""
    for about in meta.iter(f"{{{_RDF}}}Description"):
        items = about.findall(f"{name}/*/{{{_RDF}}}li")
        if items:
            return "; ".join(item.text.strip() for item in items if item.text) or None
    return _value(meta, name)
