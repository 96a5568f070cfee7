"""Facts about Stability's models that its own API and Amazon Bedrock share."""

from typing import Final, Literal

_RATIOS: Final = ("21:9", "16:9", "3:2", "5:4", "1:1", "4:5", "2:3", "9:16", "9:21")
STRENGTH: Final = "0.8"
"""Default strength: the service requires one, and the caller may leave it out."""
SUCCESSES: Final = frozenset({"SUCCESS", "SUCCEEDED", "COMPLETED", "STOP", "OK", "NONE", "NULL"})
"""Words for the end of a call that made its image, in capitals; gateways change the word."""
UPSCALE_WORDS: Final = "the same picture, sharp and finely detailed"
"""Default prompt: the upscalers require one, and the caller may leave it out."""


def refused_by(word: object) -> Literal["moderation", "no_image"] | None:
    """Return how the word for the end of a call refuses its image, None if it does not.

    Only the words of a filter and of an error do, in any case. Gateways have other words for a
    success, and the image beside them is paid.
    """
    text = str(word).strip().lower()
    if text.startswith("filter") or text == "content_filtered":
        return "moderation"
    return "no_image" if text.endswith("error") else None


def nearest_ratio(width: int, height: int) -> str:
    """Return the aspect ratio of the service that is nearest to a size."""

    def distance(ratio: str) -> float:
        across, down = map(int, ratio.split(":"))
        wanted, offered = width * down, height * across
        return max(wanted, offered) / min(wanted, offered)

    return min(_RATIOS, key=distance)
