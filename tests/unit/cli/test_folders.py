"""``studio folders``."""

from pathlib import Path

import pytest

from studio_cli.errors import CliError
from tests.support.cli.running import PAGE, studio
from tests.support.cli.stand_in import Answer, StandIn


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
