"""edit.general: named changes of tone, colour, sharpness and orientation."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from PIL import Image

from studio_imaging.errors import OperationRefusedError
from studio_imaging.operations.changes import EDITS, Edit
from studio_imaging.operations.pictures import (
    coloured,
    opened,
    opened_mask,
    png,
    with_alpha,
)
from studio_imaging.operations.wording import read_wording

# Each step works on every pixel, so their number bounds the time of an edit.
_MOST_STEPS: Final = 12
# How much of the unknown words a message repeats.
_SHOWN_WORDS: Final = 10
_SHOWN_LETTERS: Final = 40


def edit(data: bytes, prompt: str, *, mask: bytes | None = None) -> bytes:
    """Return the image with the changes that the prompt names, in order.

    Args:
        data: The image.
        prompt: At most 12 changes, such as "a bit warmer and more contrast". An unknown word
            refuses the whole edit. A change that is named several times in a row is made once,
            with the largest amount. A turn or flip is made as often as it has an effect.
        mask: Where to change the image, grey, of its size; None for everywhere.

    Returns:
        A PNG of the image's size; pixels outside the mask are identical.

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


def _folded(found: Sequence[tuple[Edit, float]]) -> list[tuple[Edit, float]]:
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


def _understood(prompt: str) -> tuple[tuple[Edit, float], ...]:
    """Return the changes of a prompt with their amounts.

    Raises:
        OperationRefusedError: ``words-unknown``: a word is unknown, or no word names a change.
    """
    wording = read_wording(prompt)
    if wording.unknown or not wording.changes:
        known = ", ".join(one.phrases[0] for one in EDITS)
        named = list(dict.fromkeys(word[:_SHOWN_LETTERS] for word in wording.unknown))
        more = ", ..." if len(named) > _SHOWN_WORDS else ""
        reason = "finds no change to make"
        if named:
            reason = f"does not know {', '.join(named[:_SHOWN_WORDS])}{more}"
        raise OperationRefusedError(
            "words-unknown", f"the built-in renderer {reason}; it knows: {known}"
        )
    return wording.changes
