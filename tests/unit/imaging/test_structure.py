"""Files of very many parts: refused before a parser spends minutes and gigabytes on them."""

import struct
from collections.abc import Callable
from random import Random

import pytest
from PIL import Image

from studio_imaging.avif import frame_sizes
from studio_imaging.decode import DEFAULT_LIMITS, Limits, decode, open_image
from studio_imaging.errors import ImageRejectedError
from studio_imaging.parts import gif_blocks, jpeg_segments, png_chunks, webp_chunks
from tests.support.imaging import containers
from tests.support.imaging.containers import iso_boxes
from tests.support.imaging.media import a_box
from tests.support.imaging.samples import file_of, png_chunk, quadrants

MANY = 65_600
JPEG = file_of(quadrants(16, 16), "JPEG")
PNG = file_of(quadrants(16, 16), "PNG")
GIF = file_of(quadrants(16, 16), "GIF")
GIF_HEAD = 13 + (3 << (GIF[10] & 7) + 1)
COMMENT = b"\xff\xfe\x00\x03x"
REMARK = b"!\xfe\x01x\x00"


def code_of(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(ImageRejectedError) as caught:
        decode(data, limits)
    return caught.value.code


def in_jpeg(segments: bytes) -> bytes:
    return JPEG[:2] + COMMENT + segments + JPEG[2:]


def in_gif(blocks: bytes) -> bytes:
    return GIF[:GIF_HEAD] + blocks + GIF[GIF_HEAD:]


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\xff\xd9",
        b"\xff\xc8",
        b"\xff\xf0\xff\xd3",
        b"\xff\xfe\x00\x00",
        b"\xff\xfe\x00\x01",
        b"\xff\xff\xff",
        b"junk\xff\x00",
    ],
    ids=["", "end", "jpg", "alone", "length-0", "length-1", "fill", "junk"],
)
def test_a_jpeg_of_very_many_segments_is_refused_however_it_begins(start: bytes) -> None:
    assert code_of(in_jpeg(start + COMMENT * MANY)) == "image-too-large"


def test_a_jpeg_of_many_segments_is_decoded() -> None:
    assert open_image(in_jpeg(COMMENT * 60_000)).size == (16, 16)


@pytest.mark.parametrize("filler", [b"\xff", b"\x00", b"\xff\xd0", b"\xff\xe5\x00\x02"])
def test_a_jpeg_filled_up_before_its_image_is_refused(filler: bytes) -> None:
    assert code_of(in_jpeg(filler * MANY)) == "image-too-large"
    assert open_image(in_jpeg(filler * 30_000)).size == (16, 16)


def test_a_jpeg_of_very_many_exif_blocks_is_refused() -> None:
    block = b"\xff\xe1\x00\x10Exif\x00\x00MM\x00*\x00\x00\x00\x08"

    assert code_of(in_jpeg(block * 65)) == "image-too-large"
    assert open_image(in_jpeg(block * 64)).size == (16, 16)


@pytest.mark.parametrize("name", [b"tEXt", b"abCd", b"eXIf", b"tIME"])
@pytest.mark.parametrize("behind", [False, True])
def test_a_png_of_very_many_chunks_is_refused(*, name: bytes, behind: bool) -> None:
    chunk = png_chunk(name, b"k\x00v1234")
    place = len(PNG) - 12 if behind else 33

    assert code_of(PNG[:place] + chunk * MANY + PNG[place:]) == "image-too-large"


def test_a_png_in_very_many_pieces_is_refused() -> None:
    start = PNG.index(b"IDAT") - 4

    assert code_of(PNG[:start] + png_chunk(b"IDAT", b"") * MANY + PNG[start:]) == "image-too-large"


def test_what_follows_the_end_of_a_png_costs_nothing() -> None:
    assert open_image(PNG + bytes(12 * MANY)).size == (16, 16)


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"!\xf9\x00\x02,\x00\x00",
        b"!\xff\x00\x02,\x00\x00",
        b"!\xff\x0bNETSCAPE2.0\x00\x02,\x00\x00",
        b"!\xfe\x00",
        b"!\x01\x03abc\x00",
    ],
    ids=["", "control", "application", "loop", "comment", "text"],
)
def test_a_gif_of_very_many_blocks_is_refused_however_it_begins(start: bytes) -> None:
    assert code_of(in_gif(start + REMARK * MANY)) == "image-too-large"
    if b"\xf9" not in start:
        assert open_image(in_gif(start + REMARK * 9)).size == (16, 16)


