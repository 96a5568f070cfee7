"""A job that was run, as the body of a recipe that would order the same again."""

from collections.abc import Iterable, Mapping, Sequence

from studio.domain.jobs.model import ImageSpec, Item, Job, SourceRef
from studio.domain.operations.table import operation_of
from studio.domain.operations.values import OptionValue
from studio.domain.recipes.from_output import output_of


def body_of(job: Job, items: Sequence[Item]) -> dict[str, object]:
    """Write the body: each image an item, what is common to all of them said once.

    Prompts are the caller's own; template and persona, at their newest versions, and the rules add
    theirs anew.
    Its pictures are assets or have addresses: bytes that came with an order are not kept for long.
    """
    first = items[0].spec
    body: dict[str, object] = {
        "operation": job.operation,
        "items": [_item(item.spec) for item in items],
        "enhance_prompt": any(item.spec.enhance_prompt for item in items) or None,
        "persona_id": _first_name(item.spec.persona for item in items),
        "template_id": _first_name(item.spec.template for item in items),
        "provider": _provider(first),
        "quality": first.quality,
        "output": output_of(first),
        "steps": first.steps,
        "guidance": _number(first.guidance),
        "strength": _number(first.strength),
        "folder": job.origin.folder,
        "labels": dict(job.labels) or None,
    }
    return _without_blanks(body)


def _first_name(names: Iterable[str | None]) -> str | None:
    """Return what a job names without its version: all images have the same, or could have none."""
    named = next(filter(None, names), None)
    return named.partition("@")[0] if named else None


def _provider(spec: ImageSpec) -> dict[str, object]:
    """Name who was asked; who took over from it comes first among the others."""
    asked = spec.replaced or spec
    heirs = ((spec,) if spec.replaced else ()) + spec.substitutes
    named = [{"id": one.provider, "model": one.model} for one in heirs]
    provider: dict[str, object] = {"id": asked.provider, "model": asked.model}
    return {**provider, "fallback": named} if named else provider


def _item(spec: ImageSpec) -> dict[str, object]:
    sources = [_source(source) for source in spec.sources if source.role == "image"]
    return _without_blanks(
        {
            "prompt": spec.original_prompt or spec.prompt,
            "negative_prompt": spec.negative_prompt,
            "label": spec.label,
            "type": spec.type,
            "position": spec.position,
            "title": spec.title,
            "size": f"{spec.width}x{spec.height}" if spec.width else None,
            "seed": spec.seed,
            "sources": sources or None,
            **{source.role: _source(source) for source in spec.sources if source.role != "image"},
            "input": _input(spec) or None,
        }
    )


def _source(source: SourceRef) -> dict[str, str | None]:
    return {"asset_id": source.asset_id} if source.asset_id else {"url": source.url}


def _input(spec: ImageSpec) -> dict[str, OptionValue | float]:
    """Return the operation's own inputs as a caller writes them: decimal text is a number."""
    options = operation_of(spec.operation).options
    return {
        name: float(value) if options[name].type == "number" else value
        for name, value in spec.options.items()
    }


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _without_blanks(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}
