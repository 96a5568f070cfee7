import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.jobs.image_spec import SlotRef
from studio.domain.jobs.model import Counts, Item
from studio_cli.main import app
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem
from tests.support.mock_aws.stack import ROOT

PIXELS = b"pixels"
JOB = "/v1/jobs/job_1"


def script_job(api: StandIn, *items: Item, status: str = "succeeded") -> None:
    """Let a job of these images be accepted, end at once and be downloadable."""
    job = samples.job(*items, status=status)
    api.on("POST", "/v1/jobs", ScriptedResponse(job, status=202))
    api.on("POST", f"{JOB}/redrive", ScriptedResponse(job, status=202))
    api.on("POST", f"{JOB}/cancel", ScriptedResponse({**job, "status": "cancelling"}, status=202))
    api.on("GET", JOB, ScriptedResponse(job))
    api.on("GET", "/v1/jobs", ScriptedResponse(samples.page(job)))
    api.on("GET", f"{JOB}/items", ScriptedResponse(samples.page(*samples.items(*items))))
    api.on("GET", f"{JOB}/progress", ScriptedResponse(samples.progress(*items, status=status)))
    for item in items:
        path = f"/v1/assets/{item.asset_id}"
        digest = hashlib.sha256(PIXELS).hexdigest()
        api.on("GET", path, ScriptedResponse(samples.asset(item.number, digest, len(PIXELS))))
        api.on(
            "GET", f"{path}/content", ScriptedResponse(status=302, headers={"Location": "/file"})
        )
    api.on("GET", "/file", ScriptedResponse(body=PIXELS, media_type="image/webp"))


def test_one_prompt_becomes_variations(signed_in: Path, api: StandIn) -> None:
    script_job(api, samples.item_model(1), samples.item_model(2))
    result = studio("create", "a boat", "--variations", "2", "--max-cost", "0.50")
    assert result.exit_code == 0
    assert api.of("POST", "/v1/jobs")[0].document == {
        "operation": "generate",
        "prompt": "a boat",
        "variations": 2,
        "size": "1024x1024",
        "quality": "standard",
        "max_cost": "0.50",
    }
    names = sorted(path.name for path in (signed_in / "out").iterdir())
    assert names == ["boat-2.webp", "boat.webp"]
    assert (signed_in / "out" / "boat.webp").read_bytes() == PIXELS
    row = next(line for line in result.output.splitlines() if "boat-2.webp" in line)
    for cell in ("builtin preview", "64x48", " 6 ", "$0.04 (priced)", "2.5"):
        assert cell in row


def test_several_prompts_become_items_of_one_provider(signed_in: Path, api: StandIn) -> None:
    script_job(api, samples.item_model())
    options = ("--provider", "openai", "--model", "m", "--size", "640x480", "--no-wait")
    result = studio("create", "a boat", "a pond", *options)
    assert result.exit_code == 0
    body = api.of("POST", "/v1/jobs")[0].document
    assert isinstance(body, dict)
    assert body["items"] == [
        {"prompt": "a boat", "size": "640x480"},
        {"prompt": "a pond", "size": "640x480"},
    ]
    assert body["provider"] == {"id": "openai", "model": "m"}
    assert not (signed_in / "out").exists()


def test_a_job_with_a_failed_image_ends_with_1_and_the_way_on(
    signed_in: Path, api: StandIn
) -> None:
    refused, passing = samples.failed_item(1), samples.failed_item(2, retryable=True)
    script_job(api, refused, passing, status="failed")
    result = studio("jobs", "watch", "job_1")
    assert result.exit_code == 1
    assert "failed: The provider refused this prompt." in result.output
    assert "Run the failed images again: studio jobs redrive job_1" in result.output


