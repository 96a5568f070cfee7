"""Writes the contract: ``python -m studio.api.openapi``.

The document is generated ahead of time from the route table, the pydantic models of the requests
and the TypedDicts of the responses. A cold start does not pay for it. A test fails while the files
beside this module differ from what this module writes.
"""

import json
import re
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import GenericAlias
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from studio.api import openapi_texts as texts
from studio.api.http.messages import CSV, JSON, Route
from studio.api.http.problems import MEDIA_TYPE
from studio.api.http.request_body import MAX_WAIT_SECONDS
from studio.api.http.responses import GatewayRefusal, Problem
from studio.api.routes import all_routes
from studio.api.service.routes import CONTRACT_FILE, JOB_SCHEMA_FILE
from studio.domain.assets.model import MEDIA_TYPES
from studio.services.orders.body import JobBody

Schema = dict[str, Any]

DESCRIPTIONS_FILE = "descriptions.json"
EXAMPLES_FILE = "examples.json"

_COMPONENTS = "#/components/schemas/"
_VARIABLE = re.compile(r"\{(\w+)\}")
_UNNAMED: dict[str, Schema] = {JSON: {"type": "object"}, CSV: {"type": "string"}}
_FOLLOWED = {
    # The last one stands for all of them to a generator that knows none of the others.
    "get_content": (*MEDIA_TYPES.values(), "application/octet-stream"),
    "get_errors_csv": ("text/csv",),
}
"""What a client that follows a redirect gets, by the route's endpoint."""


def contract() -> Schema:
    """Return the OpenAPI 3.1 document of the whole API."""
    paths: dict[str, Schema] = {}
    for route in all_routes():
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Image Studio",
            "version": "1",
            "description": "Prompts in, finished images out. Money is a decimal string of "
            "dollars with six places; times are RFC 3339 in UTC; errors are problem documents. "
            "HEAD answers like GET, without a body. A member of a body that is optional may be "
            "left out.",
        },
        "servers": [{"url": "/"}],
        "security": [{"cognito": []}],
        "tags": [{"name": name, "description": text} for name, text in texts.TAGS.values() if text],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "cognito": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The ID token of the stack's user pool",
                }
            },
        },
    }


