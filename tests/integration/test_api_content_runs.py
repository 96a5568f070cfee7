"""Runs of contents: the queue is what is made, a second press never pays, results come back."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from studio.adapters import clients as aws
from studio.adapters.dynamodb.settings import DynamoSettingsStore
from studio.domain.settings.model import IMAGE_GENERATION, SavedSettings
from studio.money import Cost
from tests.support.fakes.edges import START
from tests.support.mock_aws.account import without_key_of
from tests.support.mock_aws.api_client import Api, executions, stored
from tests.support.mock_aws.contents import (
    FEATURED,
    change,
    five,
    in_article,
    items_of,
    path_of,
    saved,
    start,
)
from tests.support.mock_aws.finished_jobs import Work
from tests.support.mock_aws.routes import ORDER
from tests.support.mock_aws.stack import CATALOG

PAID = Cost(50_000, "reported")


def settings(api: Api, **members: Any) -> None:
    """Store the account's settings of image generation."""
    document = {"provider": "openai", "model": "gpt-image-2", **members}
    written = SavedSettings("acme", IMAGE_GENERATION, 0, document, START, "user-of-acme")
    DynamoSettingsStore(aws.dynamodb(), CATALOG).put(written, 0)


def test_a_run_makes_what_the_queue_shows(api: Api) -> None:
    settings(api, max_in_article_images=3)
    content = five(api)
    queue = api.get(f"{path_of(content)}/queue").document
    assert (queue["total"], len(queue["items"])) == (4, 4)
    labels = ["Featured Image", *(f"In-Article Image {number}" for number in (1, 2, 3))]
    assert [one["label"] for one in queue["items"]] == labels
    assert [one["reason"] for one in queue["excluded"]] == ["over-limit"] * 2
    first = queue["items"][0]
    assert {name: first[name] for name in ("image_id", "index", "position", "status")} == {
        "image_id": content["images"][0]["id"], "index": 1, "position": None, "status": "queued",
    }  # fmt: skip
    assert "Foxes" in first["prompt"]
    assert FEATURED["prompt"] in first["prompt"]

    started = start(api, content)
    assert started.status == 202
    job = started.document
    assert (job["name"], job["content_ids"], job["counts"]["total"]) == (
        "Foxes", [content["id"]], 4,
    )  # fmt: skip
    assert any("In-Article Image 4" in text for text in job["warnings"])
    items = items_of(api, job)
    for item, queued in zip(items, queue["items"], strict=True):
        assert item["content_image_id"] == queued["image_id"]
        assert (item["label"], item["prompt"], item["size"]) == (
            queued["label"], queued["prompt"], "1536x1024",
        )  # fmt: skip
    logs = api.get(f"/v1/jobs/{job['id']}/logs", "level=warning").document["data"]
    assert any("In-Article Image 5" in line["message"] for line in logs)


def test_the_queue_has_the_cost_of_the_run(api: Api) -> None:
    settings(api)
    content = saved(api, FEATURED, in_article(1))
    featured, other = (image["id"] for image in content["images"])
    before = stored()
    queue = api.get(f"{path_of(content)}/queue").document
    assert stored() == before
    estimate = queue["estimate"]
    assert [one["provider"] for one in estimate["per_item"]] == [
        {"id": "openai", "model": "gpt-image-2"}
    ] * 2
    assert estimate["sources"][0]["provider"] == "settings"
    one = api.get(f"{path_of(content)}/queue", f"image_id={other}").document
    assert [item["image_id"] for item in one["items"]] == [other]
    assert len(one["estimate"]["per_item"]) == 1

    job = start(api, content).document
    held = sum(Decimal(item["estimate"]["amount"]) for item in items_of(api, job))
    assert Decimal(estimate["held"]["amount"]) == held > 0
    work = Work(job["id"])
    work.start()
    work.make(1, PAID)
    query = f"image_id={featured}"
    assert api.get(f"{path_of(content)}/queue", query).document["estimate"] is None
    again = api.get(f"{path_of(content)}/queue", f"{query}&force=1").document
    assert [item["image_id"] for item in again["items"]] == [featured]


def test_the_queue_says_why_its_run_would_be_refused(api: Api) -> None:
    settings(api, provider="stability", model="stable-image-core", image_format="png")
    content = saved(api, {**FEATURED, "prompt": "x" * 20_000})
    queue = api.get(f"{path_of(content)}/queue").document
    refused = start(api, content)
    assert (refused.status, queue["estimate"], len(queue["items"])) == (422, None, 1)
    detail = refused.document["errors"][0]["detail"]
    assert any(detail in text for text in queue["warnings"])


