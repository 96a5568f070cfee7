"""The size of an image in a body: by its size, its sides or a ratio, else by its template."""

from math import isqrt

from studio.domain.operations.table import operation_of
from studio.domain.templates.model import Template
from studio.services.orders.body import JobBody

Sides = tuple[int, int]
OptionalSides = Sides | tuple[None, None]

_DEFAULT_SIDES = (1024, 1024)
_PIXELS_OF_A_RATIO = 1024 * 1024
_STEP_OF_A_RATIO = 16


def common_size(body: JobBody, template: Template | None) -> tuple[OptionalSides, str]:
    """Return the size of images without a size of their own, and the pointer of its field.

    The size is width and height in pixels. Both are None if the operation decides it.
    """
    if body.size:
        return split_size(body.size), "/size"
    if body.width and body.height:
        return (body.width, body.height), "/width"
    if body.aspect_ratio:
        return sides_of_ratio(body.aspect_ratio), "/aspect_ratio"
    sides = _template_size(template) if template else None
    if sides:
        return sides, "/template_id"
    return _DEFAULT_SIDES if operation_of(str(body.operation)).sized else (None, None), "/size"


def split_size(size: str) -> Sides:
    """Return the width and height of a size such as ``640x480``."""
    width, height = size.split("x")
    return int(width), int(height)


def sides_of_ratio(ratio: str) -> Sides:
    """Return sides of about a megapixel in a ratio such as ``16:9``, each a multiple of 16."""
    across, down = (int(part) for part in ratio.split(":"))
    return _side(across, down), _side(down, across)


def _template_size(template: Template) -> Sides | None:
    if template.width and template.height:
        return template.width, template.height
    return sides_of_ratio(template.aspect_ratio) if template.aspect_ratio else None


def _side(own: int, other: int) -> int:
    return round(isqrt(_PIXELS_OF_A_RATIO * own // other) / _STEP_OF_A_RATIO) * _STEP_OF_A_RATIO
