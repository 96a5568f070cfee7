"""edit.remove_background: the subject alone, cut from a plain background."""

from typing import Final, NamedTuple

from PIL import Image

from studio_imaging.errors import OperationRefusedError
from studio_imaging.operations.fill import filled
from studio_imaging.operations.pictures import opened, png
from studio_imaging.subject import cut

# A less opaque edge pixel still shows some of the background.
_CLEAN: Final = 250


UNSURE_BELOW: Final = 0.6
"""The confidence below which a provider's model cuts out better."""


class CutOut(NamedTuple):
    """The cut image, and the confidence of the cut, 0 to 1."""

    picture: Image.Image
    confidence: float


def remove_background(data: bytes) -> bytes:
    """Return the subject on a transparent background, see ``removed_background``."""
    return removed_background(data)[0]


def removed_background(data: bytes) -> tuple[bytes, float]:
    """Return the subject on a transparent background, and the confidence of the cut, 0 to 1.

    The file is a PNG of the image's size. An image with transparency keeps it.

    Raises:
        ImageRejectedError: The image is too large, of another type, or broken.
        OperationRefusedError: ``backdrop-not-plain``.
    """
    found = cut_with_confidence(opened(data))
    return png(found.picture), found.confidence


def cut_subject(picture: Image.Image) -> Image.Image:
    """Return the subject as RGBA, see ``cut_with_confidence``."""
    return cut_with_confidence(picture).picture


def cut_with_confidence(picture: Image.Image) -> CutOut:
    """Return the subject as RGBA, without the old background's colour at its edge.

    Raises:
        OperationRefusedError: ``backdrop-not-plain``.
    """
    found = cut(picture)
    alpha = found.alpha if found else None
    if found is None or alpha is None or not alpha.getbbox():
        raise OperationRefusedError(
            "backdrop-not-plain",
            "the background is not plain: the built-in renderer cuts out only subjects on a plain "
            "background",
        )
    if picture.mode == "RGBA":
        return CutOut(picture, found.confidence)
    clean = picture.copy()
    box = alpha.point([255 if value >= _CLEAN else 0 for value in range(256)]).getbbox()
    if box is not None:
        # The colours of the subject grow into its soft edge.
        box = alpha.getbbox()
        unclean = alpha.crop(box).point([255] * _CLEAN + [0] * (256 - _CLEAN))
        clean.paste(filled(picture.crop(box), unclean), box)
    clean.putalpha(alpha)
    return CutOut(clean, found.confidence)
