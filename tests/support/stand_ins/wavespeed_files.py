"""Files that the WaveSpeed stand-in makes, and their prices."""

from collections.abc import Mapping
from typing import Any

from tests.support.imaging.media import an_mp4
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.wavespeed_fields import Model
from tests.support.stand_ins.wavespeed_uploads import Upload

_PIXELS = {"1:1": (1024, 1024), "16:9": (1312, 736), "9:16": (736, 1312), "4:3": (1152, 864)}
_STANDING = (864, 1152)
_HEIGHTS = {"480p": (832, 480), "720p": (1280, 720), "1080p": (1920, 1080)}


def seconds_of(inputs: Mapping[str, Any], files: Mapping[str, Upload]) -> int:
    """Return how long the video of a call is: as asked, else as its recording."""
    return int(inputs["duration"]) if "duration" in inputs else files["audio"].seconds


def price(model: Model, inputs: Mapping[str, Any], files: Mapping[str, Upload]) -> int:
    """Return what a call costs, in micro-dollars."""
    if model.per_second is None:
        return model.per_call
    rate = model.per_second[str(inputs["resolution"])]
    return max(5, seconds_of(inputs, files)) * rate


def make(
    model: Model, inputs: Mapping[str, Any], files: Mapping[str, Upload], scenario: str
) -> bytes:
    """Return the result of a call."""
    if model.per_second is not None:
        return an_mp4(*_HEIGHTS[inputs["resolution"]], seconds_of(inputs, files) * 1000)
    if scenario == "huge-image":
        return huge_png()
    picture = png(*_sides(inputs), inputs["prompt"])
    return picture[: len(picture) // 2] if scenario == "truncated-image" else picture


def _sides(inputs: Mapping[str, Any]) -> tuple[int, int]:
    if "size" in inputs:
        width, height = inputs["size"].split("*")
        return int(width), int(height)
    return _PIXELS.get(inputs["aspect_ratio"], _STANDING)
