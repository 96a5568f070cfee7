"""``studio batch``."""

from pathlib import Path
from typing import Any

import pytest

from studio_cli.batches import ignored_line, read_pair, read_pairs, summary
from studio_cli.errors import CliError
from tests.support.cli import samples
from tests.support.cli.running import announced, studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn

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


BATCH: dict[str, Any] = {
    "id": "bat_1", "status": "running", "name": "Banners",
    "jobs": {
        "total": 4, "waiting": 1, "running": 1, "succeeded": 1, "partially_succeeded": 0,
        "failed": 1, "cancelled": 0,
    },
    "images": {"total": 2, "succeeded": 1},
    "cost": {"amount": "0.040000", "unknown_entries": 0},
    "estimate": {"amount": "0.080000", "unknown_images": 1},
}  # fmt: skip


def test_a_batch_is_shown_with_its_rows(signed_in: Path, api: StandIn) -> None:
    job = "job_01M8PSRKJ3WJJMBZWWH4NYXB5X"
    done = {
        "row": 1, "status": "succeeded", "job_id": job, "images": {"succeeded": 1, "total": 1},
        "cost": {"amount": "0.040000", "unknown_entries": 1}, "problem": None,
    }  # fmt: skip
    wrong = {
        "row": 2, "status": "failed", "job_id": None, "images": None, "cost": None,
        "problem": {"code": "required", "detail": "There is no prompt"},
    }  # fmt: skip
    api.on("GET", "/v1/batches/bat_1", ScriptedResponse(BATCH))
    api.on("GET", "/v1/batches/bat_1/jobs", ScriptedResponse(samples.page(done, wrong)))
    lines = studio("batch", "show", "bat_1", "--limit", "2").output.splitlines()
    assert lines[0] == "bat_1  running: 2/4 jobs, 1 failed, 1 images, $0.04  Banners"
    assert lines[2].split() == ["1", "succeeded", job, "1/1", "$0.04", "and", "1", "unknown"]
    assert lines[3].split() == ["2", "failed", "There", "is", "no", "prompt"]
    assert lines[4] == "2 more rows, 1 wait. --limit lists more of those that have started."
    assert api.of("GET", "/v1/batches/bat_1/jobs")[0].query == {"limit": ["2"]}


def test_a_table_is_checked_and_its_faulty_rows_kept(signed_in: Path, api: StandIn) -> None:
    waiting = {**CHECKED, "status": "validating"}
    api.on("POST", "/v1/batch-imports", ScriptedResponse(waiting, status=202))
    api.on("GET", "/v1/batch-imports/imp_1", ScriptedResponse(CHECKED))
    errors = "/v1/batch-imports/imp_1/errors.csv"
    api.on("GET", errors, ScriptedResponse(status=302, headers={"Location": f"{api.url}/errors"}))
    api.on("GET", "/errors", ScriptedResponse(body=b"faulty"))
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
    api.on("POST", "/v1/batch-imports", ScriptedResponse(checked, status=202))
    (signed_in / "t.csv").write_text("prompt\na\n")
    result = studio("batch", "import", "t.csv")
    assert (result.exit_code, "Submit it" in result.output) == (1, False)
    assert said in result.output


@pytest.mark.parametrize(("given", "sent"), [("|", "|"), ("\\t", "\t"), ("tab", "\t")])
def test_a_delimiter_may_be_given(signed_in: Path, api: StandIn, given: str, sent: str) -> None:
    api.on(
        "POST", "/v1/batch-imports", ScriptedResponse({**CHECKED, "status": "invalid"}, status=202)
    )
    api.on("GET", "/v1/batch-imports/imp_1/errors.csv", ScriptedResponse(body=b""))
    (signed_in / "t.csv").write_text("prompt\na\n")
    with pytest.raises(CliError):
        studio("batch", "import", "t.csv", "--delimiter", given)
    assert api.of("POST", "/v1/batch-imports")[0].document == {
        "name": "t.csv", "csv": "prompt\na\n", "mapping": {}, "delimiter": sent,
    }  # fmt: skip


def test_a_table_in_another_encoding_goes_by_upload(signed_in: Path, api: StandIn) -> None:
    announced(api, "text/csv")
    clean = {**CHECKED, "counts": {"rows": 1, "valid": 1, "faulty": 0, "images": 1}, "errors": []}
    api.on("POST", "/v1/batch-imports", ScriptedResponse(clean, status=202))
    (signed_in / "t.csv").write_text("prompt\nfüchse\n", encoding="utf-16")
    assert studio("batch", "import", "t.csv").exit_code == 0
    asked = api.of("POST", "/v1/batch-imports")[0].document
    assert asked == {"name": "t.csv", "mapping": {}, "upload_id": "upl_1"}


