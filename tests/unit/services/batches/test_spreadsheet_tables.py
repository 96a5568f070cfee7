"""Tables as spreadsheets, editors and old systems write them, each through the whole check."""

import json
from typing import Any

import pytest

from studio.domain.batches.manifest import ERRORS, MANIFEST
from studio.domain.batches.model import BatchImport
from studio.domain.batches.table import read_sheet
from tests.support.workflows.batches import BatchStudio, memory_batches

HEADER, ROW = "prompt,size", "a red bicycle,512x512"
PLAIN = f"{HEADER}\r\n{ROW}\r\n"
MARK = "\ufeff"
BODY = {"prompt": "a red bicycle", "size": "512x512", "operation": "generate"}


def orders(studio: BatchStudio, value: BatchImport) -> list[dict[str, Any]]:
    data, _ = studio.base.raw.blobs.read(value.key(MANIFEST))
    return [json.loads(line) for line in data.splitlines()]


def order(table: str | bytes, **options: Any) -> dict[str, Any]:
    """Return the one order of a table whose one row is valid."""
    studio = memory_batches()
    value = studio.checked_file(table.encode() if isinstance(table, str) else table, **options)
    assert [error.detail for error in value.errors] == []
    assert (value.totals.valid, value.totals.faulty) == (1, 0)
    (found,) = orders(studio, value)
    return found


def fault(table: str, **options: Any) -> tuple[int | None, str | None, str]:
    """Return row, column and code of the one error of a table."""
    value = memory_batches().checked_file(table.encode(), **options)
    assert (value.totals.valid, len(value.errors)) == (0, 1)
    (error,) = value.errors
    return error.row, error.column, error.code


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(MARK + PLAIN, id="a mark"),
        pytest.param(MARK * 2 + PLAIN, id="two marks"),
        pytest.param(MARK * 5 + PLAIN, id="five marks"),
        pytest.param(f"{MARK} {MARK}{PLAIN}", id="marks and a blank"),
        pytest.param("ï»¿" + PLAIN, id="a mark read as Latin-1"),
        pytest.param(f'{MARK}"prompt","size"\n"a red bicycle","512x512"\n', id="a mark, quotes"),
        pytest.param(f'{MARK}{MARK}"prompt";"size"\n{MARK}"a red bicycle";512x512', id="marks"),
        pytest.param(f"\u200b{HEADER}\n\u200b{ROW}\u200b\n", id="zero width around lines"),
        pytest.param(f"{HEADER}\u00a0\n\u00a0{ROW}\u00a0\n", id="no-break blanks around lines"),
        pytest.param(f"{HEADER}\n{MARK}{ROW}\n", id="a mark inside"),
        pytest.param(
            "\u200eprompt\u200f,\u2060size\na red bicycle\u200b,\u202a512x512", id="directions"
        ),
        pytest.param("\n\n \u00a0\n" + PLAIN, id="blank lines first"),
        pytest.param(f"{MARK}\n{MARK}{PLAIN}", id="a marked blank line first"),
        pytest.param("prompt , size\n a red bicycle , 512x512 \n", id="blanks around cells"),
        pytest.param('prompt, "size"\n "a red bicycle" , "512x512" \n', id="blanks around quotes"),
        pytest.param(
            '"prompt"\u00a0,\u200b"size"\n"a red bicycle"\ufeff,\t"512x512"', id="quotes"
        ),
        pytest.param("\u3000prompt\u3000,size\n\u3000a red bicycle,512x512\n", id="ideographic"),
        pytest.param(PLAIN + "\x1a", id="Ctrl-Z"),
        pytest.param(PLAIN + "\x1a" * 90, id="a record of Ctrl-Z"),
        pytest.param(PLAIN + "\x1a\r\n", id="Ctrl-Z and a line"),
        pytest.param(PLAIN[:-2] + "\x1a", id="Ctrl-Z behind the last cell"),
        pytest.param(f'{HEADER}\r\n"a red bicycle","512x512"\x1a', id="Ctrl-Z behind quotes"),
        pytest.param(PLAIN + "\x00" * 512, id="a block of NUL"),
        pytest.param(PLAIN + "\x0c", id="a form feed"),
        pytest.param(PLAIN + "\r\n\r\n,,\r\n \r\n", id="blank rows last"),
        pytest.param(PLAIN + f"{MARK}\r\n\u00a0,\u200b\r\n", id="invisible rows last"),
        pytest.param(PLAIN.replace("\r\n", "\r"), id="CR"),
        pytest.param(PLAIN.replace("\r\n", "\n"), id="LF"),
        pytest.param(PLAIN.replace("\r\n", "\r\r\n"), id="CR CR LF"),
        pytest.param(f"{HEADER}\r{ROW}\n", id="CR and LF"),
        pytest.param(PLAIN.replace("\r\n", "\x85"), id="NEL"),
        pytest.param(PLAIN.replace("\r\n", "\x85\n"), id="NEL and LF"),
        pytest.param(PLAIN.replace("\r\n", "\u2028"), id="line separators"),
    ],
)  # fmt: skip
def test_marks_blanks_and_line_ends_around_a_table_do_not_count(table: str) -> None:
    assert order(table) == BODY


