"""The sample shop of the demo: two photos as a phone writes them, and a table of banners."""

from io import BytesIO
from random import Random

from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageFilter

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

_TALL = (900, 1200)
_GREY = (203, 201, 197)


def photos() -> dict[str, bytes]:
    """Return two JPEGs by name; both are rotated and carry GPS coordinates in EXIF."""
    return {"front.jpg": _photo((178, 58, 42), 1), "blue.jpg": _photo((44, 84, 140), 2)}


def _photo(colour: tuple[int, int, int], seed: int) -> bytes:
    image = Image.new("RGB", _TALL, _GREY)
    draw = ImageDraw.Draw(image)
    draw.ellipse((200, 880, 720, 980), fill=(176, 173, 168))
    image = image.filter(ImageFilter.GaussianBlur(16))
    draw = ImageDraw.Draw(image)
    light = tuple(min(255, channel + 48) for channel in colour)
    draw.arc((560, 480, 800, 780), -90, 90, fill=colour, width=38)
    draw.rounded_rectangle((260, 380, 640, 940), 54, fill=colour)
    draw.ellipse((260, 330, 640, 430), fill=light)
    draw.ellipse((288, 346, 612, 416), fill=(58, 34, 26))
    draw.rounded_rectangle((302, 470, 328, 850), 12, fill=light)
    rng = Random(seed)  # noqa: S311 - an image, not a secret
    noise = Image.frombytes("L", _TALL, rng.randbytes(_TALL[0] * _TALL[1]))
    grain = noise.point([124 + value * 8 // 255 for value in range(256)])
    shown = ImageChops.add(
        image.filter(ImageFilter.GaussianBlur(1.1)), Image.merge("RGB", (grain,) * 3), 1, -128
    )
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (52.0, 31.0, 12.0)
    file = BytesIO()
    shown.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", quality=90, exif=exif)
    return file.getvalue()
