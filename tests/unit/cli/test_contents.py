"""``studio contents``: import, queue, generate, watch and show."""

from pathlib import Path
from typing import Any

import pytest

from studio_cli.errors import CliError
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem

CONTENT = "cnt_01M8QGTV6R3NX7M0F11SJ5HBDB"
PATH = f"/v1/contents/{CONTENT}"


def slot(number: int, **changes: Any) -> dict[str, Any]:
    label = f"In-Article Image {number}"
    return {
        "id": f"img_01M8QGTV6R3NX7M0F11SJ5HBDB_{number}", "label": label, "device": "all",
        "status": "pending", "asset_id": None, "desktop_url": None, "mobile_url": None,
        "error": None, "notice": None, "prompt": "a fox", "alt_text": None, **changes,
    }  # fmt: skip


def content(*slots: dict[str, Any], job_id: str | None = None) -> dict[str, Any]:
    counts = {"images": len(slots), "pending": 1, "generated": 2, "failed": 3}
    return {
        "id": CONTENT, "title": "Foxes", "counts": counts, "job_id": job_id,
        "updated_at": "2026-12-01T10:00:00Z", "images": list(slots),
    }  # fmt: skip


def queued(held: str = "0.04", **changes: Any) -> dict[str, Any]:
    item = {
        "index": 1, "label": "Featured Image", "devices": ["desktop", "mobile"],
        "size": "1536x1024", "prompt": "a fox",
    }  # fmt: skip
    left_out = {"detail": "In-Article Image 1 of 'Foxes' is left out: it has no prompt."}
    return {
        "items": [item], "excluded": [left_out], "warnings": [left_out["detail"], "seed left out"],
        "estimate": samples.estimate(held), "job_id": None, **changes,
    }  # fmt: skip


def test_an_article_is_imported_and_counted(signed_in: Path, api: StandIn) -> None:
    (signed_in / "a.md").write_text(
        "---\ntitle: Foxes\nimages:\n  - prompt: a fox\n  - position: 1\n---\n"
    )
    api.on(
        "POST", "/v1/contents", ScriptedResponse(content(slot(1), slot(2, prompt=None)), status=201)
    )
    said = studio("contents", "import", "a.md").output
    assert said == f"{CONTENT}  Foxes: 2 images, 1 with a prompt\n"
    assert api.of("POST", "/v1/contents")[0].document == {
        "title": "Foxes",
        "images": [{"prompt": "a fox", "type": "featured"},
                   {"position": 1, "type": "in_article"}],
    }  # fmt: skip


def test_a_content_of_a_known_reference_is_not_imported_again(
    signed_in: Path, api: StandIn
) -> None:
    (signed_in / "a.csv").write_text("title,external_ref,prompt\nFoxes,f,a\nWolves,,b\n")
    api.on("GET", "/v1/contents", ScriptedResponse(samples.page(content())))
    api.on("POST", "/v1/contents", ScriptedResponse(content(slot(1)), status=201))
    said = studio("contents", "import", "a.csv").output
    assert f"{CONTENT} has the reference f already" in said
    assert [one.document["title"] for one in api.of("POST", "/v1/contents")] == ["Wolves"]  # type: ignore[index]
    assert api.of("GET", "/v1/contents")[0].query["external_ref"] == ["f"]


def test_a_refused_import_names_the_row(signed_in: Path, api: StandIn) -> None:
    (signed_in / "a.csv").write_text("title,type,position\nFoxes,,\n,,9\n")
    errors = [{"pointer": "/images/0/position", "detail": "at most 5"}]
    api.on("POST", "/v1/contents", problem(422, "validation-failed", "Wrong", errors=errors))
    with pytest.raises(CliError, match="row 2, position of image 1: at most 5"):
        studio("contents", "import", "a.csv")


def test_contents_are_listed_with_their_counts(signed_in: Path, api: StandIn) -> None:
    api.on(
        "GET",
        "/v1/contents",
        ScriptedResponse(samples.page(content())),
        ScriptedResponse(samples.page()),
    )
    lines = studio("contents", "list", "--status", "pending", "--ref", "f").output.splitlines()
    assert lines[1].split() == [CONTENT, "0", "2", "1", "3", "2026-12-01", "10:00", "Foxes"]
    query = api.of("GET", "/v1/contents")[0].query
    assert (query["status"], query["external_ref"]) == (["pending"], ["f"])
    assert "No contents yet." in studio("contents", "list").output