@pytest.mark.parametrize(
    "above",
    ["Table 1", "Table 1;", "# export of 2026-11-30, by the shop", "Orders, all\n\nPage 1, of 1"],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_lines_that_a_program_writes_above_the_header_do_not_count(
    above: str, delimiter: str
) -> None:
    assert order(f"{above}\n{PLAIN.replace(',', delimiter)}") == BODY


def test_a_row_with_one_word_of_a_column_is_no_header() -> None:
    assert fault("text,note\nname,tall\nsize,a\n") == (None, None, "no-known-column")
    mapped = order("text,big\nname,512x512\n", mapping={"text": "prompt", "big": "size"})
    assert mapped == {**BODY, "prompt": "name"}


@pytest.mark.parametrize("table", [PLAIN, MARK + PLAIN, f"{MARK}{PLAIN}\x1a", "sep=,\r\n" + PLAIN])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "utf-32"])
def test_a_table_is_read_in_each_encoding_of_unicode(table: str, encoding: str) -> None:
    assert order(table.encode(encoding)) == BODY


@pytest.mark.parametrize("tail", [b"\x1a", b"\n", b"\x00"])
def test_a_single_byte_behind_utf_16_does_not_count(tail: bytes) -> None:
    assert order(PLAIN.encode("utf-16") + tail) == BODY


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":"])
@pytest.mark.parametrize(
    "line",
    [
        "sep={}", "SEP={}", "Sep = {}", '"sep={}"', f"{MARK}sep={{}}", f'{MARK}{MARK}"sep={{}}"',
        "\u00a0sep={} ", "\nsep={}", "sep={0}{0}{0}",
    ],
)  # fmt: skip
def test_a_first_line_names_the_delimiter(line: str, delimiter: str) -> None:
    table = PLAIN.replace(",", delimiter)

    assert order(f"{line.format(delimiter)}\r\n{table}") == BODY


def test_a_separator_line_that_another_spreadsheet_saved_has_the_new_delimiter() -> None:
    assert order("sep=;,,\r\n" + PLAIN) == BODY
    assert order('"sep=,";\r\n' + PLAIN.replace(",", ";")) == BODY


def test_a_separator_line_has_no_number_and_the_caller_goes_first() -> None:
    assert fault("sep=;\nprompt;size\na;9x9\n") == (2, "size", "string-pattern-mismatch")
    assert order("sep=;\r\n" + PLAIN, delimiter=",") == BODY


@pytest.mark.parametrize(
    "header",
    [
        "Prompt (de, en);prompt;size", "a,b,c;prompt;size", "x|y;prompt;size", "prompt;cm,kg;size",
    ],
)  # fmt: skip
def test_the_delimiter_is_the_one_that_gives_known_headings(header: str) -> None:
    row = ["" for _ in header.split(";")]
    for heading, cell in (("prompt", "a red bicycle"), ("size", "512x512")):
        row[header.split(";").index(heading)] = cell

    assert order(f"{header}\n{';'.join(row)}\n") == BODY


@pytest.mark.parametrize("count", [1, 200, 5_000])
@pytest.mark.parametrize("name", ["", " ", "\u00a0", '""'])
def test_empty_columns_at_the_right_do_not_count(name: str, count: int) -> None:
    table = HEADER + f",{name}" * count + "\r\n" + ROW + "," * count + "\r\n"

    assert order(table) == BODY


@pytest.mark.parametrize(
    "names",
    [
        [f"Column{number}" for number in range(300)],
        [f"Unnamed: {number}" for number in range(150)],
        ["note"] * 150,
        ["", "", ""],
        ["n" * 5_000],
        ["#REF!", "=A1", "'x", "-", "***", "é", "一", "\u200b", "sep=;"],
        ["two\nlines", "a, b", 'the "best"'],
        ["price per unit ($)", "row", "id", "url"],
    ],
)
def test_columns_that_mean_nothing_have_any_number_and_any_name(names: list[str]) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    table = (
        f"{','.join(['prompt', *quoted, 'size'])}\na red bicycle{',#N/A' * len(names)},512x512\n"
    )

    assert order(table) == BODY


