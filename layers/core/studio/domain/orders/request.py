"""Order of a caller: a job request and its images."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from studio.domain.assets.model import OutputFormat
from studio.domain.jobs.image_spec import SlotRef, SourceRef
from studio.domain.jobs.model import DIRECT, ContentClaim, Origin
from studio.domain.operations.model import Scalar
from studio.domain.operations.values import Quality
from studio.domain.orders.prompt_parts import UNTOUCHED, PromptParts
from studio.domain.renditions.model import PLAIN, OutputPlan


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One image as the caller orders it; a value that the caller leaves out is None.

    Attributes:
        default_seed: The studio's seed, for a model that takes seeds. A model that takes none
            ignores it without a warning.
        sources: Files of every role, the main source images first.
        options: The operation's own inputs, as JSON values.
        pointers: Where the caller wrote each value, see ``locate``. Without any entry, the values
            stand at the image's number in ``/items``.
        output: How it is framed, and its further files; None for those of the order.
        slot: The slot of a content that it is for.
    """

    prompt: str | None
    width: int | None
    height: int | None
    negative_prompt: str | None = None
    seed: int | None = None
    default_seed: int | None = None
    sources: tuple[SourceRef, ...] = ()
    label: str | None = None
    type: str | None = None
    position: int | None = None
    title: str | None = None
    options: Mapping[str, Scalar] = field(default_factory=dict)
    pointers: Mapping[str, str] = field(default_factory=dict)
    output: OutputPlan | None = None
    slot: SlotRef | None = None


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A whole order: its images and the values that all of them share.

    Attributes:
        provider: The provider to use; None lets the studio choose one.
        providers: The providers that the studio may choose, in its order of preference.
        model: None selects the provider's default model.
        max_cost: The caller's cost limit in micro-dollars; None for no limit.
        created_by: The user, for the record.
        day: The day of the order (UTC), which decides what models have ended.
        notify_email: The address that gets a mail when the job ends.
        limited: Another cost limit applies besides ``max_cost``, so every image needs a price.
        fallback: Substitutes that the caller names, in order: provider and model. A model of
            None selects the default.
        allow_fallback: Whether a substitute may make an image. None means yes if the studio
            chooses the provider or ``fallback`` names one.
        strict: Refuse what the model does not support, instead of a warning.
        output_format, output_quality: None selects those of the preset, else WebP at 80.
        output: How images are framed, and which further files each of them gets.
        prompt_parts: What the studio adds to prompts that describe whole images.
        failing: Providers and models whose calls fail at the time of the order. The order keeps
            them, so that all its plans make the same choice.
        unconfigured: Providers that need a key and have none stored at the time of the order.
        disabled: Providers that the account has switched off.
        suggested: The provider that the template prefers among ``providers``.
        claims: The contents that the job makes images for.
        filled: Members that the account's settings gave: ``provider``, ``model``, ``format``.
        notes: Warnings of what the settings could not give, or a run of contents left out.
    """

    operation: str
    images: Sequence[ImageRequest]
    provider: str | None
    created_by: str
    day: date
    providers: tuple[str, ...] = ()
    model: str | None = None
    quality: Quality = "standard"
    output_format: OutputFormat | None = None
    output_quality: int | None = None
    output: OutputPlan = PLAIN
    steps: int | None = None
    guidance: str | None = None
    strength: str | None = None
    name: str | None = None
    max_cost: int | None = None
    labels: tuple[tuple[str, str], ...] = ()
    origin: Origin = DIRECT
    notify_email: str | None = None
    fallback: tuple[tuple[str, str | None], ...] = ()
    allow_fallback: bool | None = None
    strict: bool = False
    limited: bool = False
    prompt_parts: PromptParts = UNTOUCHED
    failing: frozenset[tuple[str, str]] = frozenset()
    suggested: str | None = None
    unconfigured: frozenset[str] = frozenset()
    disabled: frozenset[str] = frozenset()
    claims: tuple[ContentClaim, ...] = ()
    filled: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
