"""Search of templates by their words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from studio.domain.platforms.catalogue import catalogue
from studio.domain.templates.model import Template
from studio.domain.templates.words import stems, telling

# Weight of a word by where it matches.
_TITLE, _KEYWORD, _STYLE, _DESCRIPTION = 4, 3, 2, 1
# The beginning of a word counts half, and needs at least three letters.
_WHOLE, _BEGUN, _SHORTEST = 2, 1, 3


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A template and its score from 0 to 100."""

    template: Template
    score: int


def search(templates: Iterable[Template], query: str) -> list[SearchResult]:
    """Return the templates that have any word of a query, the best first.

    A word counts by the best place where it matches; stop words do not count. A template with all
    words in its title has 100. Of equal ones the plainest is first: its title has the fewest words
    that the query does not name. Then they keep the order of ``templates``.
    """
    terms = dict.fromkeys(telling(query))
    most = len(terms) * _TITLE * _WHOLE
    scored: list[SearchResult] = []
    for template in templates:
        words = _words(template)
        points = sum(_points(term, words) for term in terms)
        if points:
            scored.append(SearchResult(template, 100 * points // most))
    return sorted(scored, key=lambda found: (-found.score, _unnamed(found.template, terms)))


def _unnamed(template: Template, terms: Collection[str]) -> int:
    """Return how many words of a template's title the query does not name."""
    return len(set(telling(template.title or template.template_id)).difference(terms))


def _points(term: str, words: Mapping[str, int]) -> int:
    if term in words:
        return words[term] * _WHOLE
    if len(term) < _SHORTEST:
        return 0
    begun = (weight for word, weight in words.items() if word.startswith(term))
    return max(begun, default=0) * _BEGUN


def _words(template: Template) -> dict[str, int]:
    """Return every word of a template with the weight of its best place."""
    words: dict[str, int] = {}
    for weight, text in _places(template):
        for word in stems(text):
            words[word] = max(weight, words.get(word, 0))
    return words


def _places(template: Template) -> Iterator[tuple[int, str]]:
    yield _TITLE, f"{template.template_id} {template.title or ''}"
    if template.platform:
        yield _TITLE, catalogue().platforms[template.platform].name
    yield _KEYWORD, f"{template.category} {' '.join(template.keywords)}"
    yield _STYLE, " ".join(template.style)
    yield _DESCRIPTION, template.description or ""
