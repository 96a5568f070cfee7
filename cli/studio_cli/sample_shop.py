"""The sample shop of the demo: two photos as a phone writes them, and a table of banners."""

import math
from io import BytesIO
from random import Random

from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageFilter, ImageOps

FOLDER = "SKU-1042"
RECIPE = "cut-out"
# It has no sources: the rule gives each new photo to it.
RECIPE_JOB = {
    "operation": "edit.remove_background",
    "provider": {"id": "builtin"},
    "output": {"format": "png"},
}
TABLE = """prompt,size,name
a banner of autumn leaves,1024x384,Monday
a banner of a quiet harbour,1024x384,Tuesday
,1024x384,a row that forgot its prompt
a banner of mountains at dawn,1024x384,Thursday
"a banner of a city, by night",1024x384,Friday
"""

Colour = tuple[int, int, int]

_TALL = (900, 1200)
# The mug is drawn larger and then reduced, so that its edges are smooth.
_SCALE = 2
# Left, top, right and bottom of the mug's wall, and half the height of its rim.
_WALL = (240, 400, 640, 900)
_RIM = 44
_FOOT = 30


def photos() -> dict[str, bytes]:
    """Return two JPEGs by name; both are rotated and carry GPS coordinates in EXIF."""
    return {"front.jpg": _photo((178, 58, 42), 1), "blue.jpg": _photo((44, 84, 140), 2)}


def _photo(colour: Colour, seed: int) -> bytes:
    image = _table()
    image.paste(_shade((96, 92, 88)), mask=_shadow())
    mug, shape = _mug(colour)
    image.paste(mug, mask=shape)
    rng = Random(seed)  # noqa: S311 - a picture, not a secret
    noise = Image.frombytes("L", _TALL, rng.randbytes(_TALL[0] * _TALL[1]))
    grain = noise.point([125 + value * 6 // 255 for value in range(256)])
    shown = ImageChops.add(
        image.filter(ImageFilter.GaussianBlur(0.7)), Image.merge("RGB", (grain,) * 3), 1, -128
    )
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (52.0, 31.0, 12.0)
    file = BytesIO()
    shown.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", quality=90, exif=exif)
    return file.getvalue()


def _shade(colour: Colour) -> Image.Image:
    return Image.new("RGB", _TALL, colour)


def _table() -> Image.Image:
    """Return a sheet of paper under a lamp: lighter above, darker towards the edges."""
    light = Image.radial_gradient("L").resize(_TALL, Image.Resampling.BICUBIC)
    return ImageOps.colorize(light, (224, 222, 218), (192, 190, 186))


def _shadow() -> Image.Image:
    """Return the mask of a soft shadow to the right, and a darker one where the mug stands."""
    left, _, right, foot = _WALL
    soft = Image.new("L", _TALL)
    ImageDraw.Draw(soft).ellipse((left + 30, foot - 62, right + 150, foot + 50), fill=120)
    soft = soft.filter(ImageFilter.GaussianBlur(30))
    contact = Image.new("L", _TALL)
    ImageDraw.Draw(contact).ellipse((left + 22, foot - 34, right - 10, foot + 34), fill=150)
    return ImageChops.lighter(soft, contact.filter(ImageFilter.GaussianBlur(8)))


def _mug(colour: Colour) -> tuple[Image.Image, Image.Image]:
    """Return a glazed mug and its shape."""
    wide, tall = _TALL[0] * _SCALE, _TALL[1] * _SCALE
    left, top, right, foot = (side * _SCALE for side in _WALL)
    rim, round_ = _RIM * _SCALE, _FOOT * _SCALE
    wall = Image.new("L", (wide, tall))
    draw = ImageDraw.Draw(wall)
    draw.rectangle((left, top, right, foot - round_), fill=255)
    draw.ellipse((left, foot - 2 * round_ - 20, right, foot + 20), fill=255)
    draw.ellipse((left, top - rim, right, top + rim), fill=255)
    handle = Image.new("L", (wide, tall))
    box = (right - 130, top + 130, right + 190, foot - 170)
    ImageDraw.Draw(handle).ellipse(box, outline=255, width=60)
    picture = Image.new("RGB", (wide, tall), colour)
    _paint(picture, handle, box, colour, bend=1.35)
    _paint(picture, wall, (left, top - rim, right, foot + 20), colour, bend=1.0)
    _fill(picture, (left, top, right, foot), rim, colour)
    shape = ImageChops.lighter(wall, handle)
    return picture.resize(_TALL, Image.Resampling.BOX), shape.resize(_TALL, Image.Resampling.BOX)


def _paint(
    picture: Image.Image, mask: Image.Image, box: tuple[int, int, int, int], colour: Colour,
    *, bend: float,
) -> None:  # fmt: skip
    """Paint a round body: bright on the left, dark at both sides, with a window's reflection."""
    levels = [_light(place / 255, bend) for place in range(256)]
    strip = Image.new("RGB", (256, 1))
    for place, level in enumerate(levels):
        part = [min(255, round(channel * level + 70 * max(0, level - 1))) for channel in colour]
        strip.putpixel((place, 0), (part[0], part[1], part[2]))
    body = strip.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BICUBIC)
    picture.paste(body, box[:2], mask.crop(box))


def _light(place: float, bend: float) -> float:
    """Return the light on a cylinder at a place from left (0) to right (1)."""
    fall = 1 - math.pow(abs(place - 0.34), 1.6) * 1.5 * bend
    shine = 0.42 * math.pow(max(0.0, 1 - abs(place - 0.2) / 0.07), 1.5)
    return max(0.34, fall) + shine


def _fill(picture: Image.Image, wall: tuple[int, int, int, int], rim: int, colour: Colour) -> None:
    """Paint the rim, the inside and the coffee."""
    left, top, right, _ = wall
    draw = ImageDraw.Draw(picture)
    pale = tuple(min(255, channel + 62) for channel in colour)
    dark = tuple(channel * 5 // 10 for channel in colour)
    draw.ellipse((left, top - rim, right, top + rim), fill=pale)
    draw.ellipse((left + 26, top - rim + 14, right - 26, top + rim - 12), fill=dark)
    inside = Image.new("L", picture.size)
    ImageDraw.Draw(inside).ellipse(
        (left + 26, top - rim + 14, right - 26, top + rim - 12), fill=255
    )
    coffee = Image.new("L", picture.size)
    ImageDraw.Draw(coffee).ellipse(
        (left + 34, top - rim + 52, right - 34, top + rim + 26), fill=255
    )
    picture.paste((62, 38, 28), mask=ImageChops.darker(inside, coffee))
