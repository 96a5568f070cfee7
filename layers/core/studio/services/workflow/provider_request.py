"""Provider requests from items and their source files."""

from uuid import NAMESPACE_URL, uuid5

from studio.domain.assets.model import raw_key
from studio.domain.catalogue.catalogue import planned_model
from studio.domain.catalogue.sizes import Size
from studio.domain.jobs.model import Item
from studio.domain.operations.presets import OWN_INPUTS
from studio.domain.orders.sizing import request_size
from studio.domain.provider_calls.model import ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from studio.domain.routing.fallback import attempt_count


def request_of(item: Item, sources: tuple[SourceFile, ...] = ()) -> ProviderRequest:
    """Return the provider's request; the same attempt always has the same request id.

    A question about a request needs only that id and carries no images.
    """
    spec = item.spec
    model = planned_model(spec.provider, spec.model)
    width, height = size_of(item, sources)
    return ProviderRequest(
        request_id=str(uuid5(NAMESPACE_URL, raw_key_of(item))),
        model=model.id,
        prompt=spec.prompt or "",
        width=width,
        height=height,
        quality=model.quality_word(spec.quality),
        negative_prompt=spec.negative_prompt,
        seed=spec.seed,
        # Later calls to the same model repeat the seed, so it identifies none of them.
        seed_generated=spec.seed_generated and not attempt_count(item, rounds=1),
        steps=spec.steps,
        guidance=spec.guidance,
        sources=sources,
        strength=spec.strength,
        operation=spec.operation,
        options={name: value for name, value in spec.options.items() if name not in OWN_INPUTS},
    )


def size_of(item: Item, sources: tuple[SourceFile, ...]) -> Size:
    """Return the size to ask for, from the source image.

    Raises:
        InvalidRequestError: the model does not make such a long format.
    """
    model = planned_model(item.spec.provider, item.spec.model)
    main = next((source for source in sources if source.role == "image"), None)
    return request_size(item.spec, model, (main.width, main.height) if main else None)


def raw_key_of(item: Item) -> str:
    """Return the key of the result of an item's present attempt."""
    return raw_key(item.tenant, item.job_id, item.number, item.attempt)
