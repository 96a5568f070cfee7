"""Bodies at the documented limits: each is taken or refused, and none answers 5xx."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from studio.adapters.dynamodb.job_records import item_record
from studio.domain.jobs.image_spec import Substitute
from studio.domain.orders.plan import Plan, PlannedImage, check_sizes
from studio.errors import InvalidRequestError
from studio.money import UNKNOWN
from tests.support.builders import a_job, a_spec, an_item
from tests.support.mock_aws.api_client import Api, ApiResponse, stored

PROMPT = 32_000
# One character in 1, 3, 4 and 6 bytes of what is stored.
CHARACTERS = {"letter": "a", "CJK": "漢", "emoji": "\U0001f98a", "control": "a\x01", "quote": '"'}
LAMBDA_BYTES = 6_291_456
DEAR = {"provider": {"id": "openai"}}


def order(api: Api, body: dict[str, Any], path: str = "/v1/jobs") -> ApiResponse:
    """Send a body in UTF-8, as clients do."""
    text = json.dumps(body, ensure_ascii=False)
    return api.request("POST", path, text=text, headers={"idempotency-key": "k"})


def bytes_in_dynamodb(value: object) -> int:
    """Return at least the bytes of a value by DynamoDB's rule: UTF-8 of names and texts."""
    match value:
        case Mapping():
            inner = (len(str(name)) + 1 + bytes_in_dynamodb(one) for name, one in value.items())
            return 3 + sum(inner)
        case list():
            return 3 + sum(1 + bytes_in_dynamodb(one) for one in value)
    return len(str(value).encode())


