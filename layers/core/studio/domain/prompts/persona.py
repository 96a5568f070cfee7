"""A persona: a brand's visual style, as words that are added to prompts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studio.domain.recipes.model import Recipe


@dataclass(frozen=True, slots=True)
class Persona:
    """One version of a persona.

    Attributes:
        style: Phrases about the look of images.
        palette: Names of colours.
        mood: The mood of images.
        audience: The people that images are made for.
        avoid: What images must not show; it goes into negative prompts.
    """

    persona_id: str
    version: int
    style: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()
    mood: str | None = None
    audience: str | None = None
    avoid: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Id and version, as assets store them."""
        return f"{self.persona_id}@{self.version}"

    def words(self) -> Iterator[str]:
        """Yield the phrases that are added to a prompt."""
        yield from self.style
        if self.palette:
            yield f"palette of {_listed(self.palette)}"
        if self.mood:
            yield f"{self.mood} mood"
        if self.audience:
            yield f"made for {self.audience}"


def persona_of(saved: Recipe) -> Persona:
    """Return the persona of a saved one."""
    body = saved.body
    return Persona(
        persona_id=saved.recipe_id,
        version=saved.version,
        style=_phrases(body.get("style")),
        palette=_phrases(body.get("palette")),
        mood=_phrase(body.get("mood")),
        audience=_phrase(body.get("audience")),
        avoid=_phrases(body.get("avoid")),
    )


def _phrases(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _phrase(value: object) -> str | None:
    return None if value is None else str(value)


def _listed(names: Sequence[str]) -> str:
    *head, last = names
    return f"{', '.join(head)} and {last}" if head else last
