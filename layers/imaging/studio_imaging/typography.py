"""Text in the font that ships with Pillow: Aileron with basic Latin letters."""

import unicodedata
from functools import lru_cache
from typing import Final

from PIL import ImageFont

_MISSING: Final = "\uffff"
_ELLIPSIS: Final = "\u2026"
_PROBE_SIZE: Final = 24

# Letters that Unicode does not decompose.
_PLAIN: Final = str.maketrans(
    {
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u00c6": "AE",
        "\u0153": "oe",
        "\u0152": "OE",
        "\u00f8": "o",
        "\u00d8": "O",
        "\u0142": "l",
        "\u0141": "L",
        "\u0111": "d",
        "\u0131": "i",
        "\u2013": "-",
        "\u2014": "-",
    }
)


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the built-in font at a size in pixels.

    Raises:
        RuntimeError: Pillow is built without FreeType; its wheels have FreeType.
    """
    loaded = ImageFont.load_default(size)
    if not isinstance(loaded, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow has no FreeType support")
    return loaded


def printable(text: str) -> str:
    """Return the text as one line of letters that the font has.

    Accents and other scripts are dropped, so the result can be empty. Spaces are collapsed.
    """
    decomposed = unicodedata.normalize("NFKD", text).translate(_PLAIN)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join("".join(letter if _has_glyph(letter) else " " for letter in plain).split())


def wrap(text: str, size: int, width: float, lines: int) -> list[str]:
    """Return at most ``lines`` lines of ``width`` pixels; an ellipsis ends a cut text."""
    typeface = font(size)
    wrapped: list[str] = []
    rest = text
    while rest and len(wrapped) < lines:
        if typeface.getlength(rest) <= width:
            wrapped.append(rest)
            break
        if len(wrapped) == lines - 1:
            start = _longest_start(rest, size, width - typeface.getlength(_ELLIPSIS))
            wrapped.append(start.rstrip(" ,;:.-") + _ELLIPSIS)
            break
        line = _longest_start(rest, size, width)
        wrapped.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    return wrapped


def _longest_start(text: str, size: int, width: float) -> str:
    """The longest start of ``text`` that fits, ending at a space where there is one."""
    typeface = font(size)
    fits, too_long = 1, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if typeface.getlength(text[:middle]) <= width:
            fits = middle
        else:
            too_long = middle
    space = text.rfind(" ", 0, fits + 1)
    return text[: space if space > 0 else fits]


@lru_cache(maxsize=1024)
def _has_glyph(letter: str) -> bool:
    if not letter.isprintable():
        return False
    typeface = font(_PROBE_SIZE)
    return bytes(typeface.getmask(letter)) != bytes(typeface.getmask(_MISSING))
