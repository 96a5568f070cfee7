"""One image as it was ordered: its words, sources, sizes, and the providers that may make it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from studio.domain.assets.model import OutputFormat, SourceType
from studio.domain.operations.values import OptionValue, Quality, Role
from studio.domain.renditions.model import PLAIN, OutputPlan

if TYPE_CHECKING:
    from studio.domain.operations.model import OperationId


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source file of an image.

    Attributes:
        role: Its role.
        asset_id: The asset, None for a file from elsewhere.
        url: The address to fetch it from.
        key: The storage key of its bytes; None for a URL.
        media_type, bytes, width, height: Facts of an asset's file; None for a file that the studio
            has not checked yet. An inline file has the size that its header states.
        source_type: The digital source type that it states.
        creator, copyright: What its file states, if the order keeps it.
    """

    asset_id: str | None = None
    url: str | None = None
    key: str | None = None
    media_type: str | None = None
    bytes: int | None = None
    width: int | None = None
    height: int | None = None
    role: Role = "image"
    source_type: SourceType | None = None
    creator: str | None = None
    copyright: str | None = None


@dataclass(frozen=True, slots=True)
class Substitute:
    """A provider and model that may make an image instead, with the values that differ for it.

    Members are those of ``ImageSpec``.
    """

    provider: str
    model: str
    negative_prompt: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: str | None = None
    strength: str | None = None
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    prompt: str | None = None
    original_prompt: str | None = None


@dataclass(frozen=True, slots=True)
class FallbackRecord:
    """The record of a substitution: which provider came first, and why it did not make the image.

    Attributes:
        provider, model: The first provider and model.
        why: Why the previous provider did not make the image, in words.
        attempt: The last attempt before the present provider took over.
    """

    provider: str
    model: str
    why: str
    attempt: int


Device = Literal["all", "desktop", "mobile"]


@dataclass(frozen=True, slots=True)
class SlotRef:
    """The slot of a content that an image is made for.

    Attributes:
        content_id: The content.
        number: The number of its slot.
        version: The version of the slot that was ordered.
        devices: The devices that this image is for.
        wanted: The devices that all images of the run for this slot are for.
        renditions: Whether each device gets a rendition, and not the image itself.
    """

    content_id: str
    number: int
    version: int
    devices: tuple[Device, ...] = ("all",)
    wanted: tuple[Device, ...] = ("all",)
    renditions: bool = False


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """One image as it was ordered; it never changes and becomes the recipe of the asset.

    Attributes:
        width, height: Exact size of the finished image in pixels; None if the operation decides.
        seed_generated: Whether the studio picked the seed and not the caller.
        output_quality: Encoder quality, 1 to 100.
        quality: The caller's quality level; the catalogue has the provider's word for it.
        sources: Source files, the main source image first.
        strength: How far the image may differ from its main source, decimal text from 0 to 1.
        folder: The folder of the result and its source.
        operation: Id of the operation, see ``studio.domain.operations``.
        options: The operation's own inputs.
        type, position, title: The caller's own facts about the image, kept unchanged.
        warnings: What the studio changed or left out, in sentences.
        original_prompt: The caller's prompt, if the studio added words to it.
        persona: The persona whose words were added, as ``id@version``.
        enhance_prompt: Whether the caller asked for enhancement.
        template: The template that the caller named, as ``id@version``.
        substitutes: The providers that may take over, in order, while nothing can have been paid.
        replaced: The record of a substitution, if there was one.
        output: How the image is framed, and its further files.
        slot: The slot of a content that it is made for.
    """

    prompt: str | None
    provider: str
    model: str
    width: int | None
    height: int | None
    quality: Quality = "standard"
    output_format: OutputFormat = "webp"
    output_quality: int = 80
    negative_prompt: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: str | None = None
    sources: tuple[SourceRef, ...] = ()
    strength: str | None = None
    folder: str | None = None
    label: str | None = None
    type: str | None = None
    position: int | None = None
    title: str | None = None
    operation: "OperationId" = "generate"
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    original_prompt: str | None = None
    seed_generated: bool = False
    persona: str | None = None
    enhance_prompt: bool = False
    template: str | None = None
    substitutes: tuple[Substitute, ...] = ()
    replaced: FallbackRecord | None = None
    output: OutputPlan = PLAIN
    slot: SlotRef | None = None


def members_of(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the models
    """Return the members of a model by name; unlike ``asdict`` it copies none of them."""
    return {name: getattr(value, name) for name in value.__slots__}
