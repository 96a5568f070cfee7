"""Request bodies of personas and of enhancement."""

from typing import Annotated

from pydantic import AfterValidator, Field

from studio.services.orders.body import PersonaId, Prompt, not_blank
from studio.services.orders.reading import Body

# One line that neither begins nor ends with a space.
_LINE = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"

Phrase = Annotated[
    str,
    Field(max_length=80, pattern=_LINE, examples=["matte colours"]),
    AfterValidator(not_blank),
]


class PersonaBody(Body):
    """A persona to save: at least one member besides ``title``.

    ``style`` has phrases about the look of images, ``palette`` has names of colours. They are
    added to prompts unchanged, with ``mood`` ("calm") and ``audience`` ("young parents").
    ``avoid`` is added to negative prompts.
    """

    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    style: Annotated[list[Phrase], Field(min_length=1, max_length=12)] | None = None
    palette: Annotated[list[Phrase], Field(min_length=1, max_length=8)] | None = None
    mood: Phrase | None = None
    audience: Phrase | None = None
    avoid: Annotated[list[Phrase], Field(min_length=1, max_length=30)] | None = None


class EnhanceBody(Body):
    """A prompt, and a persona if wanted. The answer shows the enhanced prompt."""

    prompt: Prompt
    persona_id: PersonaId | None = None
