"""The commands of the other doors: uploads, folders, recipes, batches, schedules, webhooks."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from studio_cli.batches import read_pair, summary
from studio_cli.errors import CliError
from studio_cli.main import commands
from tests.unit.cli import samples
from tests.unit.cli.stand_in import Answer, StandIn, problem

PAGE = {"next_cursor": None, "limit": 100}
CHECKED: dict[str, Any] = {
    "id": "imp_1",
    "status": "validated",
    "counts": {"rows": 2, "valid": 1, "faulty": 1, "images": 1},
    "estimate": {"amount": "0.040000", "currency": "USD", "unknown_images": 0},
    "errors": [{"row": 3, "column": "size", "code": "wrong", "detail": "Sides are wrong"}],
}
PROGRESS: dict[str, Any] = {
    "state": "succeeded",
    "percent": 100,
    "jobs": {
        "total": 2, "succeeded": 1, "partially_succeeded": 0, "failed": 1, "cancelled": 0,
    },
    "images": {"succeeded": 1},
    "cost": {"amount": "0.040000"},
}  # fmt: skip


def studio(*words: str) -> Result:
    return CliRunner().invoke(commands, words, catch_exceptions=False)


def announced(api: StandIn, media_type: str = "image/jpeg") -> None:
    """Let a file be announced and sent."""
    form = {"url": f"{api.url}/bucket", "fields": {"key": "k", "Content-Type": media_type}}
    document = {"asset": None, "upload": {"id": "upl_1"}, **form}
    api.on("POST", "/v1/uploads", Answer(document, status=201))
    api.on("POST", "/bucket", Answer(status=204, body=b""))


def completed(rule_error: str | None = None) -> dict[str, Any]:
    return {"asset": {"id": "ast_1"}, "upload": {"id": "upl_1", "rule_error": rule_error}}


def test_a_rule_that_starts_nothing_is_said(signed_in: Path, api: StandIn) -> None:
    announced(api)
    api.on("POST", "/v1/uploads/upl_1/complete", Answer(completed("no recipe"), status=201))
    (signed_in / "front.jpg").write_bytes(b"picture")
    result = studio("upload", "front.jpg", "--folder", "SKU-1")
    assert result.exit_code == 1
    first, second = result.output.splitlines()
    assert first == "front.jpg: ast_1"
    assert "started no job: no recipe" in second


def test_a_file_is_announced_sent_and_completed(signed_in: Path, api: StandIn) -> None:
    announced(api)
    api.on("POST", "/v1/uploads/upl_1/complete", Answer(completed(), status=201))
    (signed_in / "front.jpg").write_bytes(b"picture")
    result = studio("upload", "front.jpg", "--folder", "SKU-1")
    assert (result.exit_code, result.output.strip()) == (0, "front.jpg: ast_1")
    (asked,) = api.of("POST", "/v1/uploads")
    assert isinstance(asked.document, dict)
    assert asked.document == {
        "filename": "front.jpg",
        "media_type": "image/jpeg",
        "bytes": 7,
        "sha256": asked.document["sha256"],
        "folder": "SKU-1",
    }
    (sent,) = api.of("POST", "/bucket")
    assert sent.body.index(b"Content-Type") < sent.body.index(b"picture")
    assert "authorization" not in sent.headers


def test_a_file_that_is_known_is_not_sent(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/uploads", Answer({"asset": {"id": "ast_7"}, "upload": None}))
    (signed_in / "front.jpg").write_bytes(b"picture")
    assert studio("upload", "front.jpg").output.strip() == "front.jpg: ast_7"
    assert api.of("POST", "/bucket") == []


def test_a_file_that_is_refused_stops_no_other(signed_in: Path, api: StandIn) -> None:
    announced(api)
    refused = problem(422, "image-invalid", "No good picture", detail="the file stops early")
    done = Answer(completed(), status=201)
    api.on("POST", "/v1/uploads/upl_1/complete", refused, done)
    for name in ("a.jpg", "b.jpg"):
        (signed_in / name).write_bytes(b"picture")
    result = studio("upload", "a.jpg", "b.jpg")
    assert result.exit_code == 1
    assert "a.jpg: refused: No good picture: the file stops early" in result.output
    assert "b.jpg: ast_1" in result.output


def test_a_storage_that_refuses_is_said(signed_in: Path, api: StandIn) -> None:
    announced(api)
    api._script["POST", "/bucket"].clear()
    api.on("POST", "/bucket", Answer(status=403, body=b""))
    (signed_in / "a.jpg").write_bytes(b"picture")
    result = studio("upload", "a.jpg")
    assert (result.exit_code, "refused the file (403)" in result.output) == (1, True)


def test_a_job_may_start_from_a_file_a_url_and_a_recipe(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/uploads", Answer({"asset": {"id": "ast_7"}, "upload": None}))
    api.on("POST", "/v1/jobs", Answer(samples.job(samples.item_model(1)), status=202))
    (signed_in / "front.jpg").write_bytes(b"picture")
    words = ("create", "--recipe", "on-white", "--source", "front.jpg", "--strength", "0.5")
    more = ("--source", "https://example.org/a.jpg", "--folder", "SKU-1", "--no-wait")
    assert studio(*words, *more, "--notify", "ann@example.org").exit_code == 0
    (asked,) = api.of("POST", "/v1/jobs")
    assert asked.document == {
        "recipe_id": "on-white",
        "sources": [{"asset_id": "ast_7"}, {"url": "https://example.org/a.jpg"}],
        "strength": 0.5,
        "folder": "SKU-1",
        "notify": {"email": "ann@example.org"},
    }
    with pytest.raises(CliError, match="no file"):
        studio("create", "a", "--source", "none.jpg")
    with pytest.raises(CliError, match="There is no prompt"):
        studio("create")


def test_folders_show_their_counts_pairs_and_rules(signed_in: Path, api: StandIn) -> None:
    folder = {
        "sku": "SKU-1", "state": "pending", "rule": {"recipe_id": "on-white"},
        "counts": {"sources": 3, "done": 2, "failed": 1},
    }  # fmt: skip
    api.on("GET", "/v1/folders", Answer({"data": [folder], "page": PAGE}))
    row = studio("folders", "list").output.splitlines()[-1].split()
    assert row == ["SKU-1", "pending", "3", "2", "1", "on-white"]
    pair = {
        "input_name": "front.jpg", "input_url": f"{api.url}/in", "status": "succeeded",
        "output_asset_id": "ast_2", "output_name": "ast_2.webp",
        "output_url": f"{api.url}/out", "job_id": "job_1",
    }  # fmt: skip
    api.on("GET", "/v1/folders/SKU-1/pairs", Answer({"data": [pair], "page": PAGE}))
    api.on("GET", "/in", Answer(body=b"in"))
    api.on("GET", "/out", Answer(body=b"out"))
    assert "ast_2" in studio("folders", "pairs", "SKU-1", "--out", "here").output
    assert (signed_in / "here" / "front.jpg").read_bytes() == b"in"
    assert (signed_in / "here" / "front-result.webp").read_bytes() == b"out"
    api.on("PUT", "/v1/folders/SKU-1/rule", Answer({"recipe_id": "on-white"}))
    api.on("DELETE", "/v1/folders/SKU-1/rule", Answer(status=204, body=b""))
    studio("folders", "rule", "SKU-1", "--recipe", "on-white")
    studio("folders", "rule", "SKU-1", "--off")
    assert api.of("PUT", "/v1/folders/SKU-1/rule")[0].document == {"recipe_id": "on-white"}
    assert len(api.of("DELETE", "/v1/folders/SKU-1/rule")) == 1
    with pytest.raises(CliError):
        studio("folders", "rule", "SKU-1")


def test_a_recipe_is_changed_on_the_basis_of_what_is_there(signed_in: Path, api: StandIn) -> None:
    path = "/v1/recipes/on-white"
    absent = problem(404, "not-found", "Not found")
    there = Answer({"version": 1, "job": {"prompt": "a"}}, headers={"ETag": '"tag"'})
    api.on("GET", path, absent, there)
    api.on("PUT", path, Answer({"version": 1}, status=201), Answer({"version": 2}))
    (signed_in / "body.json").write_text('{"operation": "generate", "prompt": "a"}')
    assert "version 1" in studio("recipe", "save", "on-white", "--file", "body.json").output
    studio("recipe", "save", "on-white", "--from-job", "job_1", "--title", "White")
    first, second = api.of("PUT", path)
    assert "if-match" not in first.headers
    assert second.headers["if-match"] == '"tag"'
    assert second.document == {"from_job_id": "job_1", "title": "White"}
    assert json.loads(studio("recipe", "show", "on-white").output) == {"prompt": "a"}
    api.on("DELETE", path, Answer(status=204, body=b""))
    assert "deleted" in studio("recipe", "delete", "on-white").output
    assert api.of("DELETE", path)[0].headers["if-match"] == '"tag"'
    (signed_in / "bad.json").write_text("[]")
    with pytest.raises(CliError, match="not hold a JSON object"):
        studio("recipe", "save", "on-white", "--file", "bad.json")


def test_a_persona_is_saved_listed_shown_and_taken_away(signed_in: Path, api: StandIn) -> None:
    path = "/v1/personas/our-brand"
    words = {
        "title": "Brand", "style": ["matte", "grainy"], "palette": [], "mood": "calm",
        "audience": None, "avoid": ["text"],
    }  # fmt: skip
    stored = {"id": "our-brand", "version": 1, **words, "updated_at": "2026-11-20T12:00:00Z"}
    there = Answer(stored, headers={"ETag": '"tag"'})
    api.on("GET", path, problem(404, "not-found", "Not found"), there)
    api.on("PUT", path, Answer({"version": 1}, status=201), Answer({"version": 2}))
    said = ("--style", "matte", "--style", "grainy", "--mood", "calm", "--avoid", "text")
    assert "version 1" in studio("persona", "save", "our-brand", *said, "--title", "Brand").output
    studio("persona", "save", "our-brand", "--palette", "teal", "--audience", "parents")
    first, second = api.of("PUT", path)
    assert first.document == {name: value for name, value in words.items() if value}
    assert second.document == {"palette": ["teal"], "audience": "parents"}
    assert second.headers["if-match"] == '"tag"'
    assert json.loads(studio("persona", "show", "our-brand").output) == words
    other = {**stored, "id": "other", "title": None}
    empty, full = ({"data": data, "page": PAGE} for data in ([], [stored, other]))
    api.on("GET", "/v1/personas", Answer(empty), Answer(full))
    assert "No personas yet." in studio("persona", "list").output
    rows = [line.split() for line in studio("persona", "list").output.splitlines()]
    assert rows[1:] == [
        ["our-brand", "1", "Brand", "2026-11-20T12:00:00Z"],
        ["other", "1", "2026-11-20T12:00:00Z"],
    ]
    api.on("DELETE", path, Answer(status=204, body=b""))
    assert "deleted" in studio("persona", "delete", "our-brand").output
    assert api.of("DELETE", path)[0].headers["if-match"] == '"tag"'


def test_a_job_may_have_words_added_to_its_prompt(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", Answer(samples.job(samples.item_model(1)), status=202))
    studio("create", "a", "--enhance", "--persona", "our-brand", "--no-wait")
    studio("create", "a", "--no-wait")
    worded, plain = api.of("POST", "/v1/jobs")
    said = {
        "operation": "generate", "prompt": "a", "variations": 1, "size": "1024x1024",
        "quality": "standard", "output": {"format": "webp"},
    }  # fmt: skip
    assert plain.document == said
    assert worded.document == {**said, "enhance_prompt": True, "persona_id": "our-brand"}


def test_a_table_is_checked_and_its_faulty_rows_kept(signed_in: Path, api: StandIn) -> None:
    waiting = {**CHECKED, "status": "validating"}
    api.on("POST", "/v1/batch-imports", Answer(waiting, status=202))
    api.on("GET", "/v1/batch-imports/imp_1", Answer(CHECKED))
    errors = "/v1/batch-imports/imp_1/errors.csv"
    api.on("GET", errors, Answer(status=302, headers={"Location": f"{api.url}/errors"}))
    api.on("GET", "/errors", Answer(body=b"faulty"))
    (signed_in / "t.csv").write_text("Text,size\na,64x64\n", encoding="utf-8-sig")
    result = studio("batch", "import", "t.csv", "--map", "Text=prompt", "--recipe", "on-white")
    assert "1 of 2 rows are valid" in result.output
    assert "row 3, size: Sides are wrong" in result.output
    assert (signed_in / "t.errors.csv").read_bytes() == b"faulty"
    assert api.of("POST", "/v1/batch-imports")[0].document == {
        "name": "t.csv",
        "csv": "Text,size\na,64x64\n",
        "mapping": {"Text": "prompt"},
        "defaults": {"recipe_id": "on-white"},
    }


@pytest.mark.parametrize(
    ("status", "said"), [("validated", "0 of 2 rows are valid"), ("invalid", "Sides are wrong")]
)
def test_a_table_without_a_good_row_is_an_exit_code(
    signed_in: Path, api: StandIn, status: str, said: str
) -> None:
    counts = {"rows": 2, "valid": 0, "faulty": 0, "images": 0}
    checked = {**CHECKED, "status": status, "counts": counts}
    api.on("POST", "/v1/batch-imports", Answer(checked, status=202))
    (signed_in / "t.csv").write_text("prompt\na\n")
    result = studio("batch", "import", "t.csv")
    assert (result.exit_code, "Submit it" in result.output) == (1, False)
    assert said in result.output


def test_a_table_in_another_encoding_goes_by_upload(signed_in: Path, api: StandIn) -> None:
    announced(api, "text/csv")
    clean = {**CHECKED, "counts": {"rows": 1, "valid": 1, "faulty": 0, "images": 1}, "errors": []}
    api.on("POST", "/v1/batch-imports", Answer(clean, status=202))
    (signed_in / "t.csv").write_text("prompt\nfüchse\n", encoding="utf-16")
    assert studio("batch", "import", "t.csv").exit_code == 0
    asked = api.of("POST", "/v1/batch-imports")[0].document
    assert asked == {"name": "t.csv", "mapping": {}, "upload_id": "upl_1"}


def test_a_batch_is_submitted_and_watched(signed_in: Path, api: StandIn) -> None:
    batch = {"id": "bat_1", "status": "queued"}
    api.on("POST", "/v1/batch-imports/imp_1/submit", Answer(batch, status=202))
    running = Answer({**PROGRESS, "state": "running"}, headers={"ETag": '"1"'})
    api.on("GET", "/v1/batches/bat_1/progress", running, Answer(status=304), Answer(PROGRESS))
    result = studio("batch", "submit", "imp_1", "--concurrency", "3", "--max-cost", "1.00")
    assert result.exit_code == 0
    assert "bat_1 succeeded: 2/2 jobs, 1 failed, 1 images, $0.04" in result.output
    (asked,) = api.of("POST", "/v1/batch-imports/imp_1/submit")
    assert asked.document == {"concurrency": 3, "max_cost": "1.00"}
    assert asked.headers["idempotency-key"]
    tags = [one.headers.get("if-none-match") for one in api.of("GET", "/v1/batches/bat_1/progress")]
    assert tags == [None, '"1"', '"1"']


def test_a_batch_that_did_not_succeed_is_an_exit_code(signed_in: Path, api: StandIn) -> None:
    api.on("GET", "/v1/batches/bat_1/progress", Answer({**PROGRESS, "state": "failed"}))
    assert studio("batch", "watch", "bat_1").exit_code == 1
    api.on("POST", "/v1/batches/bat_1/redrive", Answer({"id": "bat_1"}, status=202))
    assert studio("batch", "redrive", "bat_1").exit_code == 1
    cancelling = {"id": "bat_1", "status": "cancelling"}
    api.on("POST", "/v1/batches/bat_1/cancel", Answer(cancelling, status=202))
    assert "cancelling" in studio("batch", "cancel", "bat_1").output


@pytest.mark.parametrize("text", ["prompt", "=prompt", "Text="])
def test_a_mapping_needs_both_sides(text: str) -> None:
    with pytest.raises(CliError):
        read_pair(text)
    assert read_pair("a=b=prompt") == ("a=b", "prompt")
    assert summary(PROGRESS) == "2/2 jobs, 1 failed, 1 images, $0.04"


def test_a_schedule_is_set_run_and_read(signed_in: Path, api: StandIn) -> None:
    path = "/v1/schedules/monday"
    api.on("GET", path, problem(404, "not-found", "Not found"))
    api.on("PUT", path, Answer({"version": 1}, status=201))
    words = ("--recipe", "banner", "--cron", "0 9 ? * MON *", "--timezone", "Europe/Berlin")
    studio("schedule", "set", "monday", *words, "--per-month", "5.00", "--disabled")
    assert api.of("PUT", path)[0].document == {
        "cron": "0 9 ? * MON *",
        "recipe_id": "banner",
        "timezone": "Europe/Berlin",
        "enabled": False,
        "budget": {"per_month": "5.00"},
    }
    run = {
        "at": "2026-11-23T08:00:00Z", "trigger": "manual", "outcome": "started",
        "job_id": None, "batch_id": "bat_1", "message": None,
    }  # fmt: skip
    refused = {**run, "outcome": "skipped", "batch_id": None, "message": "too dear"}
    api.on("POST", f"{path}/run", Answer(run, status=202), Answer(refused, status=202))
    assert studio("schedule", "run", "monday").output.strip() == "monday: started bat_1"
    again = studio("schedule", "run", "monday")
    assert (again.exit_code, again.output.strip()) == (1, "monday: skipped too dear")
    api.on("GET", f"{path}/runs", Answer({"data": [run], "page": PAGE}))
    assert "bat_1" in studio("schedule", "runs", "monday").output
    for wrong in (("--recipe", "a"), ("--recipe", "a", "--import", "b", "--rate", "1 day")):
        with pytest.raises(CliError):
            studio("schedule", "set", "monday", *wrong)


STANDING: dict[str, Any] = {
    "id": "monday", "version": 3, "title": "Banners", "at": None, "cron": "0 9 ? * MON *",
    "rate": None, "timezone": "Europe/Berlin", "enabled": True, "recipe_id": "banner",
    "import_id": None, "changes": {"quality": "draft"},
    "budget": {"per_run": "1.00", "per_month": None},
    "created_at": "2026-11-20T12:00:00Z", "updated_at": "2026-11-20T12:00:00Z", "updated_by": "u",
}  # fmt: skip
KEPT = {
    "title": "Banners", "cron": "0 9 ? * MON *", "timezone": "Europe/Berlin", "enabled": True,
    "recipe_id": "banner", "changes": {"quality": "draft"},
    "budget": {"per_run": "1.00", "per_month": None},
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (("--disabled",), {"enabled": False}),
        (("--per-month", "9"), {"budget": {"per_run": "1.00", "per_month": "9"}}),
        (("--rate", "1 day"), {"rate": "1 day", "cron": None}),
        (("--recipe", "other"), {"recipe_id": "other"}),
        (("--import", "imp_1"), {"import_id": "imp_1", "recipe_id": None, "changes": None}),
    ],
)
def test_a_schedule_keeps_what_is_not_said_again(
    signed_in: Path, api: StandIn, words: tuple[str, ...], changed: dict[str, object]
) -> None:
    path = "/v1/schedules/monday"
    api.on("GET", path, Answer(STANDING, headers={"ETag": '"tag"'}))
    api.on("PUT", path, Answer({"version": 4}))
    assert studio("schedule", "set", "monday", *words).exit_code == 0
    (asked,) = api.of("PUT", path)
    wanted = {name: value for name, value in (KEPT | changed).items() if value is not None}
    assert asked.document == wanted
    assert asked.headers["if-match"] == '"tag"'


def test_a_webhook_shows_its_secret_and_its_log(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/webhooks", Answer({"id": "whk_1", "secret": "shown-once"}, status=201))
    result = studio("webhook", "add", "https://example.org/", "--events", "job.*")
    assert "shown-once" in result.output
    assert api.of("POST", "/v1/webhooks")[0].document == {
        "url": "https://example.org/",
        "events": ["job.*"],
    }
    delivery = {
        "id": "dlv_1", "event_type": "job.failed", "status": "waiting",
        "attempts": [{"status": None, "error": "does not answer"}],
    }  # fmt: skip
    log = "/v1/webhooks/whk_1/deliveries"
    api.on("GET", log, Answer({"data": [delivery], "page": PAGE}))
    assert "does not answer" in studio("webhook", "deliveries", "whk_1").output
    api.on("POST", f"{log}/dlv_1/redeliver", Answer(delivery, status=202))
    assert "waiting" in studio("webhook", "redeliver", "whk_1", "dlv_1").output
    hook = {
        "id": "whk_1", "url": "https://example.org/", "events": ["job.*"],
        "active": False, "disabled_reason": "410",
    }  # fmt: skip
    api.on("GET", "/v1/webhooks", Answer({"data": [hook]}))
    assert "410" in studio("webhook", "list").output
