"""``studio assets download``."""

from pathlib import Path
from typing import Any

import pytest

from studio_cli.errors import CliError
from studio_cli.files import file_name
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn

ZIP = b"PK" * 100_000
PATH = "/v1/downloads"


def document(api: StandIn, status: str, **changes: Any) -> dict[str, Any]:
    ready = status == "ready"
    return {
        "id": "dwn_1",
        "status": status,
        "filename": "images-1.zip",
        "files": "image",
        "counts": {"assets": 2, "packed": 2 if ready else 0, "missing": 0},
        "bytes": len(ZIP) if ready else None,
        "url": f"{api.url}/archive" if ready else None,
        "missing": [],
        **changes,
    }


def script(api: StandIn, last: dict[str, Any], data: bytes = ZIP, status: int = 200) -> None:
    api.on("POST", PATH, ScriptedResponse(document(api, "queued"), status=202))
    api.on("GET", f"{PATH}/dwn_1", ScriptedResponse(last))
    api.on(
        "GET", "/archive", ScriptedResponse(body=data, status=status, media_type="application/zip")
    )


def test_assets_are_packed_and_saved(signed_in: Path, api: StandIn) -> None:
    api.on("GET", f"{PATH}/dwn_1", ScriptedResponse(document(api, "running")))
    script(api, document(api, "ready"))
    result = studio("assets", "download", "ast_1", "ast_2")
    assert result.exit_code == 0
    assert len(api.of("GET", f"{PATH}/dwn_1")) == 2
    assert result.output.strip() == "out/images-1.zip  2 files  200,000 bytes"
    assert [path.name for path in (signed_in / "out").iterdir()] == ["images-1.zip"]
    assert (signed_in / "out" / "images-1.zip").read_bytes() == ZIP
    assert api.of("POST", PATH)[0].document == {"asset_ids": ["ast_1", "ast_2"]}
    assert "authorization" not in api.of("GET", "/archive")[0].headers


def test_a_job_is_packed_under_names_of_ones_own(signed_in: Path, api: StandIn) -> None:
    script(api, document(api, "ready"))
    words = ("--job", "job_1", "--naming", "{label}", "--out", "deep/all")
    assert studio("assets", "download", *words).exit_code == 0
    assert (signed_in / "deep" / "all" / "images-1.zip").read_bytes() == ZIP
    assert api.of("POST", PATH)[0].document == {"job_id": "job_1", "naming": "{label}"}


def test_a_folder_is_packed(signed_in: Path, api: StandIn) -> None:
    script(api, document(api, "ready"))
    assert studio("assets", "download", "--folder", "SKU-1").exit_code == 0
    assert api.of("POST", PATH)[0].document == {"folder": "SKU-1"}


def test_other_files_are_packed_where_they_are_asked_for(signed_in: Path, api: StandIn) -> None:
    api.on("GET", f"{PATH}/dwn_1", ScriptedResponse(document(api, "running", files="renditions")))
    script(api, document(api, "ready", files="renditions"))
    words = ("--job", "job_1", "--files", "renditions")
    assert studio("assets", "download", *words).exit_code == 0
    assert api.of("POST", PATH)[0].document == {"job_id": "job_1", "files": "renditions"}
    assert studio("assets", "download", "ast_1", "--files", "everything").exit_code == 2
    assert len(api.of("POST", PATH)) == 1


def test_what_is_missing_is_named(signed_in: Path, api: StandIn) -> None:
    counts = {"assets": 2, "packed": 1, "missing": 1}
    script(api, document(api, "ready", missing=["ast_2"], counts=counts))
    result = studio("assets", "download", "ast_1", "ast_2")
    assert (result.exit_code, "missing: ast_2" in result.output) == (1, True)
    assert (signed_in / "out" / "images-1.zip").is_file()


