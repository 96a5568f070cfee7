"""Requests to a provider and their outcomes.

An outcome is data and not an exception, because the workflow routes on it. Adapters never sleep,
never retry, and know nothing of AWS. They take bytes and return bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from studio.domain.operations.values import OptionValue, Role
from studio.money import Cost

ErrorKind = Literal[
    "auth",
    "permission",
    "validation",
    "moderation",
    "credits",
    "rate_limit",
    "transient",
    "model_gone",
    "no_image",
    "bad_answer",
]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source file that the studio has checked: a picture is upright, sRGB and without metadata.

    ``width`` and ``height`` are pixels, 0 for a recording.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    role: Role = "image"


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """A request for one result.

    Attributes:
        request_id: The studio's id of this attempt, a UUID; every repeat of the attempt has it.
        prompt: Empty if the operation needs none and the caller gave none.
        width, height: Size to ask for in pixels; the model offers it.
        quality: The provider's word for the quality level, None if it has no levels.
        seed_generated: The studio picked the seed and sends it to this model for the first time, so
            the seed identifies the call.
        sources: Source files, the main source image first.
        strength: How far the result may differ from the main source, decimal text from 0 to 1.
        operation: Id of the operation, see ``studio.domain.operations``.
        options: The operation's own inputs that the model takes, by name.
    """

    request_id: str
    model: str
    prompt: str
    width: int
    height: int
    quality: str | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: str | None = None
    sources: tuple[SourceFile, ...] = ()
    strength: str | None = None
    operation: str = "generate"
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    seed_generated: bool = False

    @property
    def images(self) -> tuple[SourceFile, ...]:
        """The source images, without masks and references."""
        return tuple(source for source in self.sources if source.role == "image")

    def source(self, role: Role) -> SourceFile | None:
        """Return the first file of a role, None if there is none."""
        return next((source for source in self.sources if source.role == role), None)


@dataclass(frozen=True, slots=True)
class Generated:
    """The result's bytes, unchecked, and the cost of the call.

    The bytes are a picture, a video or a 3D model.
    """

    data: bytes
    cost: Cost
    provider_request_id: str | None = None
    revised_prompt: str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """The provider is working on it; poll ``handle`` after ``wait_seconds``."""

    handle: str
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class Throttled:
    """Nothing was made and nothing is owed; ``retry_after`` is the wait in seconds, if given."""

    kind: Literal["rate_limit", "transient"]
    message: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider does not make it; a retry of the same request cannot help.

    ``cost`` is what the provider charges nevertheless, None for nothing.
    """

    kind: ErrorKind
    message: str
    cost: Cost | None = None
    provider_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The request was sent and has no answer: a picture may have been made and billed."""

    message: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider does not know the request, so it is safe to send it again."""


Answer = Generated | Pending | Throttled | Refused | OutcomeUnknown


@dataclass(frozen=True, slots=True)
class Credentials:
    """A provider account: its key, and what differs from the catalogue.

    Attributes:
        base_url: Address of the account's API, None for the public one.
        rate_per_minute: Calls per minute that the account may make, None for the catalogue's limit.
    """

    api_key: str
    base_url: str | None = None
    rate_per_minute: int | None = None

    def __repr__(self) -> str:
        return "Credentials(api_key=***)"
