"""No command prints a control character of the API, in no member of an answer."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from studio.api.templates import serializers as templates
from studio.domain.templates.builtin import builtin_templates
from studio_cli.main import app
from tests.support.cli import samples
from tests.support.cli.hostile import controls, hostile
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem

TEMPLATE = templates.builtin(builtin_templates()["instagram.story"])
SAVED = {"id": "a", "version": 1, "title": "t", "updated_at": "2026-11-20T12:00:00Z"}
JOB = samples.job(samples.item_model(1), samples.failed_item(2), warnings=("seed left out",))
ITEMS = samples.page(*samples.items(samples.item_model(1), samples.failed_item(2)))
BATCH = {
    "id": "bat_1", "status": "failed", "name": "n",
    "estimate": {"amount": "1", "unknown_images": 0},
    "jobs": {"total": 1, "waiting": 0, "succeeded": 0, "partially_succeeded": 0, "failed": 1,
             "cancelled": 0},
    "images": {"succeeded": 1}, "cost": {"amount": "0.04"}, "created_at": "2026-11-20T12:00:00Z",
}  # fmt: skip
ROW = {
    "row": 1, "status": "failed", "job_id": None, "images": None, "cost": None,
    "problem": {"detail": "no prompt"},
}  # fmt: skip
FOLDER = {
    "sku": "S", "state": "pending", "rule": {"recipe_id": "r"},
    "counts": {"sources": 1, "done": 1, "failed": 0},
}  # fmt: skip
PAIR = {"input_name": "a.jpg", "status": "failed", "output_asset_id": "ast_1", "job_id": "job_1"}
UPLOAD = {
    "id": "upl_1", "status": "quarantined", "folder": "S", "filename": "a.heic", "reason": "HEIC",
    "rule_error": None, "asset_id": None, "created_at": "2026-11-20T12:00:00Z",
}  # fmt: skip
SCHEDULE = {
    "id": "s", "at": None, "cron": "0 9", "rate": None, "timezone": "UTC", "enabled": True,
    "recipe_id": "r", "import_id": None, "next_runs": ["2026-11-20T12:00:00Z"],
}  # fmt: skip
RUN = {
    "at": "2026-11-20T12:00:00Z", "trigger": "manual", "outcome": "failed", "job_id": None,
    "batch_id": None, "message": "over budget",
}  # fmt: skip
WEBHOOK = {
    "id": "whk_1", "url": "https://a.test", "events": ["job.*"], "active": False,
    "disabled_reason": "gone", "secret": "s",
}  # fmt: skip
DELIVERY = {
    "id": "dlv_1", "event_type": "job.failed", "status": "failed",
    "attempts": [{"status": None, "error": "refused"}],
}  # fmt: skip
MODEL = {"id": "m", "state": "active", "ends": None, "successor": "n"}
HEALTH = {
    "id": "openai", "healthy": True, "account": "own",
    "models": [
        {"model": "m", "state": "open", "failures": 1, "next_probe_at": None, "held_until": None,
         "last_error": {"kind": "k", "at": "now"}, "rate_per_minute": None}
    ],
}  # fmt: skip
LOG = {"at": "2026-11-20T12:00:00Z", "level": "info", "phase": "PREP", "item": 1, "message": "m"}
ME = {
    "account_id": "acme",
    "month": {"spent": {"amount": "1"}, "reserved": {"amount": "0"}, "limit": None},
}  # fmt: skip
OPERATION = {
    "id": "o", "prompt": "required", "providers": ["p"],
    "inputs": [{"name": "n", "need": "optional"}],
}  # fmt: skip
PLATFORM = {"id": "p", "name": "P", "format_ids": ["f"], "preset_ids": ["q"]}
FORMATS = {
    "checked_at": "2026-11", "presets": [{"id": "q", "format_ids": ["f"]}],
    "formats": [
        {"id": "f", "kind": "ad", "width": 1, "height": 1, "aspect_ratio": "1:1", "types": ["jpg"],
         "max_bytes": None, "certainty": "A",
         "safe_zone": {"shape": "box", "basis": "b", "pixels": dict.fromkeys(
             ("top", "bottom", "left", "right"), 1)}}
    ],
}  # fmt: skip
ARCHIVE = {
    "id": "dwn_1", "status": "ready", "filename": "a.zip", "files": "image", "bytes": 2,
    "counts": {"assets": 1, "packed": 1, "missing": 1}, "missing": ["ast_9"],
}  # fmt: skip
IMPORT = {
    "id": "imp_1", "status": "invalid", "counts": {"rows": 1, "valid": 0, "faulty": 0, "images": 0},
    "estimate": {"amount": "0", "unknown_images": 0},
    "errors": [{"row": 1, "column": "size", "detail": "wrong"}],
    "ignored_columns": ["qualty"], "nearest_columns": {"qualty": "quality"},
}  # fmt: skip
ASSET = samples.asset(1, hashlib.sha256(b"in").hexdigest(), 2)
FILE = {
    "name": "f", "quality": 80, "problem": None,
    "rules": [{"rule": "r", "holds": False, "detail": "d"}],
    "file": None,
}  # fmt: skip
LEDGER = samples.ledger(samples.entry("reserve", 1), samples.entry("settle", None, used=1))


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("jobs list", {"GET /v1/jobs": samples.page(JOB)}),
        ("jobs show job_1", {"GET /v1/jobs/job_1": JOB, "GET /v1/jobs/job_1/items": ITEMS}),
        (
            "jobs watch job_1",
            {
                "GET /v1/jobs/job_1/progress": samples.progress(
                    samples.failed_item(1), status="failed"
                ),
                "GET /v1/jobs/job_1/items": ITEMS,
            },
        ),
        ("jobs cancel job_1", {"POST /v1/jobs/job_1/cancel": JOB}),
        ("jobs logs job_1", {"GET /v1/jobs/job_1/logs": {"data": [LOG]}}),
        ("jobs ledger job_1", {"GET /v1/jobs/job_1/ledger": LEDGER}),
        (
            "jobs redrive job_1 --no-wait",
            {"GET /v1/jobs/job_1/items": ITEMS, "POST /v1/jobs/job_1/redrive": JOB},
        ),
        ("create boat --no-wait", {"POST /v1/jobs": JOB}),
        ("run upscale.fast ast_1 --no-wait", {"POST /v1/jobs": JOB}),
        ("estimate boat", {}),
        ("spend", {"GET /v1/me": ME}),
        ("operations", {"GET /v1/operations": {"data": [OPERATION]}}),
        ("platforms", {"GET /v1/platforms": {"data": [PLATFORM]}}),
        ("platforms p", {"GET /v1/platforms/p": FORMATS}),
        ("assets list", {"GET /v1/assets": samples.page(ASSET)}),
        ("assets files ast_1", {"GET /v1/assets/ast_1/renditions": {"data": [FILE]}}),
        ("assets get ast_1", {"GET /v1/assets/ast_1": ASSET}),
        ("assets download ast_1", {"POST /v1/downloads": ARCHIVE}),
        ("uploads list", {"GET /v1/uploads": samples.page(UPLOAD)}),
        ("folders list", {"GET /v1/folders": samples.page(FOLDER)}),
        ("folders pairs S", {"GET /v1/folders/S/pairs": samples.page(PAIR)}),
        ("batch import t.csv", {"POST /v1/batch-imports": IMPORT}),
        ("batch list", {"GET /v1/batches": samples.page(BATCH)}),
        (
            "batch show bat_1",
            {"GET /v1/batches/bat_1": BATCH, "GET /v1/batches/bat_1/jobs": samples.page(ROW)},
        ),
        ("batch cancel bat_1", {"POST /v1/batches/bat_1/cancel": BATCH}),
        ("schedule list", {"GET /v1/schedules": samples.page(SCHEDULE)}),
        ("schedule runs s", {"GET /v1/schedules/s/runs": samples.page(RUN)}),
        (
            "schedule run s",
            {"GET /v1/schedules/s": {**SCHEDULE, "changes": None}, "POST /v1/schedules/s/run": RUN},
        ),
        ("recipe list", {"GET /v1/recipes": samples.page(SAVED)}),
        ("recipe show r", {"GET /v1/recipes/r": {"job": {"prompt": "a"}}}),
        ("persona list", {"GET /v1/personas": samples.page(SAVED)}),
        (
            "persona show p",
            {
                "GET /v1/personas/p": dict.fromkeys(
                    ("title", "style", "palette", "mood", "audience", "avoid"), "a"
                )
            },
        ),
        ("templates list", {"GET /v1/templates": samples.page(TEMPLATE)}),
        (
            "templates search a",
            {"GET /v1/templates/search": {"data": [{"score": 0.5, "template": TEMPLATE}]}},
        ),
        (
            "templates recommend --use a",
            {
                "GET /v1/templates/recommendations": {
                    "data": [{"score": 0.5, "template": TEMPLATE, "reason": "why"}]
                }
            },
        ),
        ("templates show instagram.story", {"GET /v1/templates/instagram.story": TEMPLATE}),
        ("webhook add https://a.test", {"POST /v1/webhooks": WEBHOOK}),
        ("webhook list", {"GET /v1/webhooks": {"data": [WEBHOOK]}}),
        ("webhook deliveries w", {"GET /v1/webhooks/w/deliveries": samples.page(DELIVERY)}),
        ("webhook test w", {"POST /v1/webhooks/w/test": DELIVERY}),
        (
            "webhook redeliver w d",
            {"POST /v1/webhooks/w/deliveries/d/redeliver": DELIVERY},
        ),
        (
            "providers list",
            {"GET /v1/providers": {"data": [{"id": "p", "models": [MODEL], "retired": [MODEL]}]}},
        ),
        ("providers health openai", {"GET /v1/providers/openai/health": HEALTH}),
    ],
)
def test_no_command_prints_a_control_character(
    signed_in: Path, api: StandIn, words: str, answers: dict[str, Any]
) -> None:
    api.usually(
        "POST",
        "/v1/estimates",
        ScriptedResponse(hostile(samples.estimate("0.04", warnings=("w",)))),
    )
    (signed_in / "t.csv").write_text("prompt\na\n")
    for route, document in answers.items():
        method, _, path = route.partition(" ")
        api.on(method, path, ScriptedResponse(hostile({**document, "url": f"{api.url}/in"})))
    api.on(
        "GET", "/v1/assets/ast_1/content", ScriptedResponse(status=302, headers={"Location": "/in"})
    )
    api.on("GET", "/in", ScriptedResponse(body=b"in"))
    output = studio(*words.split()).output
    assert controls(output) == []
    assert "evil" in output


def test_a_refusal_prints_no_control_character(
    signed_in: Path,
    api: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    errors = hostile([{"pointer": "/a", "detail": "wrong"}])
    refusal = problem(422, "x", hostile("Wrong"), detail=hostile("so"), errors=errors)
    api.on("GET", "/v1/jobs", refusal)
    monkeypatch.setattr("sys.argv", ["studio", "jobs", "list"])
    with pytest.raises(SystemExit):
        app()
    shown = capsys.readouterr().err
    assert controls(shown) == []
    assert shown.count("evil") == 4
    assert len(shown.splitlines()) == 2
