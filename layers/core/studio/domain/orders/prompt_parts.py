"""From a caller's words to those that a model is given.

The template's are added first, then the persona's, then the rules'.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.domain.jobs.model import MAX_NEGATIVE_PROMPT
from studio.domain.prompts.enhance import append_words, has_phrase, missing_words
from studio.domain.prompts.persona import Persona
from studio.errors import FieldError, InvalidRequestError

if TYPE_CHECKING:
    # Most orders name none, and a cold start need not know what it is.
    from studio.domain.templates.model import Template


@dataclass(frozen=True, slots=True)
class PromptParts:
    """What an order has done with its prompts.

    Attributes:
        persona, template: Whose words are added; they are all added, or the order is refused.
        enhance: Whether the rules add theirs, as many as fit.
    """

    persona: Persona | None = None
    enhance: bool = False
    template: "Template | None" = None

    @property
    def adds(self) -> bool:
        """Whether it may change a prompt."""
        own = self.template is not None and bool(self.template.style or self.template.avoid)
        return own or self.persona is not None or self.enhance

    def words(self) -> Iterator[str]:
        """Yield what template and persona add, phrase by phrase."""
        if self.template is not None:
            yield from self.template.style
        if self.persona is not None:
            yield from self.persona.words()

    def avoided(self) -> Iterator[str]:
        """Yield what template and persona would not have seen."""
        if self.template is not None:
            yield from self.template.avoid
        if self.persona is not None:
            yield from self.persona.avoid

    @property
    def contributors(self) -> str:
        """Whose words these are, for a sentence."""
        given = {"template": self.template, "persona": self.persona}
        return " and ".join(f"the {name}" for name, one in given.items() if one is not None)


UNTOUCHED = PromptParts()
"""Prompts are sent as they were written."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a model is given.

    Attributes:
        added: What stands in the prompt behind the caller's own words, phrase by phrase.
    """

    prompt: str | None
    negative_prompt: str | None
    added: tuple[str, ...] = ()


def compose_prompt(
    prompt: str | None, negative_prompt: str | None, wording: PromptParts, limit: int
) -> Words:
    """Add to a prompt what the order asks for.

    Args:
        prompt: The caller's own words, not too many; without any there is nothing to add to.
        negative_prompt: The same of what must not be seen.
        wording: What is asked for.
        limit: Longest prompt that the model takes, in characters.

    Raises:
        InvalidRequestError: the template's or the persona's words do not fit.
    """
    if not prompt:
        return Words(prompt, negative_prompt)
    added = _new(prompt, wording.words())
    length = len(append_words(prompt, added))
    if added and length > limit:
        detail = (
            f"With the words of {wording.contributors} it has {length} characters; "
            f"the model takes {limit}"
        )
        raise InvalidRequestError(FieldError("/prompt", "too-long", detail))
    for phrase in missing_words(append_words(prompt, added)) if wording.enhance else ():
        if len(append_words(prompt, [*added, phrase])) <= limit:
            added.append(phrase)
    if wording.template is not None or wording.persona is not None:
        negative_prompt = _avoiding(negative_prompt or "", wording)
    return Words(append_words(prompt, added), negative_prompt, tuple(added))


def _avoiding(negative_prompt: str, wording: PromptParts) -> str | None:
    added = _new(negative_prompt, wording.avoided())
    whole = append_words(negative_prompt, added) if negative_prompt.strip() else ", ".join(added)
    if len(whole) > MAX_NEGATIVE_PROMPT:
        detail = (
            f"With what {wording.contributors} would avoid it has {len(whole)} characters; "
            f"{MAX_NEGATIVE_PROMPT} are taken"
        )
        raise InvalidRequestError(FieldError("/negative_prompt", "too-long", detail))
    return whole or None


def _new(text: str, phrases: Iterable[str]) -> list[str]:
    """Return those of the phrases that a text does not have yet, each once."""
    new = dict.fromkeys(phrases)
    return [phrase for phrase in new if not has_phrase(text, phrase)]
