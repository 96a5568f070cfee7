"""Token counts of Gemini's responses."""

from typing import TypeGuard

from studio.providers.shared.json_body import MOST_TOKENS, json_objects
from studio.providers.shared.token_usage import TokenUsage


def read_tokens(usage: object) -> TokenUsage | None:
    """Return the counts of a ``usageMetadata`` member, None where one is missing or is none.

    If the details report image tokens, all other output is text. If they report none, all output
    that is not reported as text costs the image rate. A response without any output has no count
    of it. Thoughts are billed as text.
    """
    if not isinstance(usage, dict):
        return None
    read, made = usage.get("promptTokenCount"), usage.get("candidatesTokenCount", 0)
    thought = usage.get("thoughtsTokenCount", 0)
    if not (_is_count(read) and _is_count(made) and _is_count(thought)):
        return None
    inputs = usage.get("promptTokensDetails")
    shown = _tokens_of(inputs, "IMAGE") or 0
    details = usage.get("candidatesTokensDetails")
    drawn, said = _tokens_of(details, "IMAGE"), _tokens_of(details, "TEXT")
    image_out = min(drawn or 0, made) or max(made - (said or 0), 0)
    total = usage.get("totalTokenCount")
    named = (drawn or 0) + (said or 0)
    contradict = (
        shown > read
        or named > made
        or (None not in (drawn, said) and named != made)
        or (type(total) is int and total != read + made + thought)
    )
    return TokenUsage(
        text_in=read - min(shown, read),
        image_in=min(shown, read),
        text_out=made - image_out + thought,
        image_out=image_out,
        itemised=any(json_objects(inputs)),
        uncounted=contradict or drawn == 0,
    )


def _tokens_of(details: object, modality: str) -> int | None:
    """Return how many tokens of a modality the details report, None if they do not name it."""
    counts = [
        count
        for entry in json_objects(details)
        if entry.get("modality") == modality and _is_count(count := entry.get("tokenCount"))
    ]
    return sum(counts) if counts else None


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= MOST_TOKENS
