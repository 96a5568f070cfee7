"""The settings of an image that was ordered, as those of a template."""

from collections.abc import Iterator

from studio.domain.jobs.model import ImageSpec
from studio.domain.templates.model import Template


def settings_of(spec: ImageSpec, template: Template | None) -> dict[str, object]:
    """Write down what made an image look as it does, but not what it shows.

    Its style is that of the template that it was ordered by, and the style that its operation was
    given; what persona and rules added is left to them. Of the template is also what it is for,
    and for which format, where the image still has that size.

    Args:
        spec: The image.
        template: The one that it names, None where it names none.
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
