"""Token counts of OpenAI's responses, and whether they can be the whole of a picture."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token counts of a call; tokens that are not reported as text count as image.

    Attributes:
        text_in, image_in: Input tokens.
        text_out, image_out: Output tokens.
        uncounted: Whether the response reports more tokens in total, or no token of the image.
    """

    text_in: int
    image_in: int
    text_out: int
    image_out: int
    uncounted: bool

    def cover_picture(self, *, sources: bool) -> bool:
        """Return whether a prompt, the sources and the image all have tokens."""
        has_input = self.image_in > 0 if sources else self.text_in + self.image_in > 0
        return has_input and self.image_out > 0 and not self.uncounted


def read_tokens(usage: object) -> Tokens | None:
    """Return the counts of a ``usage`` member, None where a count is missing or is none."""
    if not isinstance(usage, dict):
        return None
    tokens_in, tokens_out = _count(usage, "input_tokens"), _count(usage, "output_tokens")
    if tokens_in is None or tokens_out is None:
        return None
    total = _count(usage, "total_tokens") or 0
    text_in, _ = _details(usage, "input_tokens_details", tokens_in)
    text_out, image_out = _details(usage, "output_tokens_details", tokens_out)
    return Tokens(
        text_in=text_in,
        image_in=tokens_in - text_in,
        text_out=text_out,
        image_out=tokens_out - text_out,
        uncounted=total > tokens_in + tokens_out or image_out == 0,
    )


def _details(usage: Mapping[str, object], name: str, total: int) -> tuple[int, int | None]:
    """Return how many of ``total`` tokens the details report as text, and how many as image."""
    details = usage.get(name)
    if not isinstance(details, dict):
        return 0, None
    return min(_count(details, "text_tokens") or 0, total), _count(details, "image_tokens")


def _count(usage: Mapping[str, object], name: str) -> int | None:
    value = usage.get(name)
    return value if type(value) is int and value >= 0 else None
