"""edit.remove_background: the subject alone, cut from a plain background."""

from typing import Final

from PIL import Image

from studio_imaging.errors import OperationRefusedError
from studio_imaging.operations.fill import filled
from studio_imaging.operations.pictures import opened, png
from studio_imaging.subject import cut_out

# A less opaque edge pixel still shows some of the background.
_CLEAN: Final = 250


def remove_background(data: bytes) -> bytes:
    """Return the subject on a transparent background, as a PNG of the picture's size.

    A picture with transparency keeps it.

    Raises:
        ImageRejectedError: The picture is too large, of another type, or broken.
        OperationRefusedError: ``backdrop-not-plain``.
    """
    return png(cut_subject(opened(data)))


def cut_subject(picture: Image.Image) -> Image.Image:
    """Return the subject as RGBA, without the old background's colour at its edge.

    Raises:
        OperationRefusedError: ``backdrop-not-plain``.
    """
    alpha = cut_out(picture)
    if alpha is None or not alpha.getbbox():
        raise OperationRefusedError(
            "backdrop-not-plain",
            "the background is not plain: the built-in renderer cuts out only subjects on a plain "
            "background",
        )
    if picture.mode == "RGBA":
        return picture
    cut = picture.copy()
    box = alpha.point([255 if value >= _CLEAN else 0 for value in range(256)]).getbbox()
    if box is not None:
        # The colours of the subject grow into its soft edge.
        box = alpha.getbbox()
        unclean = alpha.crop(box).point([255] * _CLEAN + [0] * (256 - _CLEAN))
        cut.paste(filled(picture.crop(box), unclean), box)
    cut.putalpha(alpha)
    return cut
