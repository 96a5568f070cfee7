"""The built-in provider: free, in this process, the same picture for the same request.

It is honest about what it is: a drawing made from the prompt's words, a photo set before a
backdrop, or a classical operation on pixels, and not an image model. What it cannot do it refuses.
"""

import hashlib

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.operations.table import operation_of
from studio.domain.provider_calls.model import Generated, ProviderOutcome, ProviderRequest, Refused
from studio.money import Cost

_STRENGTH = "0.8"


class BuiltinProvider:
    """The preview renderer behind the port."""

    def __init__(self, card: ProviderCard) -> None:
        self.repeatable = card.repeatable
        self._card = card

    def submit(self, request: ProviderRequest) -> Generated | Refused:
        """Draw the picture, or do the operation to the picture that it starts from."""
        # Imported late: pixels need Pillow, which the other providers do without.
        from studio_imaging.errors import ImageRejectedError, OperationRefusedError

        seed = _seed_of(request.prompt) if request.seed is None else request.seed
        try:
            data = _made(request, seed)
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
        )

    def poll(self, handle: str) -> ProviderOutcome:
        """Never called: no answer of this provider is pending.

        Raises:
            LookupError: always.
        """
        raise LookupError(f"the built-in provider has no pending call {handle}")

    def look_up(self, request: ProviderRequest) -> Generated | Refused:
        """Make it again, which costs nothing and gives the same picture."""
        return self.submit(request)


def _made(request: ProviderRequest, seed: int) -> bytes:
    if operation_of(request.operation).passthrough:
        return request.images[0].data
    if request.operation != "generate":
        from studio.providers.builtin.classical import perform

        return perform(request, seed)
    size = {"width": request.width, "height": request.height}
    if request.sources:
        from studio_imaging.restyle import restyle

        strength = float(request.strength or _STRENGTH)
        photo = request.sources[0].data
        return restyle(photo, request.prompt, seed=seed, strength=strength, **size)
    from studio_imaging.preview import draw

    return draw(request.prompt, seed=seed, **size)


def _seed_of(prompt: str) -> int:
    """Return a seed of 31 bits that only the prompt decides."""
    return int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:4], "big") >> 1
