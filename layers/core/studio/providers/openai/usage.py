"""Token counts of OpenAI's responses."""

from collections.abc import Mapping

from studio.providers.shared.json_body import MOST_TOKENS
from studio.providers.shared.token_usage import TokenUsage


def read_tokens(usage: object) -> TokenUsage | None:
    """Return the counts of a ``usage`` member, None where a count is missing or is none.

    Tokens that are not reported as text count as image.
    """
    if not isinstance(usage, dict):
        return None
    tokens_in, tokens_out = _count(usage, "input_tokens"), _count(usage, "output_tokens")
    if tokens_in is None or tokens_out is None:
        return None
    text_in, image_in = _details(usage, "input_tokens_details")
    text_out, image_out = _details(usage, "output_tokens_details")
    total = usage.get("total_tokens")
    contradict = (
        text_in + (image_in or 0) > tokens_in
        or text_out > tokens_out
        or (image_out is not None and text_out + image_out != tokens_out)
        or (type(total) is int and total != tokens_in + tokens_out)
    )
    return TokenUsage(
        text_in=min(text_in, tokens_in),
        image_in=max(tokens_in - text_in, 0),
        text_out=min(text_out, tokens_out),
        image_out=max(tokens_out - text_out, 0),
        uncounted=contradict or image_out == 0,
    )


def _details(usage: Mapping[str, object], name: str) -> tuple[int, int | None]:
    """Return how many tokens the details report as text, and how many as image."""
    details = usage.get(name)
    if not isinstance(details, dict):
        return 0, None
    return _count(details, "text_tokens") or 0, _count(details, "image_tokens")


def _count(usage: Mapping[str, object], name: str) -> int | None:
    value = usage.get(name)
    return value if type(value) is int and 0 <= value <= MOST_TOKENS else None
