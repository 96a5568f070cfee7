"""Unpacking of bodies within a limit."""

import gzip
import zlib
from hashlib import sha256

import pytest

from studio.content_codings import packed_limit, unpack

TEXT = b"a picture of a house, and a house, and a house. " * 50
RAW = zlib.compress(TEXT, wbits=-15)


BODIES = {
    "plain": (TEXT, ""),
    "identity": (TEXT, "identity"),
    "plain as gzip": (TEXT, "gzip"),
    "plain as deflate": (TEXT, "deflate"),
    "plain as br": (TEXT, "br"),
    "plain as several": (TEXT, "gzip, deflate, br, zstd"),
    "gzip": (gzip.compress(TEXT), "gzip"),
    "x-gzip": (gzip.compress(TEXT), "x-gzip"),
    "upper case": (gzip.compress(TEXT), " GZip "),
    "gzip without a header": (gzip.compress(TEXT), ""),
    "gzip as identity": (gzip.compress(TEXT), "identity"),
    "deflate": (zlib.compress(TEXT), "deflate"),
    "raw deflate": (RAW, "deflate"),
    "gzip twice": (gzip.compress(gzip.compress(TEXT)), "gzip, gzip"),
    "gzip twice as once": (gzip.compress(gzip.compress(TEXT)), "gzip"),
    "deflate in gzip": (gzip.compress(zlib.compress(TEXT)), "deflate, gzip"),
    "two members": (gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]), "gzip"),
    "bytes after the end": (gzip.compress(TEXT) + b"\0\0", "gzip"),
    "no checksum": (gzip.compress(TEXT)[:-8], "gzip"),
    "wrong checksum": (gzip.compress(TEXT)[:-8] + bytes(8), "gzip"),
    "wrong checksum of deflate": (zlib.compress(TEXT)[:-4] + bytes(4), "deflate"),
}


@pytest.mark.parametrize(("body", "codings"), BODIES.values(), ids=BODIES)
def test_a_body_is_unpacked_by_what_it_is(body: bytes, codings: str) -> None:
    assert unpack(body, codings, len(TEXT)) == TEXT


@pytest.mark.parametrize(
    "packed", [gzip.compress(TEXT), zlib.compress(TEXT)], ids=["gzip", "deflate"]
)
def test_of_a_damaged_body_the_part_before_the_damage_is_kept(packed: bytes) -> None:
    part = unpack(packed[:-15], "deflate", len(TEXT))
    assert part
    assert TEXT.startswith(part)


@pytest.mark.parametrize("first", range(256))
def test_a_plain_body_is_not_taken_for_a_deflated_one(first: int) -> None:
    body = bytes([first]) + TEXT
    assert unpack(body, "deflate", len(body)) == body


@pytest.mark.parametrize("codings", ["gzip", "deflate", "gzip, gzip"])
@pytest.mark.parametrize("limit", [0, 1, 1000, 70_000])
def test_a_bomb_is_unpacked_to_one_byte_beyond_the_limit(codings: str, limit: int) -> None:
    bomb = bytes(5 * 1024 * 1024)
    body = zlib.compress(bomb) if codings == "deflate" else gzip.compress(bomb)
    body = gzip.compress(body) if codings == "gzip, gzip" else body
    assert len(unpack(body, codings, limit)) == limit + 1


def test_a_bomb_without_a_header_is_unpacked_to_one_byte_beyond_the_limit() -> None:
    body = zlib.compress(bytes(1_000_000), wbits=-15)
    assert len(unpack(body, "deflate", 1000)) == 1001


def test_a_body_that_packing_makes_longer_is_unpacked_up_to_the_limit() -> None:
    noise = b"".join(sha256(bytes([number])).digest() for number in range(256))
    body = gzip.compress(gzip.compress(noise, 0), 0)
    assert len(noise) < len(body) <= packed_limit(len(noise))
    assert unpack(body, "gzip, gzip", len(noise)) == noise


def test_a_long_plain_body_is_cut_as_well() -> None:
    assert unpack(TEXT, "", 10) == TEXT[:11]


def test_a_body_of_countless_members_is_cut() -> None:
    body = gzip.compress(b"a") * 10_000
    assert unpack(body, "gzip", 10_000) == b"a" * 100
