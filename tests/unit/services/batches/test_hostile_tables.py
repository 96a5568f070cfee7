"""Tables that programs and people get wrong, each through the whole check."""

from typing import Any

import pytest

from studio.domain.batches.errors_csv import errors_csv
from studio.domain.batches.table import read_sheet
from tests.support.workflows.batches import memory_batches

SIZE = "512x512"


def codes(table: str | bytes, **options: Any) -> list[tuple[str | None, str]]:
    """Return column and code of each error; empty if every row is valid."""
    data = table.encode() if isinstance(table, str) else table
    value = memory_batches().checked_file(data, **options)
    return [(error.column, error.code) for error in value.errors]


@pytest.mark.parametrize(
    "heading",
    ["Width (px)", "width in px", "Width [px]", "width_px", "WIDTH (Pixels)", "Width\n(in pixels)",
     "Width (required)", "width*", "\u00a0Wi\u200bdth\u00a0(px)"],
)  # fmt: skip
def test_a_heading_may_name_its_unit(heading: str) -> None:
    assert codes(f'prompt,height,"{heading}"\na fox,512,512\n') == []


@pytest.mark.parametrize(
    "heading", ["Max cost (USD)", "max_cost_usd", "Max cost in $", "Max cost (US$)"]
)
def test_a_cap_counts_whatever_its_heading_says_about_dollars(heading: str) -> None:
    assert codes(f"prompt,size,{heading}\na fox,{SIZE},0.000001\n") == [
        (heading, "max-cost-exceeded")
    ]


@pytest.mark.parametrize(
    "heading", ["Max cost (EUR)", "Max bytes (KB)", "Width (cm)", "Duration (ms)"]
)
def test_another_unit_is_not_taken_for_ours(heading: str) -> None:
    value = memory_batches().checked_file(f"prompt,size,{heading}\na fox,{SIZE},5\n".encode())

    assert value.ignored == (heading,)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("quality", "Draft"), ("quality", "DRAFT"), ("format", "WEBP"), ("format", "Png"),
        ("operation", "Generate"), ("fit", "Cover"), ("gravity", "SMART"), ("provider", "OpenAI"),
        ("style_preset", "Anime"),
    ],
)  # fmt: skip
def test_words_of_a_list_have_any_case(column: str, cell: str) -> None:
    wrong = codes(f"prompt,size,{column}\na fox,{SIZE},{cell}\n")

    assert "literal-error" not in [code for _, code in wrong]
    assert not any(code.endswith("unknown") for _, code in wrong)


@pytest.mark.parametrize(
    "cell", ["512px x 512px", "512x512px", "512 PX \u00d7 512 PX", "512.0x512.0"]
)
def test_a_size_may_name_pixels(cell: str) -> None:
    assert codes(f"prompt,size\na fox,{cell}\n") == []


@pytest.mark.parametrize("cell", ["16 : 9", "16\u22369", "16\uff1a9", "16:09:00"])
def test_a_shape_has_any_colon(cell: str) -> None:
    assert codes(f"prompt,aspect_ratio\na fox,{cell}\n") == []


@pytest.mark.parametrize("cell", ["£5", "5,00 €", "¥500", "5 EUR", "CHF 5", "¢50"])
def test_another_currency_is_named(cell: str) -> None:
    assert codes(f'prompt,size,max_cost\na fox,{SIZE},"{cell}"\n') == [
        ("max_cost", "currency-unknown")
    ]


@pytest.mark.parametrize(
    "cell", ["$5", "5 $", "USD 5", "5 USD", "US$5", "$1,024.00", "1.024,00", "5E0"]
)
def test_dollars_are_dollars(cell: str) -> None:
    assert codes(f'prompt,size,max_cost\na fox,{SIZE},"{cell}"\n') == []


@pytest.mark.parametrize("cell", ["a\x00 fox", "a \x07fox", "a \x1b[31mfox", "a fox\x7f!"])
def test_a_control_character_is_no_text(cell: str) -> None:
    assert codes(f"prompt,size\n{cell},{SIZE}\n") == [("prompt", "control-character")]


