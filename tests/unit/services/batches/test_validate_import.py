"""The dry run of a table: every row is refused exactly as a job would be."""

import csv
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from studio.domain.assets.model import Asset
from studio.domain.batches.manifest import ERRORS, MANIFEST, ROWS
from studio.domain.batches.model import BatchImport
from studio.domain.recipes.model import Recipe
from studio.errors import InvalidRequestError
from studio.money import format_usd
from studio.services.batches.lookups import CachedAssets
from studio.services.batches.rows import PART_BYTES, page_of_rows
from tests.support.builders import TENANT, a_job, an_asset, an_item, unique
from tests.support.fakes.edges import START
from tests.support.fakes.jobs import FakeJobStore
from tests.support.fakes.stores import FakeAssetStore
from tests.support.workflows.batches import BatchStudio, memory_batches


def rows(studio: BatchStudio, value: BatchImport) -> list[dict[str, Any]]:
    data, _ = studio.base.raw.blobs.read(value.key(ROWS))
    return [json.loads(line) for line in data.splitlines()]


def orders(studio: BatchStudio, value: BatchImport) -> list[dict[str, Any]]:
    data, _ = studio.base.raw.blobs.read(value.key(MANIFEST))
    return [json.loads(line) for line in data.splitlines()]


def test_valid_rows_are_priced_and_faulty_ones_named() -> None:
    studio = memory_batches()

    value = studio.checked(
        "prompt,size,variations\nfox,1024x1024,2\n,1024x1024,\nowl,9x9,\nhen,1024x1024,\n"
    )

    assert (value.status, value.delimiter) == ("validated", ",")
    totals = value.totals
    assert (totals.rows, totals.valid, totals.faulty, totals.images) == (4, 2, 2, 3)
    assert totals.estimate > 0
    assert [(error.row, error.column) for error in value.errors] == [(3, "prompt"), (4, "size")]
    found = rows(studio, value)
    assert [(row["row"], row["status"]) for row in found] == [
        (2, "valid"),
        (3, "faulty"),
        (4, "faulty"),
        (5, "valid"),
    ]
    assert [row["images"] for row in found] == [2, 0, 0, 1]


def test_defaults_lie_under_each_row() -> None:
    studio = memory_batches()

    value = studio.checked(
        "prompt,quality\nfox,\nowl,draft\n", defaults={"quality": "premium", "size": "1024x1024"}
    )

    assert [order["quality"] for order in orders(studio, value)] == ["premium", "draft"]
    assert {order["size"] for order in orders(studio, value)} == {"1024x1024"}
    assert {order["operation"] for order in orders(studio, value)} == {"generate"}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("fox,seven,,,", "seed", "int-type"),
        ("fox,,unknown,,", "provider", "provider-unknown"),
        ("fox,,,ast_00000000000000000000000000,", "source", "asset-unknown"),
        ("fox,,,,no-such", "recipe_id", "recipe-unknown"),
        (f"{'x' * 1_000_000},,,,", "prompt", "too-long"),
        (f"fox,,,,{'r' * 2_000}", "recipe_id", "too-long"),
        ("fox,,,,,more", None, "too-many-cells"),
        ('fox,"a"b,,,', None, "malformed-row"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(row: str, column: str | None, code: str) -> None:
    studio = memory_batches()

    value = studio.checked(f"prompt,seed,provider,source,recipe_id\n{row}\nowl,,,,\n")

    (error,) = value.errors
    assert (error.row, error.column, error.code) == (2, column, code)
    assert len(error.detail) < 400
    assert value.totals.valid == 1


@pytest.mark.parametrize(
    ("table", "code"),
    [("", "empty"), ("prompt\n", "no-rows"), ("a,b\n1,2\n", "no-known-column")],
)
def test_what_is_no_table_is_invalid_as_a_whole(table: str, code: str) -> None:
    studio = memory_batches()

    value = studio.checked(table)

    assert value.status == "invalid"
    assert [(error.row, error.code) for error in value.errors] == [(None, code)]


def test_a_table_without_a_known_column_names_its_columns_for_a_mapping() -> None:
    studio = memory_batches()

    assert studio.checked("Words,Note\na mug,nice\n").ignored == ("Words", "Note")
    assert studio.checked("prompt,Prompt,Note\na,b,c\n").ignored == ("Note",)
    assert studio.checked("").ignored == ()


def test_a_faulty_row_shows_its_prompt() -> None:
    studio = memory_batches()
    value = studio.checked("prompt,size\na blue cup,huge\n,1024x1024\n")

    assert [(row["status"], row["prompt"]) for row in rows(studio, value)] == [
        ("faulty", "a blue cup"),
        ("faulty", None),
    ]


def test_the_faulty_rows_come_back_as_a_file_that_can_be_sent_again() -> None:
    studio = memory_batches()
    value = studio.checked('prompt;size\n"=cmd()";9x9\nfine;1024x1024\n')

    data, _ = studio.base.raw.blobs.read(value.key(ERRORS))
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert table[0] == ["prompt", "size", "row", "error"]
    assert table[1][:3] == ["'=cmd()", "9x9", "2"]

    mended = studio.checked(data.decode().replace("9x9", "1024x1024"))
    assert (mended.totals.faulty, mended.ignored) == (0, ())
    assert orders(studio, mended)[0]["prompt"] == "=cmd()"


def test_a_recipe_is_read_once_for_all_its_rows() -> None:
    studio = memory_batches()
    body = {"operation": "generate", "prompt": "a mug", "size": "1024x1024"}
    studio.recipes.put(Recipe(TENANT, "mug", 0, None, body, START, START, "user-1"), None)

    value = studio.checked("recipe_id,prompt\n" + "mug,a cup\n" * 3)

    assert value.totals.valid == 3
    assert "operation" not in orders(studio, value)[0]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("no-such,", "persona_id", "persona-unknown"),
        ("Our Brand,", "persona_id", "string-pattern-mismatch"),
        (f"{'p' * 65},", "persona_id", "too-long"),
        (",maybe", "enhance_prompt", "bool-type"),
    ],
)
def test_a_rows_persona_and_enhancement_are_checked(row: str, column: str, code: str) -> None:
    value = memory_batches().checked(f"prompt,persona_id,enhance_prompt\nfox,{row}\nowl,,no\n")

    (error,) = value.errors
    assert (error.row, error.column, error.code) == (2, column, code)
    assert value.totals.valid == 1


