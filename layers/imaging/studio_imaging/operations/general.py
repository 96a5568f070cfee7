"""edit.general: named changes of tone, colour, sharpness and orientation."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from studio_imaging.errors import OperationRefusedError
from studio_imaging.operations.pictures import (
    coloured,
    grained,
    opened,
    opened_mask,
    png,
    with_alpha,
)
from studio_imaging.palette import Rgb

# Each step works on every pixel, so their number bounds the time of an edit.
_MOST_STEPS: Final = 12
# How much of the unknown words a message repeats.
_SHOWN_WORDS: Final = 10
_SHOWN_LETTERS: Final = 40

Change = Callable[[Image.Image, float], Image.Image]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change and its phrases.

    Attributes:
        phrases: Patterns of whole words; the first one is the name of the change in messages.
        make: Returns an RGB picture changed by an amount; 1 is the usual amount.
        moves: For a change that moves pixels, how many times in a row give the old picture again;
            0 for other changes.
    """

    phrases: tuple[str, ...]
    make: Change
    moves: int = 0


def edit(data: bytes, prompt: str, *, mask: bytes | None = None) -> bytes:
    """Return the picture with the changes that the prompt names, in order.

    Args:
        data: The picture.
        prompt: At most 12 changes, such as "a bit warmer and more contrast". An unknown word
            refuses the whole edit. A change that is named several times in a row is made once,
            with the largest amount; a turn or flip is made as often as it has an effect.
        mask: Where to change the picture, grey, of its size; None for everywhere.

    Returns:
        A PNG of the picture's size; pixels outside the mask are identical.

    Raises:
        ImageRejectedError: A file is too large, of another type, or broken.
        OperationRefusedError: ``words-unknown``, ``changes-too-many``, ``mask-size``,
            ``mask-empty`` or ``size-would-change``.
    """
    edits = _folded(_understood(prompt))
    picture = opened(data)
    marked = None if mask is None else opened_mask(mask, picture.size)
    changed = picture
    for change, amount in edits:
        changed = _changed(changed, change, amount)
    if changed.size != picture.size:
        raise OperationRefusedError(
            "size-would-change",
            "a quarter turn needs a square image, because an edit keeps the size",
        )
    if marked is not None:
        changed = Image.composite(changed, picture, marked)
    return png(changed)


def _changed(picture: Image.Image, change: Edit, amount: float) -> Image.Image:
    if change.moves:
        return change.make(picture, amount)
    colour, alpha = coloured(picture)
    return with_alpha(change.make(colour, amount), alpha)


def _folded(found: list[tuple[Edit, float]]) -> list[tuple[Edit, float]]:
    """Return the changes to make, without repeats in a row that have no further effect.

    Raises:
        OperationRefusedError: ``changes-too-many``: more than 12 are left.
    """
    steps: list[tuple[Edit, float]] = []
    for change, run in groupby(found, key=itemgetter(0)):
        amounts = [amount for _, amount in run]
        times = len(amounts) % change.moves if change.moves else 1
        steps += [(change, max(amounts))] * times
    if len(steps) > _MOST_STEPS:
        raise OperationRefusedError(
            "changes-too-many",
            f"the prompt names {len(steps)} changes, and an edit makes at most {_MOST_STEPS}",
        )
    return steps


def _understood(prompt: str) -> list[tuple[Edit, float]]:
    """Return the changes of a prompt with their amounts; the longest matching phrase wins.

    Raises:
        OperationRefusedError: ``words-unknown``: a word is unknown, or no word names a change.
    """
    rest = " ".join(re.findall(r"[a-z0-9]+", prompt.lower().replace("'", "")))
    found: list[tuple[Edit, float]] = []
    unknown: list[str] = []
    amount = 1.0
    while rest:
        hit = _longest(rest)
        size = re.match(_AMOUNTS, rest)
        if hit is not None:
            found.append((hit[0], amount))
            rest, amount = rest[hit[1] :].lstrip(), 1.0
        elif size is not None:
            amount = next(_SIZES[name] for name, text in size.groupdict().items() if text)
            rest = rest[size.end() :].lstrip()
        else:
            word, _, rest = rest.partition(" ")
            if word not in _FILLERS:
                unknown.append(word)
    if unknown or not found:
        known = ", ".join(one.phrases[0].replace("?", "") for one in _EDITS)
        named = list(dict.fromkeys(word[:_SHOWN_LETTERS] for word in unknown))
        more = ", ..." if len(named) > _SHOWN_WORDS else ""
        reason = "finds no change to make"
        if named:
            reason = f"does not know {', '.join(named[:_SHOWN_WORDS])}{more}"
        raise OperationRefusedError(
            "words-unknown", f"the built-in renderer {reason}; it knows: {known}"
        )
    return found