@pytest.mark.parametrize("cell", ["\x00a fox\x00\x00", "a\x0bfox", '"a\nfox"', '"a\r\n\tfox"'])
def test_blanks_and_padding_are_no_control_characters(cell: str) -> None:
    assert codes(f"prompt,size\n{cell},{SIZE}\n") == []


def test_labels_are_refused_in_words_of_tables() -> None:
    value = memory_batches().checked_file(f"prompt,size,labels\na fox,{SIZE},spring\n".encode())

    assert "campaign=spring" in value.errors[0].detail


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "workbook"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"%PDF-1.7\n", "PDF"), (b"\x1f\x8b\x08\x00", "compressed"), (b"\x89PNG\r\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"), (b"{\\rtf1\\ansi prompt,size}", "RTF"),
        (b"\xef\xbb\xbf\r\n<html><table>", "HTML"), (b"<?xml version='1.0'?>", "XML"),
        (b'[{"prompt": "a fox"}]', "JSON"), (b'{\n "prompt": "a fox"}', "JSON"),
    ],
)  # fmt: skip
def test_what_is_no_csv_is_refused_by_name(data: bytes, said: str) -> None:
    value = memory_batches().checked_file(data)

    (error,) = value.errors
    assert (value.status, error.code) == ("invalid", "not-csv")
    assert said in error.detail


@pytest.mark.parametrize(
    "head", ["{prompt},size,prompt", "[prompt],size,prompt", "<b>,prompt,size", "PK,prompt,size"]
)
def test_a_heading_with_brackets_is_a_table(head: str) -> None:
    value = memory_batches().checked_file(f"{head}\n1,{SIZE},2\n".encode())

    assert [error.code for error in value.errors] != ["not-csv"]


@pytest.mark.parametrize(
    "table",
    [
        '"prompt,size"\n"a fox,512x512"\n',
        '"prompt,size"\r\n"""a fox, red"",512x512"\r\n',
        'prompt,size\n"""a fox, red"",512x512"\n',
        'prompt,size\n"""a ""red"" fox"",512x512"\n'.replace('""red""', '""""red""""'),
    ],
)
def test_quotes_around_whole_rows_do_not_count(table: str) -> None:
    assert codes(table) == []
    sheet = read_sheet(table.encode())
    assert sheet.header == ("prompt", "size")
    assert sheet.rows[0].cells[1] == SIZE
    again = read_sheet(errors_csv(sheet.header, ",", [(row, []) for row in sheet.rows]))
    assert again.rows[0].cells == sheet.rows[0].cells


def test_a_prompt_with_commas_is_no_row() -> None:
    sheet = read_sheet(b'prompt\n"a red, blue fox"\n"say ""hi"", fox"\n')

    assert [row.cells for row in sheet.rows] == [("a red, blue fox",), ('say "hi", fox',)]


def prompts(table: str) -> list[str]:
    """Return the prompts of the rows that are read."""
    return [row.cells[0] for row in read_sheet(table.encode()).rows]


@pytest.mark.parametrize(
    "cell", ["campaign=spring; campaign=summer", "a=1;b=2;a=", "sku=1042\nsku=1043"]
)
def test_labels_that_contradict_each_other_are_refused(cell: str) -> None:
    assert codes(f'prompt,size,labels\na fox,{SIZE},"{cell}"\n') == [("labels", "duplicate")]


@pytest.mark.parametrize("cell", ["a=1; a=1", "colours=red\u3001blue"])
def test_a_label_given_twice_is_one_and_its_value_has_any_sign(cell: str) -> None:
    assert codes(f'prompt,size,labels\na fox,{SIZE},"{cell}"\n') == []