def test_the_queue_takes_only_images_of_its_content(api: Api) -> None:
    content, other = saved(api, FEATURED), saved(api, FEATURED)
    path = f"{path_of(content)}/queue"
    for image in (other["images"][0]["id"], other["id"], "cover"):
        assert api.get(path, f"image_id={image}").status == 404
    assert api.get(path, "force=yes").status == 400


def test_the_image_is_paid_once_and_rendered_for_both_devices(api: Api) -> None:
    content = saved(api, FEATURED)
    (item,) = items_of(api, start(api, content).document)
    assert (item["size"], item["output"]["renditions"]) == ("1536x1024", ["desktop", "mobile"])


def test_a_result_comes_back_to_its_image(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1))
    job = start(api, content).document
    work = Work(job["id"])
    work.start()
    asset_id = work.make(1, PAID)
    work.refuse(2)

    made, refused = api.get(path_of(content)).document["images"]
    assert (made["status"], made["asset_id"]) == ("generated", asset_id)
    assert made["image_url"] == f"/v1/assets/{asset_id}/content?rendition=desktop"
    assert made["mobile_url"] == f"/v1/assets/{asset_id}/content?rendition=mobile"
    assert (refused["status"], refused["image_url"]) == ("failed", None)
    assert refused["error"] == {"code": "moderation", "message": "Refused"}
    assert refused["updated_at"] > content["updated_at"]

    work.finish()
    after = api.get(path_of(content)).document
    assert after["counts"] == {"images": 2, "pending": 0, "generated": 1, "failed": 1}
    assert after["job_id"] is None
    nothing = start(api, content, key="key-2")
    assert (nothing.status, nothing.code) == (409, "nothing-to-generate")
    assert nothing.document["detail"] == "No pending images with prompts found"


def test_force_makes_images_again(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1))
    work = Work(start(api, content).document["id"])
    work.start()
    work.make(1, PAID)
    work.refuse(2)
    work.finish()
    again = start(api, content, key="key-2", force=True)
    assert again.document["counts"]["total"] == 2


def test_an_image_with_a_new_prompt_keeps_it_and_names_the_old_result(api: Api) -> None:
    content = saved(api, FEATURED)
    work = Work(start(api, content).document["id"])
    work.start()
    assert change(api, path_of(content, 0), prompt="a wolf").status == 200
    asset_id = work.make(1, PAID)
    image = api.get(path_of(content, 0)).document
    assert (image["status"], image["prompt"], image["image_url"]) == ("pending", "a wolf", None)
    assert asset_id in image["notice"]
    assert api.get(f"/v1/assets/{asset_id}").status == 200


def test_a_second_start_names_the_open_job_and_stores_nothing(api: Api) -> None:
    content = saved(api, FEATURED)
    job = start(api, content).document
    before = stored()
    second = start(api, content, key="key-2")
    assert (second.status, second.code) == (409, "state-conflict")
    assert job["id"] in second.document["detail"]
    assert stored() == before
    assert executions() == [job["id"]]
    assert api.get(f"{path_of(content)}/queue").document["job_id"] == job["id"]


def test_a_job_that_has_made_all_its_images_is_named_until_it_ends(api: Api) -> None:
    content = saved(api, FEATURED)
    job = start(api, content).document
    work = Work(job["id"])
    work.start()
    work.make(1, PAID)
    second = start(api, content, key="key-2")
    assert (second.status, second.code) == (409, "state-conflict")
    assert job["id"] in second.document["detail"]
    work.finish()
    assert start(api, content, key="key-2").code == "nothing-to-generate"


def test_a_failed_image_is_put_back_to_pending(api: Api) -> None:
    content = saved(api, FEATURED)
    work = Work(start(api, content).document["id"])
    work.start()
    work.refuse(1)
    work.finish()
    same = change(api, path_of(content, 0), alt_text="A fox").document
    assert (same["status"], same["version"]) == ("failed", 1)
    image = change(api, path_of(content, 0), status="pending").document
    assert (image["status"], image["error"], image["version"]) == ("pending", None, 2)
    assert api.get(path_of(content)).document["counts"]["pending"] == 1
    assert start(api, content, key="key-2").status == 202


def test_a_repeated_key_gets_the_first_answer(api: Api) -> None:
    content = saved(api, FEATURED)
    first = start(api, content)
    again = start(api, content)
    assert (again.status, again.document) == (202, first.document)
    assert again.headers["idempotency-replayed"] == "true"
    other = start(api, content, force=True)
    assert (other.status, other.code) == (422, "idempotency-key-reused")