@pytest.mark.parametrize(
    ("status", "data", "storage", "said"),
    [
        ("failed", ZIP, 200, "was not packed (failed)"),
        ("expired", ZIP, 200, "was not packed (expired)"),
        ("ready", ZIP[:-1], 200, "stopped early"),
        ("ready", b"", 403, "refused a download (403)"),
    ],
)
def test_what_is_not_whole_is_not_saved(
    signed_in: Path, api: StandIn, status: str, data: bytes, storage: int, said: str
) -> None:
    script(api, document(api, status), data, storage)
    with pytest.raises(CliError) as caught:
        studio("assets", "download", "ast_1", "--out", "all")
    assert said in caught.value.message
    assert [path for path in (signed_in / "all").rglob("*") if path.is_file()] == []


def test_a_lost_connection_is_told(signed_in: Path, api: StandIn) -> None:
    script(api, document(api, "ready", url="http://127.0.0.1:9/archive"))
    with pytest.raises(CliError, match="cut off"):
        studio("assets", "download", "ast_1")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("ast_1", "--job", "job_1"),
        ("--batch", "bat_1", "ast_1"),
        ("--job", "job_1", "--folder", "SKU-1"),
    ],
)
def test_assets_or_a_job_are_named(signed_in: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(CliError, match="either asset ids"):
        studio("assets", "download", *words)


def a_batch(api: StandIn, *images: int) -> None:
    """Let a batch have a job with so many images for each row; the last image failed."""
    rows: list[dict[str, str | None]] = [
        {"job_id": f"job_{row}"} for row, _ in enumerate(images, 1)
    ]
    rows.append({"job_id": None})
    api.on("GET", "/v1/batches/bat_1/jobs", ScriptedResponse(samples.page(*rows)))
    for row, count in enumerate(images, 1):
        made = [{"asset_id": f"ast_{row}_{number}"} for number in range(1, count + 1)]
        items = samples.page(*made, {"asset_id": None})
        api.on("GET", f"/v1/jobs/job_{row}/items", ScriptedResponse(items))


def test_a_batch_is_packed_in_the_order_of_its_rows(signed_in: Path, api: StandIn) -> None:
    script(api, document(api, "ready"))
    a_batch(api, 2, 1)
    result = studio("assets", "download", "--batch", "bat_1", "--naming", "{label}")
    assert result.exit_code == 0
    assert api.of("POST", PATH)[0].document == {
        "asset_ids": ["ast_1_1", "ast_1_2", "ast_2_1"], "naming": "{label}",
    }  # fmt: skip
    assert [path.name for path in (signed_in / "out").iterdir()] == ["bat_1.zip"]


def test_a_large_batch_is_several_files(signed_in: Path, api: StandIn) -> None:
    script(api, document(api, "ready"))
    a_batch(api, 300, 300)
    assert studio("assets", "download", "--batch", "bat_1").exit_code == 0
    sizes = [len(one.document["asset_ids"]) for one in api.of("POST", PATH)]  # type: ignore[index]
    assert sizes == [500, 100]
    names = sorted(path.name for path in (signed_in / "out").iterdir())
    assert names == ["bat_1-1.zip", "bat_1-2.zip"]


def test_a_batch_without_an_image_packs_nothing(signed_in: Path, api: StandIn) -> None:
    a_batch(api, 0)
    with pytest.raises(CliError, match="no finished image"):
        studio("assets", "download", "--batch", "bat_1")
    assert api.of("POST", PATH) == []


def test_out_is_a_folder_and_no_file(signed_in: Path, api: StandIn) -> None:
    (signed_in / "all.zip").write_bytes(b"mine")
    result = studio("assets", "download", "ast_1", "--out", "all.zip")
    assert (result.exit_code, api.requests) == (2, [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("images-1.zip", "images-1.zip"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("C:\\a.zip", "C-a.zip"),
        ("a\x1b\x00.zip", "a-.zip"),
        ("..", "file"),
        ("", "file"),
    ],
)
def test_a_name_of_the_api_stays_in_its_folder(text: str, name: str) -> None:
    assert file_name(text) == name
