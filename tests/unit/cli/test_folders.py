"""``studio folders``."""

from pathlib import Path

import pytest

from studio_cli.errors import CliError
from tests.support.cli.running import PAGE, studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn


def test_folders_show_their_counts_pairs_and_rules(signed_in: Path, api: StandIn) -> None:
    folder = {
        "sku": "SKU-1", "state": "pending", "rule": {"recipe_id": "on-white"},
        "counts": {"sources": 3, "done": 2, "failed": 1},
    }  # fmt: skip
    api.on("GET", "/v1/folders", ScriptedResponse({"data": [folder], "page": PAGE}))
    row = studio("folders", "list").output.splitlines()[-1].split()
    assert row == ["SKU-1", "pending", "3", "2", "1", "on-white"]
    pair = {
        "input_asset_id": "ast_1", "input_name": "front.jpg",
        "input_url": f"{api.url}/in", "status": "succeeded",
        "output_asset_id": "ast_2", "output_name": "ast_2.webp",
        "output_url": f"{api.url}/out", "job_id": "job_1",
    }  # fmt: skip
    api.on("GET", "/v1/folders/SKU-1/pairs", ScriptedResponse({"data": [pair], "page": PAGE}))
    api.on("GET", "/in", ScriptedResponse(body=b"in"))
    api.on("GET", "/out", ScriptedResponse(body=b"out"))
    assert "ast_2" in studio("folders", "pairs", "SKU-1", "--out", "here").output
    assert (signed_in / "here" / "front.jpg").read_bytes() == b"in"
    assert (signed_in / "here" / "front-result.webp").read_bytes() == b"out"
    api.on("PUT", "/v1/folders/SKU-1/rule", ScriptedResponse({"recipe_id": "on-white"}))
    api.on("DELETE", "/v1/folders/SKU-1/rule", ScriptedResponse(status=204, body=b""))
    studio("folders", "rule", "SKU-1", "--recipe", "on-white")
    studio("folders", "rule", "SKU-1", "--off")
    assert api.of("PUT", "/v1/folders/SKU-1/rule")[0].document == {"recipe_id": "on-white"}
    assert len(api.of("DELETE", "/v1/folders/SKU-1/rule")) == 1
    with pytest.raises(CliError):
        studio("folders", "rule", "SKU-1")


def test_pairs_with_equal_names_are_all_kept(signed_in: Path, api: StandIn) -> None:
    names = ["a.jpg", "A.jpg", "a.jpg", "u\u0308.jpg", "\u00fc.jpg", "../x/CON.png", "\x1b[2J.png",
             "商品写真🦊.jpg", "b" * 250 + ".jpg"]  # fmt: skip
    found = []
    for number, name in enumerate(names):
        for place in ("in", "out"):
            api.on("GET", f"/{place}{number}", ScriptedResponse(body=f"{place}{number}".encode()))
        found.append(
            {
                "input_asset_id": f"ast_{number}", "input_name": name,
                "input_url": f"{api.url}/in{number}", "status": "succeeded",
                "output_asset_id": f"ast_9{number}", "output_name": f"ast_9{number}.webp",
                "output_url": f"{api.url}/out{number}", "job_id": "job_1",
            }
        )  # fmt: skip
    api.on("GET", "/v1/folders/SKU-1/pairs", ScriptedResponse({"data": found, "page": PAGE}))
    studio("folders", "pairs", "SKU-1", "--out", "here")
    kept = {path.name: path.read_bytes() for path in (signed_in / "here").iterdir()}
    assert sorted(kept.values()) == sorted(
        f"{place}{number}".encode() for place in ("in", "out") for number in range(len(names))
    )
    assert kept["A-2.jpg"] == b"in1"
    assert kept["a-3.jpg"] == b"in2"
    assert kept["商品写真🦊-result.webp"] == b"out7"
    assert kept["_CON.png"] == b"in5"
    assert all(len(name.encode()) <= 255 and "\x1b" not in name for name in kept)


def test_a_source_is_saved_once_and_an_address_is_not_fetched(
    signed_in: Path, api: StandIn
) -> None:
    def a_pair(source: str | None, result: str | None) -> dict[str, object]:
        return {
            "input_asset_id": source, "input_name": "front.jpg" if source else None,
            "input_url": f"{api.url}/in" if source else "https://example.org/a.jpg",
            "status": "succeeded" if result else "failed", "job_id": "job_1",
            "output_asset_id": result, "output_name": f"{result}.webp" if result else None,
            "output_url": f"{api.url}/out" if result else None,
        }  # fmt: skip

    found = [a_pair(None, "ast_7"), a_pair(None, None), a_pair("ast_1", "ast_8"),
             a_pair("ast_1", "ast_9")]  # fmt: skip
    api.on("GET", "/v1/folders/SKU-1/pairs", ScriptedResponse({"data": found, "page": PAGE}))
    api.on("GET", "/in", ScriptedResponse(body=b"in"))
    api.on("GET", "/out", ScriptedResponse(body=b"out"))
    assert "ast_7" in studio("folders", "pairs", "SKU-1", "--out", "here").output
    assert {path.name for path in (signed_in / "here").iterdir()} == {
        "ast_7.webp", "front.jpg", "front-result.webp", "front-result-2.webp",
    }  # fmt: skip
    assert len(api.of("GET", "/in")) == 1
