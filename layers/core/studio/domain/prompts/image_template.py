"""Templates of image prompts: text with placeholders for the values of one image."""

import re
from collections.abc import Iterator, Mapping

from studio.domain.jobs.model import MAX_PROMPT
from studio.domain.operations.values import is_blank

PLACEHOLDERS = ("post_title", "image_prompt", "image_type")

# A doubled brace stands for the brace itself. A value is never searched, because one pass over
# the template puts all of them in.
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def unknown_placeholders(template: str) -> tuple[str, ...]:
    """Return what a template has in braces besides the known placeholders, single braces too."""
    return tuple(dict.fromkeys(_unknown(template)))


def build_prompt(
    template: str,
    title: str | None,
    meta_title: str | None,
    image_prompt: str,
    image_type: str,
) -> tuple[str, str | None]:
    """Return the prompt of an image, and a warning if the template could not be used.

    ``{post_title}`` is the title, else the meta title. If the template needs a value that is
    missing or has an unknown placeholder, or its prompt is too long, the prompt is
    ``image_prompt`` unchanged.
    """
    values = {
        "post_title": next((text for text in (title, meta_title) if _shows(text)), None),
        "image_prompt": image_prompt,
        "image_type": image_type,
    }
    reason = _obstacle(template, values)
    if reason is None:
        prompt = _PART.sub(lambda part: _value(part, values), template)
        if len(prompt) <= MAX_PROMPT and not is_blank(prompt):
            return prompt, None
        reason = f"its prompt is blank or has more than {MAX_PROMPT} characters"
    return image_prompt, f"The image's own prompt was used, not the image template: {reason}"


def _obstacle(template: str, values: Mapping[str, str | None]) -> str | None:
    unknown = unknown_placeholders(template)
    if unknown:
        return f"it has the unknown placeholder {unknown[0][:60]}"
    missing = [part[0] for part in _placeholders(template) if values[part[1]] is None]
    return f"there is no value for {missing[0]}" if missing else None


def _unknown(template: str) -> Iterator[str]:
    for part in _PART.finditer(template):
        if part[0] not in {"{{", "}}"} and part[1] not in PLACEHOLDERS:
            yield part[0]


def _placeholders(template: str) -> Iterator[re.Match[str]]:
    return (part for part in _PART.finditer(template) if part[1] in PLACEHOLDERS)


def _value(part: re.Match[str], values: Mapping[str, str | None]) -> str:
    return part[0][0] if part[1] is None else str(values[part[1]])


def _shows(text: str | None) -> bool:
    return text is not None and not is_blank(text)
