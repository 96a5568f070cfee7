"""Small valid pictures of every kind that the decoder accepts, for the fuzzer to damage."""

import io
from collections.abc import Iterator

from PIL import Image, PngImagePlugin

from studio_imaging.xmp import packet
from tests.support.imaging.manifests import STORE, in_avif, in_jpeg, in_png, in_webp
from tests.support.imaging.profiles import ink_profile, rgb_profile
from tests.support.imaging.rare_pngs import Samples, a_png, with_chunk
from tests.support.imaging.samples import file_of, quadrants

_PROFILE = rgb_profile((0.44, 0.22, 0.01), (0.39, 0.72, 0.10), (0.14, 0.06, 0.71), 2.2)
XMP = packet("trainedAlgorithmicMedia", description="words", recipe={"prompt": "words"})


def seeds() -> list[bytes]:
    """Return about forty files of 100 bytes to 8 kB."""
    return [*_jpegs(), *_pngs(), *_webps(), *_avifs(), *_gifs(), *_signed()]


def _signed() -> Iterator[bytes]:
    yield in_jpeg(STORE, 100)
    yield from (place(STORE) for place in (in_png, in_webp, in_avif))


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "words"
    exif.get_ifd(0x8769)[0x9286] = "comment"
    exif.get_ifd(0x8825)[0x0002] = (51.0, 28.0, 40.0)
    return exif


def _frames(mode: str = "RGB") -> list[Image.Image]:
    first = quadrants(24, 16)
    return [
        picture.convert(mode) for picture in (first, first.rotate(180), Image.new("RGB", (24, 16)))
    ]


def _rich(pillow_format: str, **options: object) -> bytes:
    return file_of(
        quadrants(32, 24),
        pillow_format,
        exif=_exif(),
        icc_profile=_PROFILE,
        xmp=XMP,
        **options,
    )


def _jpegs() -> Iterator[bytes]:
    picture = quadrants(32, 24)
    yield file_of(picture, "JPEG")
    yield file_of(picture, "JPEG", progressive=True, subsampling=0)
    yield file_of(picture, "JPEG", restart_marker_blocks=1)
    yield file_of(picture.convert("L"), "JPEG", progressive=True)
    cmyk = file_of(picture.convert("CMYK"), "JPEG")
    yield cmyk
    # The last byte of Adobe's segment is the colour transform: 2 makes the same planes YCCK.
    adobe = cmyk.index(b"Adobe") + 11
    yield cmyk[:adobe] + b"\x02" + cmyk[adobe + 1 :]
    press = ink_profile({(0, 0, 0, 0): (100, 0, 0), (0, 0, 0, 1): (60, -50, 45)})
    yield file_of(picture.convert("CMYK"), "JPEG", icc_profile=press)
    yield _rich("JPEG", comment=b"words")
    yield _rich("MPO", save_all=True, append_images=_frames()[:1])


def _slopes(channels: int, levels: int) -> Samples:
    def samples(x: int, y: int) -> tuple[int, ...]:
        return tuple((x * 19 + y * 7 + 31 * channel) % levels for channel in range(channels))

    return samples


def _pngs() -> Iterator[bytes]:
    picture = quadrants(32, 24)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "words")
    text.add_text("Comment", "words" * 40, zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    yield file_of(picture, "PNG", pnginfo=text, icc_profile=_PROFILE, exif=_exif())
    yield file_of(picture.convert("P"), "PNG", transparency=0)
    yield file_of(picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=4), "PNG", bits=2)
    yield file_of(picture.convert("1"), "PNG")
    yield file_of(picture, "PNG", transparency=(250, 250, 250))
    yield file_of(picture.convert("LA"), "PNG")
    yield file_of(_frames("RGBA")[0], "PNG", save_all=True, append_images=_frames("RGBA")[1:])
    for depth in (8, 16):
        for channels in (1, 2, 3, 4):
            yield a_png(13, 11, _slopes(channels, 1 << depth), depth=depth, interlaced=True)
    yield with_chunk(file_of(picture, "PNG"), b"tRNS", bytes(6))


def _webps() -> Iterator[bytes]:
    picture = quadrants(32, 24)
    yield file_of(picture, "WEBP")
    yield file_of(picture, "WEBP", lossless=True)
    clear = picture.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(picture.size))
    yield file_of(clear, "WEBP")
    yield file_of(clear, "WEBP", lossless=True)
    yield _rich("WEBP")
    yield file_of(_frames()[0], "WEBP", save_all=True, append_images=_frames()[1:], xmp=XMP)


def _avifs() -> Iterator[bytes]:
    picture = quadrants(32, 24)
    yield file_of(picture, "AVIF")
    yield file_of(picture, "AVIF", subsampling="4:0:0")
    clear = picture.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(picture.size))
    yield file_of(clear, "AVIF", subsampling="4:4:4")
    yield _rich("AVIF")
    yield file_of(_frames()[0], "AVIF", save_all=True, append_images=_frames()[1:])


def _gifs() -> Iterator[bytes]:
    picture = quadrants(32, 24)
    yield file_of(picture, "GIF", comment=b"words")
    yield file_of(picture.convert("L"), "GIF", interlace=0)
    yield file_of(_frames()[0], "GIF", save_all=True, append_images=_frames()[1:], disposal=2)
    frames = [frame.quantize(4) for frame in _frames()]
    yield file_of(frames[0], "GIF", save_all=True, append_images=frames[1:], transparency=0)
    out = io.BytesIO()
    picture.convert("L").save(out, "GIF", background=3)
    yield out.getvalue()
