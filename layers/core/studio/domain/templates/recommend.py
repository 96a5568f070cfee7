"""Recommendations of templates: by platform, by the use of images, and by the prompt.

They follow rules without side effects, so the same query has the same answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from studio.domain.platforms.catalogue import catalogue
from studio.domain.platforms.model import PlatformId
from studio.domain.prompts.enhance import kind_of
from studio.domain.templates.model import Template
from studio.domain.templates.words import stems

# Weight of each part of a query that matches fully.
_PLATFORM, _USE, _PROMPT = 30, 40, 30
# This many matching words of a prompt are as good as all of them.
_ENOUGH = 2
# Words that do not describe a use.
_EMPTY = frozenset(stems("a an and for image in my of on or our photo picture the to with your"))


@dataclass(frozen=True, slots=True)
class RecommendationQuery:
    """The images to find templates for; None for a part that does not matter.

    Attributes:
        use: The use of the image: a category, or words such as "summer sale".
        prompt: What the image shows.
    """

    platform: PlatformId | None = None
    use: str | None = None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A template, its score from 0 to 100, and the reason in a sentence."""

    template: Template
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Part:
    """The match of a template with one part of a query, from 0 to 100, and the reason."""

    weight: int
    met: int
    why: str


def recommend(templates: Iterable[Template], query: RecommendationQuery) -> list[Recommendation]:
    """Return the templates that match any part of a query, the best first.

    Templates of another platform are left out. Equal ones keep the order of ``templates``.
    """
    recommended: list[Recommendation] = []
    for template in templates:
        if query.platform and template.platform not in (None, query.platform):
            continue
        parts = list(_parts(template, query))
        score = sum(part.weight * part.met for part in parts) // sum(part.weight for part in parts)
        if score:
            why = "; ".join(part.why for part in parts if part.met)
            recommended.append(Recommendation(template, score, f"{why[0].upper()}{why[1:]}."))
    return sorted(recommended, key=lambda one: -one.score)


def _parts(template: Template, query: RecommendationQuery) -> Iterator[_Part]:
    if query.platform:
        name = catalogue().platforms[query.platform].name
        met = 100 if template.platform == query.platform else 0
        yield _Part(_PLATFORM, met, f"made for {name}")
    if query.use:
        yield _by_use(template, query.use)
    if query.prompt:
        yield _by_prompt(template, query.prompt)


def _by_use(template: Template, use: str) -> _Part:
    words = [word for word in dict.fromkeys(stems(use)) if word not in _EMPTY]
    known = {template.category, *_known(template)}
    met = [word for word in words if word in known]
    if template.category in met and len(met) == len(words):
        return _Part(_USE, 100, f"its category is {template.category}, as asked for")
    # A use with more words than the category is no full match.
    share = 90 * len(met) // max(len(words), 1)
    return _Part(_USE, share, f"knows the use by {_listed(met)}")


def _by_prompt(template: Template, prompt: str) -> _Part:
    known = _known(template)
    met = list(dict.fromkeys(word for word in stems(prompt) if word in known))
    share = 100 * min(len(met), _ENOUGH) // _ENOUGH
    if met:
        return _Part(_PROMPT, share, f"goes with {_listed(met)} in the prompt")
    kind = kind_of(prompt).name
    share = 75 if kind == template.category else 50 if kind in known else 0
    return _Part(_PROMPT, share, f"good for prompts of the kind {kind}")


def _known(template: Template) -> frozenset[str]:
    """Return the words of a template's keywords."""
    return frozenset(stems(" ".join(template.keywords)))


def _listed(words: Sequence[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)
