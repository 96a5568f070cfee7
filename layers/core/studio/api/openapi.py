"""Writes the contract: ``python -m studio.api.openapi``.

The document is generated ahead of time from the route table, the pydantic models of the requests
and the TypedDicts of the responses. A cold start does not pay for it. A test fails while the files
beside this module differ from what this module writes.
"""

import json
import re
from importlib import import_module
from pathlib import Path
from types import GenericAlias
from typing import Any, get_args

from pydantic import ConfigDict, TypeAdapter

from studio.api.http.messages import CSV, JSON, Route
from studio.api.http.pagination import DEFAULT_LIMIT, MAX_LIMIT
from studio.api.http.problems import MEDIA_TYPE
from studio.api.http.request_body import MAX_WAIT_SECONDS
from studio.api.http.responses import Problem
from studio.api.jobs.responses import Level
from studio.api.routes import all_routes
from studio.api.service.routes import CONTRACT_FILE, JOB_SCHEMA_FILE
from studio.domain.contents.model import SlotStatus
from studio.domain.contents.names import CONTENT_ID, SLOT_ID
from studio.domain.jobs.model import JobStatus
from studio.domain.operations.model import OperationId
from studio.domain.platforms.model import PlatformId
from studio.domain.templates.model import Category
from studio.ids import FOLDER_NAME, RECIPE_ID, TEMPLATE_ID
from studio.services.orders.body import JobBody

Schema = dict[str, Any]

_COMPONENTS = "#/components/schemas/"
_VARIABLE = re.compile(r"\{(\w+)\}")

_QUERY: dict[str, tuple[str, Schema]] = {
    "limit": (
        "Entries of a page",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    "cursor": ("Where the page before ended, from its next_cursor", {"type": "string"}),
    "status": (
        "Only these; may be repeated",
        {"type": "array", "items": {"enum": list(get_args(JobStatus))}},
    ),
    "external_ref": ("Only those with this name of the caller's own", {"type": "string"}),
    "level": (
        "Only these; may be repeated",
        {"type": "array", "items": {"enum": list(get_args(Level))}},
    ),
    "after": ("Only what came later than this", {"type": "string", "format": "date-time"}),
    "rendition": (
        "Another file of it: thumbnail, original (as the provider signed it), or a rendition",
        {"type": "string"},
    ),
    "version": ("An older version", {"type": "integer", "minimum": 1}),
    "platform": (
        "Only of these; may be repeated",
        {"type": "array", "items": {"enum": list(get_args(PlatformId))}},
    ),
    "category": (
        "Only of these; may be repeated",
        {"type": "array", "items": {"enum": list(get_args(Category))}},
    ),
    "aspect_ratio": (
        "Only these, such as 16:9; may be repeated",
        {"type": "array", "items": {"type": "string"}},
    ),
    "q": ("What to look for, in words", {"type": "string", "maxLength": 2000}),
    "use": (
        "What the image is for: a category, or words",
        {"type": "string", "maxLength": 2000},
    ),
    "prompt": ("What the image is to show", {"type": "string", "maxLength": 2000}),
    "download": ("Have the browser save the file", {"enum": ["1"]}),
}
# A parameter that means something else on one route, by the route's endpoint.
_QUERY_OF: dict[tuple[str, str], tuple[str, Schema]] = {
    ("list_contents", "status"): (
        "Only those with an image in this state",
        {"enum": list(get_args(SlotStatus))},
    ),
    ("list_rows", "status"): ("Only these", {"enum": ["valid", "faulty"]}),
    ("recommend_templates", "platform"): (
        "Where the image is shown",
        {"enum": list(get_args(PlatformId))},
    ),
}
_UNNAMED: dict[str, Schema] = {JSON: {"type": "object"}, CSV: {"type": "string"}}
_PATH = {
    "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
    "job_id": {"type": "string", "pattern": "^job_[0-9A-HJKMNP-TV-Z]{26}$"},
    "asset_id": {"type": "string", "pattern": "^ast_[0-9A-HJKMNP-TV-Z]{26}$"},
    "item": {"type": "integer", "minimum": 1},
    "recipe_id": {"type": "string", "pattern": RECIPE_ID.pattern},
    "persona_id": {"type": "string", "pattern": RECIPE_ID.pattern},
    "template_id": {"type": "string", "pattern": TEMPLATE_ID.pattern},
    "schedule_id": {"type": "string", "pattern": RECIPE_ID.pattern},
    "upload_id": {"type": "string", "pattern": "^upl_[0-9A-HJKMNP-TV-Z]{26}$"},
    "group_id": {"type": "string", "pattern": "^pgr_[0-9A-HJKMNP-TV-Z]{26}$"},
    "prompt_template_id": {"type": "string", "pattern": "^ptm_[0-9A-HJKMNP-TV-Z]{52}$"},
    "sku": {"type": "string", "pattern": FOLDER_NAME.pattern},
    "webhook_id": {"type": "string", "pattern": "^whk_[0-9A-HJKMNP-TV-Z]{26}$"},
    "delivery_id": {"type": "string", "pattern": "^dlv_[0-9A-HJKMNP-TV-Z]{26}$"},
    "import_id": {"type": "string", "pattern": "^imp_[0-9A-HJKMNP-TV-Z]{26}$"},
    "download_id": {"type": "string", "pattern": "^dwn_[0-9A-HJKMNP-TV-Z]{26}$"},
    "content_id": {"type": "string", "pattern": CONTENT_ID.pattern},
    "image_id": {"type": "string", "pattern": SLOT_ID.pattern},
    "batch_id": {"type": "string", "pattern": "^bat_[0-9A-HJKMNP-TV-Z]{26}$"},
    "operation_id": {"type": "string", "enum": list(get_args(OperationId))},
    "provider_id": {"type": "string"},
    "platform_id": {"type": "string", "enum": list(get_args(PlatformId))},
    "format_id": {"type": "string"},
}
_STATUS_TEXT = {
    200: "Done",
    201: "Made",
    204: "Done, and nothing to say",
    202: "Accepted: come back to Location after Retry-After seconds",
    302: "The file is at Location",
    304: "What If-None-Match names is still current",
}


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
            "dollars with six places; times are RFC 3339 in UTC; errors are problem documents.",
        },
        "servers": [{"url": "/"}],
        "security": [{"cognito": []}],
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
        **JobBody.model_json_schema(),
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
    return schemas


