"""Values of an operation's inputs."""

from typing import Literal

Role = Literal["image", "mask", "style_image", "background", "lighting", "audio"]
"""The role of a request's file.

``image``: a source image. ``mask``: grey, as large as the first image, white in the area to
change. ``style_image``: the picture whose style is taken. ``background``, ``lighting``: pictures
of the new background and the new light. ``audio``: the recording to speak.
"""


OptionValue = str | int | bool
"""The value of an operation's input; a number with a decimal point is decimal text."""


Quality = Literal["draft", "standard", "premium"]