def test_a_start_after_a_whole_run_of_another_pays_nothing(api: Api) -> None:
    """The content is read before the run and claimed after it: each image is paid once."""
    content = saved(api, FEATURED)
    jobs: list[str] = []

    def run_between() -> None:
        if jobs:
            return
        jobs.append("")
        job = start(api, content, key="rival").document
        jobs[0] = job["id"]
        work = Work(job["id"])
        work.start()
        work.make(1, PAID)
        work.finish()

    api.on(aws.dynamodb(), "Query", run_between)
    late = start(api, content, key="late")
    assert (late.status, late.code) == (409, "state-conflict")
    assert [job["id"] for job in api.get("/v1/jobs").document["data"]] == jobs


def test_a_cancelled_job_frees_its_content(api: Api) -> None:
    content = saved(api, FEATURED)
    job = start(api, content).document
    api.post(f"/v1/jobs/{job['id']}/cancel", {})
    Work(job["id"]).finish()
    after = api.get(path_of(content)).document
    assert (after["job_id"], after["images"][0]["status"]) == (None, "pending")
    assert start(api, content, key="key-2").status == 202


def test_a_content_with_an_open_job_is_not_deleted(api: Api) -> None:
    content = saved(api, FEATURED)
    job = start(api, content).document
    before = stored()
    answer = api.request("DELETE", path_of(content), headers={"if-match": "*"})
    assert (answer.status, answer.code) == (409, "state-conflict")
    assert job["id"] in answer.document["detail"]
    assert stored() == before


def test_images_of_several_contents_are_one_job(api: Api) -> None:
    one, other, third = (saved(api, FEATURED, in_article(1), title=text) for text in "abc")
    ids = [other["images"][1]["id"], one["id"], other["images"][1]["id"]]
    answer = api.post("/v1/content-images/jobs", {"ids": ids})
    assert answer.status == 202
    job = answer.document
    assert (job["name"], job["content_ids"]) == ("Images of 2 contents", [other["id"], one["id"]])
    made = [item["content_image_id"] for item in items_of(api, job)]
    assert made == [other["images"][1]["id"], *(image["id"] for image in one["images"])]
    assert api.get(path_of(third)).document["job_id"] is None


def test_a_run_is_limited_to_the_images_that_are_named(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1))
    job = start(api, content, image_ids=[content["images"][1]["id"]]).document
    assert [item["label"] for item in items_of(api, job)] == ["In-Article Image 1"]


def test_a_default_provider_without_a_key_is_replaced_with_a_warning(api: Api) -> None:
    without_key_of("openai")
    content = saved(api, FEATURED)
    queue = api.get(f"{path_of(content)}/queue").document
    said = "No key is stored for openai, the provider of the settings; the studio chooses another"
    assert any(text.startswith(said) for text in queue["warnings"])
    job = start(api, content).document
    assert job["provider"]["chosen"]["id"] != "openai"
    assert any("No key is stored for openai" in text for text in job["warnings"])


def test_separate_generation_orders_an_image_for_each_device(api: Api) -> None:
    settings(api, separate_generation=True)
    content = saved(api, FEATURED)
    job = start(api, content).document
    assert [item["size"] for item in items_of(api, job)] == ["1536x1024", "1024x1536"]
    work = Work(job["id"])
    work.start()
    desktop = work.make(1, PAID)
    assert api.get(path_of(content, 0)).document["status"] == "pending"
    mobile = work.make(2, PAID)
    image = api.get(path_of(content, 0)).document
    assert (image["status"], image["desktop_url"], image["mobile_url"]) == (
        "generated", f"/v1/assets/{desktop}/content", f"/v1/assets/{mobile}/content",
    )  # fmt: skip


def test_a_stored_size_that_the_model_cannot_make_gives_way_to_the_nearest(api: Api) -> None:
    settings(api, desktop_size="4000x500", mobile_size="500x600", separate_generation=True)
    content = saved(api, FEATURED)
    queue = api.get(f"{path_of(content)}/queue").document
    assert [one["size"] for one in queue["items"]] == ["4000x1334", "500x600"]
    said = (
        "No model of this run makes the size 4000x500 of the settings: 4000x1334 is made instead."
    )
    assert said in queue["warnings"]
    started = start(api, content)
    assert started.status == 202
    assert said in started.document["warnings"]
    items = items_of(api, started.document)
    assert [item["size"] for item in items] == ["4000x1334", "500x600"]


def test_what_a_run_costs_beyond_a_job(api: Api) -> None:
    api.post("/v1/jobs", ORDER, key="warm")
    api.post("/v1/jobs", ORDER, key="plain")
    plain = Counter(api.calls)
    contents = [saved(api, FEATURED) for _ in range(4)]
    start(api, contents[0])
    assert Counter(api.calls) - plain == {"Query": 1, "BatchGetItem": 1}
    ids = [content["id"] for content in contents[1:]]
    api.post("/v1/content-images/jobs", {"ids": ids}, key="many")
    assert Counter(api.calls) - plain == {"Query": 3, "BatchGetItem": 1}


