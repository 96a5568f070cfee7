"""Redrives of a content's job: what it lacks is made again, and nothing is paid for twice."""

from typing import Any

from studio.money import Cost
from tests.support.mock_aws.api_client import Api, ApiResponse, Document, stored
from tests.support.mock_aws.contents import (
    FEATURED,
    in_article,
    items_of,
    path_of,
    saved,
    start,
)
from tests.support.mock_aws.finished_jobs import Work

PAID = Cost(50_000, "reported")


def test_a_redrive_puts_a_failed_image_right(api: Api) -> None:
    content = saved(api, FEATURED)
    job = start(api, content).document
    work = Work(job["id"])
    work.start()
    work.refuse(1)
    work.finish()
    redriven = api.post(f"/v1/jobs/{job['id']}/redrive", {}, key="again")
    assert redriven.status == 202
    assert start(api, content, key="key-2", force=True).code == "state-conflict"
    asset_id = work.make(1, PAID)
    work.finish(2)
    (image,) = api.get(path_of(content)).document["images"]
    assert (image["status"], image["asset_id"], image["error"]) == ("generated", asset_id, None)
    assert api.get(path_of(content)).document["job_id"] is None


def refused_run(api: Api, content: Document) -> Document:
    """Run a content of two images, each of which is refused, and return the ended job."""
    job = start(api, content).document
    work = Work(job["id"])
    work.start()
    work.refuse(1)
    work.refuse(2)
    work.finish()
    return job


def redrive(api: Api, job: Document, key: str = "again", **body: Any) -> ApiResponse:
    return api.post(f"/v1/jobs/{job['id']}/redrive", body, key=key)


def test_a_redrive_leaves_out_what_another_job_has_made_since(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1))
    job = refused_run(api, content)
    wanted = [content["images"][0]["id"]]
    later = start(api, content, key="later", image_ids=wanted, force=True).document
    work = Work(later["id"])
    work.start()
    asset_id = work.make(1, PAID)
    work.finish()

    redriven = redrive(api, job)
    assert redriven.status == 202
    said = f"Image 1 is left out: asset {asset_id} was made for its slot since."
    assert said in redriven.document["warnings"]
    first, second = items_of(api, job)
    assert (first["status"], second["status"]) == ("failed", "queued")
    ledger = api.get(f"/v1/jobs/{job['id']}/ledger").document
    held = {entry["amount"] for entry in ledger["data"] if entry["run"] == 2}
    assert held == {second["estimate"]["amount"]}


def test_a_redrive_with_nothing_left_is_refused_and_holds_nothing(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1))
    job = refused_run(api, content)
    work = Work(start(api, content, key="later", force=True).document["id"])
    work.start()
    assets = [work.make(1, PAID), work.make(2, PAID)]
    work.finish()
    before = stored()
    bodies: tuple[Document, ...] = ({}, {"items": [2]})
    for body in bodies:
        answer = redrive(api, job, **body)
        assert (answer.status, answer.code) == (409, "state-conflict")
        assert answer.document["detail"].startswith("nothing is left to run. Image ")
        assert assets[1] in answer.document["detail"]
    assert stored() == before


def test_a_redrive_after_the_content_was_deleted_makes_assets(api: Api) -> None:
    content = saved(api, FEATURED, in_article(1))
    job = refused_run(api, content)
    api.request("DELETE", path_of(content), headers={"if-match": "*"})
    redriven = redrive(api, job)
    assert (redriven.status, redriven.document["content_ids"]) == (202, [])
    said = f"The content {content['id']} was deleted: its images stay assets."
    assert said in redriven.document["warnings"]
    work = Work(job["id"])
    asset_id = work.make(1, PAID)
    work.refuse(2)
    work.finish(2)
    assert api.get(f"/v1/assets/{asset_id}").status == 200
    assert api.get(path_of(content)).status == 404
