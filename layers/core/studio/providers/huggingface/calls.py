"""What the dialects of the router have in common: a call to make, and what became of it."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlsplit

from studio.domain.provider_calls.model import ErrorKind, ProviderRequest, SourceFile
from studio.providers.shared.http import HttpResponse, SendResult

# Plain words between slashes: nothing that leads out of the provider's part of the router.
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9._-]*){2,10}")
_PATH_LENGTH: Final = 400


@dataclass(frozen=True, slots=True)
class Call:
    """A POST, its path being the one behind the provider's prefix."""

    path: str
    body: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that came with the answer."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture at an address of the provider's choice.

    Attributes:
        path: Where the call can be asked about, None where it cannot.
    """

    url: str
    call_id: str | None = None
    seed: int | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Working:
    """The provider goes on with it; ``path`` is where to ask, behind its prefix."""

    path: str
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no picture to have; ``made``: there was one, so it is owed."""

    kind: ErrorKind
    message: str
    made: bool = False
    call_id: str | None = None


Found = Made | Kept | Working | Failed
Get = Callable[[str], SendResult]
"""Asks the provider by a path behind its prefix."""


class Dialect(Protocol):
    """How one provider behind the router is spoken to; each is a module."""

    def call(self, request: ProviderRequest, route: Mapping[str, str]) -> Call:
        """Return the request.

        Args:
            request: What is to be made.
            route: Of the model's card: ``id``, the provider's own name of the model, and
                ``image``, its field for the picture to start from.
        """
        ...

    def read(self, answer: HttpResponse) -> Found:
        """Read an answer whose status is no refusal."""
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
    """Return the size asked for, in pixels."""
    return {"width": request.width, "height": request.height}


def base64_text(source: SourceFile) -> str:
    """Return a file as base64."""
    return base64.b64encode(source.data).decode()


def data_uri(source: SourceFile) -> str:
    """Return a file as a data URI that says its real type."""
    return f"data:{source.media_type};base64,{base64_text(source)}"


def path_of(url: object) -> str | None:
    """Return the path of an address if it is a plain one; whose host it names does not count.

    The key goes with the question, so it is asked at the router and nowhere else.
    """
    if not isinstance(url, str):
        return None
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    return path if len(path) <= _PATH_LENGTH and _PATH.fullmatch(path) else None
