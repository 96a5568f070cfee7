"""How large a picture to ask the provider for."""

from math import isqrt

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.catalogue.sizes import FreeSizes, Size
from studio.domain.jobs.model import ImageSpec


def request_size(spec: ImageSpec, model: ModelCard, source: Size | None) -> Size:
    """Return the size to ask for.

    Args:
        spec: The order; where it gives no size the source and the operation do.
        model: Who is asked.
        source: Size of the picture that it starts from, None where nobody knows yet: the largest
            that the model makes is then the bound.

    Raises:
        InvalidRequestError: the format is longer than the model can serve.
    """
    if spec.width is not None and spec.height is not None:
        return model.request_size(spec.width, spec.height)
    if source is None:
        return _largest(model)
    return model.request_size(*_grown(spec, source))


def _grown(spec: ImageSpec, source: Size) -> Size:
    added = {side: int(spec.options.get(side, 0)) for side in ("left", "right", "up", "down")}
    return source[0] + added["left"] + added["right"], source[1] + added["up"] + added["down"]


def _largest(model: ModelCard) -> Size:
    if isinstance(model.sizes, FreeSizes):
        side = isqrt(model.sizes.max_pixels)
        return side, side
    return max(model.sizes.sizes, key=lambda size: size[0] * size[1])
