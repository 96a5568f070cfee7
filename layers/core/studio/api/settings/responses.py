"""Response shapes of settings."""

from typing import Any, Literal

from typing_extensions import TypedDict

from studio.domain.operations.values import Quality
from studio.domain.settings.model import ImageFormat, ImageType, SettingsSource


class Saved(TypedDict):
    """Number of the last change; ``version`` is 0 while nothing is stored."""

    version: int
    updated_at: str | None
    updated_by: str | None


class ImageGenerationConfig(TypedDict):
    """The settings of image generation, complete."""

    provider: str
    model: str | None
    image_type: ImageType
    max_in_article_images: int
    image_format: ImageFormat
    desktop_enabled: bool
    mobile_enabled: bool
    desktop_size: str
    mobile_size: str
    separate_generation: bool


class ImageGenerationSettings(Saved):
    """The account's settings of image generation. ``default``: nothing is stored."""

    success: Literal[True]
    config: ImageGenerationConfig
    source: SettingsSource
    warnings: list[str]


class ChosenModel(TypedDict):
    """A provider, and one of its models."""

    provider: str
    id: str | None


class PromptPreference(TypedDict):
    """The prompt group that is active for the user, and the template of it."""

    group_id: str | None
    template_id: str | None


class UserSettings(Saved):
    """The caller's own settings.

    ``prompt_preference`` is null where the group was deleted, and ``warnings`` says so.
    """

    output_size: str | None
    model: ChosenModel | None
    quality: Quality | None
    prompt_preference: PromptPreference
    warnings: list[str]
    additional_settings: dict[str, Any]


class ProviderSettings(Saved):
    """The providers that the account does not use."""

    disabled: list[str]


class AccountDefaults(TypedDict):
    """Values that clients propose in a new order."""

    quality: Quality | None
    enhance_prompt: bool


class AccountSettings(Saved):
    """What clients propose to users of the account who have no settings of their own."""

    defaults: AccountDefaults
