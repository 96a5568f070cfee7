"""Response shapes of personas and of prompt enhancement."""

from typing_extensions import TypedDict

from studio.api.http.responses import Page


class Persona(TypedDict):
    """The wording of a brand. ``version`` counts its changes. Images keep ``id@version``."""

    id: str
    version: int
    title: str | None
    style: list[str]
    palette: list[str]
    mood: str | None
    audience: str | None
    avoid: list[str]
    created_at: str
    updated_at: str
    updated_by: str


class PersonaList(TypedDict):
    """A page of personas, by name."""

    data: list[Persona]
    page: Page


class EnhancedPrompt(TypedDict):
    """A prompt and the words ``added`` to it. ``persona`` is ``id@version``."""

    original: str
    enhanced: str
    added: list[str]
    persona: str | None
