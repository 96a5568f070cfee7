"""Shapes of answers about personas and enhancement, for the contract."""

from studio.api.http.responses import Answer, Page


class Persona(Answer):
    """A brand's words. ``version`` counts its changes; pictures keep ``id@version``."""

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


class PersonaList(Answer):
    """A page of personas."""

    data: list[Persona]
    page: Page


class EnhancedPrompt(Answer):
    """A prompt with the words that were ``added`` behind it; ``persona`` is ``id@version``."""

    original: str
    enhanced: str
    added: list[str]
    persona: str | None
