"""Tables in the encodings of old spreadsheets: read with a warning, or refused, never misread."""
# ruff: noqa: RUF001

import pytest

from studio.domain.batches.table import read_sheet
from studio.domain.batches.table_error import TableError


def in_table(prompt: str, encoding: str, ending: str = "\r\n") -> bytes:
    quoted = '"' + prompt.replace('"', '""') + '"'
    return f"prompt,size{ending}{quoted},512x512{ending}".encode(encoding)


@pytest.mark.parametrize(
    "prompt",
    [
        "Küche", "Straße, GRÖSSE, STRAßE, Öl", "une tasse à café, où, cœur d’été", "Citroën naïve",
        "taza, niño, jardín, Corazón, ¿qué? ¡hola!", "it’s a “mug” – 5 €, £5, 20°C, don’t",
        "smörgåsbord på ö, Åse, blåbærgrød", "caffè, perché, l’art dell’arte", "Mug™ 30×40 cm ½ l",
        "São Paulo, coração", "«été», ‘für’, ‚für‘, „Für Elise“", "brand® m² 10 µm", "5\xa0cm für",
        "ÉTÉ, DÉJÀ VU, À", "night—day für 2…3", "n°1, 1º, 2ª", "the cats’ 50 % – now",
        "Garçon… thé",
    ],
)  # fmt: skip
def test_windows_1252_is_read_and_said(prompt: str) -> None:
    sheet = read_sheet(in_table(prompt, "cp1252"))

    assert sheet.rows[0].cells[0] == prompt
    assert sheet.encoding == "windows-1252"
    (warning,) = sheet.warnings
    assert "read as Windows-1252: " in warning


def test_the_warning_shows_words_to_compare() -> None:
    (warning,) = read_sheet(in_table("Küche Küche Öl, été, où", "cp1252")).warnings

    assert warning == (
        'the file was read as Windows-1252: "Küche", "Öl", "été"; '
        "if that is wrong, save it as UTF-8"
    )


@pytest.mark.parametrize(
    ("prompt", "encoding"),
    [
        ("Küche", "mac-roman"), ("café", "mac-roman"), ("jardín", "mac-roman"),
        ("Corazón", "mac-roman"), ("niño", "mac-roman"), ("Ärger", "mac-roman"),
        ("Öl", "mac-roman"), ("Über", "mac-roman"), ("él", "mac-roman"), ("está", "mac-roman"),
        ("à la", "mac-roman"), ("it’s “so”", "mac-roman"), ("Küche 5 €", "mac-roman"),
        ("Küche", "cp850"), ("schön", "cp850"), ("Straße", "cp850"), ("café", "cp850"),
        ("Übung", "cp850"), ("está", "cp850"), ("für", "cp437"), ("ä", "cp850"),
        ("Кружка на столе", "cp1251"), ("и я", "cp1251"), ("Кружка", "koi8-r"),
        ("マグカップ", "shift_jis"), ("白い", "shift_jis"), ("ｱｲｽ", "shift_jis"),
        ("赤い", "euc_jp"), ("红色自行车", "gbk"), ("紅色", "big5"), ("빨간 자전거", "euc_kr"),
        ("zdjęcie łóżko", "cp1250"), ("łódź", "cp1250"), ("kırmızı bisiklet", "cp1254"),
        ("κόκκινο", "cp1253"), ("אדום", "cp1255"), ("مرحبا", "cp1256"), ("สวัสดี", "cp874"),
        ("ąžuolas", "cp1257"), ("5 €", "iso8859-15"), ("cœur", "iso8859-15"),
    ],
)  # fmt: skip
def test_other_encodings_are_refused(prompt: str, encoding: str) -> None:
    with pytest.raises(TableError, match="save it as UTF-8") as refused:
        read_sheet(in_table(prompt, encoding))

    assert refused.value.code == "wrong-encoding"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("prompt\nKüche\n".encode() + "für\n".encode("cp1252"), id="two encodings"),
        pytest.param(b"\xef\xbb\xbfprompt\nK\xfcche\n", id="marked as UTF-8"),
        pytest.param(in_table("Küche für", "cp1252", "\r"), id="line ends of an old Mac"),
        pytest.param("prompt\nКружка\n".encode()[:-2] + b"\n", id="half a character"),
        pytest.param("prompt\nKüche\n".encode("utf-16") + b"x", id="half of UTF-16"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(data: bytes) -> None:
    with pytest.raises(TableError) as refused:
        read_sheet(data)

    assert refused.value.code == "wrong-encoding"


def test_a_refusal_counts_the_line_ends_of_any_system() -> None:
    with pytest.raises(TableError, match="line 4"):
        read_sheet(b"prompt\r\nfine\rfine\nK\x9fche\n")


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32-le")],
)  # fmt: skip
@pytest.mark.parametrize("prompt", ["Küche “ÄÖÜ” 5 €", "マグカップ", "Кружка", "a fox", "«Â», SÃO"])
def test_unicode_needs_no_warning(prompt: str, encoding: str, named: str) -> None:
    sheet = read_sheet(in_table(prompt, encoding))

    assert (sheet.rows[0].cells[0], sheet.encoding, sheet.warnings) == (prompt, named, ())


@pytest.mark.parametrize("prompt", ["KÃ¼che", "itâ€™s", "CafÃ©", "caf\ufffd", "Â£5", "â€œsoâ€\x9d"])
def test_text_that_was_misread_before_is_named(prompt: str) -> None:
    (warning,) = read_sheet(in_table(prompt, "utf-8")).warnings

    assert prompt[:3] in warning


def test_a_large_table_is_searched_once() -> None:
    # A search that begins again at each character would take hours here.
    for unit in ("für Küche “x” – ", "ü", "\u2019", "\u201e", "a", "a\u00fc"):
        data = b"prompt,note\n" + b"a,b\n" + (unit * 100_000).encode("cp1252")
        try:
            read_sheet(data)
        except TableError as error:
            assert error.code == "wrong-encoding"
