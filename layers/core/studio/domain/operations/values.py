"""Values of an operation's inputs, and what a text must be to count as one."""

import re
import unicodedata
from decimal import Decimal
from typing import Literal

Role = Literal["image", "mask", "style_image", "background", "lighting", "audio"]
"""Purpose of a file in a request.

``image``: source image. ``mask``: grey image as large as the first source image, white where that
image changes. ``style_image``: example of the style. ``background``, ``lighting``: examples of
the new background and the new light. ``audio``: speech.
"""


OptionValue = str | int | bool
"""The value of an operation's input; a number with a decimal point is decimal text."""


Quality = Literal["draft", "standard", "premium"]


DECIMAL_PATTERN = r"-?[0-9]{1,9}(\.[0-9]{1,9})?"
"""The one form of a decimal number as text. It bounds the work that a number can cause."""

_DECIMAL = re.compile(DECIMAL_PATTERN)

# Categories of Unicode that show nothing by themselves: controls, spaces and marks.
_UNSEEN_CATEGORIES = "CZM"
# Letters and symbols that are drawn as empty space: the Hangul fillers, the Braille blank, the
# blanks of hieroglyphs, and the null notehead of music.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\U00013441\U00013442\U0001d159")


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing, as an empty one."""
    return all(
        unicodedata.category(character)[0] in _UNSEEN_CATEGORIES or character in _UNSEEN
        for character in text
    )


def parse_decimal(text: str) -> Decimal:
    """Return the number that a text of ``DECIMAL_PATTERN`` says.

    Raises:
        ValueError: the text has another form, such as an exponent.
    """
    if not _DECIMAL.fullmatch(text):
        raise ValueError("a decimal number has at most nine digits on each side of its point")
    return Decimal(text)
