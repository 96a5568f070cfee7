"""The settings of an ordered image, as those of a template."""

from collections.abc import Iterator

from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.templates.model import Template


def settings_of(spec: ImageSpec, template: Template | None) -> dict[str, object]:
    """Return the settings that decide the look of an image, without its subject.

    The style comes from the image's template and from its operation's style preset. The words of
    personas and rules are not part of it. Purpose and format come from the image's template, if the
    image still has the format's size.

    Args:
        spec: The image.
        template: The template that it names, None if it names none.
    """
    avoided = (spec.negative_prompt or "").split(",")
    settings: dict[str, object] = {
        "category": template.category if template else "post",
        "style": list(_style(spec, template)),
        "avoid": [phrase.strip() for phrase in avoided if phrase.strip()],
        "provider": (spec.replaced or spec).provider,
        "quality": spec.quality,
    }
    if template is not None:
        settings |= {"platform": template.platform, "keywords": list(template.keywords)}
    if template and template.format_id and (spec.width, spec.height) == (
        template.width, template.height,
    ):  # fmt: skip
        return settings | {"format_id": template.format_id}
    return settings | {"width": spec.width, "height": spec.height}


def _style(spec: ImageSpec, template: Template | None) -> Iterator[str]:
    if template is not None:
        yield from template.style
    preset = spec.options.get("style_preset")
    if preset is not None:
        yield f"{str(preset).replace('-', ' ')} style"
