"""The main job on the deployed stack: prompts in, finished images out, money that adds up."""

import hashlib
import io
from decimal import Decimal

import httpx
import pytest
from PIL import Image

from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack
from tests.support.local_aws.ledger import check_ledger

ARTICLE = [
    {"prompt": "sunrise over a calm sea", "label": "Featured image", "type": "featured",
     "position": 0, "title": "Mornings", "size": "768x512"},
    {"prompt": "a cup of coffee", "label": "In-article image 1", "type": "in_article",
     "position": 1, "title": "Mornings", "size": "400x300"},
    {"prompt": "an empty street", "label": "In-article image 2", "type": "in_article",
     "position": 2, "title": "Mornings", "size": "400x300"},
    {"prompt": "sunrise, tall", "label": "Mobile image", "type": "mobile",
     "position": 3, "title": "Mornings", "size": "320x640"},
]  # fmt: skip


def test_an_article_of_four_images(acme: Caller) -> None:
    created = acme.create(items=ARTICLE, name="article", labels={"article": "42"})
    assert created["status"] == "queued"
    assert created["counts"]["total"] == 4

    job = acme.finish(created["id"])

    assert job["status"] == "succeeded"
    assert job["progress"] == {"percent": 100, "images_percent": 100}
    items = acme.items(job["id"])
    assert [item["label"] for item in items] == [entry["label"] for entry in ARTICLE]
    assert {item["status"] for item in items} == {"succeeded"}
    for item, ordered in zip(items, ARTICLE, strict=True):
        asset = acme.get(f"/v1/assets/{item['asset_id']}").json()
        assert f"{asset['width']}x{asset['height']}" == ordered["size"]
        assert asset["recipe"]["prompt"] == ordered["prompt"]
        assert asset["recipe"]["provider"] == "builtin"
        assert asset["cost"]["basis"] == "priced"
        redirect = acme.get(f"/v1/assets/{item['asset_id']}/content")
        assert redirect.status_code == 302
        data = httpx.get(redirect.headers["location"], trust_env=False).content
        assert hashlib.sha256(data).hexdigest() == asset["sha256"]
        assert len(data) == asset["bytes"]
        picture = Image.open(io.BytesIO(data))
        assert (picture.format, f"{picture.width}x{picture.height}") == ("WEBP", ordered["size"])
        assert not picture.getexif()
    check_ledger(acme, job)


def test_the_first_asset_of_the_list_is_the_newest(acme: Caller) -> None:
    job = acme.finish(acme.create(prompt="a small boat", variations=2, size="96x64")["id"])
    newest = acme.get("/v1/assets", params={"limit": 2}).json()
    made = {item["asset_id"] for item in acme.items(job["id"])}
    assert {asset["id"] for asset in newest["data"]} == made
    rest = acme.get("/v1/assets", params={"cursor": newest["page"]["next_cursor"]})
    assert rest.status_code == 200
    assert not made & {asset["id"] for asset in rest.json()["data"]}


@pytest.mark.parametrize(("format_", "pillow"), [("jpg", "JPEG"), ("png", "PNG"), ("avif", "AVIF")])
def test_output_formats(acme: Caller, format_: str, pillow: str) -> None:
    created = acme.create(prompt="a field", size="128x96", output={"format": format_})
    job = acme.finish(created["id"])
    (item,) = acme.items(job["id"])
    redirect = acme.get(f"/v1/assets/{item['asset_id']}/content", params={"download": "1"})
    answer = httpx.get(redirect.headers["location"], trust_env=False)
    assert Image.open(io.BytesIO(answer.content)).format == pillow
    assert answer.headers["content-disposition"].startswith("attachment")
    thumbnail = acme.get(f"/v1/assets/{item['asset_id']}/content?rendition=thumbnail")
    small = httpx.get(thumbnail.headers["location"], trust_env=False).content
    assert Image.open(io.BytesIO(small)).format == "WEBP"


