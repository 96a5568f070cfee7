"""control.sketch, control.structure, control.style: the built-in drawing, guided by an image.

A mark in the corner says that the result is a preview.
"""

from collections.abc import Iterator
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from studio_imaging.operations.pictures import grained, on_white, opened, opened_near, png
from studio_imaging.operations.transfer import edges, softened_texture, with_colours_of
from studio_imaging.palette import Palette, Rgb, luminance, mix
from studio_imaging.preview import painted
from studio_imaging.restyle import mark
from studio_imaging.subject import border_colour

# The search for closed shapes visits pixels in Python, so it uses a small copy.
_SHAPES_SIDE: Final = 224
_MOST_SHAPES: Final = 40
_SMALLEST_SHAPE: Final = 12


def from_sketch(
    sketch: bytes, prompt: str, *, seed: int, strength: float, width: int, height: int
) -> bytes:
    """Return a coloured sketch: its lines and closed shapes over the drawing of the prompt.

    Args:
        sketch: Dark lines on a light background, or light lines on a dark background.
        prompt: Chooses scene and colours.
        seed: Any integer.
        strength: 0 to 1, how clearly lines and shapes show over the scene.
        width: Width of the result in pixels.
        height: Height of the result in pixels.

    Returns:
        A PNG of that size, opaque.

    Raises:
        ImageRejectedError: The sketch is too large, of another type, or broken.
    """
    drawing = on_white(opened(sketch))
    # Padding keeps the whole drawing; a crop could cut shapes open.
    drawing = ImageOps.pad(drawing, (width, height), color=border_colour(drawing))
    lines = _lines(drawing)
    scene, palette = painted(prompt, seed=seed, width=width, height=height)
    veil = Image.new("RGB", scene.size, palette.paper)
    scene = Image.blend(scene, veil, 0.25 + 0.35 * strength)
    _fill_shapes(scene, lines, palette, 0.35 + 0.6 * strength)
    soft = lines.filter(ImageFilter.GaussianBlur(max(0.5, min(scene.size) / 1800)))
    depth = 0.4 + 0.6 * strength
    scene.paste(
        palette.ink, (0, 0, *scene.size), soft.point([round(x * depth) for x in range(256)])
    )
    mark(scene, palette.paper)
    return png(grained(scene, 1.5, prompt))


def from_structure(
    source: bytes, prompt: str, *, seed: int, strength: float, width: int, height: int
) -> bytes:
    """Return the shapes of an image in the colours of the prompt: flat tones and outlines.

    Args:
        source: The image with the shapes.
        prompt: Chooses the colours.
        seed: Any integer.
        strength: 0 to 1, how much of the tones and outlines stays.
        width: Width of the result in pixels.
        height: Height of the result in pixels.

    Returns:
        A PNG of that size, opaque.

    Raises:
        ImageRejectedError: The source is too large, of another type, or broken.
    """
    shapes = opened_near(source, width, height)
    palette = painted(prompt, seed=seed, width=64, height=64)[1]
    smooth = softened_texture(shapes, 0.9)
    tones = ImageOps.autocontrast(smooth.convert("L"), 0.5).point(_steps(3 + round(4 * strength)))
    tones = tones.filter(ImageFilter.GaussianBlur(max(0.6, min(width, height) / 1400)))
    scene = Image.merge("RGB", [tones.point(table) for table in _tables(_ramp(palette))])
    outlines = edges(smooth, max(0.8, min(width, height) / 900))
    depth = 0.25 + 0.65 * strength
    outlines = outlines.point([round(x * depth) for x in range(256)])
    scene.paste(_ramp(palette)[0], (0, 0, *scene.size), outlines)
    mark(scene, _ramp(palette)[-1])
    return png(grained(scene, 2.5, prompt))


def in_style(
    style: bytes, prompt: str, *, seed: int, strength: float, width: int, height: int
) -> bytes:
    """Return the drawing of the prompt in the colours of an image.

    Args:
        style: The image with the colours.
        prompt: Chooses the scene.
        seed: Any integer.
        strength: 0 to 1, how far towards those colours.
        width: Width of the result in pixels.
        height: Height of the result in pixels.

    Returns:
        A PNG of that size, opaque.

    Raises:
        ImageRejectedError: The style image is too large, of another type, or broken.
    """
    scene, palette = painted(prompt, seed=seed, width=width, height=height)
    model = opened_near(style, min(512, width), min(512, height))
    scene = Image.blend(scene, with_colours_of(scene, model), strength)
    mark(scene, palette.sky[1] if strength < 0.5 else _corner(scene))
    return png(scene)


