"""Writes the examples of the contract: ``python -m tests.support.mock_aws.examples``.

Each route is asked once in the mock account. Ids, hashes, secrets and signatures are replaced, so
that the examples are easy to read and a search for secrets finds nothing in them.
"""

import json
import re
from typing import Any

from studio.api.http.messages import JSON, Route
from studio.api.openapi import EXAMPLES_FILE
from studio.api.openapi_texts import HEADERS
from studio.api.routes import all_routes
from tests.support.mock_aws.account import contents, restore
from tests.support.mock_aws.api_client import ApiResponse
from tests.support.mock_aws.owned import ask, body_of, owned_account
from tests.support.mock_aws.routes import Ids, values_of
from tests.support.mock_aws.stack import ROOT

MOST_ENTRIES = 2
_REPLACED = (
    (re.compile(r'(https://[^?"]+)\?[^"]*X-Amz-[^"]*'), r"\1?X-Amz-Signature=..."),
    (re.compile(r'("secret": ")[^"]+'), r"\1<secret>"),
    (re.compile(r'("api_key": ")[^"]+'), r"\1<the key of the account>"),
    (re.compile(r'("(?:policy|next_cursor|x-amz-signature|x-amz-credential)": ")[^"]+'), r"\1..."),
    (re.compile(r"\b[0-9a-f]{64}\b"), "0" * 64),
)
# The id of a prompt template has two of them: its group's and its own.
_ID = re.compile(r"\b([a-z]{3})_((?:[0-7][0-9A-HJKMNP-TV-Z]{25}){1,2})")


def examples() -> dict[str, Any]:
    """Return the body of a request, and the headers and the document of its answer, by route."""
    found = {}
    with owned_account() as (api, ids):
        at_first = contents()
        for route in all_routes():
            found[route.endpoint.__name__] = _example(route, ids, ask(api, ids, route))
            restore(at_first)
    return found


def _example(route: Route, ids: Ids, answer: ApiResponse) -> dict[str, Any]:
    assert answer.status == route.status, (route.path, answer.text)
    names = [name for name in HEADERS if name.lower() in answer.headers]
    example: dict[str, Any] = {"headers": names, "parameters": values_of(route, ids)}
    if route.body:
        example["body"] = body_of(route, ids)
    if answer.headers.get("content-type") == JSON and route.answer:
        example["answer"] = _short(answer.document)
    return {name: value for name, value in example.items() if value not in ({}, [], None)}


def written(found: dict[str, Any]) -> str:
    """Return the examples as text, without what is secret or differs with each writing."""
    text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    numbers: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        number = numbers.setdefault(match[0], len(numbers) + 1)
        return f"{match[1]}_{number:0{len(match[2])}d}"

    return _ID.sub(numbered, text)


def _short(value: Any) -> Any:
    """Return a document whose lists have few entries."""
    if isinstance(value, list):
        return [_short(one) for one in value[:MOST_ENTRIES]]
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    return value


if __name__ == "__main__":
    file = ROOT / "layers" / "core" / "studio" / "api" / EXAMPLES_FILE
    file.write_text(written(examples()))
