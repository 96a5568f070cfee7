"""Videos, 3D models and sound: recognised by content, never by a name."""

import struct

import pytest

from studio_imaging.audio import MAX_BYTES, check_audio
from studio_imaging.errors import ImageRejectedError
from studio_imaging.media import VideoFacts, check_model, check_video
from tests.support.imaging.media import a_glb, a_wav, an_mp4


@pytest.mark.parametrize("version", [0, 1])
def test_a_video_says_how_large_and_how_long_it_is(version: int) -> None:
    assert check_video(an_mp4(1280, 720, 5_000, version)) == VideoFacts(1280, 720, 5_000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x00\x00\x18ftypisom",
        b"<html>no video</html>" * 40,
        an_mp4(1280, 720, 5_000)[:-1],
        an_mp4(0, 720, 5_000),
        an_mp4(20_000, 720, 5_000),
        an_mp4(1280, 720, 0),
        an_mp4(1280, 720, 5_000).replace(b"moov", b"free"),
        an_mp4(1280, 720, 5_000).replace(b"mdat", b"free"),
        an_mp4(1280, 720, 5_000).replace(b"tkhd", b"free"),
        an_mp4(1280, 720, 5_000).replace(struct.pack(">I", 1000), bytes(4)),
    ],
)
def test_what_is_no_whole_video_is_refused(data: bytes) -> None:
    with pytest.raises(ImageRejectedError) as caught:
        check_video(data)
    assert caught.value.code == "video-invalid"


def test_a_model_is_a_whole_binary_gltf() -> None:
    check_model(a_glb())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        a_glb()[:-1],
        a_glb() + b"x",
        a_glb().replace(b"glTF", b"glTX"),
        a_glb({"scene": 0}),
        b"glTF" + struct.pack("<IIII", 2, 25, 5, 0x4E4F534A) + b"{nope",
        a_glb().replace(b"glTF\x02", b"glTF\x01"),
    ],
)  # fmt: skip
def test_what_is_no_whole_model_is_refused(data: bytes) -> None:
    with pytest.raises(ImageRejectedError) as caught:
        check_model(data)
    assert caught.value.code == "model-invalid"


def test_sound_is_wav_or_mp3() -> None:
    assert check_audio(a_wav()) == "audio/wav"
    assert check_audio(b"ID3\x04" + bytes(40)) == "audio/mpeg"
    assert check_audio(b"\xff\xfb\x90\x64" + bytes(40)) == "audio/mpeg"


@pytest.mark.parametrize("data", [b"", b"\xff", b"RIFF\x00\x00\x00\x00WEBP", b"OggS", b"{}"])
def test_sound_other_than_wav_or_mp3_is_refused(data: bytes) -> None:
    with pytest.raises(ImageRejectedError) as caught:
        check_audio(data)
    assert caught.value.code == "audio-type-unsupported"


def test_sound_that_no_model_takes_is_refused() -> None:
    with pytest.raises(ImageRejectedError) as caught:
        check_audio(b"ID3" + bytes(MAX_BYTES))
    assert caught.value.code == "image-too-large"
