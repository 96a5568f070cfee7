"""The contract: current, complete, and well formed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from studio.api import openapi
from studio.api.routes import all_routes

CONTRACT = openapi.contract()

WITHOUT_BODY = {
    "/v1/uploads/{upload_id}/complete",
    "/v1/webhooks/{webhook_id}/rotate-secret",
    "/v1/webhooks/{webhook_id}/test",
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in CONTRACT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for member in node.values():
            yield from references(member)
    elif isinstance(node, list):
        for member in node:
            yield from references(member)


def test_the_files_are_what_the_generator_writes() -> None:
    for path, text in openapi.written().items():
        assert path.read_text() == text, f"{path.name} is old: python -m studio.api.openapi"


def test_the_contract_has_every_route_and_no_other() -> None:
    described = {(method.upper(), path) for path, method, _ in operations()}
    assert described == {(route.method, route.path) for route in all_routes()}
    assert len(described) == len(all_routes())


def test_every_reference_leads_to_a_schema_and_every_schema_is_used() -> None:
    schemas = CONTRACT["components"]["schemas"]
    named = {reference.removeprefix("#/components/schemas/") for reference in references(CONTRACT)}
    assert named == set(schemas)
    for schema in (*schemas.values(), openapi.job_schema()):
        Draft202012Validator.check_schema(schema)


def test_no_schema_allows_members_that_it_does_not_name() -> None:
    schemas = CONTRACT["components"]["schemas"]
    assert [name for name, one in schemas.items() if one["additionalProperties"] is not False] == []


def test_every_operation_is_described_as_openapi_asks() -> None:
    identifiers = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(identifiers)) == len(identifiers)
    for path, method, operation in operations():
        parameters = operation["parameters"]
        keys = [(parameter["in"], parameter["name"]) for parameter in parameters]
        assert len(set(keys)) == len(keys)
        in_path = {name for place, name in keys if place == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path))
        assert all("schema" in parameter for parameter in parameters)
        assert all(parameter["required"] for parameter in parameters if parameter["in"] == "path")
        assert "default" in operation["responses"]
        assert all(response["description"] for response in operation["responses"].values())
        takes_body = method in {"post", "put", "patch"} and path not in WITHOUT_BODY
        assert ("requestBody" in operation) == takes_body


def test_only_health_contract_and_problem_codes_are_public() -> None:
    public = {path for path, _, operation in operations() if operation.get("security") == []}
    assert public == {"/health", "/v1/openapi.json", "/problems/{code}"}
    assert CONTRACT["security"] == [{"cognito": []}]
    assert list(CONTRACT["components"]["securitySchemes"]) == ["cognito"]


def test_what_spends_money_says_that_it_needs_a_key() -> None:
    spending = {
        path
        for path, _, operation in operations()
        for parameter in operation["parameters"]
        if parameter["name"] == "Idempotency-Key" and parameter["required"]
    }
    assert spending == {
        "/v1/jobs",
        "/v1/jobs/{job_id}/redrive",
        "/v1/schedules/{schedule_id}/run",
        "/v1/batch-imports/{import_id}/submit",
        "/v1/batches/{batch_id}/redrive",
        "/v1/contents/{content_id}/jobs",
        "/v1/content-images/jobs",
    }


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"operation": "generate", "prompt": "a"}, True),
        ({"operation": "generate", "items": [{"prompt": None}], "guidance": "3.5"}, True),
        ({"operation": "generate", "prompt": ""}, False),
        ({"operation": "upscale.slow", "prompt": "a"}, False),
        ({"operation": "generate", "prompt": "a", "colour": "red"}, False),
        ({"operation": "generate", "prompt": "a", "variations": 11}, False),
    ],
)
def test_the_input_schema_judges_like_the_api(body: dict[str, object], valid: bool) -> None:
    assert Draft202012Validator(openapi.job_schema()).is_valid(body) == valid
