"""Colour spaces by primaries and transfer function, and their conversion to sRGB.

Source: ITU-T H.273 tables 2 and 3 (code points). Code points 1, 6, 14 and 15 describe cameras, not
screens. As in browsers they have the curve of sRGB in AVIF, and that of BT.1886 in PNG.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from PIL import Image

from studio_imaging.errors import ImageRejectedError
from studio_imaging.icc import Chromaticities, Curve, from_profile, profile_of, transfer_of

_D65: Final = (0.3127, 0.3290)
_C: Final = (0.310, 0.316)
_BT709: Final = (*_D65, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060)
_BT601: Final = (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070)
_PRIMARIES: Final[dict[int, Chromaticities]] = {
    1: _BT709,
    2: _BT709,
    4: (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: _BT601,
    7: _BT601,
    8: (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    10: (1 / 3, 1 / 3, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (*_D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}
_HDR: Final = {16: "PQ", 18: "HLG"}


def _srgb_light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else math.pow((value + 0.055) / 1.055, 2.4)


def _smpte_240m_light(value: float) -> float:
    return value / 4 if value < 0.0913 else math.pow((value + 0.1115) / 1.1115, 1 / 0.45)


def _st_428_light(value: float) -> float:
    return min(1.0, 52.37 / 48 * math.pow(value, 2.6))


@lru_cache(maxsize=64)
def power(gamma: float) -> Curve:
    """Return the curve of a display with this gamma."""
    return lambda value: math.pow(value, gamma)


_CURVES: Final[dict[int, Curve]] = {
    **dict.fromkeys((1, 2, 6, 13, 14, 15), _srgb_light),
    4: power(2.2),
    5: power(2.8),
    7: _smpte_240m_light,
    8: power(1.0),
    17: _st_428_light,
}
_SCREENS: Final[dict[int, Curve]] = {**_CURVES, **dict.fromkeys((1, 6, 11, 14, 15), power(2.4))}
_UNSPECIFIED: Final = 2


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space of three primaries.

    Attributes:
        chromaticities: White and primaries.
        curve: Light of a coded value.
        narrow: Whether black is 16 and white 235 of 255, as in video.
    """

    chromaticities: Chromaticities = _BT709
    curve: Curve = _srgb_light
    narrow: bool = False

    @property
    def is_srgb(self) -> bool:
        """True if the pixels are sRGB already."""
        return self == Space()


Declared: TypeAlias = Space | bytes
"""What a file says about its colours: a space, or the bytes of an ICC profile."""


def space_of_code_points(primaries: int, transfer: int) -> Space | None:
    """Return the space of the code points of an AVIF; None if they name none that is known.

    Raises:
        ImageRejectedError: The transfer function is one of HDR.
    """
    refuse_hdr(transfer)
    known = primaries in _PRIMARIES and transfer in _CURVES
    if not known or primaries == transfer == _UNSPECIFIED:
        return None
    return Space(_PRIMARIES[primaries], _CURVES[transfer])


def space_of_cicp(primaries: int, transfer: int, *, narrow: bool) -> Space | None:
    """Return the space of the code points of a PNG; None if one is unknown or unspecified.

    Raises:
        ImageRejectedError: The transfer function is one of HDR.
    """
    refuse_hdr(transfer)
    known = primaries in _PRIMARIES and transfer in _SCREENS
    if not known or _UNSPECIFIED in {primaries, transfer}:
        return None
    return Space(_PRIMARIES[primaries], _SCREENS[transfer], narrow)


def refuse_hdr(transfer: int) -> None:
    """Refuse a transfer function of HDR.

    Raises:
        ImageRejectedError: ``image-type-unsupported``.
    """
    if transfer in _HDR:
        raise ImageRejectedError(
            "image-type-unsupported",
            f"the image is HDR (transfer function {_HDR[transfer]}); export it as SDR, "
            "such as sRGB or Display P3",
        )


def to_srgb(image: Image.Image, declared: Declared) -> Image.Image | None:
    """Return the pixels of an L, RGB or CMYK image as sRGB, L or RGB.

    Returns:
        The converted image, or the same one if it is sRGB already; None if the description is
        broken or of another kind of image.

    Raises:
        ImageRejectedError: The profile is one of HDR.
    """
    if isinstance(declared, bytes):
        refuse_hdr(transfer_of(declared))
        return from_profile(image, declared)
    if image.mode == "CMYK":
        return None
    if declared.is_srgb:
        return image
    if image.mode == "L":
        return image.point(_grey_table(declared, 256))
    if declared.narrow:
        image = image.point([round(_full(value / 255) * 255) for value in range(256)] * 3)
    if declared.chromaticities == _BT709 and declared.curve is _srgb_light:
        return image
    profile = profile_of(declared.chromaticities, declared.curve)
    return None if profile is None else from_profile(image, profile)


def converted_grey(wide: Image.Image, declared: Declared) -> Image.Image | None:
    """Return 16-bit grey (mode I) as 8-bit sRGB grey; None if a profile describes it.

    A dark value of a straight curve has its colour in the lower byte.
    """
    if isinstance(declared, bytes) or declared.is_srgb:
        return None
    return wide.point(_grey_table(declared, 65_536), "L")


def _grey_table(space: Space, levels: int) -> list[int]:
    """Return the sRGB value, 0 to 255, of each level of grey."""
    top = levels - 1
    values = (level / top for level in range(levels))
    if space.narrow:
        values = (_full(value) for value in values)
    return [round(255 * _srgb_value(space.curve(value))) for value in values]


def _full(value: float) -> float:
    """Return a value of the narrow range, stretched to the full range."""
    return min(1.0, max(0.0, (value * 255 - 16) / 219))


def _srgb_value(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * math.pow(light, 1 / 2.4) - 0.055