def test_rows_are_priced_with_the_words_that_are_added_to_them() -> None:
    studio = memory_batches()
    persona = Recipe(TENANT, "our-brand", 0, None, {"mood": "calm"}, START, START, "user-1")
    studio.personas.put(persona, None)

    plain = studio.checked("prompt\nfox\n")
    worded = studio.checked("prompt,persona_id,enhance_prompt\nfox,our-brand,TRUE\n")

    assert worded.totals.estimate > plain.totals.estimate
    (order,) = orders(studio, worded)
    assert (order["prompt"], order["persona_id"], order["enhance_prompt"]) == (
        "fox", "our-brand", True,
    )  # fmt: skip


def test_a_rows_template_is_known_and_gives_its_size() -> None:
    studio = memory_batches()
    settings = {"category": "post", "width": 1080, "height": 1350}
    own = Recipe(TENANT, "our-posts", 0, None, settings, START, START, "user-1")
    studio.templates.put(own, None)

    value = studio.checked(
        "prompt,template_id\nfox,our-posts\nfox,web.product-white\nfox,no-such\nfox,A B\n"
    )

    assert value.totals.valid == 2
    assert [(error.row, error.column, error.code) for error in value.errors] == [
        (4, "template_id", "template-unknown"),
        (5, "template_id", "string-pattern-mismatch"),
    ]


def test_an_unknown_price_stays_unknown_in_the_sum() -> None:
    studio = memory_batches()

    value = studio.checked(
        "prompt,provider,model,size\nfox,runware,runware:97@1,1024x1024\nfox,openai,,1024x1024\n"
    )

    assert value.totals.unpriced == 1
    first, second = rows(studio, value)
    assert first["estimate"] is None
    assert format_usd(value.totals.estimate) == second["estimate"]


def test_a_second_check_changes_nothing() -> None:
    studio = memory_batches()
    value = studio.checked("prompt\nfox\n")
    studio.base.raw.blobs.write(value.source, b"prompt\n", "text/csv")

    assert studio.validate.run(TENANT, value.import_id) == "validated"
    assert studio.imports.get(TENANT, value.import_id) == value


def test_an_upload_is_found_by_its_id_and_only_by_its_own_tenant() -> None:
    studio = memory_batches()
    upload = "upl_01KB9S4C5QXR0T8W2YH6M3N7PZ"
    studio.base.raw.blobs.write(f"imports/{TENANT}/{upload}/a.csv", b"prompt\nfox\n", "text/csv")
    studio.base.raw.blobs.write(
        "imports/other/upl_01KB9S4C5QXR0T8W2YH6M3N7Q0/a.csv", b"", "text/csv"
    )

    assert studio.checked("", upload_id=upload).totals.valid == 1
    for wrong in ("upl_01KB9S4C5QXR0T8W2YH6M3N7Q0", "../other", ""):
        with pytest.raises(InvalidRequestError) as refused:
            studio.taken("", upload_id=wrong or "x")
        assert refused.value.fields[0].pointer == "/upload_id"


@dataclass
class CountingAssets:
    """Counts how often and how broadly assets are looked up."""

    inner: FakeAssetStore
    asked: list[int] = field(default_factory=list)

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        self.asked.append(len(asset_ids))
        return self.inner.get_many(tenant, asset_ids)

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        return self.inner.of_uploads(tenant, upload_ids)


def test_all_assets_are_looked_up_together_and_once() -> None:
    studio = memory_batches()
    assert isinstance(studio.base.raw.jobs, FakeJobStore)
    inner = FakeAssetStore(studio.base.raw.jobs.memory)
    asset = replace(an_asset(an_item(a_job())), asset_id=unique("ast"))
    inner.memory.assets[TENANT, asset.asset_id] = asset
    counting = CountingAssets(inner)
    cached = CachedAssets(counting)
    names = [asset.asset_id, *(f"missing-{number}" for number in range(150))]

    assert cached.get_many(TENANT, names) == {asset.asset_id: asset}
    assert cached.get_many(TENANT, names[:5]) == {asset.asset_id: asset}
    assert counting.asked == [151]


def test_a_page_of_rows_reads_the_file_in_parts() -> None:
    lines = [
        json.dumps({"row": number, "status": "faulty" if number % 9 == 0 else "valid"}).encode()
        for number in range(20_000)
    ]
    data = b"\n".join(lines) + b"\n"
    assert len(data) > 2 * PART_BYTES
    read: list[tuple[int, int]] = []

    def part(at: int, size: int) -> bytes:
        read.append((at, size))
        return data[at : at + size]

    seen: list[object] = []
    at: int | None = 0
    pages = 0
    while at is not None:
        found, at = page_of_rows(part, at, 100, "faulty")
        seen += [row["row"] for row in found]
        pages += 1
    assert seen == list(range(0, 20_000, 9))
    assert pages == 23
    assert len(read) <= pages + 4
    first, following = page_of_rows(part, 0, 100, None)
    assert [row["row"] for row in first] == list(range(100))
    assert following == len(b"\n".join(lines[:100])) + 1
