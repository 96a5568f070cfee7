"""XMP packets: written, found in the file byte by byte, and read."""

import io
import json
import zlib
from collections.abc import Callable
from typing import Any, get_args

import pytest
from PIL import Image, PngImagePlugin

from studio_imaging.decode import open_image
from studio_imaging.encode import encode
from studio_imaging.errors import PacketTooLargeError
from studio_imaging.formats import OutputFormat
from studio_imaging.polyglot import refuse_polyglot
from studio_imaging.xmp import MAX_PACKET_BYTES, SourceType, packet, read_packet
from tests.support.imaging.containers import avif_items, jpeg_segments, png_chunks, webp_chunks
from tests.support.imaging.rare_pngs import with_chunk
from tests.support.imaging.samples import file_of, quadrants, reopen

OUTPUTS: tuple[OutputFormat, ...] = get_args(OutputFormat)
RECIPE = {"prompt": "Bread & <b>butter</b> für 2 \U0001f35e", "seed": 7, "model": "m-1"}
WHOLE = packet("trainedAlgorithmicMedia", description="A loaf", recipe=RECIPE)


def written(output: OutputFormat, xmp: bytes | None = WHOLE) -> bytes:
    return encode(quadrants(48, 32), output, xmp=xmp).data


def in_jpeg(data: bytes) -> list[bytes]:
    name = b"http://ns.adobe.com/xap/1.0/\x00"
    return [
        content.removeprefix(name)
        for marker, content in jpeg_segments(data)
        if marker == 0xE1 and content.startswith(name)
    ]


def in_png(data: bytes) -> list[bytes]:
    """Keyword, not compressed, no language, no translated keyword (ISO 15948, 11.3.4.5)."""
    name = b"XML:com.adobe.xmp" + bytes(5)
    return [
        content.removeprefix(name)
        for kind, content in png_chunks(data)
        if kind == b"iTXt" and content.startswith(name)
    ]


def in_webp(data: bytes) -> list[bytes]:
    chunks = webp_chunks(data)
    assert chunks[0][0] == b"VP8X"
    assert chunks[0][1][0] & 4, "the header does not announce XMP"
    return [content for name, content in chunks if name == b"XMP "]


def in_avif(data: bytes) -> list[bytes]:
    return [
        content
        for entry, content in avif_items(data)
        if entry.startswith(b"mime") and b"\x00application/rdf+xml\x00" in entry
    ]


PLACES: dict[OutputFormat, Callable[[bytes], list[bytes]]] = {
    "jpg": in_jpeg,
    "png": in_png,
    "webp": in_webp,
    "avif": in_avif,
}


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_packet_stands_once_and_whole_where_the_format_has_a_place_for_it(
    output: OutputFormat,
) -> None:
    assert PLACES[output](written(output)) == [WHOLE]


@pytest.mark.parametrize("output", OUTPUTS)
def test_other_software_reads_the_packet(output: OutputFormat) -> None:
    found: dict[str, Any] = Image.open(io.BytesIO(written(output))).getxmp()

    about = found["xmpmeta"]["RDF"]["Description"]
    assert about["DigitalSourceType"] == (
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    )
    assert about["CreatorTool"] == "Image Studio"
    assert about["description"]["Alt"]["li"] == {"lang": "x-default", "text": "A loaf"}
    assert json.loads(about["Recipe"]) == RECIPE


@pytest.mark.parametrize("output", OUTPUTS)
def test_what_was_written_is_read_from_the_file(output: OutputFormat) -> None:
    found = read_packet(written(output))

    assert found is not None
    assert (found.source_type, found.creator_tool) == ("trainedAlgorithmicMedia", "Image Studio")
    assert (found.description, found.recipe) == ("A loaf", RECIPE)
    assert found.is_generated


@pytest.mark.parametrize("output", OUTPUTS)
def test_it_changes_no_pixel_and_leaves_with_the_next_decode(output: OutputFormat) -> None:
    data = written(output)

    assert reopen(data).tobytes() == reopen(written(output, None)).tobytes()
    refuse_polyglot(data)
    assert read_packet(encode(open_image(data), output).data) is None


@pytest.mark.parametrize("output", OUTPUTS)
def test_without_a_packet_nothing_is_written(output: OutputFormat) -> None:
    data = written(output, None)

    assert b"xmp" not in data.lower()
    if output != "webp":
        assert PLACES[output](data) == []


def test_only_what_is_known_is_said() -> None:
    bare = packet("compositeWithTrainedAlgorithmicMedia", creator_tool="Other 2")

    found = read_packet(bare)

    assert found is not None
    assert (found.source_type, found.creator_tool, found.description, found.recipe) == (
        "compositeWithTrainedAlgorithmicMedia",
        "Other 2",
        None,
        None,
    )
    assert b"description" not in bare
    assert b"Recipe>" not in bare