def _longest(rest: str) -> tuple[Edit, int] | None:
    hits = [
        (match.end(), one)
        for one in _EDITS
        for phrase in one.phrases
        if (match := re.match(rf"(?:{phrase})\b", rest))
    ]
    if not hits:
        return None
    end, one = max(hits, key=lambda hit: hit[0])
    return one, end


_SIZES: Final = {"little": 0.5, "much": 1.7}
_AMOUNTS: Final = (
    r"(?P<little>(?:a )?(?:bit|little|touch|tad)|slightly|subtly|gently|somewhat)\b"
    r"|(?P<much>(?:a )?lot|much|very|strongly|far|extremely|really|way)\b"
)
_FILLERS: Final = frozenset(
    re.findall(
        r"\w+",
        "a add all also and apply be but by can colors colours could effect entire everything give"
        " i image in into it its like look make me more my of on overall photo photograph picture"
        " please should so some the then there this to tones turn up version want whole with would"
        " you",
    )
)


def _tones(picture: Image.Image, curve: Callable[[float], float]) -> Image.Image:
    table = [min(255, max(0, round(255 * curve(value / 255)))) for value in range(256)]
    return picture.point(table * 3)


def _brighter(picture: Image.Image, amount: float) -> Image.Image:
    return _tones(picture, lambda x: x ** (1 / (1 + 0.5 * amount)))


def _darker(picture: Image.Image, amount: float) -> Image.Image:
    return _tones(picture, lambda x: x ** (1 + 0.55 * amount))


def _contrast(amount: float) -> Change:
    def change(picture: Image.Image, size: float) -> Image.Image:
        strength = amount * size
        if strength < 0:
            return _tones(picture, lambda x: 0.5 + (x - 0.5) * (1 + strength))

        def curve(x: float) -> float:
            bent = 2 * x * x if x < 0.5 else 1 - 2 * (1 - x) ** 2
            return x + (bent - x) * strength

        return _tones(picture, curve)

    return change


def _saturation(amount: float) -> Change:
    def change(picture: Image.Image, size: float) -> Image.Image:
        return ImageEnhance.Color(picture).enhance(max(0.0, 1 + amount * size))

    return change


def _balance(red: float, green: float, blue: float) -> Change:
    """Return a change of the light's colour: mid-tones move, black and white stay."""

    def change(picture: Image.Image, size: float) -> Image.Image:
        tables: list[int] = []
        for gain in (red, green, blue):
            tables += [
                round(255 * (value / 255) ** (1 / (1 + gain * size))) for value in range(256)
            ]
        return picture.point(tables)

    return change


def _grey(picture: Image.Image, _: float) -> Image.Image:
    return picture.convert("L").convert("RGB")


def _toned(dark: Rgb, light: Rgb) -> Change:
    def change(picture: Image.Image, _: float) -> Image.Image:
        return ImageOps.colorize(ImageOps.autocontrast(picture.convert("L"), 0.2), dark, light)

    return change


def _vintage(picture: Image.Image, amount: float) -> Image.Image:
    faded = _tones(_balance(0.16, 0.02, -0.18)(picture, amount), lambda x: 0.08 + 0.86 * x)
    return grained(_vignette(_saturation(-0.3)(faded, 1), amount), 3, "vintage")


