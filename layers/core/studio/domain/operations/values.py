"""Values of an operation's inputs."""

from typing import Literal

Role = Literal["image", "mask", "style_image", "background", "lighting", "audio"]
"""What a file of a request is for.

``image``: what it starts from. ``mask``: as large as the first image, grey, white where that
image is to change. ``style_image``: whose style is taken. ``background``, ``lighting``: what the
new background and the new light look like. ``audio``: what is spoken.
"""


OptionValue = str | int | bool
"""An input of an operation; a number with a point is decimal text."""


Quality = Literal["draft", "standard", "premium"]