def test_a_gif_filled_up_before_its_image_is_refused() -> None:
    assert code_of(in_gif(bytes(MANY))) == "image-too-large"
    assert code_of(in_gif(b"!\xfe" + b"\x01x" * MANY + b"\x00")) == "image-too-large"
    assert open_image(in_gif(bytes(30_000))).size == (16, 16)


def test_the_parts_are_those_that_are_there() -> None:
    webp = file_of(quadrants(16, 16), "WEBP", xmp=b"<odd>")
    jpeg = file_of(quadrants(16, 16), "JPEG", comment=b"words", dpi=(72, 72))

    def found(parts: Callable[[bytes], object], data: bytes) -> list[tuple[bytes, bytes]]:
        every = list(parts(data))  # type: ignore[call-overload]
        return [(name, data[start:end]) for name, start, end in every]

    assert found(png_chunks, PNG) == containers.png_chunks(PNG)
    assert found(webp_chunks, webp) == containers.webp_chunks(webp)
    assert found(jpeg_segments, jpeg) == [
        (bytes((0xFF, marker)), content) for marker, content in containers.jpeg_segments(jpeg)
    ]
    remarked = in_gif(b"!\xfe\x02ab\x01c\x00")
    assert found(gif_blocks, remarked)[:3] == [(b"!\xfe", b"ab"), (b"!\xfe", b"c"), (b"!\xfe", b"")]


@pytest.mark.parametrize("parts", [jpeg_segments, png_chunks, webp_chunks, gif_blocks])
@pytest.mark.parametrize("data", [b"", b"\xff" * 40, bytes(40), b"!" * 40, b"\x21\xff" * 20])
def test_the_parts_of_anything_end(parts: Callable[[bytes], object], data: bytes) -> None:
    for end in range(len(data)):
        assert len(list(parts(data[:end]))) <= end  # type: ignore[call-overload]


AVIF = file_of(quadrants(16, 16), "AVIF")
TOP = dict(iso_boxes(AVIF))
INSIDE = iso_boxes(TOP[b"meta"][4:])


def avif(behind: bytes = b"", added: bytes = b"", **changed: bytes) -> bytes:
    """The picture with other contents of some boxes of its metadata; its offsets are adjusted."""
    inside = b"".join(a_box(name, changed.get(name.decode(), old)) for name, old in INSIDE)
    inside += added
    head = a_box(b"ftyp", TOP[b"ftyp"]) + a_box(b"meta", bytes(4) + inside)
    start = AVIF.index(TOP[b"mdat"])
    moved = len(head) + 8
    head = head.replace(struct.pack(">I", start), struct.pack(">I", moved))
    return head + a_box(b"mdat", TOP[b"mdat"]) + behind


def locations(*items: tuple[int, list[tuple[int, int]]]) -> bytes:
    """An item location box of version 0 with offsets and lengths of 32 bits."""
    entries = b"".join(
        struct.pack(">HHH", item, 0, len(extents))
        + b"".join(struct.pack(">II", *extent) for extent in extents)
        for item, extents in items
    )
    return b"\x00\x00\x00\x00\x44\x00" + struct.pack(">H", len(items)) + entries


def place_of_pixels(data: bytes) -> tuple[int, int]:
    content = dict(iso_boxes(data))[b"mdat"]
    return data.index(content), len(content)


def test_the_untouched_image_is_decoded() -> None:
    assert open_image(avif()).size == (16, 16)


@pytest.mark.parametrize(
    "data",
    [
        avif(b"\x00\x00\x00\x08free" * MANY),
        avif(a_box(b"moov", a_box(b"trak", b"\x00\x00\x00\x08free" * MANY))),
        avif(a_box(b"moov", b"\x00\x00\x00\x08trak" * MANY)),
        avif(iprp=a_box(b"ipco", b"\x00\x00\x00\x08free" * MANY)),
        avif(iprp=a_box(b"ipma", bytes(70_000))),
        avif(iinf=bytes(70_000)),
        avif(added=a_box(b"iref", bytes(70_000))),
        avif(iloc=bytes(70_000)),
        # 30 entries that take no room, of 65,535 extents each.
        avif(iloc=bytes(6) + b"\x00\x1e" + b"\x00\x09\x00\x00\xff\xff" * 30),
    ],
    ids=["boxes", "deep", "tracks", "properties", "uses", "items", "refs", "places", "extents"],
)  # fmt: skip
def test_an_avif_of_very_many_parts_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"very (many|large)"):
        frame_sizes(data)
    assert code_of(data) == "image-unreadable"