def _vignette(picture: Image.Image, amount: float) -> Image.Image:
    fall = Image.radial_gradient("L").point(
        [
            round(255 * (1 - min(0.8, 0.5 * amount) * max(0.0, x / 255 - 0.3) ** 1.5))
            for x in range(256)
        ]
    )
    shade = fall.crop((36, 36, 220, 220)).resize(picture.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(picture, Image.merge("RGB", (shade, shade, shade)))


def _blur(picture: Image.Image, amount: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(max(0.6, max(picture.size) / 170 * amount)))


def _sharpen(picture: Image.Image, amount: float) -> Image.Image:
    radius = max(1.0, max(picture.size) / 900)
    return picture.filter(ImageFilter.UnsharpMask(radius, round(110 * amount), 2))


def _denoise(picture: Image.Image, _: float) -> Image.Image:
    return picture.filter(ImageFilter.MedianFilter(3))


def _grain(picture: Image.Image, amount: float) -> Image.Image:
    return grained(picture, 9 * amount, "grain")


def _posterise(picture: Image.Image, amount: float) -> Image.Image:
    return ImageOps.posterize(picture.filter(ImageFilter.MedianFilter(5)), 2 if amount > 1 else 3)


def _negative(picture: Image.Image, _: float) -> Image.Image:
    return ImageOps.invert(picture)


def _levels(picture: Image.Image, _: float) -> Image.Image:
    return ImageOps.autocontrast(picture, 0.5, preserve_tone=True)


def _moved(method: Image.Transpose) -> Change:
    return lambda picture, _: picture.transpose(method)


_EDITS: Final = (
    Edit(("brighter", "bright", "brighten", "lighter", "lighten",
          "more (?:light|brightness)"), _brighter),
    Edit(("darker", "dark", "darken", "dimmer", "less (?:light|bright|brightness)"), _darker),
    Edit(("more contrast", "contrast", "punchier", "(?:more )?contrasty", "higher contrast",
          "increase (?:the )?contrast"), _contrast(0.75)),
    Edit(("less contrast", "lower contrast", "flatter", "reduce (?:the )?contrast"),
         _contrast(-0.35)),
    Edit(("warmer", "warm", "warm up"), _balance(0.20, 0.02, -0.20)),
    Edit(("cooler", "cool", "colder", "cold", "cool down"), _balance(-0.18, 0.0, 0.22)),
    Edit(("more saturated", "saturate", "saturated", "more saturation", "more vivid", "vivid",
          "vibrant", "more vibrant", "more colou?rful", "colou?rful"), _saturation(0.55)),
    Edit(("less saturated", "desaturate", "less saturation", "muted", "paler", "less colou?rful",
          "less vivid"), _saturation(-0.45)),
    Edit(("black and white", "monochrome", "gr[ea]yscale", "gr[ea]y scale", "b and w"), _grey),
    Edit(("sepia",), _toned((38, 22, 10), (255, 240, 208))),
    Edit(("vintage", "retro", "old film"), _vintage),
    Edit(("vignette", "darker (?:corners|edges)"), _vignette),
    Edit(("blur", "blurry", "blurred", "blurrier", "softer", "soften"), _blur),
    Edit(("sharpen", "sharper", "sharp", "crisper", "crisp"), _sharpen),
    Edit(("less noise", "denoise", "remove noise", "remove (?:the )?noise", "smooth", "smoother"),
         _denoise),
    Edit(("film grain", "grain", "grainy", "more grain"), _grain),
    Edit(("posterize", "posteri[sz]ed?"), _posterise),
    Edit(("invert", "inverted", "negative"), _negative),
    Edit(("auto levels", "auto contrast", "fix (?:the )?exposure", "auto"), _levels),
    Edit(("mirror", "mirrored", "flip", "flip horizontally", "flip horizontal"),
         _moved(Image.Transpose.FLIP_LEFT_RIGHT), moves=2),
    Edit(("flip vertically", "flip vertical"),
         _moved(Image.Transpose.FLIP_TOP_BOTTOM), moves=2),
    Edit(("upside down", "flip upside down", "rotate 180(?: degrees)?"),
         _moved(Image.Transpose.ROTATE_180), moves=2),
    Edit(("rotate right", "rotate(?: right)?(?: by)? 90(?: degrees)?(?: clockwise)?",
          "rotate clockwise"), _moved(Image.Transpose.ROTATE_270), moves=4),
    Edit(("rotate left", "rotate left(?: by)? 90(?: degrees)?", "rotate counterclockwise"),
         _moved(Image.Transpose.ROTATE_90), moves=4),
)  # fmt: skip
