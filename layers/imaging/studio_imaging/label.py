"""The label of a preview: the prompt and a mark, at a place where few crops would cut it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFilter

from studio_imaging.palette import Palette, mix
from studio_imaging.typography import font, wrap

MARK: Final = "PREVIEW - built-in renderer"

# Width / height of common crops, from a story to a wide banner.
_RATIOS: Final = (9 / 16, 2 / 3, 4 / 5, 1.0, 16 / 9, 1.91, 3.0)
# A crop has at least this shape; the label of a wide image is narrow enough for it.
_NARROWEST: Final = 9 / 16
_ROOM: Final = 0.92
# The places to try: middles of the label, and how far above the lowest place, in its heights.
_ACROSS: Final = (0.5, 0.32, 0.68)
_ABOVE: Final = (0.0, 0.35)
_MOST_LINES: Final = 3
# Less than this cut from a label is its padding.
_WHOLE: Final = 0.99


class _Label(NamedTuple):
    """The lines of a label and its measures in pixels."""

    lines: list[str]
    size: int
    small: int
    wide: int
    tall: int


def write_label(picture: Image.Image, text: str, palette: Palette) -> None:
    """Write the text and the preview mark on a soft panel in the lower part of the image."""
    # Its import takes as long as all others together, and only labels need it.
    from studio_imaging.salience import SIDE, shrunk

    label = _measured(picture.size, text)
    small = shrunk(picture, SIDE)
    best, fewest = None, len(_RATIOS) + 1
    for panel in _places(picture, label):
        cuts = _cuts(small, picture.size, panel, palette)
        if cuts < fewest:
            best, fewest = panel, cuts
        if not cuts:
            break
    if best is not None:
        _draw(picture, best, label, palette)


def _measured(size: tuple[int, int], text: str) -> _Label:
    width, height = size
    unit = min(width, height)
    letters = max(9, min(round(unit * 0.034), round(width * 0.052)))
    small = max(8, round(letters * 0.6))
    pad = _pad(letters)
    most = min(width - 2 * _margin(size), round(height * _NARROWEST * _ROOM))
    room = most - 2 * pad
    while small > 6 and font(small).getlength(MARK) + small * 1.1 > room:
        small -= 1
    lines = wrap(text, letters, room, _MOST_LINES)
    widest = max(font(small).getlength(MARK) + small * 1.1, *map(font(letters).getlength, lines))
    tall = 2 * pad + len(lines) * _pitch(letters) + round(small * 1.4)
    return _Label(lines, letters, small, min(room, round(widest)) + 2 * pad, tall)


def _margin(size: tuple[int, int]) -> int:
    return max(4, round(min(size) * 0.035))


def _pad(letters: int) -> int:
    return round(letters * 0.8)


def _pitch(letters: int) -> int:
    return round(letters * 1.28)


def _places(picture: Image.Image, label: _Label) -> Iterator[tuple[int, int, int, int]]:
    """Yield the panels to try, the best first where no crop decides."""
    margin = _margin(picture.size)
    seen = set()
    for above in _ABOVE:
        for across in _ACROSS:
            left = round(across * picture.width - label.wide / 2)
            left = min(max(left, margin), picture.width - margin - label.wide)
            top = picture.height - margin - label.tall - round(above * label.tall)
            if (left, top) not in seen:
                seen.add((left, top))
                yield left, top, left + label.wide, top + label.tall


def _cuts(
    small: Image.Image, size: tuple[int, int], panel: tuple[int, int, int, int], palette: Palette
) -> int:
    """Return how many of the common crops would cut a panel."""
    from studio_imaging.attention import Attention

    scale = small.width / size[0]
    trial = small.copy()
    pen = ImageDraw.Draw(trial)
    left, top, right, bottom = (round(side * scale) for side in panel)
    pen.rectangle((left, top, right, bottom), fill=palette.paper)
    step = max(2, round((bottom - top) / 4))
    for line in range(top + step, bottom - step + 1, step):
        pen.line((left + step, line, right - step, line), fill=mix(palette.ink, palette.paper, 0.5))
    attention, own = Attention(trial), size[0] / size[1]
    box = tuple(side / of for side, of in zip(panel, (*size, *size), strict=True))
    cuts = 0
    for ratio in _RATIOS:
        width, height = min(1.0, ratio / own), min(1.0, own / ratio)
        x, y = attention.place(width, height)
        inside = _shared(box[0], box[2], x, x + width) * _shared(box[1], box[3], y, y + height)
        cuts += 0 < inside < _WHOLE
    return cuts


def _shared(low: float, high: float, start: float, end: float) -> float:
    """Return the share of one span that another one holds."""
    return max(0.0, min(high, end) - max(low, start)) / (high - low)


def _draw(
    picture: Image.Image, panel: tuple[int, int, int, int], label: _Label, palette: Palette
) -> None:
    size, small = label.size, label.small
    _soft_panel(picture, panel, palette, round(size * 0.5))
    pen = ImageDraw.Draw(picture)
    x, y = panel[0] + _pad(size), panel[1] + _pad(size)
    for line in label.lines:
        pen.text((x, y), line, palette.ink, font(size))
        y += _pitch(size)
    y += round(small * 0.4)
    dot = small * 0.3
    middle = y + small * 0.6
    pen.ellipse((x, middle - dot, x + 2 * dot, middle + dot), fill=palette.accents[0])
    quiet = mix(palette.ink, palette.paper, 0.28)
    pen.text((x + round(small * 1.1), y), MARK, quiet, font(small))


def _soft_panel(
    picture: Image.Image, panel: tuple[int, int, int, int], palette: Palette, radius: int
) -> None:
    """Blur and lighten the image under the panel, with round corners."""
    under = picture.crop(panel)
    blurred = under.resize((max(1, under.width // 8), max(1, under.height // 8)))
    blurred = blurred.filter(ImageFilter.GaussianBlur(2)).resize(under.size)
    veil = Image.blend(blurred, Image.new("RGB", under.size, palette.paper), 0.86)
    mask = Image.new("L", (under.width * 2, under.height * 2))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1), radius * 2, fill=255
    )
    picture.paste(veil, panel, mask.reduce(2))
