"""Types that the dialects of the router share: a request and what it leads to."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlsplit

from studio.domain.provider_calls.model import ErrorKind, ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from studio.providers.shared.http import HttpResponse, SendResult
from studio.providers.shared.images import Content

# Identifiers between slashes, so that no path leaves the provider's part of the router.
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9._-]*){2,10}")
_PATH_LENGTH: Final = 400


@dataclass(frozen=True, slots=True)
class DialectRequest:
    """A POST request; ``path`` starts after the provider's prefix."""

    path: str
    body: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Image:
    """An image in the response, or at a URL that the provider chooses.

    Attributes:
        content: The bytes or the URL.
        call_id: The provider's id of the call, None where it sends none.
        seed: Seed that the provider used, None where it does not say.
        path: Path to poll, None where the call cannot be polled.
    """

    content: Content
    call_id: str | None = None
    seed: int | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A call that the provider still works on; ``path`` is the path to poll."""

    path: str
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A call without a usable image.

    Attributes:
        kind: Reason of the failure.
        message: One sentence for people.
        made: Whether an image was made, so that it is owed.
        call_id: The provider's id of the call, None where it sends none.
        run: Whether the provider worked on the call before it failed.
    """

    kind: ErrorKind
    message: str
    made: bool = False
    call_id: str | None = None
    run: bool = False


DialectResult = Image | Queued | Failed
Get = Callable[[str], SendResult]
"""Sends a GET request to a path after the provider's prefix."""


class Dialect(Protocol):
    """The API of one provider behind the router; each dialect is a module."""

    def build_request(self, request: ProviderRequest, route: Mapping[str, str]) -> DialectRequest:
        """Return the request in the provider's own format.

        Args:
            request: The request.
            route: Route of the model's card: ``id`` is the provider's own name of the model,
                and ``image`` is its field for the source image.
        """
        ...

    def parse_response(self, response: HttpResponse) -> DialectResult:
        """Return what a response without an error status means."""
        ...


def tuning(request: ProviderRequest) -> dict[str, object]:
    """Return the parameters that were given, by the names that most providers use."""
    given = {
        "negative_prompt": request.negative_prompt,
        "num_inference_steps": request.steps,
        "guidance_scale": None if request.guidance is None else float(request.guidance),
        "seed": request.seed,
    }
    return {name: value for name, value in given.items() if value is not None}


def size(request: ProviderRequest) -> dict[str, int]:
    """Return the requested size in pixels."""
    return {"width": request.width, "height": request.height}


def base64_text(source: SourceFile) -> str:
    """Return a file as base64."""
    return base64.b64encode(source.data).decode()


def data_uri(source: SourceFile) -> str:
    """Return a file as a data URI with its media type."""
    return f"data:{source.media_type};base64,{base64_text(source)}"


def path_of(url: object) -> str | None:
    """Return the path of a URL if it is plain, else None; the host is ignored.

    A poll carries the key, so the adapter sends it to the router only.
    """
    if not isinstance(url, str):
        return None
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    return path if len(path) <= _PATH_LENGTH and _PATH.fullmatch(path) else None