def test_waiting_answers_with_the_finished_job(acme: Caller) -> None:
    answer = acme.post(
        "/v1/jobs",
        {"operation": "generate", "prompt": "a quick one", "size": "64x64"},
        headers={"prefer": "wait=15"},
    )
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=15"
    assert answer.json()["status"] == "succeeded"


def test_progress_is_polled_with_an_etag(acme: Caller) -> None:
    created = acme.create(prompt="a lake", variations=3, size="64x64")
    path = f"/v1/jobs/{created['id']}/progress"
    acme.finish(created["id"])
    answer = acme.get(path)
    document = answer.json()
    assert document["state"] == "succeeded"
    assert document["legacy"]["task_state"] == "SUCCESS"
    assert document["phase_label"] == "Images generated!"
    assert [entry["progress"] for entry in document["results"]] == [100, 100, 100]
    again = acme.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_progress_of_a_running_job_shows_each_image(acme: Caller) -> None:
    created = acme.create(
        items=[{"prompt": f"slowly {number} [[slow 1]]", "size": "1024x1024"} for number in "12"],
        provider={"id": "openai"},
    )
    path = f"/v1/jobs/{created['id']}/progress"
    acme.until(created["id"], lambda job: job["counts"]["succeeded"] == 1)
    acme.until(created["id"], lambda _: acme.get(path).json()["current_image"] == 2)
    document = acme.get(path).json()
    assert document["state"] == "running"
    assert document["legacy"]["task_state"] == "PROGRESS"
    assert document["percent"] == 25 + 73 // 2
    assert document["images_percent"] == 50
    assert [entry["status"] for entry in document["results"]] == ["succeeded", "running"]
    assert document["results"][0]["progress"] == 100
    assert document["results"][1]["progress"] < 98
    acme.finish(created["id"])


def test_openai_is_paid_once_an_image_and_priced_by_its_usage(stack: Stack, acme: Caller) -> None:
    prompts = [f"a chair, number {number}" for number in range(3)]
    created = acme.create(
        items=[{"prompt": prompt, "size": "1024x1024"} for prompt in prompts],
        provider={"id": "openai", "model": "gpt-image-2"},
        quality="draft",
        max_cost="1.00",
    )
    job = acme.finish(created["id"])
    assert job["status"] == "succeeded"
    assert sorted(call.prompt for call in stack.openai.paid if call.prompt in prompts) == prompts
    for item in acme.items(job["id"]):
        assert item["cost"]["basis"] == "priced"
        assert Decimal(item["cost"]["amount"]) <= Decimal(item["estimate"]["amount"])
    entries = acme.ledger(job["id"])["data"]
    assert [entry["type"] for entry in entries].count("settle") == 3
    assert all(entry["provider_request_id"] for entry in entries if entry["type"] == "settle")
    check_ledger(acme, job)


def test_runware_reports_what_it_charged(acme: Caller) -> None:
    created = acme.create(prompt="a lamp", size="1024x1024", seed=7, provider={"id": "runware"})
    job = acme.finish(created["id"])
    (item,) = acme.items(job["id"])
    assert (item["cost"]["amount"], item["cost"]["basis"]) == ("0.001300", "reported")
    asset = acme.get(f"/v1/assets/{item['asset_id']}").json()
    assert asset["recipe"]["seed"] == 7
    check_ledger(acme, job)


def test_a_retired_model_is_mapped_with_a_warning(acme: Caller) -> None:
    created = acme.create(
        prompt="a vase", size="1024x1024", provider={"id": "openai", "model": "dall-e-3"}
    )
    assert any("dall-e-3" in warning for warning in created["warnings"])
    assert acme.finish(created["id"])["status"] == "succeeded"


def test_an_image_without_a_prompt_is_skipped(acme: Caller) -> None:
    created = acme.create(items=[{"label": "no prompt yet"}, {"prompt": "a tree"}])
    job = acme.finish(created["id"])
    assert job["status"] == "succeeded"
    assert (job["counts"]["skipped"], job["counts"]["succeeded"]) == (1, 1)