def test_a_failure_that_no_retry_cures_is_not_sent_into_one(signed_in: Path, api: StandIn) -> None:
    items = samples.item_model(1), samples.failed_item(2)
    script_job(api, *items, status="partially_succeeded")
    result = studio("jobs", "watch", "job_1")
    assert result.exit_code == 1
    assert "failed: The provider refused this prompt." in result.output
    assert "redrive" not in result.output


def test_jobs_are_listed_cancelled_and_redriven(signed_in: Path, api: StandIn) -> None:
    script_job(api, samples.item_model())
    row = studio("jobs", "list").output.splitlines()[-1].split()
    assert row[:4] == ["job_1", "succeeded", "1/1", "$0.04"]
    assert "$0.04 (priced)" in studio("jobs", "show", "job_1").output
    assert "job_1 is cancelling." in studio("jobs", "cancel", "job_1").output
    assert studio("jobs", "redrive", "job_1").exit_code == 0
    assert (signed_in / "out" / "boat.webp").is_file()


def test_the_cost_of_a_redrive_leaves_out_what_another_job_has_made(
    signed_in: Path, api: StandIn
) -> None:
    slots = [SlotRef("cnt_1", number, 1) for number in (1, 2)]
    failed = [
        replace(item, number=slot.number, spec=replace(item.spec, slot=slot))
        for slot, item in zip(slots, [samples.failed_item()] * 2, strict=True)
    ]
    script_job(api, *failed)
    images = [{"id": "img_1_1", "status": "generated"}, {"id": "img_1_2", "status": "failed"}]
    api.on("GET", "/v1/contents/cnt_1", ScriptedResponse({"images": images}))
    assert "cost: 1 image, " in studio("jobs", "redrive", "job_1", "--no-wait").stderr
    gone = problem(404, "not-found", "Not found")
    api.script_again("GET", "/v1/contents/cnt_1", gone)
    assert "cost: 2 images, " in studio("jobs", "redrive", "job_1", "--no-wait").stderr


def test_assets_are_listed_and_fetched(signed_in: Path, api: StandIn) -> None:
    script_job(api, samples.item_model())
    digest = hashlib.sha256(PIXELS).hexdigest()
    api.on("GET", "/v1/assets", ScriptedResponse(samples.page(samples.asset(1, digest, 6))))
    row = studio("assets", "list").output.splitlines()[-1].split()
    assert row[:4] == ["ast_1", "64x48", "6", "webp"]
    assert studio("assets", "get", "ast_1").exit_code == 0
    assert (signed_in / "out" / "boat-ast_1.webp").read_bytes() == PIXELS


@pytest.mark.parametrize(
    ("media_type", "suffix"),
    [("video/mp4", "mp4"), ("model/gltf-binary", "glb"), ("image/jpeg", "jpg")],
)
def test_a_file_is_named_by_what_it_is(
    signed_in: Path, api: StandIn, media_type: str, suffix: str
) -> None:
    digest = hashlib.sha256(PIXELS).hexdigest()
    made = {**samples.asset(1, digest, len(PIXELS)), "media_type": media_type}
    api.on("GET", "/v1/assets/ast_1", ScriptedResponse(made), ScriptedResponse(made))
    script_job(api, samples.item_model())
    assert studio("jobs", "redrive", "job_1").exit_code == 0
    assert studio("assets", "get", "ast_1").exit_code == 0
    names = sorted(path.name for path in (signed_in / "out").iterdir())
    assert names == [f"boat-ast_1.{suffix}", f"boat.{suffix}"]


def test_a_result_never_replaces_another_one(signed_in: Path, api: StandIn) -> None:
    script_job(api, samples.item_model())
    (signed_in / "out").mkdir()
    (signed_in / "out" / "boat.webp").write_bytes(b"of another job")
    for _ in range(2):
        assert studio("jobs", "redrive", "job_1").exit_code == 0
    found = {path.name: path.read_bytes() for path in (signed_in / "out").iterdir()}
    assert found == {"boat.webp": b"of another job", "boat-ast_1.webp": PIXELS}


