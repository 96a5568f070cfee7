"""The built-in provider: free, in this process, and deterministic.

It is not an image model. It draws from the words of the prompt, sets a photo before a backdrop,
or applies a classical operation to pixels. It refuses all other requests.
"""

import hashlib

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.operations.table import operation_of
from studio.domain.provider_calls.model import Generated, ProviderOutcome, ProviderRequest, Refused
from studio.money import Cost

_STRENGTH = "0.8"


class BuiltinProvider:
    """Adapter of the preview renderer."""

    def __init__(self, card: ProviderCard) -> None:
        self.repeatable = card.repeatable
        self._card = card

    def submit(self, request: ProviderRequest) -> Generated | Refused:
        """Return the drawn or edited image, or why there is none."""
        # Imported late, because only this provider needs Pillow.
        from studio_imaging.errors import ImageRejectedError, OperationRefusedError

        seed = _seed_of(request.prompt) if request.seed is None else request.seed
        try:
            data, note = _render(request, seed)
        except OperationRefusedError as refusal:
            return Refused("validation", str(refusal), provider_request_id=request.request_id)
        except ImageRejectedError as refusal:
            sentence = f"{refusal.code}: {refusal}"
            return Refused("validation", sentence, provider_request_id=request.request_id)
        return Generated(
            data=data,
            cost=Cost(0, "priced", self._card.price_version),
            provider_request_id=request.request_id,
            seed=seed,
            note=note,
        )

    def poll(self, handle: str) -> ProviderOutcome:
        """Raise an error: no call of this provider is pending.

        Raises:
            LookupError: always.
        """
        raise LookupError(f"the built-in provider has no pending call {handle}")

    def look_up(self, request: ProviderRequest) -> Generated | Refused:
        """Return the same image again, which costs nothing."""
        return self.submit(request)


def _render(request: ProviderRequest, seed: int) -> tuple[bytes, str | None]:
    """Return the file of a request, and a remark for the caller."""
    if operation_of(request.operation).passthrough:
        return request.images[0].data, None
    if request.operation != "generate":
        from studio.providers.builtin.classical import perform

        return perform(request, seed)
    size = {"width": request.width, "height": request.height}
    if request.sources:
        from studio_imaging.restyle import restyle

        strength = float(request.strength or _STRENGTH)
        photo = request.sources[0].data
        return restyle(photo, request.prompt, seed=seed, strength=strength, **size), None
    from studio_imaging.preview import draw

    return draw(request.prompt, seed=seed, **size), None


def _seed_of(prompt: str) -> int:
    """Return a seed of 31 bits derived from the prompt."""
    return int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:4], "big") >> 1