def test_a_batch_is_submitted_and_watched(signed_in: Path, api: StandIn) -> None:
    batch = {"id": "bat_1", "status": "queued"}
    api.on("GET", "/v1/batch-imports/imp_1", ScriptedResponse(CHECKED))
    api.on("POST", "/v1/batch-imports/imp_1/submit", ScriptedResponse(batch, status=202))
    running = ScriptedResponse({**PROGRESS, "state": "running"}, headers={"ETag": '"1"'})
    api.on(
        "GET",
        "/v1/batches/bat_1/progress",
        running,
        ScriptedResponse(status=304),
        ScriptedResponse(PROGRESS),
    )
    result = studio("batch", "submit", "imp_1", "--concurrency", "3", "--max-cost", "1.00")
    assert result.exit_code == 0
    assert "bat_1 succeeded: 2/2 jobs, 1 failed, 1 images, $0.04" in result.stdout
    assert "cost: 1 image, at most $0.04" in result.stderr
    (asked,) = api.of("POST", "/v1/batch-imports/imp_1/submit")
    assert asked.document == {"concurrency": 3, "max_cost": "1.00"}
    assert asked.headers["idempotency-key"]
    tags = [one.headers.get("if-none-match") for one in api.of("GET", "/v1/batches/bat_1/progress")]
    assert tags == [None, '"1"', '"1"']


def test_a_batch_that_did_not_succeed_is_an_exit_code(signed_in: Path, api: StandIn) -> None:
    api.on("GET", "/v1/batches/bat_1/progress", ScriptedResponse({**PROGRESS, "state": "failed"}))
    assert studio("batch", "watch", "bat_1").exit_code == 1
    api.on("GET", "/v1/batches/bat_1", ScriptedResponse(BATCH))
    api.on("POST", "/v1/batches/bat_1/redrive", ScriptedResponse({"id": "bat_1"}, status=202))
    redriven = studio("batch", "redrive", "bat_1")
    assert redriven.exit_code == 1
    assert "cost: a part of 2 images, at most $0.08 and 1 of unknown price" in redriven.stderr
    cancelling = {"id": "bat_1", "status": "cancelling"}
    api.on("POST", "/v1/batches/bat_1/cancel", ScriptedResponse(cancelling, status=202))
    assert "cancelling" in studio("batch", "cancel", "bat_1").output


def test_ignored_columns_are_shown_with_the_nearest_known_name(
    signed_in: Path, api: StandIn
) -> None:
    ignored = {
        "warnings": ["the file was read as Windows-1252"],
        "ignored_columns": ["note", "Quality level", "[red]x[/red]"],
        "nearest_columns": {"Quality level": "quality"},
    }
    clean = {"counts": {"rows": 1, "valid": 1, "faulty": 0, "images": 1}, "errors": []}
    api.on(
        "POST", "/v1/batch-imports", ScriptedResponse({**CHECKED, **clean, **ignored}, status=202)
    )
    (signed_in / "t.csv").write_text("prompt\na\n")

    shown = " ".join(studio("batch", "import", "t.csv").output.split())

    said = "ignored columns: Quality level (did you mean quality?), note, [red]x[/red]"
    assert said in shown
    assert "the file was read as Windows-1252" in shown


def test_many_ignored_columns_are_one_short_line() -> None:
    line = ignored_line([f"Column{number}" for number in range(200)], {"Column150": "model"})

    assert line.startswith("  ignored columns: Column150 (did you mean model?), Column0, ")
    assert line.endswith("Column10 and 188 more")


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (["Text=prompt", "Text=name"], "gives 'Text' both prompt and name"),
        (["Text=prompt", "Title=prompt"], "gives prompt to 'Text' and 'Title'"),
    ],
)
def test_mappings_that_contradict_each_other_are_refused(pairs: list[str], said: str) -> None:
    with pytest.raises(CliError, match=said):
        read_pairs(pairs)
    assert read_pairs(["Text=prompt", "Text=prompt"]) == {"Text": "prompt"}


@pytest.mark.parametrize("text", ["prompt", "=prompt", "Text="])
def test_a_mapping_needs_both_sides(text: str) -> None:
    with pytest.raises(CliError):
        read_pair(text)
    assert read_pair("a=b=prompt") == ("a=b", "prompt")
    assert summary(PROGRESS) == "2/2 jobs, 1 failed, 1 images, $0.04"
