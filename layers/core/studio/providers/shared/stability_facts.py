"""What Stability's models are told alike, by its own API and by Amazon Bedrock."""

from typing import Final

_RATIOS: Final = ("21:9", "16:9", "3:2", "5:4", "1:1", "4:5", "2:3", "9:16", "9:21")
STRENGTH: Final = "0.8"
"""How far a picture is left where the caller does not say: the service must be told."""
UPSCALE_WORDS: Final = "the same picture, sharp and finely detailed"
"""The upscalers must be given words, and the studio's callers need not have any."""


def nearest_ratio(width: int, height: int) -> str:
    """Return the service's word for the format that is nearest to a size."""

    def distance(ratio: str) -> float:
        across, down = map(int, ratio.split(":"))
        wanted, offered = width * down, height * across
        return max(wanted, offered) / min(wanted, offered)

    return min(_RATIOS, key=distance)
