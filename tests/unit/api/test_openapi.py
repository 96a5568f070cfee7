"""The contract: current, complete, and well formed."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from studio.api import openapi
from studio.api.http.messages import JSON
from studio.api.routes import all_routes

CONTRACT = openapi.contract()

WITHOUT_BODY = {
    "/v1/integrations/{provider_id}/test",
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
        for name, member in node.items():
            if name != "example":
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


def test_every_operation_has_a_known_tag_a_description_and_an_example() -> None:
    tags = {tag["name"]: tag["description"] for tag in CONTRACT["tags"]}
    assert all(tags.values())
    used = set()
    for path, _, operation in operations():
        used.update(operation["tags"])
        assert len(operation["description"]) > len("Returns it."), path
        assert operation["description"].rstrip(".") != operation["summary"]
        for content in shown(operation):
            assert "example" in content, operation["operationId"]
    assert used == set(tags)


def test_every_example_is_what_its_schema_says() -> None:
    for _, _, operation in operations():
        for content in shown(operation):
            schema = {**content["schema"], "components": CONTRACT["components"]}
            Draft202012Validator(schema).validate(content["example"])


def shown(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what an operation takes and what it answers, where a schema of ours describes it."""
    answers = [response for response in operation["responses"].values() if "content" in response]
    for part in (operation.get("requestBody"), *answers):
        for kind, content in (part or {"content": {}})["content"].items():
            if kind == JSON and ("$ref" in content["schema"] or "anyOf" in content["schema"]):
                yield content


def test_the_examples_hold_no_secret_and_no_signature() -> None:
    text = json.dumps(CONTRACT)
    assert "whsec_" not in text
    signed = re.findall(r"X-Amz-Signature=(\w*)", text)
    assert signed and not any(signed)


def test_no_schema_has_a_default_so_that_generated_bodies_may_leave_members_out() -> None:
    for name, schema in CONTRACT["components"]["schemas"].items():
        for field, member in schema.get("properties", {}).items():
            assert "default" not in member, (name, field)
    body = CONTRACT["components"]["schemas"]["JobBody"]
    assert "required" not in body
    assert "Default: `1`." in body["properties"]["variations"]["description"]


def test_what_a_route_needs_is_required() -> None:
    needed = {
        (method, path, parameter["name"])
        for path, method, operation in operations()
        for parameter in operation["parameters"]
        if parameter.get("required") and parameter["in"] != "path"
        if parameter["name"] != "Idempotency-Key"
    }
    assert needed == {
        ("get", "/v1/templates/search", "q"),
        ("delete", "/v1/contents/{content_id}", "If-Match"),
        ("patch", "/v1/contents/{content_id}", "If-Match"),
        ("delete", "/v1/contents/{content_id}/images/{image_id}", "If-Match"),
        ("patch", "/v1/contents/{content_id}/images/{image_id}", "If-Match"),
        ("delete", "/v1/personas/{persona_id}", "If-Match"),
        ("delete", "/v1/prompt-groups/{group_id}", "If-Match"),
        ("patch", "/v1/prompt-groups/{group_id}", "If-Match"),
        ("delete", "/v1/prompt-templates/{prompt_template_id}", "If-Match"),
        ("delete", "/v1/recipes/{recipe_id}", "If-Match"),
        ("delete", "/v1/schedules/{schedule_id}", "If-Match"),
        ("delete", "/v1/templates/{template_id}", "If-Match"),
        ("delete", "/v1/webhooks/{webhook_id}", "If-Match"),
        ("patch", "/v1/settings", "If-Match"),
        ("patch", "/v1/webhooks/{webhook_id}", "If-Match"),
    }


def test_the_refusal_of_the_gateway_is_described_as_it_is() -> None:
    for path, _, operation in operations():
        refusal = operation["responses"].get("401")
        assert (refusal is None) == (operation.get("security") == []), path
        if refusal:
            assert "WWW-Authenticate" in refusal["headers"]
            schema = refusal["content"]["application/json"]["schema"]
            judge = Draft202012Validator({**schema, "components": CONTRACT["components"]})
            assert judge.is_valid({"message": "Unauthorized"})
            assert not judge.is_valid({"message": "Unauthorized", "code": "unauthenticated"})


def test_a_redirect_says_what_a_client_gets_that_follows_it() -> None:
    paths = CONTRACT["paths"]
    for path, kind in [
        ("/v1/assets/{asset_id}/content", "image/webp"),
        ("/v1/batch-imports/{import_id}/errors.csv", "text/csv"),
    ]:
        responses = paths[path]["get"]["responses"]
        assert "Location" in responses["302"]["headers"]
        assert kind in responses["200"]["content"]


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
