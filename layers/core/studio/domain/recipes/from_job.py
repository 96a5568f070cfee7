"""The job body that orders the images of a job again."""

from collections.abc import Iterable, Mapping, Sequence

from studio.domain.jobs.image_spec import ImageSpec, SourceRef
from studio.domain.jobs.model import Item, Job
from studio.domain.operations.table import operation_of
from studio.domain.operations.values import OptionValue
from studio.domain.recipes.from_output import output_of


def body_of(job: Job, items: Sequence[Item]) -> dict[str, object]:
    """Return the body, with an item per image and common values once.

    It has the caller's own prompts and names template and persona without versions. So a later
    job uses their newest versions. Sources are assets or addresses, because inline images expire.
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
    """Return the id that a job's images name, without its version; all images name the same."""
    named = next(filter(None, names), None)
    return named.partition("@")[0] if named else None


def _provider(spec: ImageSpec) -> dict[str, object]:
    """Return the provider that was asked first; one that took over leads its fallbacks."""
    first = spec.replaced or spec
    others = ((spec,) if spec.replaced else ()) + spec.substitutes
    named = [{"id": one.provider, "model": one.model} for one in others]
    provider: dict[str, object] = {"id": first.provider, "model": first.model}
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
    """Return the operation's own inputs as a caller writes them, with decimal text as a number."""
    options = operation_of(spec.operation).options
    return {
        name: float(value) if options[name].type == "number" else value
        for name, value in spec.options.items()
    }


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _without_blanks(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}
