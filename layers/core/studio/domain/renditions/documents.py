"""JSON documents of renditions and of the plans for them."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from studio.domain.assets.model import StoredImage
from studio.domain.renditions.model import (
    Focus,
    Framing,
    OutputPlan,
    Rendition,
    RenditionSpec,
    Rule,
)


def spec_document(spec: RenditionSpec) -> dict[str, Any]:
    """Return the document of a file to make; members at their defaults are left out."""
    return _without_defaults(spec, framing=_framing_document(spec.framing))


def spec_of(document: Mapping[str, Any]) -> RenditionSpec:
    """Return the value of a ``spec_document``."""
    return RenditionSpec(**{**document, "framing": _framing_of(document.get("framing", {}))})


def plan_document(plan: OutputPlan) -> dict[str, Any]:
    """Return the document of a plan; members at their defaults are left out."""
    return _without_defaults(
        plan,
        framing=_framing_document(plan.framing),
        renditions=[spec_document(one) for one in plan.renditions],
    )


def plan_of(document: Mapping[str, Any]) -> OutputPlan:
    """Return the value of a ``plan_document``."""
    return OutputPlan(
        **{
            **document,
            "framing": _framing_of(document.get("framing", {})),
            "renditions": tuple(map(spec_of, document.get("renditions", ()))),
        }
    )


def rendition_document(rendition: Rendition) -> dict[str, Any]:
    """Return the document of a rendition; members without a value are left out."""
    members = {name: value for name, value in asdict(rendition).items() if value is not None}
    return {**members, "spec": spec_document(rendition.spec)}


def rendition_of(document: Mapping[str, Any]) -> Rendition:
    """Return the value of a ``rendition_document``."""
    file, focus, window = (document.get(name) for name in ("file", "focus", "window"))
    return Rendition(
        **{
            **document,
            "spec": spec_of(document["spec"]),
            "file": None if file is None else StoredImage(**file),
            "focus": None if focus is None else Focus(**focus),
            "window": None if window is None else tuple(window),
            "rules": tuple(Rule(**rule) for rule in document.get("rules", ())),
        }
    )


def _framing_document(framing: Framing) -> dict[str, Any]:
    return _without_defaults(framing)


def _framing_of(document: Mapping[str, Any]) -> Framing:
    point = document.get("focal_point")
    return Framing(**{**document, "focal_point": None if point is None else (point[0], point[1])})


def _without_defaults(
    value: Framing | RenditionSpec | OutputPlan, **coded: object
) -> dict[str, Any]:
    """Return the members of a dataclass that differ from their defaults.

    Args:
        value: The dataclass.
        **coded: Members that are documents already.
    """
    own = {
        field.name: getattr(value, field.name)
        for field in fields(value)
        if getattr(value, field.name) != field.default
    }
    return {name: coded.get(name, member) for name, member in own.items()}
