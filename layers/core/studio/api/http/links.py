"""Signed links.

``URL_SECONDS``: seconds for which a signed URL is valid at least.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.api.http.dependencies import Dependencies

URL_SECONDS = 600

Sign = Callable[[str], str]
"""Returns a signed URL of a key, without a call of AWS."""


def signing(deps: "Dependencies") -> Sign:
    """Return what signs keys of the bucket; its client is made with the first URL."""
    return lambda key: deps.blobs.url(key, seconds=URL_SECONDS)
