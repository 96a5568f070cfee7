"""What the studio asks of a provider, and what a provider may answer.

An answer is data and not an exception, because the workflow routes on it. Adapters sleep never,
retry never, and know nothing of AWS: bytes in, bytes out.
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
    """A file to start from, already checked by us: a picture is upright, sRGB, without metadata.

    ``width`` and ``height`` are pixels, 0 for sound.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    role: Role = "image"


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """One result to make.

    Attributes:
        request_id: Our own id of this attempt, a UUID; the same for every repeat of the attempt.
        prompt: Empty where the operation works without words and none were given.
        width, height: Size to ask the provider for, already one that the model offers.
        quality: The provider's own word for the quality level, or None where it has none.
        seed_generated: The studio picked the seed, and sends it to this model for the first time: a
            call is told from others by it.
        sources: Files to start from, the main image being the first one.
        strength: How far the result may leave the first source, decimal text from 0 to 1.
        operation: What is to be done, an id of ``studio.domain.operations``.
        options: The operation's own inputs that the model takes, by their names there.
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
        """The pictures that it starts from, without masks and references."""
        return tuple(source for source in self.sources if source.role == "image")

    def source(self, role: Role) -> SourceFile | None:
        """Return the first file of a role."""
        return next((source for source in self.sources if source.role == role), None)


@dataclass(frozen=True, slots=True)
class Generated:
    """The result's bytes as the provider sent them, unchecked, and what they cost.

    They are a picture, a video or a 3D model, as the operation has it.
    """

    data: bytes
    cost: Cost
    provider_request_id: str | None = None
    revised_prompt: str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """The provider works on it; ask again with ``handle`` after ``wait_seconds``."""

    handle: str
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class Throttled:
    """Nothing was made and nothing is owed; come again after ``retry_after`` seconds if given."""

    kind: Literal["rate_limit", "transient"]
    message: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will not make it; another try of the same request cannot help.

    ``cost`` is what the provider says it charged all the same, None where it charges nothing.
    """

    kind: ErrorKind
    message: str
    cost: Cost | None = None
    provider_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The request was sent and no answer came: a picture may have been made and billed."""

    message: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider never heard of the request, so it may be sent again at no risk."""


ProviderOutcome = Generated | Pending | Throttled | Refused | OutcomeUnknown


@dataclass(frozen=True, slots=True)
class Credentials:
    """A provider account: its key, and what differs from the catalogue's facts.

    Attributes:
        base_url: Where the account's API is, None for the public one.
        rate_per_minute: Calls a minute that the account may make, None for the catalogue's.
    """

    api_key: str
    base_url: str | None = None
    rate_per_minute: int | None = None

    def __repr__(self) -> str:
        return "Credentials(api_key=***)"
