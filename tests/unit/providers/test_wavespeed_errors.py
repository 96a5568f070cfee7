"""What WaveSpeed's failures mean, which are told in words only."""

import pytest

from studio.providers.wavespeed.errors import is_moderation


@pytest.mark.parametrize(
    "text",
    [
        "NSFW content detected",
        "The input was rejected by moderation",
        "Violates our content policy",
        "Content-policy violation",
        "Inappropriate prompt",
        "prohibited content",
        "the output was flagged",
        "sensitive words",
        "safety checker",
    ],
)
def test_a_text_that_speaks_of_content(text: str) -> None:
    assert is_moderation(text)


@pytest.mark.parametrize("text", ["", "out of memory", "HTTP 503", "image is too small", None, 7])
def test_a_text_that_speaks_of_something_else(text: object) -> None:
    assert not is_moderation(text)
