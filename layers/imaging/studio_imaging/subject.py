"""Separation of a subject from a plain background and from its soft shadow.

The background is reached from the border. It goes on where the colour is that of the background,
or where it changes little by little: uneven light, and the soft shadow of the subject.
"""

from typing import Final, NamedTuple

from PIL import Image, ImageChops, ImageFilter, ImageMath

from studio_imaging.ground import TOLERANCE, border_of, ground_of, median_colour
from studio_imaging.palette import Rgb
from studio_imaging.room import SUBJECT, Room, distance, grown, steepness

# The search for the background visits pixels in Python, so it uses a small copy.
_SEARCHED_SIDE: Final = 192
_PLAIN_SHARE: Final = 0.86
# Least share of background. A uniform border alone may be the rim of an object.
_LEAST_ROOM: Final = 0.1
# A paler background than this step from the subject still shows an edge.
_FINEST: Final = 8
# Largest change within 3 x 3 pixels of uneven light.
_SMOOTHEST: Final = 6
_STEEPEST: Final = 16
# Colours so near to the ground are ground, and so near to the subject are subject.
_NEAR_GROUND: Final = 58
_STRETCH: Final = 1.45
# A subject whose hue is so far from the ground's is coloured.
_COLOURED: Final = 24
# A pixel so far from the ground is subject, whatever its colour.
_FULL: Final = 56


class Cut(NamedTuple):
    """The cut of a subject.

    Attributes:
        alpha: Its alpha, in the size of the image.
        confidence: 0 to 1: the share of the outline that is clear, less for an uneven border.
    """

    alpha: Image.Image
    confidence: float


def cut_out(source: Image.Image) -> Image.Image | None:
    """Return the alpha of the subject, soft at its edge; see ``cut``."""
    found = cut(source)
    return None if found is None else found.alpha


def cut(source: Image.Image) -> Cut | None:
    """Return the cut of the subject, soft at its edge.

    Args:
        source: RGB, or RGBA with the alpha to return.

    Returns:
        The cut; None if there is no plain background.
    """
    if source.mode == "RGBA":
        alpha = source.getchannel("A")
        return Cut(alpha, 1.0) if alpha.getbbox() else None
    small = reduced(source, _SEARCHED_SIDE)
    if min(small.size) < 8:
        return None
    ground = ground_of(small)
    apart = distance(small, ground)
    plain = _share_within(border_of(apart), TOLERANCE)
    if plain < _PLAIN_SHARE:
        return None
    tolerance = _noise(border_of(apart), 0.9, _FINEST, TOLERANCE)
    steep = steepness(small)
    smooth = _noise(border_of(steep), 0.9, _SMOOTHEST, _STEEPEST)
    room = Room(small, ground, apart.tobytes(), steep.tobytes(), tolerance, smooth)
    around = 1 - room.kinds.count(SUBJECT) / len(room.kinds)
    if not _LEAST_ROOM < around < 1:
        return None
    return Cut(_edge(source, small, room), room.clearness * plain * (0.5 if room.leaked else 1))


def reduced(image: Image.Image, side: int) -> Image.Image:
    """Return the image with a longest side of at most ``side`` pixels; never enlarge."""
    scale = min(1.0, side / max(image.size))
    if scale == 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def border_colour(image: Image.Image) -> Rgb:
    """Return the median colour of the outermost pixels of an RGB image."""
    return median_colour(border_of(reduced(image, _SEARCHED_SIDE)))


def _share_within(row: Image.Image, most: int) -> float:
    return sum(row.histogram()[: most + 1]) / row.width


def _noise(row: Image.Image, share: float, least: int, most: int) -> int:
    """Return a tolerance just above what so large a share of the border shows."""
    level = next(level for level in range(256) if _share_within(row, level) >= share)
    return min(most, max(least, round(1.4 * level + 3)))


def _edge(source: Image.Image, small: Image.Image, room: Room) -> Image.Image:
    """Return the subject's alpha at full size, with a soft edge near its outline.

    Near the outline a pixel is as opaque as its colour is far from the ground, on the way to the
    colour of the subject. Beside a shadow, only the hue of a coloured subject counts, because the
    shadow is darkest where it meets the subject.
    """
    size, soft, subject = source.size, Image.Resampling.BILINEAR, room.subject
    inner = subject.filter(ImageFilter.MinFilter(5)).resize(size, soft)
    outer = subject.filter(ImageFilter.MaxFilter(3)).resize(size, soft)
    ground = grown(small, ImageChops.invert(subject)).resize(size, soft)
    body = grown(small, subject).resize(size, soft)
    way = _way(distance(source, ground), distance(body, ground))
    shadow = room.shadow
    if shadow.getbbox():
        whole = _hue_distance(body, ground)
        by_hue = ImageChops.darker(way, _way(_hue_distance(source, ground), whole))
        coloured = whole.point([255 if value >= _COLOURED else 0 for value in range(256)])
        beside = shadow.filter(ImageFilter.MaxFilter(5)).resize(size, soft)
        way = Image.composite(by_hue, way, ImageChops.darker(coloured, beside))
    fine = ImageChops.darker(way, outer)
    alpha = ImageChops.lighter(fine, inner).filter(ImageFilter.GaussianBlur(0.7))
    return alpha.point([0 if value < 10 else value for value in range(256)])


def _way(part: Image.Image, whole: Image.Image) -> Image.Image:
    """Return the opacity of pixels at a distance from the ground, out of the subject's distance."""
    opacity: Image.Image = ImageMath.lambda_eval(
        lambda given: given["convert"](
            (given["part"] * 255 / (given["whole"] + 1)) * _STRETCH - _NEAR_GROUND, "L"
        ),
        part=part,
        whole=whole.point([min(_FULL, max(_FINEST, value)) for value in range(256)]),
    )
    return opacity


def _hue_distance(image: Image.Image, ground: Image.Image) -> Image.Image:
    """Return the distance of each pixel from the ground in the pixel's own light."""
    light = ImageMath.lambda_eval(
        lambda given: given["convert"](
            given["min"](given["image"] * 255 / (given["ground"] + 1), 255), "L"
        ),
        image=image.convert("L"),
        ground=ground.convert("L"),
    )
    return distance(image, ImageChops.multiply(ground, Image.merge("RGB", (light,) * 3)))
