"""``studio upload``."""

from pathlib import Path

from tests.support.cli import samples
from tests.support.cli.running import announced, completed, studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem


def test_a_rule_that_starts_nothing_is_said(signed_in: Path, api: StandIn) -> None:
    announced(api)
    api.on(
        "POST", "/v1/uploads/upl_1/complete", ScriptedResponse(completed("no recipe"), status=201)
    )
    (signed_in / "front.jpg").write_bytes(b"picture")
    result = studio("upload", "front.jpg", "--folder", "SKU-1")
    assert result.exit_code == 1
    first, second = result.output.splitlines()
    assert first == "front.jpg: ast_1"
    assert "started no job: no recipe" in second


def test_refused_uploads_are_listed_with_the_reason(signed_in: Path, api: StandIn) -> None:
    refused = {
        "id": "upl_01M8PSRG331V0CM3QR9CBYWHVR", "status": "quarantined", "folder": "SKU-1",
        "filename": "front.heic", "reason": "The file is a HEIC image.", "rule_error": None,
        "asset_id": None, "created_at": "2026-11-30T18:04:04.547Z",
    }  # fmt: skip
    ruled = {**refused, "status": "registered", "reason": None, "rule_error": "no recipe"}
    good = {**ruled, "rule_error": None, "asset_id": "ast_1"}
    pages = (samples.page(refused, ruled, good), samples.page())
    api.on("GET", "/v1/uploads", *(ScriptedResponse(page) for page in pages))
    shown = studio("uploads", "list", "--status", "quarantined").output
    first, second, third = (line.split() for line in shown.splitlines()[1:])
    reason = ["The", "file", "is", "a", "HEIC", "image."]
    when = ["2026-11-30", "18:04"]
    assert first == [refused["id"], "quarantined", "SKU-1", "front.heic", *reason, *when]
    assert second[4:] == ["no", "recipe", *when]
    assert third[4:] == ["ast_1", *when]
    assert studio("uploads", "list").output.strip() == "No uploads."
    asked = [one.query for one in api.of("GET", "/v1/uploads")]
    assert asked == [{"status": ["quarantined"], "limit": ["25"]}, {"limit": ["25"]}]


def test_a_file_is_announced_sent_and_completed(signed_in: Path, api: StandIn) -> None:
    announced(api)
    api.on("POST", "/v1/uploads/upl_1/complete", ScriptedResponse(completed(), status=201))
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
    api.on("POST", "/v1/uploads", ScriptedResponse({"asset": {"id": "ast_7"}, "upload": None}))
    (signed_in / "front.jpg").write_bytes(b"picture")
    assert studio("upload", "front.jpg").output.strip() == "front.jpg: ast_7"
    assert api.of("POST", "/bucket") == []


def test_a_file_that_is_refused_stops_no_other(signed_in: Path, api: StandIn) -> None:
    announced(api)
    refused = problem(422, "image-invalid", "No good picture", detail="the file stops early")
    done = ScriptedResponse(completed(), status=201)
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
    api.on("POST", "/bucket", ScriptedResponse(status=403, body=b""))
    (signed_in / "a.jpg").write_bytes(b"picture")
    result = studio("upload", "a.jpg")
    assert (result.exit_code, "refused the file (403)" in result.output) == (1, True)
