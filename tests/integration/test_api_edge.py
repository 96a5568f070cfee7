"""What every answer has in common: request ids, problems, logs, the contract, the cold start."""

import json
import re
import subprocess
import sys
from typing import get_args
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from functions.api import handler
from studio.adapters import clients
from studio.api import openapi
from studio.api.http.problems import UNEXPECTED
from studio.domain.catalogue.entries import provider_ids
from studio.domain.operations.model import OperationId
from studio.domain.operations.table import OPERATIONS
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.environment import sample
from tests.support.mock_aws.stack import ROOT

GATEWAY_ID = "JKJaXmPLvHcESHA="
SECRET_PROMPT = "a prompt that no log may hold"
JOB = "job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"

# The members of the function are there if another handler of this process added them.
BY_POWERTOOLS = {
    "level", "location", "message", "timestamp", "service", "cold_start", "function_name",
    "function_memory_size", "function_arn", "function_request_id",
}  # fmt: skip


def test_every_sample_event_is_answered(api: Api) -> None:
    names = sorted(path.stem for path in (ROOT / "events").glob("api_*.json"))
    assert {name: api.send(sample(name)).status for name in names} == {
        "api_create_job": 202,
        "api_estimate": 200,
        "api_get_progress": 404,
        "api_health": 200,
        "api_list_jobs": 200,
        "api_redrive_job": 404,
    }