def test_boxes_nested_without_end_are_refused() -> None:
    nested = b""
    for _ in range(3_000):
        nested = a_box(b"moov", nested)

    assert code_of(avif(nested)) == "image-unreadable"


def test_an_image_that_is_all_in_all_larger_than_the_file_is_refused() -> None:
    whole = avif(iloc=locations((1, [(0, 0)] * 3)))

    with pytest.raises(ValueError, match="share"):
        frame_sizes(whole)


def test_an_image_of_very_many_units_is_refused() -> None:
    units = b"\x12\x00" * MANY
    file = avif() + a_box(b"mdat", units)
    at = len(file) - len(units)

    with pytest.raises(ValueError, match="very many parts"):
        frame_sizes(avif(iloc=locations((1, [(at, len(units))]))) + a_box(b"mdat", units))


def test_an_image_in_two_pieces_is_put_together() -> None:
    start, size = place_of_pixels(avif(iloc=locations((1, [(0, 0), (0, 0)]))))
    split = avif(iloc=locations((1, [(start, 7), (start + 7, size - 7)])))

    assert frame_sizes(split) == [(16, 16)]
    assert open_image(split).size == (16, 16)


def test_a_size_hidden_by_a_cut_in_its_header_is_found() -> None:
    """Each piece by itself shows a small picture, both together a large one.

    The first piece ends inside a unit of padding. What the second begins with is therefore no
    header but padding, and neither is the very long unit that seems to follow it.
    """
    large = dict(iso_boxes(file_of(Image.new("RGB", (2_000, 1_500)), "AVIF", speed=10)))[b"mdat"]
    header = TOP[b"mdat"][: 4 + TOP[b"mdat"][3]]
    hidden = header + b"\x7a\xff\x7f"
    first = header + b"\x7a" + bytes([len(hidden)])
    body = first + hidden + large
    start, _ = place_of_pixels(avif(iloc=locations((1, [(0, 0), (0, 0)]))))
    extents = [(start, len(first)), (start + len(first), len(body) - len(first))]
    data = avif(iloc=locations((1, extents)))
    data = data[: data.index(b"mdat") - 4] + a_box(b"mdat", body)

    assert frame_sizes(data) == [(16, 16), (2_000, 1_500)]
    assert code_of(data, Limits(max_pixels=2_000_000)) == "image-too-large"


@pytest.mark.parametrize("name", [b"stco", b"co64", b"stsz", b"stsc"])
def test_an_animation_with_two_tables_of_one_kind_is_refused(name: bytes) -> None:
    """A decoder may go by the one, a check by the other."""
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    data = file_of(frames[0], "AVIF", save_all=True, append_images=frames[1:])

    assert frame_sizes(data)
    with pytest.raises(ValueError, match="two tables"):
        frame_sizes(data.replace(b"stss", name, 1))


def test_an_image_of_many_scans_is_refused_only_where_they_are_read() -> None:
    """What stands behind the end, or behind the only scan of a plain picture, is not read."""
    scan = JPEG[JPEG.index(b"\xff\xda") :][:14]
    marks = scan * 101
    progressive = file_of(quadrants(16, 16), "JPEG", progressive=True)
    # A frame of three colours whose first scan has one is read scan by scan.
    by_colours = bytearray(JPEG)
    by_colours[JPEG.index(b"\xff\xda") + 4] = 1
    others = [progressive, bytes(by_colours), JPEG.replace(b"\xff\xc0", b"\xff\xc2")]

    assert open_image(JPEG + marks).size == (16, 16)
    assert open_image(progressive + marks).size == (16, 16)
    for data in others:
        assert code_of(data[:-2] + marks + data[-2:]) == "image-too-large"
        assert code_of(data[:-2] + b"\xff\x01" + marks + data[-2:]) == "image-too-large"


def test_random_bytes_behind_the_end_of_a_progressive_jpeg_are_ignored() -> None:
    progressive = file_of(quadrants(64, 64), "JPEG", progressive=True)
    tail = Random(7).randbytes(1 << 20) + b"\xff\xda" * 200  # noqa: S311

    assert open_image(progressive + tail).tobytes() == open_image(progressive).tobytes()
