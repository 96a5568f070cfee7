"""A prompt of invisible characters is an empty prompt, in every route."""

from typing import Any

import pytest

from tests.support.mock_aws.api_client import Api, ApiResponse, stored

INVISIBLE = {
    "space": " ",
    "line ends": "\r\n\u2028\u2029\x85",
    "control": "\x01\x1f\x7f",
    "null": "\x00",
    "no-break space": "\u00a0\u202f\u3000",
    "zero-width": "\u200b\u200c\u200d\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "direction": "\u200e\u202e\u2066\u2069",
    "tags": "\U000e0041\U000e007f",
    "variation selector": "\ufe0f",
    "Hangul filler": "\u3164\u115f\u1160\uffa0",
    "Braille blank": "\u2800",
    "null notehead": "\U0001d159",
    "hieroglyph blank": "\U00013441\U00013442",
    "private use": "\ue000",
    "mixed": " \u200b\ufeff\t\x00\u00a0",
}
each_invisible = pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE.keys())


def wrong(answer: ApiResponse) -> tuple[int, str, str]:
    (error,) = answer.document["errors"]
    return answer.status, error["pointer"], error["code"]


@each_invisible
def test_it_is_refused_wherever_a_prompt_is_sent(api: Api, text: str) -> None:
    job = {"operation": "generate", "prompt": text}
    assert wrong(api.post("/v1/jobs", job)) == (422, "/prompt", "blank")
    items = {"operation": "generate", "items": [{"prompt": "a fox"}, {"prompt": text}]}
    assert wrong(api.post("/v1/jobs", items)) == (422, "/items/1/prompt", "blank")
    assert wrong(api.post("/v1/estimates", {"jobs": [job]})) == (422, "/jobs/0/prompt", "blank")
    saved = api.request("PUT", "/v1/recipes/r", body={"job": job})
    assert wrong(saved) == (422, "/job/prompt", "blank")
    enhanced = api.post("/v1/prompts/enhance", {"prompt": text})
    assert wrong(enhanced) == (422, "/prompt", "blank")
    assert stored() == {}


@each_invisible
def test_it_is_refused_in_the_changes_of_a_schedule(api: Api, text: str) -> None:
    recipe = {"job": {"operation": "generate", "prompt": "a fox"}}
    assert api.request("PUT", "/v1/recipes/r", body=recipe).status == 201
    body = {"recipe_id": "r", "rate": "1 hour", "changes": {"prompt": text}}
    answer = api.request("PUT", "/v1/schedules/s", body=body)
    assert wrong(answer) == (422, "/changes/prompt", "blank")


@each_invisible
def test_a_text_that_an_operation_needs_is_refused_too(api: Api, text: str) -> None:
    body = {
        "operation": "edit.search_recolor",
        "prompt": "red",
        "sources": [{"url": "https://example.org/a.jpg"}],
        "input": {"search_prompt": text},
    }
    assert wrong(api.post("/v1/jobs", body)) == (422, "/input/search_prompt", "out-of-range")


@each_invisible
def test_a_negative_prompt_of_nothing_is_none(api: Api, text: str) -> None:
    body: dict[str, Any] = {"operation": "generate", "prompt": "a fox", "negative_prompt": text}
    made = api.post("/v1/jobs", body)
    assert made.status == 202
    (item,) = api.get(f"/v1/jobs/{made.document['id']}/items").document["data"]
    assert not item.get("negative_prompt")


@pytest.mark.parametrize("text", ["\u200ba fox", "\U0001f98a", "\u2764\ufe0f", "?", "1", "狐"])
def test_what_shows_anything_is_a_prompt(api: Api, text: str) -> None:
    assert api.post("/v1/jobs", {"operation": "generate", "prompt": text}).status == 202
