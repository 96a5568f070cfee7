"""Bodies at the documented limits: each is taken or refused, and none answers 5xx."""

import json
from typing import Any

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
DEAR = {"provider": {"id": "openai"}}


def order(api: Api, body: dict[str, Any], path: str = "/v1/jobs") -> ApiResponse:
    """Send a body in UTF-8, as clients do."""
    text = json.dumps(body, ensure_ascii=False)
    return api.request("POST", path, text=text, headers={"idempotency-key": "k"})


@pytest.mark.parametrize(
    ("character", "length", "fits"),
    [
        ("letter", PROMPT, True),
        ("CJK", PROMPT, False),
        ("CJK", 31_000, False),
        ("CJK", 12_000, True),
        ("emoji", 25_000, False),
        ("emoji", 6_000, True),
        ("control", 24_000, False),
        ("control", 12_000, True),
        ("quote", PROMPT, False),
        ("quote", 16_000, True),
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
        # What Lambda answers has at most 6 MB.
        job = answer.document["id"]
        assert len(api.get(f"/v1/jobs/{job}/items", "limit=100").text) < 6_000_000
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
