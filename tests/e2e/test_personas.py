"""A persona on the deployed stack: every route may read it, and only that of its tenant."""

import time
import uuid
from typing import Any

import pytest

from tests.support.imaging.camera_files import photo
from tests.support.local_aws.caller import TERMINAL, Caller
from tests.support.local_aws.deployment import Stack

PATH = "/v1/personas/our-brand"
WORDS = {"style": ["matte colours"], "avoid": ["text"]}
JOB = {"operation": "generate", "prompt": "a red fox", "size": "64x64", "enhance_prompt": True}
RECIPE = "/v1/recipes/brand-fox"


@pytest.fixture(scope="module", autouse=True)
def persona(acme: Caller) -> None:
    assert acme.put(PATH, {"title": "Our brand", **WORDS}).status_code == 201
    saved = acme.put(RECIPE, {"job": {**JOB, "persona_id": "our-brand"}})
    assert saved.status_code == 201, saved.text


def until(caller: Caller, path: str, seconds: float = 90) -> list[dict[str, Any]]:
    """Read a list until it holds something that has a job."""
    deadline = time.monotonic() + seconds
    while True:
        answer = caller.get(path)
        found = answer.json()["data"] if answer.status_code == 200 else []
        if found and all(one["job_id"] for one in found):
            return list(found)
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.25)


def has_both_prompts(caller: Caller, job_id: str) -> None:
    """Check a job and its picture: the caller's prompt, the one that was sent, and the persona."""
    assert caller.finish(job_id)["status"] == "succeeded"
    (item,) = caller.items(job_id)
    assert item["original_prompt"] == "a red fox"
    assert item["prompt"].startswith("a red fox, matte colours, ")
    assert item["persona"] == "our-brand@1"
    recipe = caller.get(f"/v1/assets/{item['asset_id']}").json()["recipe"]
    for name in ("prompt", "original_prompt", "persona"):
        assert recipe[name] == item[name]


def test_a_request_names_a_persona(acme: Caller, other: Caller) -> None:
    has_both_prompts(acme, acme.post("/v1/jobs", {**JOB, "persona_id": "our-brand"}).json()["id"])
    shown = acme.post("/v1/prompts/enhance", {"prompt": "a red fox", "persona_id": "our-brand"})
    assert shown.json()["persona"] == "our-brand@1"
    assert other.get(PATH).status_code == 404
    refused = other.post("/v1/jobs", {**JOB, "persona_id": "our-brand"})
    assert refused.json()["errors"][0]["pointer"] == "/persona_id"


def test_a_rules_recipe_names_a_persona(stack: Stack, acme: Caller) -> None:
    folder = f"SKU-{uuid.uuid4().hex[:12]}"
    assert acme.put(f"/v1/folders/{folder}/rule", {"recipe_id": "brand-fox"}).status_code == 200
    stack.client("s3").put_object(
        Bucket=stack.outputs["BucketName"],
        Key=f"uploads/acme/{folder}/front.jpg",
        Body=photo(1, seed=uuid.uuid4().int % 1_000_003),
    )
    (pair,) = until(acme, f"/v1/folders/{folder}/pairs")
    has_both_prompts(acme, pair["job_id"])


def test_a_schedules_recipe_names_a_persona(stack: Stack, acme: Caller) -> None:
    weekly = {"recipe_id": "brand-fox", "rate": "7 days"}
    assert acme.put("/v1/schedules/brand-weekly", weekly).status_code == 201
    event = {
        "tenant": "acme",
        "schedule_id": "brand-weekly",
        "scheduled_at": "2030-01-01T00:00:00Z",
    }
    has_both_prompts(acme, stack.invoke("RunScheduleFunction", event)["job_id"])
    assert acme.delete("/v1/schedules/brand-weekly", headers={"if-match": "*"}).status_code == 204


def test_a_row_names_a_persona(acme: Caller) -> None:
    table = (
        "prompt,size,persona_id,enhance_prompt\n"
        "a red fox,64x64,our-brand,yes\n"
        "a red fox,64x64,no-brand,yes\n"
    )
    path = acme.post("/v1/batch-imports", {"csv": table}).headers["location"]
    deadline = time.monotonic() + 60
    while (value := acme.get(path).json())["status"] == "validating":
        assert time.monotonic() < deadline
        time.sleep(0.25)
    assert [error["column"] for error in value["errors"]] == ["persona_id"]
    batch = acme.post(f"{path}/submit", {})
    assert batch.status_code == 202, batch.text
    (line,) = until(acme, f"/v1/batches/{batch.json()['id']}/jobs")
    has_both_prompts(acme, line["job_id"])
    while (ended := acme.get(f"/v1/batches/{batch.json()['id']}").json())["status"] not in TERMINAL:
        assert time.monotonic() < deadline, ended
        time.sleep(0.25)
    assert ended["status"] == "succeeded"