@pytest.mark.parametrize("term", get_args(SourceType))
def test_every_term_is_written_and_read(term: SourceType) -> None:
    found = read_packet(packet(term))

    assert found is not None
    assert found.source_type == term
    assert found.is_generated == (
        term
        in {
            "trainedAlgorithmicMedia",
            "compositeWithTrainedAlgorithmicMedia",
            "compositeSynthetic",
        }
    )


@pytest.mark.parametrize(
    "text",
    [
        "]]> <!-- & \" ' --> <?xpacket end='w'?> </x:xmpmeta>",
        "<script>alert(1)</script>",
        "tab\tline\nend",
        "\U0001f35e パン",
    ],
)
def test_no_text_can_leave_its_place(text: str) -> None:
    found = read_packet(packet("composite", description=text, recipe={text: [text]}))

    assert found is not None
    assert (found.description, found.recipe) == (text, {text: [text]})


def test_what_xml_cannot_hold_is_lost_in_words_but_not_in_a_recipe() -> None:
    words = "a\x00b\x1f\ud800\uffff"

    found = read_packet(packet("composite", description=words, recipe={"prompt": words}))

    assert found is not None
    assert found.description == "a\ufffdb\ufffd\ufffd\ufffd"
    assert found.recipe == {"prompt": words}


def test_the_same_recipe_gives_the_same_bytes() -> None:
    assert packet("composite", recipe={"a": 1, "b": 2}) == packet(
        "composite", recipe={"b": 2, "a": 1}
    )


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_largest_packet_fits_every_format_and_the_next_is_refused(
    output: OutputFormat,
) -> None:
    room = MAX_PACKET_BYTES + 1 - len(packet("composite", description="x"))
    largest = packet("composite", description="x" * room)

    assert PLACES[output](written(output, largest)) == [largest]
    with pytest.raises(PacketTooLargeError, match="65503 bytes, the limit is 65502"):
        packet("composite", description="x" * (room + 1))


def test_a_packet_of_other_origin_that_a_jpeg_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        written("jpg", b"x" * 65_505)


IPTC = 'xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def foreign(attribute: str = "", inner: str = "") -> bytes:
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {RDF}><rdf:Description rdf:about=""/>'
        f'<rdf:Description {IPTC} rdf:about="" {attribute}>{inner}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


@pytest.mark.parametrize(
    "body",
    [
        foreign(f'i:DigitalSourceType="{TERM}"'),
        foreign("", f"<i:DigitalSourceType>\n {TERM} </i:DigitalSourceType>"),
        foreign("", f'<i:DigitalSourceType rdf:resource="{TERM}"/>'),
        foreign("", f"<i:DigitalSourceType>{TERM.replace('http', 'https')}/</i:DigitalSourceType>"),
        foreign(
            "", "<i:DigitalSourceType>digsrctype:trainedAlgorithmicMedia</i:DigitalSourceType>"
        ),
        foreign(
            "",
            f"<i:DigitalSourceType><rdf:Bag><rdf:li>{TERM}</rdf:li></rdf:Bag></i:DigitalSourceType>",
        ),
    ],
    ids=["attribute", "element", "resource", "https", "qcode", "bag"],
)
@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_uploaded_image_that_says_it_is_generated_is_understood(
    pillow_format: str, body: bytes
) -> None:
    if pillow_format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", body.decode())
        data = file_of(quadrants(16, 16), "PNG", pnginfo=text)
    else:
        data = file_of(quadrants(16, 16), pillow_format, xmp=body)

    found = read_packet(data)

    assert found is not None
    assert found.source_type == "trainedAlgorithmicMedia"
    assert found.is_generated


GENERATED = foreign(f'i:DigitalSourceType="{TERM}"')
BARE = GENERATED[GENERATED.index(b"<rdf:RDF") : GENERATED.index(b"</x:xmpmeta>")]


@pytest.mark.parametrize(
    "body",
    [
        BARE,
        BARE.replace(b"rdf:RDF", b"r:RDF")
        .replace(b"xmlns:rdf", b"xmlns:r")
        .replace(b"rdf:", b"r:"),
        b'<xmp:xmpmeta xmlns:xmp="adobe:ns:meta/">' + BARE + b"</xmp:xmpmeta>",
        b'<x:xapmeta xmlns:x="adobe:ns:meta/">' + BARE + b"</x:xapmeta>",
        b'<xmpmeta xmlns="adobe:ns:meta/">' + BARE + b"</xmpmeta>",
        foreign('i:DigitalSourceType="trainedAlgorithmicMedia"'),
        foreign(f'i:DigitalSourceType="{TERM.lower()}"'),
        foreign(
            "",
            f'<i:DigitalSourceType><rdf:Bag><rdf:li rdf:resource="{TERM}"/></rdf:Bag>'
            "</i:DigitalSourceType>",
        ),
        foreign(
            "",
            '<i:DigitalSourceType rdf:parseType="Resource">'
            f"<rdf:value>{TERM}</rdf:value></i:DigitalSourceType>",
        ),
    ],
)
def test_a_packet_of_a_rare_form_is_understood(body: bytes) -> None:
    found = read_packet(file_of(quadrants(16, 16), "JPEG", xmp=body))

    assert found is not None
    assert found.source_type == "trainedAlgorithmicMedia"


