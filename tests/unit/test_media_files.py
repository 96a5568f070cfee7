"""Recognition of pictures, videos and 3D models, and of files that are complete."""

from io import BytesIO

import pytest
from PIL import Image

from studio.media_files import is_media, is_whole
from tests.support.imaging.media import a_glb, a_wav, an_mp4


def picture(kind: str) -> bytes:
    """Return a picture in a format."""
    buffer = BytesIO()
    Image.effect_noise((40, 30), 50).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


FILES = {
    **{kind: picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "AVIF")},
    "GLB": a_glb(),
    "MP4": an_mp4(64, 64, 1000),
}
each_file = pytest.mark.parametrize("data", FILES.values(), ids=FILES)


@each_file
def test_a_whole_file_is_recognised(data: bytes) -> None:
    assert is_media(data)
    assert is_whole(data)


@each_file
def test_a_file_without_its_end_is_not_whole(data: bytes) -> None:
    for missing in (1, 7, len(data) // 2):
        assert is_media(data[:-missing])
        assert not is_whole(data[:-missing])


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_other_images_are_recognised_and_never_whole(kind: str) -> None:
    assert is_media(picture(kind))
    assert not is_whole(picture(kind))


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b'{"error": 1}', b"\x89PNG", b"hello world", b"\0\0\0\x08moov", b"%PDF-1.7"],
)
def test_other_bytes_are_no_media(data: bytes) -> None:
    assert not is_media(data)
    assert not is_whole(data)


def test_a_box_of_no_size_ends_nowhere() -> None:
    assert not is_whole(b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\0mdat" + bytes(20))
    assert is_whole(
        b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\x01mdat" + b"\0" * 7 + b"\x14" + bytes(4)
    )


def test_a_recording_is_whole_by_its_length() -> None:
    assert is_whole(a_wav(1))
