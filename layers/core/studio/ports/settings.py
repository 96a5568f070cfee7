"""Port of settings."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from studio.domain.settings.model import ImageGenerationSettings, SavedSettings


class SettingsStore(Protocol):
    """Settings of an account and of its users: one document for each name."""

    def image_generation(self, tenant: str) -> ImageGenerationSettings:
        """Return the account's settings of image generation, the defaults if none are stored."""
        ...

    def get(self, tenant: str, names: Sequence[str]) -> Mapping[str, SavedSettings]:
        """Return the stored documents of these names; one that is not stored is left out."""
        ...

    def put(self, settings: SavedSettings, replaces: int) -> SavedSettings:
        """Write a document and return it with its version, one above the one that it replaces.

        ``replaces`` is 0 where nothing is stored.

        Raises:
            PreconditionFailedError: another version is stored; nothing was written.
        """
        ...
