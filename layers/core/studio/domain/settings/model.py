"""Settings of image generation: what an account has chosen for its images."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from studio.domain.jobs.model import NO_DEFAULTS, OrderDefaults

ImageType = Literal["realistic", "artistic", "cartoon"]
ImageFormat = Literal["webp", "jpg", "png"]
SettingsSource = Literal["stored", "default"]

MIN_IN_ARTICLE_IMAGES, MAX_IN_ARTICLE_IMAGES = 1, 5

_DEFAULTS = json.loads(Path(__file__).with_name("defaults.json").read_bytes())

DEFAULT_PROVIDER: str = _DEFAULTS["provider"]
DEFAULT_MODELS: Mapping[str, str] = _DEFAULTS["models"]
"""Model of a provider where the settings name none; a retired one stands for its successor."""

_OLD_MODEL_MEMBERS: Mapping[str, str] = _DEFAULTS["old_model_members"]

IMAGE_GENERATION, ACCOUNT, PROVIDERS = "image-generation", "account", "providers"
IMAGE_TEMPLATE, NEGATIVE_PROMPT = "image-template", "negative-prompt"
"""Names of the account's documents."""

MAX_DOCUMENT_BYTES = 50_000


@dataclass(frozen=True, slots=True)
class SavedSettings:
    """A stored document.

    Attributes:
        name: Its name within the tenant, see ``user_settings`` for those of a user.
        version: 1, then one more with each change.
    """

    tenant: str
    name: str
    version: int
    document: Mapping[str, Any]
    updated_at: datetime
    updated_by: str


def user_settings(user: str) -> str:
    """Return the name of a user's own document."""
    return f"user#{user}"


def prompt_choice(user: str) -> str:
    """Return the name of the document that says which prompt group a user has chosen."""
    return f"prompts#{user}"


@dataclass(frozen=True, slots=True)
class ImageGenerationSettings:
    """Settings of an account's images.

    Attributes:
        model: Model of the provider; None lets the studio choose one.
        image_type: Look of images, a word for prompts.
        max_in_article_images: In-article images in one run of a content, 1 to 5.
        desktop_size, mobile_size: Width and height in pixels, such as ``1536x1024``.
        separate_generation: Whether each device gets a picture of its own.
        source: Whether the account has stored settings; ``default`` fills no order.
        version: 0 while nothing is stored, then one more with each change.
    """

    provider: str = DEFAULT_PROVIDER
    model: str | None = DEFAULT_MODELS[DEFAULT_PROVIDER]
    image_type: ImageType = "realistic"
    max_in_article_images: int = 2
    image_format: ImageFormat = "webp"
    desktop_enabled: bool = True
    mobile_enabled: bool = True
    desktop_size: str = "1536x1024"
    mobile_size: str = "1024x1536"
    separate_generation: bool = False
    source: SettingsSource = "default"
    version: int = 0

    @property
    def order_defaults(self) -> OrderDefaults:
        """Values for the members that an order leaves out."""
        if self.source == "default":
            return NO_DEFAULTS
        return OrderDefaults(self.provider, self.model, self.image_format)

    def as_document(self) -> dict[str, Any]:
        """Return the members that a caller may set."""
        return {name: getattr(self, name) for name in MEMBERS}


MEMBERS = tuple(
    field.name
    for field in fields(ImageGenerationSettings)
    if field.name not in {"source", "version"}
)


def stored_settings(document: Mapping[str, Any], version: int) -> ImageGenerationSettings:
    """Return the settings of a stored document; its members have been checked.

    ``service`` is an old name of ``provider``, and ``runwareModel`` of the model of Runware.
    A document with ``is_active: false`` is not used.
    """
    if not document.get("is_active", True):
        return ImageGenerationSettings(version=version)
    given = {name: document[name] for name in MEMBERS if document.get(name) is not None}
    provider = given.setdefault("provider", document.get("service") or DEFAULT_PROVIDER)
    if "model" not in given:
        old = document.get(_OLD_MODEL_MEMBERS.get(provider, ""))
        given["model"] = old or DEFAULT_MODELS.get(provider)
    return ImageGenerationSettings(**given, source="stored", version=version)
