"""Sizes of images: what to ask a provider for."""

from math import isqrt

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.catalogue.sizes import FreeSizes, Size
from studio.domain.jobs.image_spec import ImageSpec


def request_size(spec: ImageSpec, model: ModelCard, source: Size | None) -> Size:
    """Return the size to ask the provider for, in pixels.

    Args:
        spec: The image. Without a size of its own, the source and the operation decide.
        model: The model that makes it.
        source: Size of the main source image. None if it is not known yet: the largest size
            that the model makes is then the upper bound.

    Raises:
        InvalidRequestError: the model does not make such a long format.
    """
    if spec.width is not None and spec.height is not None:
        return model.request_size(spec.width, spec.height)
    if source is None:
        return _largest(model)
    return model.request_size(*_outpainted(spec, source))


def source_size(spec: ImageSpec) -> Size | None:
    """Return the size of an image's main source, None if there is none or it is not known."""
    main = next((source for source in spec.sources if source.role == "image"), None)
    if main is None or main.width is None or main.height is None:
        return None
    return main.width, main.height


def _outpainted(spec: ImageSpec, source: Size) -> Size:
    added = {side: int(spec.options.get(side, 0)) for side in ("left", "right", "up", "down")}
    return source[0] + added["left"] + added["right"], source[1] + added["up"] + added["down"]


def _largest(model: ModelCard) -> Size:
    if isinstance(model.sizes, FreeSizes):
        side = isqrt(model.sizes.max_pixels)
        return side, side
    return max(model.sizes.sizes, key=lambda size: size[0] * size[1])