def test_a_content_shows_the_files_and_errors_of_its_images(signed_in: Path, api: StandIn) -> None:
    made = slot(1, status="generated", asset_id="ast_1", desktop_url="/d", mobile_url="/m")
    failed = slot(2, status="failed", error={"code": "moderation", "message": "Refused"})
    old = slot(3, notice="The image of an earlier version", alt_text="A fox")
    api.on(
        "GET",
        PATH,
        ScriptedResponse(content(made, failed, old, slot(4, prompt=None), job_id="job_1")),
    )
    said = studio("contents", "show", CONTENT).output
    rows = [line.split() for line in said.splitlines()]
    assert "job_1 makes images for it." in said
    assert rows[3][4:] == ["all", "generated", "ast_1", "desktop,", "mobile", "a", "fox"]
    assert rows[4][4:] == ["all", "failed", "Refused"]
    assert rows[5][4:] == ["all", "pending", "The", "image", "of", "an", "earlier", "version"]
    assert rows[6][4:] == ["all", "pending", "no", "prompt"]


def test_the_queue_shows_images_reasons_warnings_and_cost(signed_in: Path, api: StandIn) -> None:
    api.on("GET", PATH, ScriptedResponse(content(slot(1), slot(2))))
    api.on("GET", f"{PATH}/queue", ScriptedResponse(queued()))
    said = studio("contents", "queue", CONTENT, "--images", "2", "--force").output
    assert said.splitlines()[1].split()[:6] == [
        "1", "Featured", "Image", "desktop", "and", "mobile",
    ]  # fmt: skip
    assert said.count("it has no prompt") == 1
    assert "warning: seed left out" in said
    assert "cost: 1 image by openai gpt-image-2, at most $0.04" in said
    query = api.of("GET", f"{PATH}/queue")[0].query
    assert query == {"image_id": [slot(2)["id"]], "force": ["1"]}


def test_generate_prices_orders_watches_and_shows(signed_in: Path, api: StandIn) -> None:
    item = samples.item_model(1, asset_id=None)
    api.on("GET", PATH, ScriptedResponse(content(slot(1), slot(2))))
    api.on("GET", f"{PATH}/queue", ScriptedResponse(queued()))
    api.on("POST", f"{PATH}/jobs", ScriptedResponse(samples.job(item), status=202))
    api.on("GET", "/v1/jobs/job_1/progress", ScriptedResponse(samples.progress(item)))
    api.on("GET", "/v1/jobs/job_1/items", ScriptedResponse(samples.page(*samples.items(item))))
    result = studio("contents", "generate", CONTENT, "--images", "1", "--max-cost", "0.50")
    assert "cost: 1 image by openai gpt-image-2, at most $0.04" in result.stderr
    assert result.exit_code == 0
    assert result.stdout.index("job_1") < result.stdout.index("In-Article Image 1")
    (order,) = api.of("POST", f"{PATH}/jobs")
    assert order.document == {"image_ids": [slot(1)["id"]], "max_cost": "0.50"}
    assert order.headers["idempotency-key"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (queued(items=[], estimate=None), "No pending images with prompts found"),
        (queued(estimate=None, warnings=["/prompt: too long"]), "refused:\n/prompt: too long"),
    ],
)
def test_generate_orders_nothing_that_would_be_refused(
    signed_in: Path, api: StandIn, found: dict[str, Any], said: str
) -> None:
    api.on("GET", f"{PATH}/queue", ScriptedResponse(found))
    with pytest.raises(CliError, match=said):
        studio("contents", "generate", CONTENT, "--yes")
    assert api.of("POST", f"{PATH}/jobs") == []


def test_an_image_that_is_not_there_is_named(signed_in: Path, api: StandIn) -> None:
    api.on("GET", PATH, ScriptedResponse(content(slot(1), slot(2))))
    with pytest.raises(CliError, match="no image 7") as caught:
        studio("contents", "generate", CONTENT, "--images", "7")
    assert caught.value.next_step == "its images: 1, 2"


def test_watch_follows_the_open_job_if_there_is_one(signed_in: Path, api: StandIn) -> None:
    item = samples.item_model(1)
    ended, running = (
        ScriptedResponse(content(slot(1))),
        ScriptedResponse(content(slot(1), job_id="job_1")),
    )
    api.on("GET", PATH, ended, running, ended)
    assert "No job makes images" in studio("contents", "watch", CONTENT).output
    api.on("GET", "/v1/jobs/job_1/progress", ScriptedResponse(samples.progress(item)))
    api.on("GET", "/v1/jobs/job_1/items", ScriptedResponse(samples.page(*samples.items(item))))
    said = studio("contents", "watch", CONTENT).output
    assert "job succeeded" in said
    assert said.splitlines()[-1].split()[:4] == ["1", "In-Article", "Image", "1"]
