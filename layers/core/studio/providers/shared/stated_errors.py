"""Errors inside a response whose HTTP status says success, in the shapes that services share.

The error gets the HTTP status that it stands for. The vendor's own reading of an error response
then tells what it means.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from studio.providers.shared.http import HttpResponse

# All names are as ``_view`` returns them.
_MEMBERS: Final = (
    "error", "errors", "detail", "fault", "exception", "errormessage", "errormsg", "errmsg",
    "failure",
)  # fmt: skip
# Envelopes around a document, in which only the first two members are an error beyond doubt.
_ENVELOPES: Final = ("data", "result", "response", "output", "body", "payload")
_MOST_ENVELOPES: Final = 3
# Members of a document that is an error itself, and not an envelope around one.
_NUMBERS: Final = ("code", "status", "statuscode", "httpstatus", "errorcode")
_CODES: Final = (
    "code", "type", "status", "name", "reason", "errorcode", "errortype", "__type", "title",
)  # fmt: skip
_TEXTS: Final = (
    "message", "msg", "detail", "description", "errordescription", "error", "errors",
    "errormessage", "errormsg", "errmsg", "failure",
)  # fmt: skip
# Members that may name the error of a document without an envelope.
_SAID: Final = ("code", "errorcode", "errortype", "reason", "message", "msg")
_FAILED: Final = frozenset({"error", "failed", "failure", "fail"})
_UNAVAILABLE: Final = 503
_INVALID: Final = 400
_BY_CONTENT: Final = frozenset({400, 403, 422})

_MODERATION: Final = re.compile(
    r"moderat|content.?polic|content.?filter|safety|nsfw|flagged as|prohibited.?content|responsible"
    r".?ai|unsafe.?content|sensitive.?content"
)
# The first pattern that matches counts. A moderated request is an invalid one.
_STATUSES: Final[tuple[tuple[int, re.Pattern[str]], ...]] = tuple(
    (status, re.compile(pattern))
    for status, pattern in (
        (402, r"insufficient.?(quota|fund|credit|balance)|payment|billing|credit|balance|prepaid"),
        (429, r"rate.?limit|too.?many|throttl|slow.?down|resource.?exhausted|quota"),
        (400, _MODERATION.pattern),
        (401, r"api.?key|unauthori[sz]ed|unauthenticated|authentication|credential|invalid.?token"
              r"|token.*(invalid|expired)"),
        (403, r"permission|forbidden|access.?denied|not.?allowed|not.?authori[sz]ed|suspended"),
        (404, r"not.?found|does.?not.?exist|no.?such|retired|deprecated|unknown.?model"),
        (503, r"server.?error|internal|unavailable|time.?d?.?out|overload|busy|try.?again|temporar"
              r"|loading|warming|capacity|out.?of.?memory"),
        (400, r"invalid|missing|required|unsupported|validation|bad.?request|unprocessable"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatedError:
    """An error inside a response.

    Attributes:
        status: The HTTP status that the error stands for, 400 where the error does not say.
        moderated: Whether the content is the reason.
    """

    status: int
    moderated: bool


def stated_error(document: Mapping[str, object]) -> StatedError | None:
    """Return the error that a document states, None if it states none."""
    nodes = list(_nodes(_view(document)))
    if not nodes:
        return None
    codes = _joined(nodes, _CODES)
    texts = " ".join((codes, _joined(nodes, _TEXTS)))
    named = next((status for node in nodes if (status := _number(node))), None)
    status = named or _by_words(codes) or _by_words(texts) or _INVALID
    return StatedError(status, status in _BY_CONTENT and _MODERATION.search(texts) is not None)


def as_stated(response: HttpResponse, document: Mapping[str, object]) -> HttpResponse | None:
    """Return a response with the status that the error inside it stands for, None without one."""
    stated = stated_error(document)
    return None if stated is None else replace(response, status=stated.status)


def _nodes(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the errors of a document, each with the members that describe it."""
    found = [one for name in _MEMBERS for one in _flat(document.get(name))]
    inner = _inner(document, _MOST_ENVELOPES)
    found += [one for inside in inner for one in _errors(inside)]
    yield from found
    if found or _is_error(document):
        yield document


def _view(document: Mapping[str, object]) -> Mapping[str, object]:
    """Return a document with names that are equal in all spellings, ``__type`` excepted."""
    seen: dict[str, object] = {}
    for name, value in document.items():
        plain = name.lower() if name.startswith("__") else name.lower().replace("_", "")
        seen[plain] = seen.get(plain) or value
    return seen


def _inner(document: Mapping[str, object], depth: int) -> Iterator[Mapping[str, object]]:
    """Yield the documents inside envelopes, and the entries of a list of nothing but errors."""
    for value in map(document.get, _ENVELOPES):
        if isinstance(value, Mapping):
            inside = _view(value)
            yield inside
            yield from _inner(inside, depth - 1) if depth > 1 else ()
        elif isinstance(value, list):
            entries = [_view(one) for one in value if isinstance(one, Mapping)]
            yield from entries if all(map(_errors, entries)) else ()


def _errors(document: Mapping[str, object]) -> list[Mapping[str, object]]:
    return [one for name in _MEMBERS[:2] for one in _flat(document.get(name))]


def _flat(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the errors of a member: a text, a code, a true, an object, or a list of these."""
    if type(value) in (bool, int) and value:
        yield {"code": value}
    elif isinstance(value, str) and value:
        yield {"message": value}
    elif isinstance(value, Mapping) and value:
        yield _view(value)
    elif isinstance(value, list):
        for one in value:
            yield from _flat(one)


def _is_error(document: Mapping[str, object]) -> bool:
    """Return whether a document without an envelope is an error itself."""
    if "__type" in document or _is_text(document.get("errortype")) or _number(document):
        return True
    if any(str(document.get(name)).lower() == "false" for name in ("success", "ok")):
        return True
    if any(str(document.get(name)).lower() in _FAILED for name in ("status", "state")):
        return True
    only_texts = not any(isinstance(value, list | Mapping) for value in document.values())
    said = " ".join(str(document.get(name, "")) for name in _SAID)
    return only_texts and _by_words(said.lower()) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _number(node: Mapping[str, object]) -> int | None:
    """Return the HTTP status that an error names as a number, None if there is none.

    A gateway's status stands for an outage here: the response itself came from the service.
    """
    for name in _NUMBERS:
        value = node.get(name)
        text = str(value) if type(value) in (int, str) else ""
        if len(text) == 3 and text.isascii() and text.isdecimal() and 400 <= int(text) < 600:
            return int(text) if int(text) <= 500 else _UNAVAILABLE
    return None


def _joined(nodes: list[Mapping[str, object]], names: tuple[str, ...]) -> str:
    """Return the texts of some members of all errors, in lower case."""
    values = (node.get(name) for node in nodes for name in names)
    return " ".join(value.lower() for value in values if isinstance(value, str))


def _by_words(text: str) -> int | None:
    return next((status for status, pattern in _STATUSES if pattern.search(text)), None)
