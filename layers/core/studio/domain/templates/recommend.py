"""Recommending templates: by platform, by what pictures are for, and by the prompt.

Pure and by rules, so the same wish has the same answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from studio.domain.platforms.catalogue import catalogue
from studio.domain.platforms.model import PlatformId
from studio.domain.prompts.enhance import kind_of
from studio.domain.templates.model import Template
from studio.domain.templates.words import stems

# What each part of a wish counts where it is met wholly.
_PLATFORM, _USE, _PROMPT = 30, 40, 30
# So many words of a prompt that a template knows are as good as all of them.
_ENOUGH = 2
# Words of a use that say nothing of it.
_EMPTY = frozenset(stems("a an and for image in my of on or our photo picture the to with your"))


@dataclass(frozen=True, slots=True)
class RecommendationQuery:
    """What is wanted; None for a part that does not matter.

    Attributes:
        use: What the picture is for: a category, or words such as "summer sale".
        prompt: What it is to show.
    """

    platform: PlatformId | None = None
    use: str | None = None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A template, how well it fits in hundredths, and why, in a sentence."""

    template: Template
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Part:
    """How far a template meets a part of the wish, in hundredths, and what is to be said of it."""

    weight: int
    met: int
    why: str


def recommend(templates: Iterable[Template], wish: RecommendationQuery) -> list[Recommendation]:
    """Return the templates that meet any part of a wish, the best first.

    Those of another platform are none of them. Among equals the order of ``templates`` stays.
    """
    found: list[Recommendation] = []
    for template in templates:
        if wish.platform and template.platform not in (None, wish.platform):
            continue
        parts = list(_parts(template, wish))
        score = sum(part.weight * part.met for part in parts) // sum(part.weight for part in parts)
        if score:
            why = "; ".join(part.why for part in parts if part.met)
            found.append(Recommendation(template, score, f"{why[0].upper()}{why[1:]}."))
    return sorted(found, key=lambda one: -one.score)


def _parts(template: Template, wish: RecommendationQuery) -> Iterator[_Part]:
    if wish.platform:
        name = catalogue().platforms[wish.platform].name
        met = 100 if template.platform == wish.platform else 0
        yield _Part(_PLATFORM, met, f"made for {name}")
    if wish.use:
        yield _by_use(template, wish.use)
    if wish.prompt:
        yield _by_prompt(template, wish.prompt)


def _by_use(template: Template, use: str) -> _Part:
    wanted = [word for word in dict.fromkeys(stems(use)) if word not in _EMPTY]
    known = {template.category, *_known(template)}
    met = [word for word in wanted if word in known]
    if template.category in met and len(met) == len(wanted):
        return _Part(_USE, 100, f"its category is {template.category}, as asked for")
    # A category that is not all of the use still leaves something to be wished for.
    share = 90 * len(met) // max(len(wanted), 1)
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
    """Return the words that speak for a template."""
    return frozenset(stems(" ".join(template.keywords)))


def _listed(words: Sequence[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)
