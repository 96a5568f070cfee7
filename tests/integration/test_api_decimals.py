"""Decimal numbers as text: one strict form in every route, and no number costs memory or time."""

import json
from typing import Any

import pytest

from tests.support.mock_aws.api_client import Api, stored

JOB = {"operation": "generate", "prompt": "a fox"}
# Each is a Decimal, and none is a number as people write it.
WRONG = [
    "0E-299999999", "0E-500000", "1e1", "1E+1", "0.5e0", "1_0", " 1", "1 ", "1\n", "+1", ".5", "1.",
    "٣", "0" * 5_000, "0." + "0" * 5_000, "NaN", "sNaN", "Infinity", "-0E9", "",
]  # fmt: skip


@pytest.mark.parametrize("name", ["guidance", "strength", "max_cost"])
@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:14])
def test_a_body_takes_no_other_form(api: Api, name: str, text: str) -> None:
    job = JOB | {name: text}
    headers = {"idempotency-key": "k"}
    routes: list[tuple[str, str, dict[str, Any], str]] = [
        ("POST", "/v1/jobs", job, ""),
        ("POST", "/v1/estimates", {"jobs": [job]}, "/jobs/0"),
        ("PUT", "/v1/recipes/saved", {"job": job}, "/job"),
    ]
    for method, path, body, place in routes:
        answer = api.request(method, path, body=body, headers=headers)
        assert (answer.status, answer.pointers) == (422, [f"{place}/{name}"]), path
    assert stored() == {}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:14])
def test_a_schedule_takes_no_other_form(api: Api, text: str) -> None:
    api.request("PUT", "/v1/recipes/saved", body={"job": JOB})
    timed = {"recipe_id": "saved", "rate": "1 hour"}
    answer = api.request("PUT", "/v1/schedules/s", body=timed | {"changes": {"guidance": text}})
    assert (answer.status, answer.pointers) == (422, ["/changes/guidance"])
    answer = api.request("PUT", "/v1/schedules/s", body=timed | {"budget": {"per_run": text}})
    assert (answer.status, answer.pointers) == (422, ["/budget/per_run"])


@pytest.mark.parametrize("number", ["0e-299999999", "1e-4000", "0.00001", "1e999", "-1", "1e400"])
def test_json_numbers_are_bounded_too(api: Api, number: str) -> None:
    text = json.dumps(JOB)[:-1] + f', "guidance": {number}}}'
    answer = api.request("POST", "/v1/jobs", text=text, headers={"idempotency-key": "k"})
    # Zero is a number however it is written.
    assert answer.status == (202 if number.startswith(("0e", "1e-4000")) else 422)


def test_usual_numbers_are_taken(api: Api) -> None:
    for index, guidance in enumerate(("7.5", "7", 7, 7.5, "0", "100", "0.0001", 0.0001)):
        body = JOB | {"guidance": guidance}
        assert api.post("/v1/jobs", body, key=f"k{index}").status == 202, guidance
