"""The list in an archive."""

import csv
import io
from dataclasses import replace

from studio.domain.downloads.manifest import manifest_lines
from studio.domain.downloads.model import AssetFile
from studio.money import UNKNOWN
from tests.support.builders import a_job, an_asset, an_item

ASSET = an_asset(
    an_item(a_job(), 1),
    asset_id="ast_1",
    label="=Füchse",
    title="two\nlines",
    recipe={"prompt": "+a fox, red", "provider": "openai", "model": "m", "seed": None},
)
HEADINGS = [
    "file", "asset_id", "rendition", "label", "title", "prompt", "provider", "model", "cost",
    "width", "height", "sha256", "missing",
]  # fmt: skip


def rows(*files: AssetFile, missing: tuple[str, ...] = ()) -> list[list[str]]:
    packed = [(f"{number}.webp", file) for number, file in enumerate(files, 1)]
    data = b"".join(manifest_lines(packed, missing))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_each_file_says_what_it_is_and_no_cell_is_a_formula() -> None:
    headings, row = rows(AssetFile(ASSET, ASSET.image))
    assert headings == HEADINGS
    assert row == [
        "1.webp", "ast_1", "", "'=Füchse", "two\nlines", "'+a fox, red", "openai", "m", "0.030000",
        "64", "64", "0" * 64, "",
    ]  # fmt: skip


def test_what_is_not_known_is_not_zero() -> None:
    unknown = replace(ASSET, cost=UNKNOWN)
    uploaded = replace(ASSET, cost=None, recipe={})
    _, first, second = rows(AssetFile(unknown, ASSET.image), AssetFile(uploaded, ASSET.image))
    assert (first[8], second[8]) == ("unknown", "")
    assert second[5:8] == ["", "", ""]


def test_a_file_of_an_image_says_its_name_and_adds_no_cost() -> None:
    _, row = rows(AssetFile(ASSET, replace(ASSET.image, width=300), "=mobile", "instagram"))
    assert (row[1], row[2], row[8], row[9]) == ("ast_1", "'=mobile", "", "300")


def test_a_model_has_no_size_in_pixels() -> None:
    _, row = rows(AssetFile(ASSET, replace(ASSET.image, width=0, height=0)))
    assert row[9:11] == ["", ""]


def test_missing_assets_are_named() -> None:
    _, row = rows(missing=("ast_7",))
    assert row == ["", "ast_7", *[""] * 10, "missing"]