MANY = [f"cnt_01KGA2Y3Z4M5N6P7Q8R9S0T1{number:02d}" for number in range(21)]


def test_a_run_warns_of_an_active_group_that_was_deleted(api: Api) -> None:
    group = api.post("/v1/prompt-groups", {"title": "Blog"}, key=None).document["id"]
    tag = {"if-match": "*"}
    api.request("PUT", "/v1/prompt-groups/active", body={"group_id": group}, headers=tag)
    assert api.request("DELETE", f"/v1/prompt-groups/{group}", headers=tag).status == 204
    content = saved(api, FEATURED)
    said = (
        f"The active prompt group {group} was deleted or has no template: "
        "the built-in template applies."
    )
    assert said in api.get(f"{path_of(content)}/queue").document["warnings"]
    assert said in start(api, content).document["warnings"]


def test_a_run_is_worded_by_the_callers_active_group(api: Api) -> None:
    group = api.post("/v1/prompt-groups", {"title": "Blog"}, key=None).document["id"]
    words = {"template": "{image_prompt} for {post_title}", "negative_prompt": "fog"}
    api.post(f"/v1/prompt-groups/{group}/templates", words, key=None)
    tag = {"if-match": "*"}
    chosen = {"group_id": group}
    api.request("PUT", "/v1/prompt-groups/active", body=chosen, headers=tag)
    settings(api, provider="runware", model=None)
    content = saved(api, FEATURED)
    queue = api.get(f"{path_of(content)}/queue").document
    assert queue["items"][0]["prompt"] == "a fox at night for Foxes"
    job = start(api, content)
    plain = Counter(["TransactWriteItems", "StartExecution"])
    assert Counter(api.calls) - plain == {"Query": 2, "BatchGetItem": 1}
    (item,) = items_of(api, job.document)
    assert (item["prompt"], item["negative_prompt"]) == ("a fox at night for Foxes", "fog")


REFUSED = [
    ({}, 400, "no-ids-provided"),
    ({"ids": []}, 400, "no-ids-provided"),
    ({"ids": "cnt_1"}, 422, "validation-failed"),
    ({"ids": ["cnt_1"]}, 404, "not-found"),
    ({"ids": ["img_01KGA2Y3Z4M5N6P7Q8R9S0T1V2_1"]}, 404, "not-found"),
    ({"ids": ["cnt_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"]}, 404, "not-found"),
    ({"ids": MANY}, 422, "validation-failed"),
    ({"ids": ["x"] * 101}, 422, "validation-failed"),
    ({"ids": ["OWN"], "content_id": "cnt_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"}, 404, "not-found"),
    ({"ids": ["OWN_9"]}, 404, "not-found"),
    ({"ids": ["RIVAL"]}, 404, "not-found"),
    ({"ids": ["OWN"], "max_cost": "0.000001"}, 422, "max-cost-exceeded"),
    ({"ids": ["OWN"], "force": "yes"}, 422, "validation-failed"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
def test_a_wrong_selection_starts_nothing(
    api: Api, body: dict[str, Any], status: int, code: str
) -> None:
    own, rival = saved(api, FEATURED), saved(api, FEATURED, tenant="rival")
    named = {"OWN": own["id"], "RIVAL": rival["id"]}
    named["OWN_9"] = own["images"][0]["id"].replace("_1", "_9")
    if isinstance(body.get("ids"), list):
        body = {**body, "ids": [named.get(text, text) for text in body["ids"]]}
    before = stored()
    answer = api.post("/v1/content-images/jobs", body)
    assert (answer.status, answer.code) == (status, code)
    if code == "no-ids-provided":
        assert answer.document["detail"] == "No IDs provided"
        assert answer.document["legacy_type"] == "ValidationError"
    assert stored() == before
    assert executions() == []


def test_an_image_of_another_content_is_not_in_a_run(api: Api) -> None:
    one, other = saved(api, FEATURED), saved(api, FEATURED)
    answer = start(api, one, image_ids=[other["images"][0]["id"]])
    assert (answer.status, answer.code) == (404, "not-found")
    assert start(api, one, image_ids=[]).code == "no-ids-provided"


def test_a_content_without_a_prompt_makes_nothing(api: Api) -> None:
    content = saved(api, {"type": "featured"})
    queue = api.get(f"{path_of(content)}/queue").document
    assert (queue["items"], [one["reason"] for one in queue["excluded"]]) == ([], ["no-prompt"])
    answer = start(api, content)
    assert (answer.status, answer.code) == (409, "nothing-to-generate")
    assert executions() == []
