"""The files that an image was ordered with, as the output of a job's body."""

from studio.domain.jobs.model import ImageSpec
from studio.domain.renditions.model import CENTRED, Framing, RenditionSpec


def output_of(spec: ImageSpec) -> dict[str, object]:
    """Write the output that orders the same files again."""
    plan = spec.output
    exports = [one for one in plan.renditions if one.export]
    own = [one for one in plan.renditions if not one.export]
    # Exports have a quality of their own where the order named none.
    same = all(one.quality == spec.output_quality for one in exports)
    members: dict[str, object] = {
        "format": spec.output_format,
        "quality": spec.output_quality if same else None,
        "max_bytes": plan.max_bytes,
        **_framing(plan.framing, CENTRED),
        "renditions": [_rendition(one) for one in own] or None,
        "formats": [one.export for one in exports] or None,
        "safe_zones": plan.safe_zones or None,
        "contact_sheet": plan.contact_sheet or None,
        "embed_recipe": plan.embed_recipe or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def _rendition(spec: RenditionSpec) -> dict[str, object]:
    members: dict[str, object] = {
        "name": spec.name,
        "width": spec.width,
        "height": spec.height,
        "format": spec.format,
        "quality": spec.quality,
        "max_bytes": spec.max_bytes,
        **_framing(spec.framing, Framing(gravity="smart")),
    }
    return {name: value for name, value in members.items() if value is not None}


def _framing(framing: Framing, usual: Framing) -> dict[str, object | None]:
    """Return what is not as usual of a framing."""
    point = framing.focal_point
    return {
        "fit": framing.fit if framing.fit != usual.fit else None,
        "gravity": framing.gravity if framing.gravity != usual.gravity else None,
        "focal_point": {"x": point[0], "y": point[1]} if point else None,
        "background": framing.background if framing.background != usual.background else None,
    }
