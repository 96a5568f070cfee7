"""The built-in templates, read from ``templates.json`` in this folder."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from studio.domain.platforms.catalogue import format_of
from studio.domain.templates.model import Template, ratio_of


@lru_cache(maxsize=1)
def builtin_templates() -> Mapping[str, Template]:
    """Return the built-in templates by id, in the order of the documentation."""
    # Imported late: it loads tempfile and zipfile, which only requests for templates need.
    from importlib.resources import files

    text = files("studio.domain.templates").joinpath("templates.json").read_text(encoding="utf-8")
    templates = map(_template, json.loads(text)["templates"])
    return {template.template_id: template for template in templates}


def _template(document: dict[str, Any]) -> Template:
    return Template(
        template_id=document["id"],
        version=document.get("version", 1),
        title=document["title"],
        category=document["category"],
        description=document["description"],
        **_place(document),
        style=tuple(document["style"]),
        avoid=tuple(document.get("avoid", ())),
        keywords=tuple(document["keywords"]),
        provider=document.get("provider"),
        quality=document.get("quality"),
    )


def _place(document: dict[str, Any]) -> dict[str, Any]:
    """Return the platform and size of a template; for a format they come from the platform data."""
    if "format" in document:
        shown = format_of(document["format"])
        return {
            "platform": shown.platform,
            "format_id": shown.id,
            "width": shown.width,
            "height": shown.height,
            "aspect_ratio": shown.ratio,
        }
    if "ratio" in document:
        return {"aspect_ratio": document["ratio"]}
    width, height = (int(side) for side in document["size"].split("x"))
    return {"width": width, "height": height, "aspect_ratio": ratio_of(width, height)}