def _corner(scene: Image.Image) -> Rgb:
    """Return the colour under the preview mark."""
    box = (0, scene.height * 9 // 10, max(1, scene.width // 4), scene.height)
    red, green, blue = (part.tobytes()[0] for part in scene.crop(box).resize((1, 1)).split())
    return red, green, blue


def _lines(sketch: Image.Image) -> Image.Image:
    """Return the lines of a sketch, white on black."""
    grey = ImageOps.autocontrast(sketch.convert("L"))
    if grey.resize((1, 1), Image.Resampling.BOX).tobytes()[0] < 110:
        grey = ImageOps.invert(grey)
    paper = grey.filter(ImageFilter.GaussianBlur(max(4.0, min(grey.size) / 24)))
    ink = ImageChops.subtract(paper, grey)
    return ink.point([min(255, max(0, (value - 22) * 4)) for value in range(256)])


def _fill_shapes(scene: Image.Image, lines: Image.Image, palette: Palette, opacity: float) -> None:
    """Fill each closed shape with one of the palette's accents in turn."""
    accents = [mix(colour, palette.paper, 0.12) for colour in palette.accents]
    small = lines.copy()
    small.thumbnail((_SHAPES_SIDE, _SHAPES_SIDE), Image.Resampling.BOX)
    layer = Image.new("RGB", small.size, palette.paper)
    cover = Image.new("L", small.size)
    for number, shape in enumerate(_shapes(small)):
        # Grow under the lines, else the scene would show between fill and line.
        whole = shape.filter(ImageFilter.MaxFilter(5))
        layer.paste(accents[number % len(accents)], (0, 0, *small.size), whole)
        cover.paste(255, (0, 0, *small.size), whole)
    wide = cover.resize(scene.size, Image.Resampling.BICUBIC)
    tint = layer.resize(scene.size, Image.Resampling.BICUBIC)
    scene.paste(tint, mask=wide.point([round(value * opacity) for value in range(256)]))


def _shapes(lines: Image.Image) -> Iterator[Image.Image]:
    """Yield the regions that lines separate from the border, the upper ones first."""
    walls = ImageOps.expand(lines.point([0] * 56 + [255] * 200), 1, 0)
    ImageDraw.floodfill(walls, (0, 0), 1)
    for _ in range(_MOST_SHAPES):
        rest = walls.point([255] + [0] * 255)
        box = rest.getbbox()
        if box is None:
            return
        row = rest.crop((box[0], box[1], box[2], box[1] + 1)).tobytes()
        ImageDraw.floodfill(walls, (box[0] + row.index(255), box[1]), 2)
        shape = walls.point([0, 0, 255] + [0] * 253)
        walls = walls.point([0, 1, 1, *range(3, 256)])
        if shape.histogram()[255] >= _SMALLEST_SHAPE:
            yield shape.crop((1, 1, walls.width - 1, walls.height - 1))


def _ramp(palette: Palette) -> list[Rgb]:
    """Return distinct colours of the palette from dark to light."""
    colours = sorted({palette.near, palette.ink, *palette.accents, palette.light}, key=luminance)
    ramp = [colours[0]]
    for colour in colours[1:]:
        if luminance(colour) - luminance(ramp[-1]) > 0.05:
            ramp.append(colour)
    return ramp if len(ramp) > 1 else [colours[0], palette.light]


def _steps(count: int) -> list[int]:
    """Return a curve of ``count`` flat tones with short slopes between them."""
    curve = []
    for value in range(256):
        place = value / 255 * count
        step = min(count - 1, int(place))
        slope = max(0.0, (place - step - 0.8) / 0.2) if step < count - 1 else 0.0
        curve.append(round(255 * (step + slope) / (count - 1)))
    return curve


def _tables(ramp: list[Rgb]) -> list[list[int]]:
    """Return for each channel its value at each brightness."""
    spans = len(ramp) - 1
    colours = []
    for value in range(256):
        place = value / 255 * spans
        at = min(spans - 1, int(place))
        colours.append(mix(ramp[at], ramp[at + 1], place - at))
    return [[colour[channel] for colour in colours] for channel in range(3)]
