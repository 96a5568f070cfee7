"""Request bodies of settings."""

from typing import Annotated, Any

from pydantic import Field

from studio.domain.operations.values import Quality
from studio.domain.settings.model import (
    MAX_IN_ARTICLE_IMAGES,
    MIN_IN_ARTICLE_IMAGES,
    ImageFormat,
    ImageType,
)
from studio.services.orders.body import Name, Size
from studio.services.orders.reading import Body

InArticleImages = Annotated[int, Field(ge=MIN_IN_ARTICLE_IMAGES, le=MAX_IN_ARTICLE_IMAGES)]


class ImageGenerationBody(Body):
    """The account's settings of image generation. What is left out has its default.

    ``desktop_size`` and ``mobile_size`` are sizes of the files for these devices. One picture is
    made for both, and ``separate_generation`` makes one for each. ``service`` and
    ``runwareModel`` are old names of ``provider`` and ``model``. With ``is_active: false`` the
    defaults apply.
    """

    provider: Name | None = None
    model: Name | None = None
    image_type: ImageType | None = None
    max_in_article_images: InArticleImages | None = None
    image_format: ImageFormat | None = None
    desktop_enabled: bool | None = None
    mobile_enabled: bool | None = None
    desktop_size: Size | None = None
    mobile_size: Size | None = None
    separate_generation: bool | None = None
    is_active: bool | None = None
    service: Name | None = None
    runware_model: Annotated[Name | None, Field(alias="runwareModel")] = None


class ModelBody(Body):
    """A provider, and one of its models."""

    provider: Name
    id: Name | None = None


class SettingsBody(Body):
    """The caller's own settings, which clients propose in a new order.

    ``additional_settings`` are kept as they are given.
    """

    output_size: Size | None = None
    model: ModelBody | None = None
    quality: Quality | None = None
    additional_settings: Annotated[dict[str, Any], Field(max_length=200)] | None = None


class AccountDefaultsBody(Body):
    """Values that clients propose in a new order."""

    quality: Quality | None = None
    enhance_prompt: bool | None = None


class ProvidersBody(Body):
    """The providers that the account does not use."""

    disabled: Annotated[list[Name], Field(default_factory=list, max_length=50)]


class AccountSettingsBody(Body):
    """What clients propose to users of the account who have no settings of their own."""

    defaults: AccountDefaultsBody | None = None
