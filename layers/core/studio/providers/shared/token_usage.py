"""Token counts of a call that makes an image, and their price."""

from dataclasses import dataclass

from studio.domain.catalogue.catalogue import ModelCard
from studio.money import UNKNOWN, Cost


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Token counts of a call.

    Attributes:
        text_in, image_in: Input tokens.
        text_out, image_out: Output tokens.
        uncounted: Whether the counts contradict each other, or no token of the image is reported.
        itemised: Whether the response reports the input by its kinds.
    """

    text_in: int
    image_in: int
    text_out: int
    image_out: int
    uncounted: bool
    itemised: bool = True

    def cover_image(self, *, sources: bool) -> bool:
        """Return whether a prompt, the sources and the image all have tokens."""
        has_input = self.text_in + self.image_in > 0
        if sources and self.itemised:
            has_input = self.image_in > 0
        return has_input and self.image_out > 0 and not self.uncounted


def price_of_tokens(
    card: ModelCard | None, usage: TokenUsage | None, *, made: bool, sources: bool
) -> Cost:
    """Return the price of the tokens of a call; UNKNOWN if they do not add up to its image.

    Args:
        card: The model, None if the catalogue does not have it.
        usage: The counts, None if the response has none.
        made: Whether the response has an image.
        sources: Whether the request has source images.
    """
    if card is None or usage is None:
        return UNKNOWN
    if made and not usage.cover_image(sources=sources):
        return UNKNOWN
    return card.cost_of_tokens(
        text_in=usage.text_in,
        image_in=usage.image_in,
        image_out=usage.image_out,
        text_out=usage.text_out,
    )
