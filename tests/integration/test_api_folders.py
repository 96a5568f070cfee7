"""Folders over the API: the results of jobs without a registered source, and refused files."""

import pytest

from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.clock import utc_now
from studio.domain.folders.model import Folder
from studio.domain.uploads.model import Upload
from studio.money import Cost
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.finished_jobs import Work
from tests.support.mock_aws.stack import ASSETS, clients

URL = "https://example.org/photos/front%20view.jpg?w=9"
FREE = Cost(0, "priced")


def made(api: Api, body: dict[str, object]) -> str:
    """Run a job of two images, of which the second fails; return the first one's asset."""
    items = [{"prompt": "a fox"}, {"prompt": "an owl"}]
    order = {"items": items, "size": "64x64", "folder": "SKU-1", "provider": {"id": "builtin"}}
    job_id = str(api.post("/v1/jobs", {**order, **body}).document["id"])
    work = Work(job_id)
    work.start()
    asset_id = work.make(1, FREE)
    work.refuse(2)
    work.finish()
    return asset_id


@pytest.mark.parametrize("from_url", [False, True])
def test_a_folder_holds_the_results_that_have_no_source_of_the_studio(
    api: Api, from_url: bool
) -> None:
    named: dict[str, object] = {"operation": "edit.general", "sources": [{"url": URL}]}
    asset_id = made(api, named if from_url else {"operation": "generate"})
    folder = api.get("/v1/folders/SKU-1").document
    assert api.get("/v1/folders").document["data"] == [folder]
    assert folder["counts"] == {"sources": 0, "done": 1, "failed": 1, "to_do": 0}
    assert folder["thumbnail_url"]
    pairs = api.get("/v1/folders/SKU-1/pairs").document["data"]
    assert [(pair["status"], pair["output_asset_id"]) for pair in pairs] == [
        ("succeeded", asset_id),
        ("failed", None),
    ]
    shown = (URL, "front view.jpg") if from_url else (None, None)
    assert {(pair["input_url"], pair["input_name"]) for pair in pairs} == {shown}
    assert {pair["input_asset_id"] for pair in pairs} == {None}
    assert api.get(f"/v1/assets/{asset_id}").document["folder"] == "SKU-1"
    download = api.post("/v1/downloads", {"folder": "SKU-1"}, key=None)
    assert download.document["counts"]["assets"] == 1


def test_refused_files_are_listed_with_their_reason(api: Api) -> None:
    store = DynamoUploadStore(clients().dynamodb, ASSETS)
    DynamoFolderStore(clients().dynamodb, ASSETS).ensure(Folder("acme", "SKU-1", utc_now()))
    body = {"filename": "a.png", "media_type": "image/png", "bytes": 9, "folder": "SKU-1"}
    waiting = api.post("/v1/uploads", body).document["upload"]["id"]
    for number in range(3):
        refused = Upload(
            "acme", f"upl_{number:026d}", "uploads/acme/SKU-1/a.heic", "SKU-1", "a.heic",
            "image/heic", 9, utc_now(), status="quarantined", reason="HEIC",
            reason_code="image-type-unsupported",
        )  # fmt: skip
        assert store.quarantine(refused)
    first = api.get("/v1/uploads", "status=quarantined&limit=2").document
    assert [one["id"][-1] for one in first["data"]] == ["2", "1"]
    assert {(one["status"], one["reason"]) for one in first["data"]} == {("quarantined", "HEIC")}
    cursor = first["page"]["next_cursor"]
    rest = api.get("/v1/uploads", f"status=quarantined&limit=2&cursor={cursor}").document
    assert [one["id"][-1] for one in rest["data"]] == ["0"]
    assert api.get("/v1/uploads", "limit=1").document["data"][0]["id"] == waiting
    assert api.get("/v1/uploads", f"cursor={cursor}").code == "invalid-cursor"
    assert api.get("/v1/uploads", "status=registered").code == "malformed-request"
    assert api.get("/v1/uploads", "status=quarantined", tenant="rival").document["data"] == []
    folder = api.get("/v1/folders/SKU-1").document
    assert folder["counts"] == {"sources": 0, "done": 0, "failed": 3, "to_do": 0}
    assert folder["refused_files"] == 3