def rows_of(api: Api, path: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list, and check that each page fits an answer of Lambda."""
    query = "limit=100"
    while True:
        answer = api.get(path, query)
        assert answer.status == 200, answer.text
        assert len(json.dumps(answer.text)) < LAMBDA_BYTES - 100_000
        assert "\\u" not in answer.text.replace("\\u0001", "")
        yield from answer.document["data"]
        cursor = answer.document["page"]["next_cursor"]
        if cursor is None:
            return
        query = urlencode({"limit": 100, "cursor": cursor})


@pytest.mark.parametrize(
    ("character", "length", "fits"),
    [
        *[("letter", length, True) for length in (10_000, 28_000, PROMPT)],
        *[("CJK", length, True) for length in (10_000, 14_000, 20_000, 25_000)],
        *[("CJK", length, False) for length in (28_000, PROMPT)],
        *[("emoji", length, True) for length in (10_000, 14_000, 19_000)],
        *[("emoji", length, False) for length in (20_000, 28_000)],
        ("control", 24_000, False),
        ("control", 12_000, True),
        ("quote", PROMPT, True),
    ],
)
def test_fifty_long_prompts_fit_one_transaction_or_are_refused(
    api: Api, character: str, length: int, fits: bool
) -> None:
    prompt = (CHARACTERS[character] * length)[:length]
    body = {"operation": "generate", "items": [{"prompt": prompt}] * 50, **DEAR}
    answer, estimate = order(api, body), order(api, {"jobs": [body]}, "/v1/estimates")
    if fits:
        assert (answer.status, estimate.status in (200, 400)) == (202, True)
        assert sum(bytes_in_dynamodb(row) for rows in stored().values() for row in rows) < 4_000_000
        items = list(rows_of(api, f"/v1/jobs/{answer.document['id']}/items"))
        assert [item["prompt"] == prompt for item in items] == [True] * 50
        return
    assert (answer.status, answer.pointers) == (422, ["/items"])
    assert answer.document["errors"][0]["code"] == "too-long"
    assert estimate.status == 400 or estimate.pointers == ["/jobs/0/items"]
    assert stored() == {}


@pytest.mark.parametrize("character", CHARACTERS.values(), ids=CHARACTERS)
def test_ten_variations_of_the_longest_prompt_fit_or_are_refused(api: Api, character: str) -> None:
    prompt, negative = (character * PROMPT)[:PROMPT], (character * 4_000)[:4_000]
    body = {"operation": "generate", "prompt": prompt, "negative_prompt": negative}
    answer = order(api, {**body, "variations": 10, **DEAR})
    assert answer.status == 202 or answer.pointers == ["/prompt"]


@pytest.mark.parametrize("others", range(6))
@pytest.mark.parametrize("character", CHARACTERS.values(), ids=CHARACTERS)
def test_an_image_whose_substitutes_have_words_of_their_own_fits_one_row_or_is_refused(
    character: str, others: int
) -> None:
    first, *rest = [(character * 30_000)[:30_000] + str(number) for number in range(others + 1)]
    substitutes = tuple(Substitute("openai", "gpt-image-2", prompt=words) for words in rest)
    spec = a_spec(prompt=first, original_prompt=first[:-1], substitutes=substitutes)
    row = item_record(an_item(a_job(), spec=spec))
    bytes_of_row = sum(len(name) + len(str(value).encode()) for name, value in row.items())
    plan = Plan((PlannedImage(spec, UNKNOWN),), ())
    try:
        check_sizes(plan, [{"": "/items/0"}])
    except InvalidRequestError as error:
        assert [(field.pointer, field.code) for field in error.fields] == [
            ("/items/0/prompt", "too-long")
        ]
        assert bytes_of_row > 340_000
    else:
        # The rest of the row is for its log.
        assert bytes_of_row < 360_000


@pytest.mark.parametrize("length", [10_000, 14_000, 20_000, 28_000, PROMPT])
@pytest.mark.parametrize("character", ["a", "漢", "\U0001f98a"])
def test_one_long_prompt_is_saved_everywhere_or_refused_by_its_member(
    api: Api, character: str, length: int
) -> None:
    prompt = character * length
    job = {"operation": "generate", "prompt": prompt}
    table = "prompt\n" + f"{prompt}\n" * 3
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/jobs", {**job, **DEAR}),
        ("PUT", "/v1/recipes/long", {"job": job}),
        ("POST", "/v1/batch-imports", {"csv": table}),
        ("POST", "/v1/contents", {"title": "Foxes", "text": prompt}),
        ("PUT", "/v1/schedules/long", {"recipe_id": "long", "rate": "1 day", "changes": job}),
    ]
    for method, path, body in requests:
        text = json.dumps(body, ensure_ascii=False)
        answer = api.request(method, path, text=text, headers={"idempotency-key": path})
        assert answer.status in (200, 201, 202, 422), (path, answer.text[:500])
        if answer.status == 422:
            assert answer.pointers, path
    for path in ("/v1/jobs", "/v1/recipes", "/v1/batch-imports", "/v1/contents", "/v1/schedules"):
        list(rows_of(api, path))


@pytest.mark.parametrize("recipe_id", ["", "x" * 3_000, "#", "\x00", "Ä", "a" * 65])
def test_a_recipe_id_of_any_text_is_refused(api: Api, recipe_id: str) -> None:
    job = {"recipe_id": recipe_id}
    for method, path, body, place in (
        ("POST", "/v1/jobs", job, ""),
        ("POST", "/v1/estimates", {"jobs": [job]}, "/jobs/0"),
        ("PUT", "/v1/schedules/s", {"rate": "1 day", **job}, ""),
        ("PUT", "/v1/folders/SKU-1/rule", job, ""),
        ("POST", "/v1/batch-imports", {"csv": "prompt\na\n", "defaults": job}, "/defaults"),
    ):
        answer = api.request(method, path, body=body, headers={"idempotency-key": "k"})
        assert answer.status == 422, (path, answer.text)
        assert answer.pointers == [f"{place}/recipe_id"], path
    assert stored() == {}


@pytest.mark.parametrize("upload_id", ["", "upl_", "x" * 40, "upl_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"])
def test_an_import_of_no_upload_is_refused(api: Api, upload_id: str) -> None:
    answer = api.post("/v1/batch-imports", {"upload_id": upload_id})
    assert (answer.status, answer.pointers) == (422, ["/upload_id"])
    assert stored() == {}


# Hosts that name no host: their Punycode is empty or broken, or a label is too long.
HOSTS = [
    "xn--", "xn--a", "xn--zzzzzzzzz", "a.xn--.b", "a..b.test", ".".join(["a" * 63] * 4),
    "1.2.3.999", "a b", "xn--\u00e9", "a" * 64, "a..b", ".", "-", "%00",
    "[::1",
    "xn--" + "a" * 70, "\u2024", "\u3002", "\uff0e", "\u00ad", "a\u200db",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_an_address_without_a_host_is_refused(api: Api, host: str) -> None:
    url = f"https://{host}/"
    answer = api.post("/v1/webhooks", {"url": url, "events": ["job.*"]})
    assert (answer.status, answer.pointers) == (422, ["/url"])
    body = {"operation": "edit.general", "prompt": "a", "sources": [{"url": url}]}
    answer = api.post("/v1/jobs", body)
    assert (answer.status, answer.pointers) == (422, ["/sources/0/url"])
    mask = {"operation": "edit.general", "items": [{"prompt": "a", "mask": {"url": url}}]}
    answer = api.post("/v1/estimates", {"jobs": [mask]})
    assert (answer.status, answer.pointers) == (422, ["/jobs/0/items/0/mask/url"])
