"""No command prints a control character of the API, in no member of an answer."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from studio.api.templates import serializers as templates
from studio.domain.templates.builtin import builtin_templates
from studio_cli.errors import CliError
from studio_cli.main import app
from studio_cli.transport import check_path
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
    "warnings": ["read as"],
    "ignored_columns": ["qualty"], "nearest_columns": {"qualty": "quality"},
}  # fmt: skip
SLOT = {
    "id": "img_1_1", "label": "Featured Image", "device": "all", "status": "failed",
    "asset_id": "ast_1", "desktop_url": None, "mobile_url": None, "notice": None, "prompt": "a",
    "error": {"code": "c", "message": "m"}, "alt_text": None,
}  # fmt: skip
CONTENT = {
    "id": "cnt_1", "title": "t", "job_id": None, "images": [SLOT],
    "counts": {"images": 1, "pending": 1, "generated": 0, "failed": 0},
    "updated_at": "2026-11-20T12:00:00Z",
}  # fmt: skip
QUEUE = {
    "items": [{"index": 1, "label": "l", "devices": ["desktop"], "size": "1x1", "prompt": "p"}],
    "excluded": [{"detail": "left out"}], "warnings": ["w"], "estimate": None, "job_id": None,
}  # fmt: skip
PROMPT_GROUP = {**SAVED, "templates": [], "more_templates": False}
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
        ("contents list", {"GET /v1/contents": samples.page(CONTENT)}),
        ("contents show cnt_1", {"GET /v1/contents/cnt_1": CONTENT}),
        ("contents watch cnt_1", {"GET /v1/contents/cnt_1": CONTENT}),
        ("contents queue cnt_1", {"GET /v1/contents/cnt_1/queue": QUEUE}),
        ("contents import c.json", {"POST /v1/contents": CONTENT}),
        (
            "contents generate cnt_1 --no-wait",
            {
                "GET /v1/contents/cnt_1/queue": {**QUEUE, "estimate": samples.estimate("0.04")},
                "POST /v1/contents/cnt_1/jobs": JOB,
            },
        ),
        (
            "settings show",
            {"GET /v1/settings/image-generation": {"config": {"model": "m"}, "warnings": ["w"]}},
        ),
        (
            "prompts groups",
            {
                "GET /v1/prompt-groups": samples.page(PROMPT_GROUP),
                "GET /v1/prompt-groups/active": {"group_id": None},
            },
        ),
        (
            "prompts templates g",
            {"GET /v1/prompt-groups/g/templates": samples.page({**SAVED, "template": "a"})},
        ),
        (
            "prompts add Blog --template a --group g",
            {"POST /v1/prompt-groups/g/templates": {"id": "ptm_1"}},
        ),
        (
            "prompts render a",
            {
                "POST /v1/prompts/render": dict.fromkeys(
                    (
                        "prompt",
                        "negative_prompt",
                        "source",
                        "negative_source",
                        "template",
                        "warning",
                    ),
                    "a",
                )
            },
        ),
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
    (signed_in / "c.json").write_text('{"title": "t"}')
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


COMMANDS = (
    "jobs show X", "jobs watch X", "jobs cancel X", "jobs logs X", "jobs ledger X",
    "jobs redrive X --yes", "assets files X", "assets get X", "folders pairs X",
    "folders rule X --off", "batch submit X --yes", "batch watch X", "batch show X",
    "batch cancel X", "batch redrive X --yes", "schedule runs X", "schedule run X --yes",
    "schedule delete X", "recipe show X", "recipe delete X", "persona show X",
    "templates show X", "webhook deliveries X", "webhook test X", "webhook delete X",
    "webhook redeliver X d", "webhook redeliver w X", "providers health X", "platforms X",
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_no_id_makes_a_path_that_of_something_else(
    signed_in: Path, api: StandIn, words: str
) -> None:
    with pytest.raises(CliError, match=r"'\.\.' is no id or name"):
        studio(*("../me" if word == "X" else word for word in words.split()))
    assert api.requests == []


@pytest.mark.parametrize(
    "wrong",
    ["", "..", ".", "a/../../me", "a?limit=1", "a#b", "%2e%2e", "a\\b", "a b", "a\x00b", "\x1b[2J",
     "a\nb", "\x9b2J", "x" * 5_000],
)  # fmt: skip
def test_what_a_path_does_not_keep_is_no_id(wrong: str) -> None:
    with pytest.raises(CliError, match="is no id or name") as refused:
        check_path(f"/v1/jobs/{wrong}/items")
    assert controls(refused.value.message) == []
    assert len(refused.value.message) < 100


@pytest.mark.parametrize("words", ["jobs show", "jobs cancel", "recipe delete", "folders pairs"])
def test_an_empty_id_is_not_the_list(signed_in: Path, api: StandIn, words: str) -> None:
    with pytest.raises(CliError, match="is no id or name"):
        studio(*words.split(), "")
    assert api.requests == []


@pytest.mark.parametrize(
    "name", ["SKU-1_2.b", "商品", "instagram.story", "on-white", "a@b:c~d", "..."]
)
def test_a_name_of_the_api_is_a_name(name: str) -> None:
    check_path(f"/v1/folders/{name}/pairs")