@pytest.mark.parametrize(
    "error",
    ["#Error", "#Deleted", "#Func!", "#Size!", "#Type!", "#CIRC!", "#CYCLE!", "#ERROR",
     "#N/A N/A", "#N/A Requesting Data...", "=#REF!", "'#REF!", "\uff03REF\uff01", "#HODNOTA!",
     "#NÁZOV?", "#\u03a4\u0399\u039c\u0397!", "#\u0394/\u03a5", "Loading..."],
)  # fmt: skip
def test_more_errors_of_programs_make_their_row_faulty(error: str) -> None:
    assert codes(f"prompt,size\n{error},{SIZE}\n") == [("prompt", "spreadsheet-error")]


@pytest.mark.parametrize(
    "prompt", ["#Error 404 in neon", "Loading... bar", "=#", "#Type", "#errors"]
)
def test_a_text_that_only_begins_like_an_error_is_a_text(prompt: str) -> None:
    assert codes(f"prompt,size\n{prompt},{SIZE}\n") == []


@pytest.mark.parametrize(
    "head", ["prompt,size", "\ufeffprompt,size", "PROMPT, Size", "prompt,size,,"]
)
def test_the_header_of_a_joined_file_is_no_row(head: str) -> None:
    assert prompts(f"prompt,size\na fox,{SIZE}\n{head}\na cat,{SIZE}\n") == ["a fox", "a cat"]
    assert prompts("prompt\na fox\nprompt\na cat\n") == ["a fox", "a cat"]


@pytest.mark.parametrize("tail", [";", ";;;", "\t\t", "||"])
def test_empty_columns_of_another_delimiter_do_not_count(tail: str) -> None:
    rows = f'a fox,{SIZE}{tail}\r\n"a red, blue fox",{SIZE}{tail}\r\na cat,{SIZE}\r\n'

    assert codes(f"prompt,size{tail}\r\n{rows}") == []
    assert prompts(f"prompt,size{tail}\r\n{rows}")[1] == "a red, blue fox"


def test_a_delimiter_behind_the_last_cell_is_text_if_the_header_has_none() -> None:
    assert read_sheet(b"size,prompt\n9x9,a fox;\n").rows[0].cells == ("9x9", "a fox;")


@pytest.mark.parametrize("line", ["sep=,", "sep=|", "sep=\t"])
def test_a_separator_line_that_does_not_fit_is_not_obeyed(line: str) -> None:
    assert codes(f"{line}\nprompt;size\na fox;{SIZE}\n") == []


@pytest.mark.parametrize("cell", ["1,024 x 1,024", "1.024x1.024", "1 024 x 1 024", "1'024x1024"])
def test_a_size_may_separate_thousands(cell: str) -> None:
    assert codes(f'prompt,size\na fox,"{cell}"\n') == []


@pytest.mark.parametrize(
    ("column", "cell"),
    [("seed", '="42"'), ("seed", "'42"), ("size", '="512x512"'), ("strict", '="TRUE"'),
     ("strict", "-1"), ("strict", "\u2611"), ("strict", "\u2714\ufe0f"), ("strict", "\u2610")],
)  # fmt: skip
def test_a_value_kept_as_text_is_still_a_value(column: str, cell: str) -> None:
    quoted = cell.replace('"', '""')
    size = "" if column == "size" else f",{SIZE}"
    head = "" if column == "size" else ",size"

    assert codes(f'prompt{head},{column}\na fox{size},"{quoted}"\n') == []


@pytest.mark.parametrize("mark", ["\u3001", "\uff0c", "\uff1b", "\u060c", "\u2022"])
def test_a_list_has_the_separators_of_other_scripts(mark: str) -> None:
    table = "operation,source,formats\nsocial.optimize,https://example.com/a.jpg,{}\n"

    assert codes(table.format(f"essentials{mark} ig_story")) == []


@pytest.mark.parametrize("mark", ["ï»¿", "Ã¯Â»Â¿", "ï»¿Ã¯Â»Â¿"])
def test_a_mark_that_was_misread_does_not_count(mark: str) -> None:
    assert codes(f"{mark}prompt,size\na fox,{SIZE}\n") == []
