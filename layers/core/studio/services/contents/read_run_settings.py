"""ReadRunSettings: what a run of contents takes from the account and the caller, in one read."""

from dataclasses import dataclass

from studio.domain.settings.model import (
    IMAGE_GENERATION,
    ImageGenerationSettings,
    stored_settings,
)
from studio.services.prompts.resolve_prompts import ResolvePrompts, prompt_documents


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Settings that a run is ordered with.

    Attributes:
        image_template: Makes the prompt of an image.
        negative_prompt: That of the group or the account, None if only the built-in one applies:
            many models take none.
        warning: Why the prompt group of the user does not apply, None if it does.
    """

    images: ImageGenerationSettings
    image_template: str
    negative_prompt: str | None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class ReadRunSettings:
    """Reads settings and prompts together.

    It takes one read, and one more if the user has chosen a prompt group.
    """

    prompts: ResolvePrompts

    def run(self, tenant: str, user: str) -> RunSettings:
        """Return what a run of a user takes from the settings."""
        names = (IMAGE_GENERATION, *prompt_documents(user))
        found = self.prompts.settings.get(tenant, names)
        stored = found.get(IMAGE_GENERATION)
        images = ImageGenerationSettings()
        if stored is not None:
            images = stored_settings(stored.document, stored.version)
        resolved = self.prompts.of(tenant, user, found)
        built_in = resolved.negative_source == "built-in"
        negative = None if built_in else resolved.negative_prompt
        return RunSettings(images, resolved.template, negative or None, resolved.warning)