@pytest.mark.parametrize(
    ("own", "echoed"),
    [
        ("order 66/b", "order 66/b"),
        ("x" * 128, "x" * 128),
        ("x" * 129, GATEWAY_ID),
        ("", GATEWAY_ID),
        ("ä", GATEWAY_ID),
        ("a\r\nset-cookie: b", GATEWAY_ID),
    ],
)
def test_the_request_id_is_on_every_answer(api: Api, own: str, echoed: str) -> None:
    headers = {"x-request-id": own}
    for method, path, body in [
        ("GET", "/health", None),
        ("GET", "/v1/jobs", None),
        ("POST", "/v1/jobs", {"operation": "generate"}),
        ("GET", f"/v1/jobs/{JOB}", None),
        ("GET", "/nowhere", None),
        ("DELETE", "/v1/jobs", None),
    ]:
        answer = api.request(method, path, body=body, headers=headers)
        assert answer.headers["x-request-id"] == echoed
        if answer.status >= 400:
            assert answer.document["request_id"] == echoed


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/jobs/", f"/v1/jobs/{JOB}/recipe", "/v2/jobs"])
def test_an_unknown_path_is_a_problem(api: Api, path: str) -> None:
    answer = api.get(path)
    host = "studio.execute-api.eu-central-1.amazonaws.com"
    assert answer.document == {
        "type": f"https://{host}/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "there is nothing at this path",
        "instance": path,
        "code": "not-found",
        "request_id": GATEWAY_ID,
        "retryable": False,
    }


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/jobs", "POST, GET, HEAD"),
        ("POST", "/health", "GET, HEAD"),
        ("GET", f"/v1/jobs/{JOB}/cancel", "POST"),
        ("PATCH", f"/v1/jobs/{JOB}", "GET, HEAD"),
        ("GET", "/v1/estimates", "POST"),
    ],
)
def test_a_method_that_a_path_lacks_is_a_problem(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = api.request(method, path)
    assert (answer.status, answer.code) == (405, "method-not-allowed")
    assert answer.headers["allow"] == allowed


def test_a_failure_tells_nothing_outside_and_everything_once_inside(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail(clients.dynamodb(), "TransactWriteItems", "AccessDeniedException")
    body = {"operation": "generate", "prompt": SECRET_PROMPT}
    answer = api.post("/v1/jobs", body)
    assert (answer.status, answer.code) == (500, "execution-error")
    assert answer.document["detail"] == UNEXPECTED
    assert answer.document["legacy_type"] == "ExecutionError"
    assert "AccessDenied" not in answer.text
    traces = [record for record in caplog.records if record.exc_info]
    assert len(traces) == 1
    assert SECRET_PROMPT not in caplog.text


def test_each_request_is_one_log_line_without_its_content(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"operation": "generate", "prompt": SECRET_PROMPT, "variations": 0}
    headers = {"x-request-id": "trace-1", "authorization": "Bearer token-of-ann"}
    for path, route, status, job in [
        ("/v1/jobs", "/v1/jobs", 422, {}),
        (f"/v1/jobs/{JOB}/cancel", "/v1/jobs/{job_id}/cancel", 422, {"job_id": JOB}),
        ("/nowhere", None, 404, {}),
    ]:
        caplog.clear()
        assert api.post(path, body, headers=headers).status == status
        (record,) = caplog.records
        logged = json.loads(handler.logger.registered_formatter.format(record))
        line = {name: value for name, value in logged.items() if name not in BY_POWERTOOLS}
        assert line.pop("ms") >= 0
        assert line.pop("route", None) == route
        assert line.pop("gateway_request_id")
        caller = {"tenant": "acme", "user": "user-of-acme"}
        facts = {"correlation_id": "trace-1", "method": "POST", "status": status}
        assert line == {**facts, **caller, **job}


def test_the_contract_is_served_as_it_is_checked_in(api: Api) -> None:
    answer = api.get("/v1/openapi.json", claims={})
    here = [{"url": "https://studio.execute-api.eu-central-1.amazonaws.com"}]
    assert answer.document == openapi.contract() | {"servers": here}


def test_the_contract_names_the_address_of_the_local_stack(api: Api) -> None:
    headers = {"host": "127.0.0.1:4566"}
    servers = api.get("/v1/openapi.json", claims={}, headers=headers).document["servers"]
    assert servers == [{"url": "http://127.0.0.1:4566/_aws/execute-api/studio"}]


def test_the_type_of_a_problem_leads_to_its_documentation(api: Api) -> None:
    problem = api.get("/v1/jobs/job_1").document
    path = urlsplit(problem["type"]).path
    answer = api.get(path, claims={})
    assert answer.document.keys() == {"code", "title", "cause", "cure"}
    assert answer.document["title"] == problem["title"]
    assert answer.headers["cache-control"] == "public, max-age=3600"


def test_an_unknown_problem_code_is_not_found(api: Api) -> None:
    assert api.get("/problems/no-such-code", claims={}).status == 404


def test_every_route_of_the_contract_is_answered(api: Api) -> None:
    for path, operations in openapi.contract()["paths"].items():
        for method in operations:
            filled = re.sub(r"\{\w+\}", "x", path.replace("{code}", "busy"))
            answer = api.request(method.upper(), filled, claims={})
            assert answer.status in (200, 401), (method, path)


def test_operations_are_what_the_table_and_the_catalogue_say(api: Api) -> None:
    listed = {one["id"]: one for one in api.get("/v1/operations").document["data"]}
    assert tuple(listed) == get_args(OperationId) == tuple(OPERATIONS)
    assert {"builtin", "openai", "runware"} <= set(listed["generate"]["providers"])
    assert listed["generate"]["phases"][2] == {
        "id": "AI_CALL",
        "label": "Generating images with AI...",
        "step_label": "Generating images with AI",
        "from": 25,
        "to": 70,
    }
    for name in listed:
        schema = api.get(f"/v1/operations/{name}").document["schema"]
        Draft202012Validator.check_schema(schema)
        assert schema["properties"]["operation"] == {"const": name}
    outpaint = api.get("/v1/operations/edit.outpaint").document
    assert outpaint["one_of"] == ["left", "right", "up", "down"]
    assert outpaint["schema"]["properties"]["input"]["properties"]["left"]["maximum"] == 2000
    assert "mask" not in outpaint["schema"]["properties"]
    assert "mask" in api.get("/v1/operations/edit.inpaint").document["schema"]["properties"]
    avatar = api.get("/v1/operations/transform.avatar").document
    assert "the prompt is not read out" in avatar["description"]
    assert {"name": "audio", "kind": "file", "need": "required"} in avatar["inputs"]
    assert api.get("/v1/operations/edit.blur").code == "not-found"


def test_providers_are_what_the_catalogue_says(api: Api) -> None:
    providers = api.get("/v1/providers").document["data"]
    ids = [provider["id"] for provider in providers]
    assert tuple(ids) == provider_ids()
    openai = providers[ids.index("openai")]
    assert api.get("/v1/providers/openai").document == openai
    models = (model for provider in providers for model in provider["models"])
    most = {model["id"]: model["sources"]["max"] for model in models}
    assert (most["gpt-image-2"], most["runware:101@1"]) == (4, 1)
    assert "dall-e-3" in {model["id"] for model in openai["retired"]}
    assert api.get("/v1/providers/acme").code == "not-found"


def test_a_cold_start_loads_nothing_that_it_does_not_need() -> None:
    """On Lambda the handler is the module ``handler`` and finds ``studio`` in a layer."""
    code = "import handler, sys; print(' '.join(sorted(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{ROOT / 'functions/api'}:{ROOT / 'layers/core'}"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "studio.api.app" in loaded
    unwanted = ("pydantic", "pydantic_core", "httpx", "PIL", "studio.api.openapi", "jsonschema")
    assert [name for name in unwanted if name in loaded] == []
