"""The built-in renderer for photos: the subject in front of a studio backdrop.

The method is classical and deterministic. It cuts out a subject on a plain background and sets it
in front of a backdrop. Any other photo is placed there whole, as a print. A mark in the corner says
that the image is a preview.
"""

import hashlib
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from studio_imaging.decode import decode
from studio_imaging.encode import encode
from studio_imaging.label import MARK
from studio_imaging.palette import Palette, Rgb, choose_palette, mix
from studio_imaging.preview import MAX_SIDE, MIN_SIDE
from studio_imaging.source import LIMITS
from studio_imaging.subject import border_colour, cut_out, reduced
from studio_imaging.themes import named_hue, words_of
from studio_imaging.typography import font

_UNTOUCHED: Final = 0.05
_SMALLEST_MARKED_SIDE: Final = 120

_WHITE: Final = frozenset({"white", "clean", "plain", "bright"})
_BLACK: Final = frozenset({"black", "dark", "moody", "night"})


def restyle(
    photo: bytes, prompt: str, *, seed: int, strength: float, width: int, height: int
) -> bytes:
    """Return a photo in front of a backdrop; the same arguments give the same bytes.

    Args:
        photo: A file that ``decode`` accepts.
        prompt: Its words choose the colour of the backdrop.
        seed: Any integer; another seed turns the colours, unless the words name them.
        strength: 0 to 1, how far the result may depart from the photo; near 0 it is only fitted.
        width: In pixels, 16 to 4096.
        height: In pixels, 16 to 4096.

    Returns:
        A PNG file of exactly that size, opaque RGB.

    Raises:
        ValueError: A number is out of range.
        ImageRejectedError: The photo is too large, of another type, or broken.
    """
    if not (MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE):
        raise ValueError(f"width and height must be {MIN_SIDE} to {MAX_SIDE} pixels")
    if not 0 <= strength <= 1:
        raise ValueError("strength must be 0 to 1")
    source = reduced(decode(photo, LIMITS, target=(width, height)).image, max(width, height))
    if strength < _UNTOUCHED:
        return encode(_fitted(source, width, height), "png").data
    wall, floor = _colours(prompt, seed)
    scene = backdrop(width, height, wall, floor)
    cut = cut_out(source)
    lifted = _lifted(source.convert("RGB"), strength)
    if cut is None:
        _hang(scene, lifted, wall, strength)
    else:
        lifted.putalpha(cut)
        _stand(scene, lifted.crop(cut.getbbox()), floor, strength)
    mark(scene, floor)
    return encode(scene, "png").data


def _fitted(source: Image.Image, width: int, height: int) -> Image.Image:
    """Return the whole photo on a background of its border colour."""
    scene = Image.new("RGB", (width, height), border_colour(source.convert("RGB")))
    inside = _scaled(source, width, height)
    at = ((width - inside.width) // 2, (height - inside.height) // 2)
    scene.paste(inside.convert("RGB"), at, inside if inside.mode == "RGBA" else None)
    return scene


def _colours(prompt: str, seed: int) -> tuple[Rgb, Rgb]:
    """Return the colours of wall and floor that the words name, else random ones."""
    words = words_of(prompt)
    if words & _WHITE:
        return (251, 251, 252), (234, 236, 240)
    if words & _BLACK:
        return (46, 48, 54), (24, 25, 29)
    digest = hashlib.sha256(f"{seed}\n{prompt}".encode(errors="surrogatepass")).digest()
    rng = Random(int.from_bytes(digest, "big"))  # noqa: S311 - an image, not a secret
    palette: Palette = choose_palette("studio", rng, named_hue(words))
    return palette.sky[2], palette.sky[0]


def backdrop(width: int, height: int, wall: Rgb, floor: Rgb) -> Image.Image:
    """Return a backdrop: a wall that curves into a floor, lit from above."""
    column = Image.new("RGB", (1, 64))
    for y in range(64):
        bend = min(1.0, max(0.0, (y / 63 - 0.52) / 0.3))
        column.putpixel((0, y), mix(wall, floor, bend * bend * (3 - 2 * bend)))
    scene = column.resize((width, height), Image.Resampling.BICUBIC)
    light = Image.radial_gradient("L").point([round((255 - v) * 0.16) for v in range(256)])
    glow = Image.new("RGB", (width, height), "white")
    scene.paste(glow, mask=light.resize((width, height), Image.Resampling.BICUBIC))
    return scene


def _lifted(photo: Image.Image, strength: float) -> Image.Image:
    """Return the photo with slightly more contrast and colour."""
    contrast = ImageEnhance.Contrast(photo).enhance(1 + 0.08 * strength)
    return ImageEnhance.Color(contrast).enhance(1 + 0.12 * strength)


def _scaled(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return the image scaled to fit a frame; the aspect ratio stays."""
    scale = min(width / image.width, height / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _stand(scene: Image.Image, subject: Image.Image, floor: Rgb, strength: float) -> None:
    """Paste the cut subject on the floor, over its contact shadow."""
    room = 1 - 0.3 * strength
    subject = _scaled(subject, round(scene.width * room), round(scene.height * room))
    left = (scene.width - subject.width) // 2
    foot = round(scene.height * (1 - 0.14 * strength))
    top = max(0, min(foot, scene.height) - subject.height)
    tall = max(2, round(subject.height * 0.09))
    # Only the lowest part stands on the floor: a handle casts no shadow there.
    foot_part = (0, subject.height - max(1, subject.height // 16), *subject.size)
    shade = subject.getchannel("A").crop(foot_part)
    shade = shade.resize((subject.width, tall), Image.Resampling.BILINEAR)
    _cast(scene, shade, (left, top + subject.height - round(tall * 0.62)), floor, 0.55)
    scene.paste(subject, (left, top), subject)


def _hang(scene: Image.Image, photo: Image.Image, wall: Rgb, strength: float) -> None:
    """Paste the whole photo on the wall, over its drop shadow."""
    room = 1 - 0.22 * strength
    photo = _scaled(photo, round(scene.width * room), round(scene.height * room))
    left, top = (scene.width - photo.width) // 2, (scene.height - photo.height) // 2
    shade = Image.new("L", photo.size, 255)
    _cast(scene, shade, (left, top + max(1, photo.height // 40)), wall, 0.4)
    scene.paste(photo, (left, top))


def _cast(
    scene: Image.Image, shade: Image.Image, at: tuple[int, int], ground: Rgb, depth: float
) -> None:
    """Darken the backdrop under a soft shadow."""
    radius = max(1.0, min(scene.size) / 60)
    shadow = Image.new("L", scene.size)
    shadow.paste(shade.point([round(value * depth) for value in range(256)]), at)
    shadow = shadow.filter(ImageFilter.GaussianBlur(radius))
    scene.paste(mix(ground, (12, 12, 20), 0.72), (0, 0, *scene.size), shadow)


def mark(scene: Image.Image, floor: Rgb) -> None:
    """Write the preview mark in the corner, in a colour that is readable on the floor."""
    if min(scene.size) < _SMALLEST_MARKED_SIDE:
        return
    letters = font(max(9, round(min(scene.size) * 0.02)))
    dark = sum(floor) < 3 * 110
    ink = mix(floor, (255, 255, 255) if dark else (20, 20, 30), 0.55)
    margin = max(4, round(min(scene.size) * 0.025))
    ImageDraw.Draw(scene).text((margin, scene.height - margin), MARK, ink, letters, anchor="ls")
