"""SettingsStore in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from studio.domain.settings.model import (
    IMAGE_GENERATION,
    ImageGenerationSettings,
    SavedSettings,
    stored_settings,
)
from studio.errors import PreconditionFailedError


@dataclass
class FakeSettingsStore:
    """The documents by tenant and name."""

    documents: dict[tuple[str, str], SavedSettings] = field(default_factory=dict)

    def image_generation(self, tenant: str) -> ImageGenerationSettings:
        found = self.documents.get((tenant, IMAGE_GENERATION))
        if found is None:
            return ImageGenerationSettings()
        return stored_settings(found.document, found.version)

    def get(self, tenant: str, names: Sequence[str]) -> Mapping[str, SavedSettings]:
        wanted = {name: self.documents.get((tenant, name)) for name in names}
        return {name: found for name, found in wanted.items() if found is not None}

    def put(self, settings: SavedSettings, replaces: int) -> SavedSettings:
        key = (settings.tenant, settings.name)
        held = self.documents[key].version if key in self.documents else 0
        if held != replaces:
            raise PreconditionFailedError(settings.name)
        self.documents[key] = replace(settings, version=replaces + 1)
        return self.documents[key]
