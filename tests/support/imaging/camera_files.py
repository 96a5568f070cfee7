"""Photographs with everything that a camera leaves in them, made here."""

from io import BytesIO

from PIL import ExifTags, Image

SIDES = (48, 32)
CORNERS = {"left top": (200, 30, 30), "right top": (30, 160, 60), "left bottom": (40, 60, 200)}
_STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
GPS_NOTE = b"N51.4779 W0.0015 secret place"


def upright(seed: int = 0) -> Image.Image:
    """The picture as people see it: a colour in each of three corners, the fourth by the seed."""
    image = Image.new("RGB", SIDES, (seed * 37 % 256, seed * 71 % 256, 120))
    half = (SIDES[0] // 2, SIDES[1] // 2)
    image.paste(CORNERS["left top"], (0, 0, *half))
    image.paste(CORNERS["right top"], (half[0], 0, SIDES[0], half[1]))
    image.paste(CORNERS["left bottom"], (0, half[1], half[0], SIDES[1]))
    return image


def photo(orientation: int = 1, seed: int = 0) -> bytes:
    """A JPEG whose pixels are stored turned, with EXIF that says so, and with a place in it."""
    image = upright(seed)
    turn = _STORED_AS[orientation]
    if turn is not None:
        image = image.transpose(turn)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = GPS_NOTE.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 28.0, 40.0)
    target = BytesIO()
    image.save(target, "JPEG", quality=95, subsampling=0, exif=exif, comment=GPS_NOTE)
    return target.getvalue()


def looks_upright(data: bytes) -> bool:
    """Tell whether a file shows the picture the right way up, and holds no place."""
    with Image.open(BytesIO(data)) as image:
        if image.size != SIDES or image.getexif() or GPS_NOTE in data:
            return False
        pixels = image.convert("RGB")
        places = {"left top": (6, 5), "right top": (40, 5), "left bottom": (6, 27)}
        return all(_close(pixels.getpixel(place), CORNERS[name]) for name, place in places.items())


def _close(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(int(a) - b) < 24 for a, b in zip(pixel, colour, strict=True))


def photo_of(width: int, height: int, seed: int = 0) -> bytes:
    """A plain JPEG of a size, with the same scene."""
    target = BytesIO()
    upright(seed).resize((width, height)).save(target, "JPEG", quality=92)
    return target.getvalue()
