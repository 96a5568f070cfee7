"""Values of an operation's inputs."""

from typing import Literal

Role = Literal["image", "mask", "style_image", "background", "lighting", "audio"]
"""Purpose of a file in a request.

``image``: source image. ``mask``: grey image as large as the first source image, white where that
image changes. ``style_image``: example of the style. ``background``, ``lighting``: examples of
the new background and the new light. ``audio``: speech.
"""


OptionValue = str | int | bool
"""The value of an operation's input; a number with a decimal point is decimal text."""


Quality = Literal["draft", "standard", "premium"]