RAW = b"\nxmp\n%8d\n%s\n" % (len(GENERATED), GENERATED.hex().encode())
PLAIN_PNG = written("png", None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(GENERATED)),
        (b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00en\x00XMP\x00" + zlib.compress(GENERATED)),
        (b"tEXt", b"XML:com.adobe.xmp\x00" + GENERATED),
        (b"zTXt", b"XML:com.adobe.xmp\x00\x00" + zlib.compress(GENERATED)),
        (b"tEXt", b"Raw profile type xmp\x00" + RAW),
        (b"zTXt", b"Raw profile type xmp\x00\x00" + zlib.compress(RAW)),
    ],
)
def test_each_text_chunk_of_a_png_can_hold_the_packet(name: bytes, content: bytes) -> None:
    found = read_packet(with_chunk(PLAIN_PNG, name, content))

    assert found is not None
    assert found.is_generated


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00junk"),
        (b"iTXt", b"XML:com.adobe.xmp\x00"),
        (b"zTXt", b"XML:com.adobe.xmp\x00\x00" + zlib.compress(bytes(50_000_000))),
        (b"tEXt", b"Raw profile type xmp\x00\nxmp\n 4\nzzzz"),
        (b"tEXt", b"Raw profile type xmp\x00"),
        (b"tEXt", b"Comment\x00" + GENERATED),
    ],
)
def test_a_broken_text_chunk_says_nothing(name: bytes, content: bytes) -> None:
    assert read_packet(with_chunk(PLAIN_PNG, name, content)) is None


def test_what_a_preview_inside_the_file_says_is_not_taken_for_the_images() -> None:
    preview = packet("trainedAlgorithmicMedia")
    jpeg, png = written("jpg", packet("digitalCapture")), written("png", packet("digitalCapture"))
    segment = b"\xff\xeb" + (len(preview) + 2).to_bytes(2, "big") + preview
    avif = written("avif", packet("digitalCapture"))
    box = avif.index(b"meta") - 4
    uuid = (len(preview) + 24).to_bytes(4, "big") + b"uuid" + bytes(16) + preview

    for data in (
        jpeg[:2] + segment + jpeg[2:],
        with_chunk(png, b"caBX", preview),
        with_chunk(png, b"tEXt", preview),
        written("avif", packet("digitalCapture")) + uuid,
        avif[:box] + uuid + avif[box:],
    ):
        found = read_packet(data)
        assert found is not None
        assert found.source_type == "digitalCapture"
    assert read_packet(written("jpg", None) + preview) is None


@pytest.mark.parametrize(
    "value", ["", "nil", "http://example.com/trainedAlgorithmicMedia", TERM + "?x", "a" * 999]
)
def test_a_source_type_of_no_vocabulary_is_none(value: str) -> None:
    found = read_packet(foreign("", f"<i:DigitalSourceType>{value}</i:DigitalSourceType>"))

    assert found is not None
    assert found.source_type is None
    assert not found.is_generated


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<x:xmpmeta",
        b"</x:xmpmeta><x:xmpmeta xmlns:x='adobe:ns:meta/'>",
        b"<x:xmpmeta></x:xmpmeta>",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>&bomb;</x:xmpmeta>",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>\xff\xfe</x:xmpmeta>",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><!DOCTYPE a [<!ENTITY b 'c'>]></x:xmpmeta>",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"<a>" * 300_000 + b"</x:xmpmeta>",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"x" * 300_000 + b"</x:xmpmeta>",
    ],
    ids=["empty", "open", "swapped", "unbound", "entity", "bytes", "doctype", "deep", "long"],
)
def test_a_packet_that_cannot_be_read_is_none(data: bytes) -> None:
    assert read_packet(data) is None


def test_entities_declared_before_the_packet_are_not_expanded() -> None:
    bomb = b"<!DOCTYPE x [<!ENTITY a 'zz'>]>" + foreign(
        "", "<i:DigitalSourceType>&a;</i:DigitalSourceType>"
    )

    assert read_packet(bomb) is None


def test_very_deep_elements_are_no_trouble() -> None:
    found = read_packet(foreign(f'i:DigitalSourceType="{TERM}"', "<a>" * 30_000 + "</a>" * 30_000))

    assert found is not None
    assert found.is_generated


@pytest.mark.parametrize("text", ["{", "[1]", '"words"', "1" * 5_000, "[" * 90_000, "{}x"])
def test_a_recipe_that_is_none_is_not_taken_for_one(text: str) -> None:
    studio = f'<s:Recipe xmlns:s="urn:image-studio:recipe:1#">{text}</s:Recipe>'

    found = read_packet(foreign("", studio))

    assert found is not None
    assert found.recipe is None
