"""Templates and platforms on the deployed stack: every route may read a tenant's own template."""

import uuid
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.support.imaging.camera_files import photo
from tests.support.local_aws.batches import checked, ended, with_jobs
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack

PATH = "/v1/templates/our-posts"
SETTINGS = {"category": "post", "width": 96, "height": 64, "style": ["flat light"]}
JOB = {"operation": "generate", "prompt": "a red fox", "template_id": "our-posts"}
RECIPE = "/v1/recipes/posted-fox"


@pytest.fixture(scope="module", autouse=True)
def template(acme: Caller) -> None:
    saved = acme.put(PATH, {"title": "Our posts", **SETTINGS, "provider": "openai"})
    assert saved.status_code == 201, saved.text
    recipe = acme.put(RECIPE, {"job": JOB})
    assert recipe.status_code == 201, recipe.text


def is_as_the_template_says(caller: Caller, job_id: str) -> None:
    """Check a job and its picture: its size to the pixel, its words, and the template's name."""
    assert caller.finish(job_id)["status"] == "succeeded"
    (item,) = caller.items(job_id)
    assert (item["prompt"], item["size"]) == ("a red fox, flat light", "96x64")
    assert item["template"] == "our-posts@1"
    recipe = caller.get(f"/v1/assets/{item['asset_id']}").json()["recipe"]
    assert recipe["template"] == "our-posts@1"
    redirect = caller.get(f"/v1/assets/{item['asset_id']}/content")
    data = httpx.get(redirect.headers["location"], trust_env=False).content
    assert Image.open(BytesIO(data)).size == (96, 64)


def test_a_request_names_a_template_and_its_image_becomes_another(
    acme: Caller, other: Caller
) -> None:
    job_id = acme.post("/v1/jobs", JOB).json()["id"]
    is_as_the_template_says(acme, job_id)
    made = acme.post("/v1/templates/from-job", {"id": "again", "job_id": job_id})
    assert made.status_code == 201, made.text
    assert (made.json()["width"], made.json()["style"]) == (96, ["flat light"])
    assert other.get(PATH).status_code == 404
    refused = other.post("/v1/jobs", JOB)
    assert refused.json()["errors"][0]["pointer"] == "/template_id"


def test_a_platforms_own_template_gives_the_exact_size_of_its_format(acme: Caller) -> None:
    wished = acme.get("/v1/templates/recommendations?platform=x&use=avatar").json()["data"]
    name = wished[0]["template"]["id"]
    assert name == "x.avatar"
    shown = acme.get("/v1/platforms/x/formats/x_profile").json()
    job_id = acme.post("/v1/jobs", {**JOB, "template_id": name}).json()["id"]
    assert acme.finish(job_id)["status"] == "succeeded"
    (item,) = acme.items(job_id)
    asset = acme.get(f"/v1/assets/{item['asset_id']}").json()
    assert (asset["width"], asset["height"]) == (shown["width"], shown["height"])


def test_templates_are_found_and_kept(acme: Caller) -> None:
    found = acme.get("/v1/templates/search?q=posts&category=post").json()["data"]
    assert found[0]["template"]["id"] == "our-posts"
    listed = acme.get("/v1/templates?limit=1")
    assert [one["id"] for one in listed.json()["data"]] in (["again"], ["our-posts"])
    platform = acme.get("/v1/platforms/tiktok")
    assert platform.headers["cache-control"] == "private, max-age=3600"
    held = {"if-none-match": platform.headers["etag"]}
    assert acme.get("/v1/platforms/tiktok", headers=held).status_code == 304
    refused = acme.put("/v1/templates/x.avatar", {"category": "post"})
    assert refused.status_code == 409


def test_a_rules_recipe_names_a_template(stack: Stack, acme: Caller) -> None:
    folder = f"SKU-{uuid.uuid4().hex[:12]}"
    assert acme.put(f"/v1/folders/{folder}/rule", {"recipe_id": "posted-fox"}).status_code == 200
    stack.client("s3").put_object(
        Bucket=stack.outputs["BucketName"],
        Key=f"uploads/acme/{folder}/front.jpg",
        Body=photo(1, seed=uuid.uuid4().int % 1_000_003),
    )
    (pair,) = with_jobs(acme, f"/v1/folders/{folder}/pairs")
    is_as_the_template_says(acme, pair["job_id"])


def test_a_schedules_recipe_names_a_template(stack: Stack, acme: Caller) -> None:
    weekly = {"recipe_id": "posted-fox", "rate": "7 days"}
    assert acme.put("/v1/schedules/posted-weekly", weekly).status_code == 201
    event = {
        "tenant": "acme",
        "schedule_id": "posted-weekly",
        "scheduled_at": "2030-01-01T00:00:00Z",
    }
    is_as_the_template_says(acme, stack.invoke("RunScheduleFunction", event)["job_id"])
    assert acme.delete("/v1/schedules/posted-weekly", headers={"if-match": "*"}).status_code == 204


def test_a_row_names_a_template(acme: Caller) -> None:
    table = "prompt,template_id\na red fox,our-posts\na red fox,no-posts\n"
    value = checked(acme, table)
    assert [error["column"] for error in value["errors"]] == ["template_id"]
    answer = acme.post(f"/v1/batch-imports/{value['id']}/submit", {})
    assert answer.status_code == 202, answer.text
    batch_id = answer.json()["id"]
    (row,) = with_jobs(acme, f"/v1/batches/{batch_id}/jobs")
    is_as_the_template_says(acme, row["job_id"])
    assert ended(acme, batch_id)["status"] == "succeeded"
