"""Writes the examples of the contract: ``python -m tests.support.mock_aws.examples``.

Each route is asked once in the mock account. What differs with each writing, such as ids and
times, stays as it came; secrets and signatures are replaced.
"""

import json
import re
from typing import Any

from studio.api.http.messages import JSON, Route
from studio.api.openapi import EXAMPLES_FILE
from studio.api.openapi_texts import HEADERS
from studio.api.routes import all_routes
from tests.support.mock_aws.account import contents, restore
from tests.support.mock_aws.api_client import Answer
from tests.support.mock_aws.owned import ask, body_of, owned_account
from tests.support.mock_aws.routes import Ids, values_of
from tests.support.mock_aws.stack import ROOT

MOST_ENTRIES = 2
_SIGNED = re.compile(r"(https://[^?\"]+)\?[^\"]*X-Amz-[^\"]*")
_SECRET = re.compile(
    r'(?<="secret":"whsec_)[^"]+|(?<="policy":")[^"]+'
    r'|(?<="x-amz-signature":")[^"]+|(?<="x-amz-credential":")[^"]+'
)


def examples() -> dict[str, Any]:
    """Return the body of a request, and the headers and the document of its answer, by route."""
    found = {}
    with owned_account() as (api, ids):
        at_first = contents()
        for route in all_routes():
            found[route.endpoint.__name__] = _example(route, ids, ask(api, ids, route))
            restore(at_first)
    return found


def _example(route: Route, ids: Ids, answer: Answer) -> dict[str, Any]:
    assert answer.status == route.status, (route.path, answer.text)
    names = [name for name in HEADERS if name.lower() in answer.headers]
    example: dict[str, Any] = {"headers": names, "parameters": values_of(route, ids)}
    if route.body:
        example["body"] = body_of(route, ids)
    if answer.headers.get("content-type") == JSON and route.answer:
        text = _SIGNED.sub(r"\1?X-Amz-Signature=...", answer.text)
        example["answer"] = _short(json.loads(_SECRET.sub("...", text)))
    return {name: value for name, value in example.items() if value not in ({}, [], None)}


def _short(value: Any) -> Any:
    """Return a document whose lists have few entries."""
    if isinstance(value, list):
        return [_short(one) for one in value[:MOST_ENTRIES]]
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    return value


if __name__ == "__main__":
    file = ROOT / "layers" / "core" / "studio" / "api" / EXAMPLES_FILE
    file.write_text(json.dumps(examples(), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