def test_an_unknown_outcome_says_how_to_go_on(signed_in: Path, api: StandIn) -> None:
    lost = samples.item_model(status="unknown", cost=None)
    counts = Counts(total=1, unknown=1)
    ended = samples.progress(lost, status="failed", counts=counts)
    api.on("GET", f"{JOB}/progress", ScriptedResponse(ended))
    script_job(api, samples.failed_item())
    result = studio("jobs", "watch", "job_1")
    assert result.exit_code == 1
    assert "studio jobs redrive job_1 --unknown" in " ".join(result.output.split())
    assert "Run the failed images" not in result.output


def test_an_image_of_unknown_outcome_runs_again_on_ones_word(signed_in: Path, api: StandIn) -> None:
    script_job(api, samples.item_model())
    assert studio("jobs", "redrive", "job_1", "--unknown").exit_code == 0
    assert studio("jobs", "redrive", "job_1").exit_code == 0
    assert studio("jobs", "redrive", "job_1", "--cancelled").exit_code == 0
    assert studio("jobs", "redrive", "job_1", "--cancelled", "--unknown").exit_code == 2
    asked = [request.document for request in api.of("POST", f"{JOB}/redrive")]
    assert asked == [{"only": "unknown"}, {}, {"only": "cancelled"}]


def run_app(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["studio", *words])
    with pytest.raises(SystemExit) as caught:
        app()
    return caught.value.code


def test_a_file_that_is_not_the_recorded_one_is_refused(
    signed_in: Path,
    api: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    api.on("GET", "/v1/assets/ast_1", ScriptedResponse(samples.asset(1, "00", 6)))
    api.on(
        "GET",
        "/v1/assets/ast_1/content",
        ScriptedResponse(status=302, headers={"Location": "/file"}),
    )
    api.on("GET", "/file", ScriptedResponse(body=PIXELS))
    assert run_app(monkeypatch, "assets", "get", "ast_1") == 1
    assert "differs from its record" in capsys.readouterr().err
    assert not (signed_in / "out").exists()


def test_a_refusal_is_one_line_and_what_to_do_without_a_traceback(
    signed_in: Path,
    api: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    api.on("GET", "/v1/jobs", problem(401, "unauthenticated", "No valid token"))
    assert run_app(monkeypatch, "jobs", "list") == 1
    shown = capsys.readouterr()
    assert shown.err.splitlines() == [
        "No valid token",
        "-> sign in again: studio login (local: studio local up)",
    ]
    assert shown.out == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--model", "m"), "A model belongs to a provider"),
        (("second prompt", "--variations", "2"), "Variations are of one prompt"),
    ],
)
def test_options_that_contradict_each_other_send_nothing(
    words: tuple[str, ...],
    message: str,
    signed_in: Path,
    api: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_app(monkeypatch, "create", "a prompt", *words) == 1
    assert message in capsys.readouterr().err
    assert api.requests == []


def test_the_local_stack_that_does_not_run_says_how_to_start_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(monkeypatch, "local", "status") == 1
    assert "studio local up" in capsys.readouterr().err
    assert "was not running" in studio("local", "down").output


def test_labels_are_text_and_not_markup(signed_in: Path, api: StandIn) -> None:
    script_job(api, samples.item_model(), status="succeeded")
    named = samples.job(samples.item_model(), name="[bold]sale[/bold] [x]")
    api.on("GET", "/v1/jobs/job_2", ScriptedResponse(named))
    api.on("GET", "/v1/jobs/job_2/items", ScriptedResponse(samples.page()))
    assert "[bold]sale[/bold] [x]" in studio("jobs", "show", "job_2").output


def test_the_command_needs_nothing_of_the_layers() -> None:
    """The layers are not installed: a Lambda that lacks one would work on the local AWS only."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "cli")}
    shown = subprocess.run(
        [sys.executable, "-c", "from studio_cli.main import app; app()", "--help"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert shown.returncode == 0, shown.stderr
