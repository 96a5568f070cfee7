"""Uses of an upscaled image, and the file that each of them needs."""

from collections.abc import Mapping
from typing import NamedTuple

from studio.domain.assets.model import OutputFormat


class Preset(NamedTuple):
    """A file format, the encoder's quality, and the longest side in pixels (None for any)."""

    format: OutputFormat
    quality: int
    longest_side: int | None

    def __str__(self) -> str:
        side = f"at most {self.longest_side} pixels a side" if self.longest_side else "any size"
        return f"{self.format} at quality {self.quality}, {side}"


PRESETS: Mapping[str, Preset] = {
    # Twice the width of a full-HD screen.
    "web": Preset("webp", 80, 3840),
    "print": Preset("png", 100, None),
    # Platforms scale larger images down, with a worse result.
    "social": Preset("jpg", 88, 2048),
}

OWN_INPUTS = frozenset({"preset"})
"""Inputs that only the studio uses; no provider gets them."""
