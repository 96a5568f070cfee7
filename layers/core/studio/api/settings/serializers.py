"""Serializers of settings: what is stored, with a default for what is not."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from studio.clock import rfc3339
from studio.domain.catalogue.orderable import card_of_day
from studio.domain.settings.model import ImageGenerationSettings, SavedSettings, stored_settings

if TYPE_CHECKING:
    from studio.api.settings import responses
    from studio.services.prompts.read_choice import Choice


def image_generation(saved: SavedSettings | None, day: date) -> "responses.ImageGenerationSettings":
    """Return the settings of image generation; ``day`` decides which models have ended."""
    settings = ImageGenerationSettings()
    if saved is not None:
        settings = stored_settings(saved.document, saved.version)
    return {
        **_saved(saved),
        "success": True,
        "config": cast("responses.ImageGenerationConfig", settings.as_document()),
        "source": settings.source,
        "warnings": _warnings(settings, day),
    }


def user(saved: SavedSettings | None, choice: "Choice") -> "responses.UserSettings":
    """Return a user's own settings, and the prompt group that is active for the user."""
    document = _document(saved)
    model = document.get("model")
    return {
        **_saved(saved),
        "output_size": document.get("output_size"),
        "model": {"provider": model["provider"], "id": model.get("id")} if model else None,
        "quality": document.get("quality"),
        "prompt_preference": {
            "group_id": choice.group_id,
            "template_id": choice.template_id,
        },
        "warnings": [choice.warning] if choice.warning else [],
        "additional_settings": document.get("additional_settings", {}),
    }


def account(saved: SavedSettings | None) -> "responses.AccountSettings":
    """Return what an account proposes to its users."""
    defaults = _document(saved).get("defaults", {})
    return {
        **_saved(saved),
        "defaults": {
            "quality": defaults.get("quality"),
            "enhance_prompt": defaults.get("enhance_prompt") or False,
        },
    }


def providers(saved: SavedSettings | None) -> "responses.ProviderSettings":
    """Return the providers that an account has switched off."""
    return {**_saved(saved), "disabled": sorted(_document(saved).get("disabled", ()))}


def _document(saved: SavedSettings | None) -> Mapping[str, Any]:
    return saved.document if saved else {}


def _saved(saved: SavedSettings | None) -> "responses.Saved":
    return {
        "version": saved.version if saved else 0,
        "updated_at": rfc3339(saved.updated_at) if saved else None,
        "updated_by": saved.updated_by if saved else None,
    }


def _warnings(settings: ImageGenerationSettings, day: date) -> list[str]:
    retired = card_of_day(settings.provider, day).retired
    gone = retired.get(settings.model or "")
    return [f"{gone.end}: {gone.lifecycle.successor} is used instead."] if gone else []
