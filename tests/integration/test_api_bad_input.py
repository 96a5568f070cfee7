"""Bad input: the right problem, the field named, nothing stored, nothing started."""

import json
from base64 import b64encode
from typing import Any

import pytest

from tests.support.mock_aws.api_client import Api, ApiResponse, executions, stored
from tests.support.mock_aws.bad_jobs import FIELDS, GOOD, items


def refused(answer: ApiResponse, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code)
    assert stored() == {}
    assert executions() == []


@pytest.mark.parametrize(
    ("body", "code", "pointer"), [case[1:] for case in FIELDS], ids=[case[0] for case in FIELDS]
)
def test_a_wrong_field_is_named_and_nothing_happens(
    api: Api, body: dict[str, Any], code: str, pointer: str
) -> None:
    answer = api.post("/v1/jobs", body)
    refused(answer, 422, code)
    assert pointer in answer.pointers
    assert answer.document["legacy_type"] == "ValidationError"
    assert set(api.calls) <= {"BatchGetItem", "GetItem"}


def test_an_estimate_refuses_the_same_bodies_and_says_which_job(api: Api) -> None:
    for name, body, code, pointer in FIELDS:
        if code == "max-cost-exceeded":
            continue
        answer = api.post("/v1/estimates", {"jobs": [GOOD, body]}, key=None)
        assert (answer.status, answer.code) == (422, code), name
        assert f"/jobs/1{pointer}" in answer.pointers, name


def test_all_wrong_fields_come_at_once(api: Api) -> None:
    body = items({"prompt": "a"}, {"prompt": 5, "colour": 1}, {"size": "x"}) | {"quality": "best"}
    answer = api.post("/v1/jobs", body)
    refused(answer, 422, "validation-failed")
    assert answer.document["errors"] == [
        {
            "pointer": "/items/1/colour",
            "code": "unknown-field",
            "detail": "Extra inputs are not permitted",
        },
        {
            "pointer": "/items/1/prompt",
            "code": "string-type",
            "detail": "Input should be a valid string",
        },
        {
            "pointer": "/items/2/size",
            "code": "string-pattern-mismatch",
            "detail": "Use width x height in pixels, such as 1024x1024.",
        },
        {
            "pointer": "/quality",
            "code": "literal-error",
            "detail": "Input should be 'draft', 'standard' or 'premium'",
        },
    ]
    assert answer.document["detail"] == "4 fields are wrong."


def test_contradictions_come_all_at_once(api: Api) -> None:
    body = GOOD | {"items": [{}], "variations": 2, "width": 64, "provider": {"mode": "manual"}}
    answer = api.post("/v1/jobs", body)
    refused(answer, 422, "validation-failed")
    assert answer.pointers == ["/items", "/variations", "/height", "/provider/id"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "prompt=a",
        "[]",
        '"text"',
        "null",
        '{"operation":"generate","prompt":NaN}',
        '{"operation":"generate","guidance":Infinity,"prompt":"a"}',
        '{"operation":"generate","prompt":"\\ud800"}',
        '{"operation":"generate","prompt":"\ud800"}',
        '{"seed":' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 900 + "1" + "}" * 900,
        json.dumps(GOOD | {"name": "x" * 5_800_000}),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_not_a_json_object_is_malformed(api: Api, text: str) -> None:
    refused(api.post("/v1/jobs", text=text), 400, "malformed-request")


def test_a_base64_body_is_read_and_a_broken_one_is_malformed(api: Api) -> None:
    for broken in ("////", "a", "ä"):
        members = {"isBase64Encoded": True, "body": broken}
        refused(api.post("/v1/jobs", members=members), 400, "malformed-request")
    text = b64encode(json.dumps(GOOD).encode()).decode()
    answer = api.post("/v1/jobs", members={"isBase64Encoded": True, "body": text})
    assert answer.status == 202


def test_an_order_without_any_prompt_has_nothing_to_generate(api: Api) -> None:
    refused(
        api.post("/v1/jobs", items({"label": "a"}, {"prompt": None})), 409, "nothing-to-generate"
    )


@pytest.mark.parametrize("key", [None, "", "   ", "x" * 256, "käse", "a\x7f"])
def test_without_a_usable_key_nothing_is_spent(api: Api, key: str | None) -> None:
    refused(api.post("/v1/jobs", GOOD, key=key), 400, "idempotency-key-required")


@pytest.mark.parametrize(
    ("path", "query", "named"),
    [
        ("/v1/jobs", "colour=red", "colour"),
        ("/v1/jobs", "limit=0", "limit"),
        ("/v1/jobs", "limit=101", "limit"),
        ("/v1/jobs", "limit=ten", "limit"),
        ("/v1/jobs", "limit=1&limit=2", "limit"),
        ("/v1/jobs", "status=done", "status"),
        ("/v1/assets", "sort=name", "sort"),
        ("/v1/me", "x=", "x"),
        ("/health", "deep=1", "deep"),
        ("/v1/jobs/job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2/logs", "level=debug", "level"),
        ("/v1/jobs/job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2/logs", "after=yesterday", "after"),
        ("/v1/jobs/job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2/logs", "after=2026-01-31T12:00:00", "after"),
        ("/v1/assets/ast_01KGA2Y3Z4M5N6P7Q8R9S0T1V2/content", "download=yes", "download"),
    ],
)
def test_a_wrong_query_parameter_is_named(api: Api, path: str, query: str, named: str) -> None:
    answer = api.get(path, query)
    refused(answer, 400, "malformed-request")
    assert named in answer.document["detail"]
    assert api.calls == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"only": "succeeded"}, "/only"),
        ({"items": []}, "/items"),
        ({"items": [0]}, "/items/0"),
        ({"items": ["1"]}, "/items/0"),
        ({"items": [1] * 51}, "/items"),
        ({"only": "failed", "items": [1]}, "/items"),
        ({"max_cost": 1}, "/max_cost"),
        ({"provider": "openai"}, "/provider"),
    ],
)
def test_a_wrong_redrive_is_named(api: Api, body: dict[str, Any], pointer: str) -> None:
    answer = api.post("/v1/jobs/job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2/redrive", body)
    refused(answer, 422, "validation-failed")
    assert pointer in answer.pointers


def test_a_cancel_takes_no_fields_yet(api: Api) -> None:
    answer = api.post("/v1/jobs/job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2/cancel", {"mode": "all"}, key=None)
    refused(answer, 422, "validation-failed")
    assert answer.pointers == ["/mode"]


@pytest.mark.parametrize(
    ("jobs", "pointer"), [([], "/jobs"), ([GOOD] * 21, "/jobs"), (None, "/jobs")]
)
def test_an_estimate_takes_1_to_20_jobs(api: Api, jobs: object, pointer: str) -> None:
    answer = api.post("/v1/estimates", {"jobs": jobs}, key=None)
    refused(answer, 422, "validation-failed")
    assert answer.pointers == [pointer]
