"""The ``output`` member of a job body, written back from an image."""

from collections.abc import Mapping

from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.renditions.model import CENTRED, Framing, RenditionSpec


def output_of(spec: ImageSpec) -> dict[str, object]:
    """Return the ``output`` member that orders the same files again."""
    plan = spec.output
    exports = [one for one in plan.renditions if one.export]
    own = [one for one in plan.renditions if not one.export]
    # Exports have a default quality of their own.
    same = all(one.quality == spec.output_quality for one in exports)
    members: dict[str, object] = {
        "format": spec.output_format,
        "quality": spec.output_quality if same else None,
        "max_bytes": plan.max_bytes,
        **_framing(plan.framing, CENTRED),
        "renditions": [_rendition(one) for one in own],
        "formats": [one.export for one in exports],
        "safe_zones": plan.safe_zones,
        "contact_sheet": plan.contact_sheet,
        "embed_recipe": plan.embed_recipe,
        "keep_rights": plan.keep_rights,
    }
    return _without_blanks(members)


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
    return _without_blanks(members)


def _framing(framing: Framing, default: Framing) -> dict[str, object]:
    """Return the members of a framing that differ from the default."""
    members = {
        name: getattr(framing, name)
        for name in ("fit", "gravity", "background")
        if getattr(framing, name) != getattr(default, name)
    }
    if framing.focal_point:
        x, y = framing.focal_point
        members["focal_point"] = {"x": x, "y": y}
    return members


def _without_blanks(members: Mapping[str, object]) -> dict[str, object]:
    """Return the members that say something; no size, limit or quality is 0."""
    return {name: value for name, value in members.items() if value}
