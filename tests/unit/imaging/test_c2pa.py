"""Manifest stores are found in files of each kind, whole, damaged and hostile."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_imaging import cbor
from studio_imaging.c2pa import Manifest, find_manifest
from studio_imaging.decode import open_image
from studio_imaging.encode import encode
from tests.support.imaging.manifests import (
    NEWER,
    OLDER,
    STORE,
    a_manifest,
    a_store,
    as_cbor,
    in_avif,
    in_jpeg,
    in_mp4,
    in_png,
    in_webp,
    segments,
    superbox,
    uuid_box,
)
from tests.support.imaging.media import a_box, a_glb, an_mp4
from tests.support.imaging.samples import file_of, quadrants

FOUND = Manifest(len(STORE), "urn:c2pa:new", "Painter/2.1")

PICTURES = {"jpeg": in_jpeg, "png": in_png, "webp": in_webp, "avif": in_avif}
PLACES = {**PICTURES, "mp4": in_mp4}


@pytest.mark.parametrize("place", PLACES)
def test_a_manifest_is_found_with_the_name_and_the_maker_of_the_active_one(place: str) -> None:
    assert find_manifest(PLACES[place](STORE)) == FOUND


@pytest.mark.parametrize("place", PICTURES)
def test_the_image_around_it_is_decoded_and_written_without_it(place: str) -> None:
    again = encode(open_image(PICTURES[place](STORE)), "jpg")

    assert find_manifest(again.data) is None


@pytest.mark.parametrize("step", [1, 5, 30, 64])
def test_a_store_in_many_segments_of_a_jpeg_is_put_together(step: int) -> None:
    assert find_manifest(in_jpeg(STORE, step)) == FOUND


def test_a_store_larger_than_a_segment_is_put_together() -> None:
    thumbnail = superbox(b"bidb", b"c2pa.thumbnail", a_box(b"bidb", bytes(150_000)))
    store = a_store(thumbnail, a_manifest("urn:c2pa:new", as_cbor(NEWER)))

    assert find_manifest(in_jpeg(store)) == Manifest(len(store), "urn:c2pa:new", "Painter/2.1")


def test_another_box_in_a_jpeg_is_not_taken_for_a_manifest() -> None:
    other = superbox(b"json", b"panorama", a_box(b"json", b"{}"))

    with_both = in_jpeg(STORE)[:2] + segments(other, b"\x00\x06") + in_jpeg(STORE)[2:]

    assert find_manifest(in_jpeg(other)) is None
    assert find_manifest(with_both) == FOUND


@pytest.mark.parametrize(
    "data",
    [
        b"",
        a_glb(),
        an_mp4(64, 64, 1000),
        an_mp4(64, 64, 1000) + uuid_box(STORE, b"merkle"),
        file_of(quadrants(16, 16), "GIF") + STORE,
        *(file_of(quadrants(16, 16), name) for name in ("JPEG", "PNG", "WEBP", "AVIF")),
    ],
)
def test_a_file_without_one_has_none(data: bytes) -> None:
    assert find_manifest(data) is None


@pytest.mark.parametrize(
    ("claim", "generator"),
    [
        (as_cbor(OLDER), "Painter/1.0 lib/0.3"),
        (as_cbor({**OLDER, **NEWER}), "Painter/2.1"),
        (as_cbor({"claim_generator_info": [{"name": "First"}, {"name": "Second"}]}), "First"),
        (as_cbor({"claim_generator_info": {"version": "1"}}), None),
        (as_cbor({"claim_generator_info": []}), None),
        (as_cbor({"claim_generator": 5}), None),
        (as_cbor({"claim_generator": ""}), None),
        (as_cbor({"claim_generator": "a\nb\x1b[31m"}), "a\ufffdb\ufffd[31m"),
        (as_cbor({"claim_generator": "x" * 5_000}), "x" * 200),
        (as_cbor(["claim_generator", "x"]), None),
        (b"", None),
        (b"\xff", None),
        (b"\xbb" + b"\xff" * 8, None),
        (b"\x81" * 100_000, None),
        (b"\x7b" + b"\xff" * 8, None),
    ],
)
def test_the_maker_is_read_where_it_can_be(claim: bytes, generator: str | None) -> None:
    found = find_manifest(in_png(a_store(a_manifest("m", claim))))

    assert found is not None
    assert (found.label, found.generator) == ("m", generator)


@pytest.mark.parametrize(
    "store",
    [b"\x00", b"junk" * 9, STORE[:40], a_store(), a_store(b"\xff" * 40), STORE[:-3]],
)
@pytest.mark.parametrize("place", ["png", "webp", "avif"])
def test_a_store_that_cannot_be_read_is_still_reported(place: str, store: bytes) -> None:
    assert find_manifest(PLACES[place](store)) == Manifest(len(store), None, None)


def test_a_store_cut_inside_its_last_manifest_names_none_but_is_reported() -> None:
    found = find_manifest(in_jpeg(STORE[:200]))

    assert found == Manifest(200, None, None)


def test_a_manifest_without_a_label_has_none() -> None:
    claim = superbox(b"c2cl", b"c2pa.claim.v2", a_box(b"cbor", as_cbor(NEWER)))

    found = find_manifest(in_png(a_store(superbox(b"c2um", None, claim))))

    assert found is not None
    assert (found.label, found.generator) == (None, "Painter/2.1")


@settings(max_examples=400, deadline=None)
@given(
    place=st.sampled_from([*PLACES.values()]),
    edits=st.lists(
        st.tuples(st.integers(0, 5000), st.integers(0, 9), st.binary(max_size=6)), max_size=6
    ),
)
def test_a_damaged_file_is_no_trouble(place: Any, edits: list[tuple[int, int, bytes]]) -> None:
    damaged = bytearray(place(STORE))
    for at, removed, inserted in edits:
        start = at % (len(damaged) + 1)
        damaged[start : start + removed] = inserted

    found = find_manifest(bytes(damaged))

    assert found is None or found.size <= len(damaged)
    if not edits:
        assert found == FOUND


def test_cbor_reads_what_is_written() -> None:
    value = {"a": [1, "b", {"c": 70_000}], "d": "ü"}

    assert cbor.read(as_cbor(value)) == value
    assert cbor.read(b"\xbf\x61a\x9f\x01\x20\xff\x61t\x7f\x61x\x61y\xff\xff") == {
        "a": [1, -1],
        "t": "xy",
    }
    assert cbor.read(b"\xc1\x18\x2a") == 42
    assert cbor.read(b"\xa2\x01\x02\x61k\xf5") == {"k": None}
    assert cbor.read(b"\x83\x41z\xf6\xfb" + bytes(8)) == [None, None, None]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1c",
        b"\x19\x01",
        b"\x62a",
        b"\x61\xff",
        b"\x9f\x01",
        b"\xbf\x61a\xff",
        b"\xff",
        b"\x81" * 17 + b"\x00",
        b"\x9f" + b"\x00" * 20_000 + b"\xff",
        b"\x9b" + b"\xff" * 8 + b"\x00" * 30_000,
    ],
)
def test_cbor_out_of_bounds_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        cbor.read(data)


def test_cbor_at_its_bounds_is_read() -> None:
    assert cbor.read(b"\x9f" + b"\x00" * 19_999 + b"\xff") == [0] * 19_999
    assert cbor.read(b"\x81" * 16 + b"\x00") is not None