def test_the_faulty_rows_of_a_very_wide_table_are_not_filled_up() -> None:
    studio = memory_batches()
    header = ",".join(["prompt", *(f"c{number}" for number in range(15_000)), "size"])
    value = studio.checked_file(
        (f"{header}\n" + "fox,1,2\n=x,1\n" * 5).encode(), defaults={"size": "9x9"}
    )

    data, _ = studio.base.raw.blobs.read(value.key(ERRORS))
    sheet = read_sheet(data)
    assert value.totals.faulty == 10
    assert len(data) < 20_000
    assert (sheet.header[:2], sheet.header[-1], len(sheet.header)) == (
        ("prompt", "c0"),
        "size",
        201,
    )
    assert [row.cells[0] for row in sheet.rows[:2]] == ["fox", "=x"]


def test_ignored_columns_are_named_shortly() -> None:
    names = [f"note {number}" for number in range(300)]
    table = ",".join(["prompt", "n" * 5_000, "two\nlines".join('""'), *names]) + "\na fox\n"
    value = memory_batches().checked_file(table.encode())

    assert value.ignored[:3] == ("n" * 100, "two lines", "note 0")
    assert len(value.ignored) == 200


@pytest.mark.parametrize(
    "heading",
    ["max_cost", "Max cost", "MAX_COST", "max-cost", " max  cost ", "MaxCost", "max\u00a0cost",
     "Max\ncost", "max.cost:", "\uff4d\uff41\uff58\uff3f\uff43\uff4f\uff53\uff54", "*max cost*"],
)  # fmt: skip
def test_headings_match_loosely(heading: str) -> None:
    table = f'prompt,size,"{heading}"\na red bicycle,512x512,0.50\n'

    assert order(table) == {**BODY, "max_cost": "0.5"}


@pytest.mark.parametrize(
    "error",
    [
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!",
        "#FIELD!", "#GETTING_DATA", "#BUSY!", "#ref!", "#n/a", " #REF! ", "\u00a0#N/A", "#NV",
        "#BEZUG!", "#WERT!", "#ZAHL!", "#ÜBERLAUF!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#N/D",
        "#¡REF!", "#¿NOMBRE?", "#¡VALOR!", "#RIF!", "#VALORE!", "#VERW!", "#N/B", "#SAKNAS!",
        "#ARG!", "#ЗНАЧ!", "#\u041d/\u0414", "#YOK", "#ERROR!", "Err:502", "########",
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["Prompt", "size", "name", "source"])
def test_an_error_of_a_spreadsheet_makes_its_row_faulty(error: str, column: str) -> None:
    cells = {"Prompt": "a fox", "size": "512x512", "name": "", "source": ""} | {column: error}

    found = fault(f"{','.join(cells)}\n{','.join(cells.values())}\n")

    assert found == (2, column, "spreadsheet-error")


def test_an_error_of_a_spreadsheet_is_shown_with_its_cell() -> None:
    value = memory_batches().checked("note,prompt\n,#REF!\n")

    assert "#REF!" in value.errors[0].detail
    assert "cell B2" in value.errors[0].detail


@pytest.mark.parametrize(
    "prompt", ["#1 in red", "#nv", "#REF! in neon", "#sale!", "# N/A", "N/A", "REF!"]
)
def test_a_text_that_is_like_an_error_is_a_text(prompt: str) -> None:
    assert order(f"prompt,size\n{prompt},512x512\n") == {**BODY, "prompt": prompt}


@pytest.mark.parametrize(
    "prompt",
    [
        "'-20% off' in red letters", "'=' sign made of wood", "neon sign,'@home' in pink", "''",
        "'tis", "'='", "it's; '=1", "\u2019=1", "'\uff1d'", "' -1'", "'\t=1'",
    ],
)  # fmt: skip
def test_apostrophes_stay_where_the_writer_put_them(prompt: str) -> None:
    assert order(f'prompt,size\n"{prompt}",512x512\n') == {**BODY, "prompt": prompt}


@pytest.mark.parametrize(
    ("table", "mapping", "code"),
    [
        ("text,prompt,size\na,b,512x512\n", {"text": "prompt"}, "duplicate-column"),
        ("a,b\nx,y\n", {"a": "prompt", "b": "prompt"}, "duplicate-column"),
        ("text,text\nx,y\n", {"text": "prompt"}, "duplicate-column"),
        ("text,size\na,512x512\n", {"text": "prompt", " TEXT ": "name"}, "mapping-contradictory"),
        ("text,size\na,512x512\n", {"text": "prompt", "txt": "name"}, "mapping-unknown-column"),
        ("Prompt,prompt,size\na,b,512x512\n", {}, "duplicate-column"),
        ("prompt,Max cost,max_cost\na,1,2\n", {}, "duplicate-column"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(
    table: str, mapping: dict[str, str], code: str
) -> None:
    assert fault(table, mapping=mapping) == (None, None, code)
