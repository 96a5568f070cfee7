"""Requests to a provider and their outcomes.

An outcome is data and not an exception, because the workflow routes on it. An adapter takes and
returns bytes. It never sleeps, never retries and does not depend on AWS.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from studio.domain.operations.values import OptionValue, Role
from studio.domain.provider_calls.source_file import SourceFile
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
class ProviderRequest:
    """A request for one result.

    Attributes:
        request_id: Our own id of this attempt, a UUID; each repeat of the attempt has the same.
        model: Id of the model.
        prompt: Prompt, empty where the operation needs none.
        width, height: Requested size in pixels, which the model offers.
        quality: The provider's own word for the quality level, None where it has none.
        negative_prompt: What the result must not show, None for no restriction.
        seed: Seed of the random numbers, None where the provider chooses one.
        steps: Number of steps, None for the model's default.
        guidance: How closely the result follows the prompt, decimal text, None for the default.
        sources: Source files, the main image first.
        strength: How far the result may differ from the first source, decimal text from 0 to 1.
        operation: Id of the operation in ``studio.domain.operations``.
        options: The operation's inputs that the model takes, by their names there.
        seed_generated: Whether the studio chose the seed and sends it to this model for the first
            time; such a seed identifies the call.
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
    """The provider made a result; ``data`` is unchecked.

    Attributes:
        data: Bytes of an image, a video or a 3D model, depending on the operation.
        cost: Cost of the call.
        provider_request_id: The provider's id of the call, None where it sends none.
        revised_prompt: The prompt that the provider used instead, None where it kept ours.
        seed: The seed that was used, None where it is unknown.
        note: A remark for the caller, in a sentence; None without one.
    """

    data: bytes
    cost: Cost
    provider_request_id: str | None = None
    revised_prompt: str | None = None
    seed: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """The provider works on the call; poll with ``handle`` after ``wait_seconds``."""

    handle: str
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class Throttled:
    """Nothing is made and nothing is owed; try again after ``retry_after`` seconds, if given."""

    kind: Literal["rate_limit", "transient"]
    message: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider does not make the result, and the same request cannot succeed later.

    Attributes:
        kind: Reason of the refusal.
        message: One sentence for people.
        cost: Cost of the call, None where it is free.
        provider_request_id: The provider's id of the call, None where it sends none.
    """

    kind: ErrorKind
    message: str
    cost: Cost | None = None
    provider_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The request was sent and its response is lost: a result may be made and billed."""

    message: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider never received the request, so a repeat cannot be paid twice."""


ProviderOutcome = Generated | Pending | Throttled | Refused | OutcomeUnknown
"""What a call leads to."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A provider account: its key, and its differences from the catalogue.

    Attributes:
        api_key: Key of the account, empty for a provider without keys.
        base_url: Base URL of the account's API, None for the public one.
        rate_per_minute: Calls per minute that the account may make, None for the catalogue's.
    """

    api_key: str
    base_url: str | None = None
    rate_per_minute: int | None = None

    def __repr__(self) -> str:
        return "Credentials(api_key=***)"