def _shapes() -> list[type]:
    """Return the shapes that the routes name, and the problem."""
    named = {
        name: _shape(route, name)
        for route in all_routes()
        for name in (route.answer, route.body)
        if name
    }
    return [shape for _, shape in sorted((named | {"Problem": Problem}).items())]


def _shape(route: Route, name: str) -> type:
    """Find a shape beside the route that names it: among the responses or the requests there."""
    package = route.endpoint.__module__.rpartition(".")[0]
    module = import_module(f"{package}.{'requests' if name == route.body else 'responses'}")
    found: type = getattr(module, name)
    return found


def _operation(route: Route) -> Schema:
    operation: Schema = {
        "operationId": route.endpoint.__name__,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    if route.public:
        operation["security"] = []
    if route.body:
        operation["requestBody"] = {
            "required": route.body_required,
            "content": {JSON: {"schema": _reference(route.body)}},
        }
    return operation


def _parameters(route: Route) -> list[Schema]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": _PATH[name]}
        for name in _VARIABLE.findall(route.path)
    ]
    found += [_query(route, name) for name in sorted(route.query)]
    if route.method == "GET" and route.status == 200:
        found.append(_header("If-None-Match", "Answer 304 if the ETag is still this one"))
    if route.guarded:
        found.append(_header("If-Match", "ETag of what the change is based on, if it exists"))
    if route.spends or route.keyed:
        found.append(
            _header("Idempotency-Key", "One per intent; the same for every repeat")
            | {"required": True, "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"}}
        )
    if route.spends:
        found.append(_header("Prefer", f"wait=N: wait up to {MAX_WAIT_SECONDS} s for the end"))
    return found


def _query(route: Route, name: str) -> Schema:
    description, schema = _QUERY_OF.get((route.endpoint.__name__, name)) or _QUERY[name]
    return {"name": name, "in": "query", "description": description, "schema": schema}


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
    responses["default"] = {
        "description": "A problem",
        "content": {MEDIA_TYPE: {"schema": _reference("Problem")}},
    }
    return responses


def _response(route: Route, status: int) -> Schema:
    response: Schema = {"description": _STATUS_TEXT[status]}
    if status in {200, 201, 202}:
        schema = _reference(route.answer) if route.answer else _UNNAMED[route.media_type]
        response["content"] = {route.media_type: {"schema": schema}}
    return response


def _reference(name: str) -> Schema:
    return {"$ref": f"{_COMPONENTS}{name}"}


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text)