def job_schema() -> Schema:
    """Return the JSON Schema of a job body, complete in itself."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_without_nulls(JobBody.model_json_schema()),
    }


def written() -> dict[Path, str]:
    """Return what this module writes, by file."""
    folder = Path(__file__).parent
    return {
        folder / CONTRACT_FILE: _text(contract()),
        folder / JOB_SCHEMA_FILE: _text(job_schema()),
    }


def _text(document: Schema) -> str:
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _schemas() -> Schema:
    """Return the schemas of all shapes by name; a response has no member that is not named."""
    every_shape = GenericAlias(tuple, tuple(_shapes()))
    adapter = TypeAdapter[Any](every_shape, config=ConfigDict(extra="forbid"))
    schemas: Schema = adapter.json_schema(ref_template=f"{_COMPONENTS}{{model}}")["$defs"]
    return {name: _without_defaults(schema) for name, schema in schemas.items()}


def _without_defaults(schema: Schema) -> Schema:
    """Return an object's schema whose optional members name their default in words.

    A generator takes a member with a ``default`` for one that is always there, so that a request
    without it would not compile.
    """
    changed: Schema = _without_nulls(schema)
    for member in changed.get("properties", {}).values():
        if "default" in member:
            text = f"Default: `{json.dumps(member.pop('default'))}`."
            member["description"] = f"{member.get('description', '')} {text}".strip()
    return changed


def _without_nulls(node: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return a schema without ``default: null``: a member that is left out is simply absent."""
    if isinstance(node, list):
        return [_without_nulls(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _without_nulls(value)
        for name, value in node.items()
        if not (name == "default" and value is None)
    }


def _shapes() -> list[type]:
    """Return the shapes that the routes name, the problem, and the gateway's own refusal."""
    named = {
        name: _shape(route, name)
        for route in all_routes()
        for name in (route.answer, route.body)
        if name
    }
    named |= {"Problem": Problem, "GatewayRefusal": GatewayRefusal}
    return [shape for _, shape in sorted(named.items())]


def _shape(route: Route, name: str) -> type:
    """Find a shape beside the route that names it: among the responses or the requests there."""
    package = route.endpoint.__module__.rpartition(".")[0]
    module = import_module(f"{package}.{'requests' if name == route.body else 'responses'}")
    found: type = getattr(module, name)
    return found


@lru_cache
def _written_by_hand(file: str) -> Schema:
    """Return what a file beside this module says of the operations, by name."""
    found: Schema = json.loads((Path(__file__).parent / file).read_text())
    return found


def _example(route: Route) -> Schema:
    """Return what was sent to a route once, and what it answered."""
    found: Schema = _written_by_hand(EXAMPLES_FILE).get(route.endpoint.__name__, {})
    return found


def _operation(route: Route) -> Schema:
    name = route.endpoint.__name__
    operation: Schema = {
        "operationId": name,
        "tags": [_tag(route)],
        "summary": route.summary,
        "description": _written_by_hand(DESCRIPTIONS_FILE)[name],
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    if route.public:
        operation["security"] = []
    if route.role:
        operation["x-required-role"] = route.role
    if route.member_roles:
        operation["x-required-role-of-members"] = dict(route.member_roles)
    if route.body:
        content = {"schema": _reference(route.body), "example": _example(route).get("body", {})}
        operation["requestBody"] = {"required": route.body_required, "content": {JSON: content}}
    return operation


def _tag(route: Route) -> str:
    subject = route.path.removeprefix("/v1").split("/")[1]
    return texts.TAGS[subject][0]


def _parameters(route: Route) -> list[Schema]:
    shown = _example(route).get("parameters", {})
    found = [
        {"name": name, "in": "path", "required": True, "schema": texts.PATH[name]}
        | ({"example": shown[name]} if name in shown else {})
        for name in _VARIABLE.findall(route.path)
    ]
    found += [_query(route, name) for name in sorted(route.query)]
    if route.method == "GET" and route.status == 200:
        found.append(_header("If-None-Match", "Answer 304 if the ETag is still this one"))
    if route.guarded:
        found.append(_if_match(route))
    if route.spends or route.keyed:
        found.append(
            _header("Idempotency-Key", "One per intent; the same for every repeat")
            | {"required": True, "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"}}
        )
    if route.spends:
        found.append(_header("Prefer", f"wait=N: wait up to {MAX_WAIT_SECONDS} s for the end"))
    return found


def _query(route: Route, name: str) -> Schema:
    description, schema = texts.QUERY_OF.get((route.endpoint.__name__, name)) or texts.QUERY[name]
    needed = {"required": True} if name in route.required else {}
    return {"name": name, "in": "query", "description": description, "schema": schema} | needed


def _if_match(route: Route) -> Schema:
    if route.method == "PUT":
        text = "ETag of what the change is based on; required if there is something at this path"
        return _header("If-Match", text)
    return _header("If-Match", "ETag of what the change is based on") | {"required": True}


def _header(name: str, description: str) -> Schema:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


def _responses(route: Route) -> Schema:
    statuses = [route.status]
    if route.spends:
        statuses.append(200)
    if route.also:
        statuses.append(route.also)
    if route.method == "GET" and route.status == 200:
        statuses.append(304)
    responses: Schema = {str(status): _response(route, status) for status in statuses}
    if followed := _FOLLOWED.get(route.endpoint.__name__):
        responses["200"] = {
            "description": "The file, for a client that follows the redirect",
            "content": {kind: {"schema": _bytes_of(kind)} for kind in followed},
        }
    if not route.public:
        responses["401"] = _refused()
        responses["403"] = _forbidden()
    responses["default"] = {
        "description": "A problem",
        "content": {MEDIA_TYPE: {"schema": _reference("Problem")}},
    }
    return responses


def _response(route: Route, status: int) -> Schema:
    response: Schema = {"description": texts.STATUS_TEXT[status]}
    example = _example(route)
    headers = example.get("headers", []) if status == route.status else []
    if status == 304:
        headers = ["ETag"]
    if headers:
        response["headers"] = {name: _answer_header(name) for name in headers}
    if status in {200, 201, 202}:
        schema = _reference(route.answer) if route.answer else _UNNAMED[route.media_type]
        content = {"schema": schema}
        if "answer" in example:
            content["example"] = example["answer"]
        response["content"] = {route.media_type: content}
    return response


def _refused() -> Schema:
    """Return the answer to a request without a valid ID token.

    API Gateway refuses a token that is missing, expired or forged, and the API one of another kind.
    """
    return {
        "description": "The gateway refused the token, or the API wants another kind of token",
        "headers": {"WWW-Authenticate": _answer_header("WWW-Authenticate")},
        "content": {
            # A generator that reads one type only then reads the answers of both.
            JSON: {
                "schema": {"anyOf": [_reference("GatewayRefusal"), _reference("Problem")]},
                "example": {"message": "Unauthorized"},
            },
            MEDIA_TYPE: {"schema": _reference("Problem")},
        },
    }


def _forbidden() -> Schema:
    """Return the answer to a user who may not do this, or who has no tenant."""
    return {
        "description": "The user needs a higher role, or a tenant",
        "content": {MEDIA_TYPE: {"schema": _reference("Problem")}},
    }


def _answer_header(name: str) -> Schema:
    return {"description": texts.HEADERS[name], "schema": {"type": "string"}}


def _bytes_of(kind: str) -> Schema:
    return {"type": "string"} if kind == "text/csv" else {"type": "string", "format": "binary"}


def _reference(name: str) -> Schema:
    return {"$ref": f"{_COMPONENTS}{name}"}


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text)
