"""Bad input: the right problem, the field named, nothing stored, nothing started."""

import json
from base64 import b64encode
from typing import Any

import pytest

from tests.support.mock_aws.api_client import Answer, Api, executions, stored

GOOD = {"operation": "generate", "prompt": "A paper boat on a pond"}
DEAR = {**GOOD, "provider": {"id": "openai"}}


def items(*entries: object) -> dict[str, object]:
    return {"operation": "generate", "items": list(entries)}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code)
    assert stored() == {}
    assert executions() == []


FIELDS: list[tuple[str, dict[str, Any], str, str]] = [
    # name, body, problem code, pointer
    ("no operation", without(GOOD, "operation"), "validation-failed", "/operation"),
    (
        "other operation",
        GOOD | {"operation": "transform.avatar"},
        "operation-unsupported",
        "/operation",
    ),
    ("operation of wrong type", GOOD | {"operation": 5}, "operation-unsupported", "/operation"),
    ("unknown field", GOOD | {"colour": "red"}, "validation-failed", "/colour"),
    ("field to escape", GOOD | {"a/b~c": 1}, "validation-failed", "/a~1b~0c"),
    ("no prompt", without(GOOD, "prompt"), "validation-failed", "/prompt"),
    ("empty prompt", GOOD | {"prompt": ""}, "validation-failed", "/prompt"),
    ("blank prompt", GOOD | {"prompt": " \t\n"}, "validation-failed", "/prompt"),
    ("prompt of wrong type", GOOD | {"prompt": ["a"]}, "validation-failed", "/prompt"),
    ("prompt too long", GOOD | {"prompt": "x" * 32_001}, "validation-failed", "/prompt"),
    ("too long for the model", GOOD | {"prompt": "x" * 4_001}, "validation-failed", "/prompt"),
    ("0 variations", GOOD | {"variations": 0}, "validation-failed", "/variations"),
    ("11 variations", GOOD | {"variations": 11}, "validation-failed", "/variations"),
    ("variations as text", GOOD | {"variations": "3"}, "validation-failed", "/variations"),
    ("variations as float", GOOD | {"variations": 3.0}, "validation-failed", "/variations"),
    ("variations as bool", GOOD | {"variations": True}, "validation-failed", "/variations"),
    ("no items", items(), "validation-failed", "/items"),
    ("51 items", items(*[{"prompt": "a"}] * 51), "validation-failed", "/items"),
    ("items of wrong type", GOOD | {"items": "a"}, "validation-failed", "/items"),
    ("item of wrong type", items("a"), "validation-failed", "/items/0"),
    *(
        (
            f"source at {url}",
            GOOD | {"sources": [{"url": "https://example.org/a.jpg"}, {"url": url}]},
            "validation-failed",
            "/sources/1/url",
        )
        for url in ("notaurl", "ftp://example.org/a.jpg", "https://", "https://[", "//a.test/b")
    ),
    ("prompt and items", GOOD | {"items": [{"prompt": "a"}]}, "validation-failed", "/items"),
    (
        "variations of items",
        items({"prompt": "a"}) | {"variations": 2},
        "validation-failed",
        "/variations",
    ),
    (
        "empty prompt of an item",
        items({"prompt": "a"}, {"prompt": ""}),
        "validation-failed",
        "/items/1/prompt",
    ),
    (
        "unknown field of an item",
        items({"prompt": "a", "width": 64}),
        "validation-failed",
        "/items/0/width",
    ),
    (
        "label too long",
        items({"prompt": "a", "label": "x" * 121}),
        "validation-failed",
        "/items/0/label",
    ),
    (
        "type too long",
        items({"prompt": "a", "type": "x" * 41}),
        "validation-failed",
        "/items/0/type",
    ),
    (
        "title too long",
        items({"prompt": "a", "title": "x" * 301}),
        "validation-failed",
        "/items/0/title",
    ),
    (
        "position below 0",
        items({"prompt": "a", "position": -1}),
        "validation-failed",
        "/items/0/position",
    ),
    (
        "item too long for the model",
        items({}, {"prompt": "x" * 4_001}),
        "validation-failed",
        "/items/1/prompt",
    ),
    ("size that is none", GOOD | {"size": "big"}, "validation-failed", "/size"),
    ("size too small", GOOD | {"size": "63x64"}, "validation-failed", "/size"),
    ("size too large", GOOD | {"size": "64x4097"}, "validation-failed", "/size"),
    (
        "size of an item",
        items({"prompt": "a", "size": "0x0"}),
        "validation-failed",
        "/items/0/size",
    ),
    ("width alone", GOOD | {"width": 512}, "validation-failed", "/height"),
    ("height alone", GOOD | {"height": 512}, "validation-failed", "/width"),
    ("width too small", GOOD | {"width": 63, "height": 64}, "validation-failed", "/width"),
    (
        "size and sides",
        GOOD | {"size": "64x64", "width": 64, "height": 64},
        "validation-failed",
        "/width",
    ),
    (
        "size and ratio",
        GOOD | {"size": "64x64", "aspect_ratio": "1:1"},
        "validation-failed",
        "/aspect_ratio",
    ),
    ("ratio that is none", GOOD | {"aspect_ratio": "16/9"}, "validation-failed", "/aspect_ratio"),
    ("ratio too long", GOOD | {"aspect_ratio": "300:1"}, "validation-failed", "/aspect_ratio"),
    ("size the model lacks", DEAR | {"size": "4096x64"}, "validation-failed", "/size"),
    ("sides the model lacks", DEAR | {"width": 4096, "height": 64}, "validation-failed", "/width"),
    ("ratio the model lacks", DEAR | {"aspect_ratio": "9:1"}, "validation-failed", "/aspect_ratio"),
    ("unknown provider", GOOD | {"provider": {"id": "acme"}}, "provider-unknown", "/provider/id"),
    (
        "unknown model",
        GOOD | {"provider": {"id": "openai", "model": "dall-e-9"}},
        "model-unknown",
        "/provider/model",
    ),
    (
        "unknown model, variations",
        GOOD | {"variations": 2, "provider": {"id": "openai", "model": "dall-e-9"}},
        "model-unknown",
        "/provider/model",
    ),
    (
        "manual without id",
        GOOD | {"provider": {"mode": "manual"}},
        "validation-failed",
        "/provider/id",
    ),
    ("model without id", GOOD | {"provider": {"model": "x"}}, "validation-failed", "/provider/id"),
    (
        "auto with id",
        GOOD | {"provider": {"mode": "auto", "id": "openai"}},
        "validation-failed",
        "/provider/mode",
    ),
    ("fallback", GOOD | {"provider": {"fallback": []}}, "validation-failed", "/provider/fallback"),
    ("unknown quality", GOOD | {"quality": "best"}, "validation-failed", "/quality"),
    ("unknown format", GOOD | {"output": {"format": "gif"}}, "validation-failed", "/output/format"),
    (
        "encoder quality 0",
        GOOD | {"output": {"quality": 0}},
        "validation-failed",
        "/output/quality",
    ),
    (
        "encoder quality 101",
        GOOD | {"output": {"quality": 101}},
        "validation-failed",
        "/output/quality",
    ),
    ("seed below 0", GOOD | {"seed": -1}, "validation-failed", "/seed"),
    ("seed above all", GOOD | {"seed": 4_294_967_295}, "validation-failed", "/seed"),
    (
        "last seed above all",
        GOOD | {"seed": 4_294_967_294, "variations": 2},
        "validation-failed",
        "/seed",
    ),
    ("0 steps", GOOD | {"steps": 0}, "validation-failed", "/steps"),
    (
        "steps above the model's",
        GOOD | {"steps": 101, "provider": {"id": "runware"}},
        "validation-failed",
        "/steps",
    ),
    ("guidance as word", GOOD | {"guidance": "strong"}, "validation-failed", "/guidance"),
    ("guidance infinite", GOOD | {"guidance": "Infinity"}, "validation-failed", "/guidance"),
    ("guidance below 0", GOOD | {"guidance": -0.5}, "validation-failed", "/guidance"),
    ("max_cost as number", GOOD | {"max_cost": 0.5}, "validation-failed", "/max_cost"),
    ("max_cost as word", GOOD | {"max_cost": "lots"}, "validation-failed", "/max_cost"),
    ("max_cost below 0", GOOD | {"max_cost": "-1"}, "validation-failed", "/max_cost"),
    ("max_cost too fine", GOOD | {"max_cost": "0.0000001"}, "validation-failed", "/max_cost"),
    ("max_cost beyond numbers", GOOD | {"max_cost": "9" * 40}, "validation-failed", "/max_cost"),
    ("max_cost in other digits", GOOD | {"max_cost": "\u0661"}, "validation-failed", "/max_cost"),
    ("max_cost below the estimate", DEAR | {"max_cost": "0.01"}, "max-cost-exceeded", "/max_cost"),
    ("name too long", GOOD | {"name": "x" * 201}, "validation-failed", "/name"),
    ("labels of wrong type", GOOD | {"labels": ["a"]}, "validation-failed", "/labels"),
    (
        "11 labels",
        GOOD | {"labels": {str(n): "" for n in range(11)}},
        "validation-failed",
        "/labels",
    ),
    ("label without key", GOOD | {"labels": {"": "x"}}, "validation-failed", "/labels/"),
    ("label of wrong type", GOOD | {"labels": {"a": 1}}, "validation-failed", "/labels/a"),
]


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
    assert set(api.calls) <= {"DescribeParameters"}


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
            "detail": "String should match pattern '^[0-9]{2,4}x[0-9]{2,4}$'",
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
