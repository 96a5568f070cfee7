"""Prompts as a model gets them: the caller's own, with words of template, persona and rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from studio.domain.jobs.model import MAX_NEGATIVE_PROMPT
from studio.domain.prompts.enhance import append_words, has_phrase, missing_words
from studio.errors import FieldError, InvalidRequestError

if TYPE_CHECKING:
    # Most orders name neither, and a cold start need not load them.
    from studio.domain.prompts.persona import Persona
    from studio.domain.templates.model import Template


@dataclass(frozen=True, slots=True)
class PromptParts:
    """Additions of the studio to the prompts of an order.

    Attributes:
        persona, template: Their words are all added, or the order is refused.
        enhance: Whether the enhancement rules add words, as many as fit.
    """

    persona: "Persona | None" = None
    enhance: bool = False
    template: "Template | None" = None

    @property
    def adds(self) -> bool:
        """True if it may change a prompt."""
        own = self.template is not None and bool(self.template.style or self.template.avoid)
        return own or self.persona is not None or self.enhance

    def words(self) -> Iterator[str]:
        """Yield the phrases that template and persona add."""
        if self.template is not None:
            yield from self.template.style
        if self.persona is not None:
            yield from self.persona.words()

    def avoided(self) -> Iterator[str]:
        """Yield what template and persona avoid."""
        if self.template is not None:
            yield from self.template.avoid
        if self.persona is not None:
            yield from self.persona.avoid

    @property
    def contributors(self) -> str:
        """The origins of the words, as a part of a sentence."""
        origins = {"template": self.template, "persona": self.persona}
        return " and ".join(f"the {name}" for name, one in origins.items() if one is not None)


UNTOUCHED = PromptParts()
"""Prompts stay as the caller wrote them."""


class Words(NamedTuple):
    """The words that a model gets.

    Attributes:
        added: The phrases behind the caller's own prompt.
    """

    prompt: str | None
    negative_prompt: str | None
    added: tuple[str, ...] = ()


def compose_prompt(
    prompt: str | None, negative_prompt: str | None, prompt_parts: PromptParts, limit: int
) -> Words:
    """Return a prompt with the words that the order asks for.

    Args:
        prompt: The caller's prompt, within the model's limit; an empty one stays empty.
        negative_prompt: The caller's negative prompt.
        prompt_parts: The words to add.
        limit: Longest prompt of the model in characters.

    Raises:
        InvalidRequestError: the words of the template or the persona do not fit.
    """
    if not prompt:
        return Words(prompt, negative_prompt)
    added = _new(prompt, prompt_parts.words())
    length = len(append_words(prompt, added))
    if added and length > limit:
        detail = (
            f"With the words of {prompt_parts.contributors} it has {length} characters; "
            f"the model takes {limit}"
        )
        raise InvalidRequestError(FieldError("/prompt", "too-long", detail))
    for phrase in missing_words(append_words(prompt, added)) if prompt_parts.enhance else ():
        if len(append_words(prompt, [*added, phrase])) <= limit:
            added.append(phrase)
    if prompt_parts.template is not None or prompt_parts.persona is not None:
        negative_prompt = _avoiding(negative_prompt or "", prompt_parts)
    return Words(append_words(prompt, added), negative_prompt, tuple(added))


def _avoiding(negative_prompt: str, prompt_parts: PromptParts) -> str | None:
    added = _new(negative_prompt, prompt_parts.avoided())
    whole = append_words(negative_prompt, added) if negative_prompt.strip() else ", ".join(added)
    if len(whole) > MAX_NEGATIVE_PROMPT:
        detail = (
            f"With what {prompt_parts.contributors} would avoid it has {len(whole)} characters; "
            f"{MAX_NEGATIVE_PROMPT} are taken"
        )
        raise InvalidRequestError(FieldError("/negative_prompt", "too-long", detail))
    return whole or None


def _new(text: str, phrases: Iterable[str]) -> list[str]:
    """Return the phrases that a text does not have yet, each once."""
    new = dict.fromkeys(phrases)
    return [phrase for phrase in new if not has_phrase(text, phrase)]
