"""edit.search_recolor: parts of one colour get another colour and keep their shading."""

from colorsys import rgb_to_hsv
from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageStat

from studio_imaging.errors import OperationRefusedError
from studio_imaging.operations.colours import NamedColour, colours_in, named_colours, selected
from studio_imaging.operations.pictures import coloured, grown, opened, opened_mask, png, with_alpha
from studio_imaging.palette import Rgb
from studio_imaging.subject import cut_out
from studio_imaging.themes import words_of

_GROUND: Final = frozenset({"background", "backdrop", "wall", "ground"})
_SUBJECT: Final = frozenset({"subject", "product", "object", "foreground", "item"})

# How much of the search a message repeats.
_SHOWN_LETTERS: Final = 100
# A smaller share of pixels is noise.
_FOUND: Final = 0.0005


def search_recolor(
    data: bytes, prompt: str, search: str, *, mask: bytes | None = None, grow: int = 0
) -> bytes:
    """Return the image with the searched part in a new colour.

    The search finds a colour ("the red car"), the subject, the background, or the mask. It does
    not find an object by its name alone.

    Args:
        data: The image.
        prompt: Names the new colour; the last name counts.
        search: Names the old colour, the subject or the background.
        mask: Where to search, grey, of the image's size. If the search names nothing known, the
            mask is the result.
        grow: Pixels to grow the found part by.

    Returns:
        A PNG of the image's size; all other pixels are identical.

    Raises:
        ImageRejectedError: A file is too large, of another type, or broken.
        OperationRefusedError: ``colour-unknown``, ``backdrop-not-plain``, ``nothing-found``,
            ``mask-size`` or ``mask-empty``.
    """
    wanted = colours_in(prompt)
    if not wanted:
        raise _unknown("prompt")
    picture = opened(data)
    colour, alpha = coloured(picture)
    marked = opened_mask(mask, picture.size) if mask is not None else None
    found = _found(picture, colour, search, marked)
    if grow:
        found = ImageChops.lighter(found, grown(found.point(_SURE), grow))
    if marked is not None:
        found = ImageChops.darker(found, grown(marked, grow) if grow else marked)
    if ImageStat.Stat(found).sum[0] < 255 * max(1.0, _FOUND * picture.width * picture.height):
        raise OperationRefusedError(
            "nothing-found", f"nothing in the image is {search.strip()[:_SHOWN_LETTERS]}"
        )
    return png(with_alpha(recoloured(colour, found, wanted[-1].rgb), alpha))


_SURE: Final = [0] * 128 + [255] * 128


def recoloured(picture: Image.Image, where: Image.Image, target: Rgb) -> Image.Image:
    """Return an RGB image with another colour in one part, with the same shading.

    The median brightness and saturation of the part become those of the target. Differences from
    the median stay.
    """
    hue, saturation, value = picture.convert("HSV").split()
    aim = [round(255 * part) for part in rgb_to_hsv(*(channel / 255 for channel in target))]
    sure = where.point(_SURE)
    mask = sure if sure.getbbox() else where
    middle = max(1.0, ImageStat.Stat(saturation, mask).median[0])
    # A grey part has no saturation to scale and gets that of the target.
    pale = middle < 40
    scaled = [aim[1] if pale else min(255, round(x * aim[1] / middle)) for x in range(256)]
    level = ImageStat.Stat(value, mask).median[0]
    turned = Image.merge(
        "HSV",
        (
            hue.point([aim[0]] * 256),
            saturation.point(scaled),
            value.point(_moved(level, aim[2])),
        ),
    ).convert("RGB")
    if pale:
        # Highlights stay white, as on glossy objects.
        shine = value.point([max(0, min(255, (x - 246) * 26)) for x in range(256)])
        turned.paste(picture, mask=shine if level < 225 else Image.new("L", picture.size))
    return Image.composite(turned, picture, where)


def _moved(middle: float, target: float) -> list[int]:
    """Return a curve that maps one brightness to another and keeps black and white."""
    middle = min(250.0, max(5.0, middle))
    low, high = target / middle, (255 - target) / (255 - middle)
    return [round(x * low if x <= middle else 255 - (255 - x) * high) for x in range(256)]


def _found(
    picture: Image.Image, colour: Image.Image, search: str, marked: Image.Image | None
) -> Image.Image:
    names = colours_in(search)
    if names:
        return _of_colours(colour, names)
    words = words_of(search)
    if words & (_GROUND | _SUBJECT):
        cut = cut_out(picture)
        if cut is None:
            raise OperationRefusedError(
                "backdrop-not-plain", "the background is not plain: name a colour to search for"
            )
        return cut if words & _SUBJECT else ImageChops.invert(cut)
    if marked is not None:
        return marked
    raise _unknown("search_prompt")


def _of_colours(colour: Image.Image, names: list[NamedColour]) -> Image.Image:
    # Each name is looked for once, however often the search repeats it.
    first, *others = dict.fromkeys(names)
    found = selected(colour, first)
    for name in others:
        found = ImageChops.lighter(found, selected(colour, name))
    # Single pixels and single gaps are noise.
    calm = found.filter(ImageFilter.MedianFilter(3))
    return calm.filter(ImageFilter.GaussianBlur(0.6)).point([0] * 8 + list(range(8, 256)))


def _unknown(member: str) -> OperationRefusedError:
    known = ", ".join(named_colours())
    return OperationRefusedError("colour-unknown", f"the {member} names no colour of: {known}")
