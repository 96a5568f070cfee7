"""Numbers, flags, sizes and lists as spreadsheets write them."""

from decimal import Decimal

import pytest

from studio.domain.batches.cells import asset_ids, fault_of, value_of
from studio.domain.batches.members import MEMBERS
from studio.domain.operations.table import OPERATIONS
from studio.services.orders import body

THIN, NARROW, FIXED = "\u2009", "\u202f", "\u00a0"


def code_of(name: str, text: str) -> str | None:
    fault = fault_of(name, text, "A2")
    return fault and fault[0]


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("width", "512", 512),
        ("width", "512.0", 512),
        ("width", "512,0", 512),
        ("width", "512.00000", 512),
        ("width", "512.000", 512),
        ("width", "512.", 512),
        ("width", "+512", 512),
        ("width", "0512", 512),
        ("width", "1.536", 1536),
        ("width", "1,536", 1536),
        ("width", "1.000", 1000),
        ("width", "1 024", 1024),
        ("width", f"1{FIXED}024", 1024),
        ("width", f"1{NARROW}024", 1024),
        ("width", f"1{THIN}024", 1024),
        ("width", "1'024", 1024),
        ("width", "1\u2019024", 1024),
        ("width", "1_024", 1024),
        ("width", "1,024.0", 1024),
        ("width", "1.024,00", 1024),
        ("width", "5.12E+02", 512),
        ("width", "5,12E+02", 512),
        ("width", "5.12e2", 512),
        ("width", "1E3", 1000),
        ("width", "\uff15\uff11\uff12", 512),
        ("variations", "2.0", 2),
        ("variations", "1.000", 1),
        ("seed", "42.0", 42),
        ("seed", "4,294,967,294", 4_294_967_294),
        ("seed", "4.294.967.294", 4_294_967_294),
        ("seed", "42,94,96,729", 429_496_729),
        ("seed", "4.29E+09", 4_290_000_000),
        ("steps", "30.00", 30),
        ("output_quality", "90 %", 90),
        ("output_quality", "90%", 90),
        ("max_bytes", "1 048 576", 1_048_576),
        ("vertex_count", "-1", -1),
        ("vertex_count", "\u22121.0", -1),
        ("texture_resolution", "1.024", 1024),
        ("texture_resolution", "1024.0", 1024),
        ("grow_mask", "5.0", 5),
        ("strength", "0.7", "0.7"),
        ("strength", "0,7", "0.7"),
        ("strength", ",7", "0.7"),
        ("strength", ".7", "0.7"),
        ("strength", "0.70", "0.7"),
        ("strength", "1", "1"),
        ("strength", "1.0", "1"),
        ("strength", "7E-01", "0.7"),
        ("strength", "7,0E-1", "0.7"),
        ("strength", "70%", "0.7"),
        ("strength", "70 %", "0.7"),
        ("strength", f"70,5{FIXED}%", "0.705"),
        ("strength", "0,125", "0.125"),
        ("strength", "0.30000000000000004", "0.3"),
        ("strength", "0.333333333333333", "0.3333"),
        ("guidance", "7,5", "7.5"),
        ("guidance", "7.5", "7.5"),
        ("guidance", "7,125", "7.125"),
        ("creativity", "0,35", "0.35"),
        ("control_strength", "35%", "0.35"),
        ("foreground_ratio", "0,85", "0.85"),
        ("max_cost", "0.50", "0.5"),
        ("max_cost", "0,50", "0.5"),
        ("max_cost", "$0.50", "0.5"),
        ("max_cost", "$ 0.50", "0.5"),
        ("max_cost", "0,50 $", "0.5"),
        ("max_cost", "USD 0.50", "0.5"),
        ("max_cost", "0.50 usd", "0.5"),
        ("max_cost", "1,234.50", "1234.5"),
        ("max_cost", "1.234,50", "1234.5"),
        ("max_cost", f"1{NARROW}234,50", "1234.5"),
        ("max_cost", "1.234", "1.234"),
        ("max_cost", "0.6666666666666666", "0.666666"),
        ("max_cost", "5E-02", "0.05"),
    ],
)
def test_a_number_is_read_as_spreadsheets_write_it(name: str, cell: str, value: object) -> None:
    assert code_of(name, cell) is None
    assert value_of(name, cell) == value


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("width", "512.5"),
        ("width", "1.5E+00"),
        ("width", "12.34.56"),
        ("width", "1,2,3"),
        ("width", "512 cm"),
        ("width", "1 02"),
        ("width", "5 12"),
        ("width", "TRUE"),
        ("width", "0x200"),
        ("width", "1e999"),
        ("width", "nan"),
        ("width", "Infinity"),
        ("width", "."),
        ("width", "--512"),
        ("width", "512%"),
        ("width", "5\u00b2"),
        ("width", "1" * 30),
        ("strength", "half"),
        ("strength", "0.7.0"),
        ("guidance", "7%"),
        ("guidance", "1,2,3"),
        ("max_cost", "0.5%"),
        ("max_cost", "about 1"),
    ],
)
def test_what_is_no_number_is_left_to_be_refused(name: str, cell: str) -> None:
    assert code_of(name, cell) is None
    assert value_of(name, cell) == cell


@pytest.mark.parametrize(
    ("name", "cell", "readings"),
    [
        ("seed", "42.000", "42 or 42000"),
        ("seed", "1,000", "1 or 1000"),
        ("max_cost", "1,234", "1.234 or 1234"),
        ("max_cost", "$2,500", "2.5 or 2500"),
        ("steps", "1.000", "1 or 1000"),
    ],
)
def test_a_number_that_countries_read_differently_is_faulty(
    name: str, cell: str, readings: str
) -> None:
    fault = fault_of(name, cell, "B3")

    assert fault is not None
    assert fault[0] == "number-ambiguous"
    assert readings in fault[1]


@pytest.mark.parametrize("name", sorted(name for name in MEMBERS if MEMBERS[name].kind == "flag"))
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("TRUE", True), ("Yes", True), ("1", True), ("1.0", True), ("1,0", True), ("WAHR", True),
        ("VRAI", True), ("VERDADERO", True), ("ИСТИНА", True), ("x", True), ("ja", True),
        ("FALSE", False), ("no", False), ("0", False), ("0.0", False), ("FALSCH", False),
        ("FAUX", False), ("FALSO", False), ("nein", False), ("maybe", "maybe"), ("2", "2"),
    ],
)  # fmt: skip
def test_a_flag_is_read_in_many_languages(name: str, cell: str, value: object) -> None:
    found = value_of(name, cell)

    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("size", "1024 x 512", "1024x512"),
        ("size", "1024X512", "1024x512"),
        ("size", "1024\u00d7512", "1024x512"),
        ("size", "1024*512", "1024x512"),
        ("size", f"1024{FIXED}x{FIXED}512", "1024x512"),
        ("size", "1024.0x512.0", "1024x512"),
        ("size", "huge", "huge"),
        ("aspect_ratio", "16:9", "16:9"),
        ("aspect_ratio", "16:09", "16:9"),
        ("aspect_ratio", "16:09:00", "16:9"),
        ("aspect_ratio", "01:01", "1:1"),
        ("aspect_ratio", "09:16", "9:16"),
        ("aspect_ratio", "10:20", "10:20"),
        ("aspect_ratio", "16:9:30", "16:9:30"),
        ("folder", "1042.0", "1042.0"),
    ],
)
def test_a_size_and_a_ratio_are_read_as_people_and_spreadsheets_write_them(
    name: str, cell: str, value: str
) -> None:
    assert value_of(name, cell) == value


@pytest.mark.parametrize(
    "cell",
    ["a b", "a;b", "a;;b", ";a;b", "a,b,", "a, ,b", "a | b |", "a\nb\n", "; ;a;;;b; ;", "a\u00a0b",
     "\u200ba,\u200bb"],
)  # fmt: skip
def test_empty_members_of_a_list_do_not_count(cell: str) -> None:
    assert value_of("formats", cell) == ["a", "b"]


@pytest.mark.parametrize("name", ["formats", "source", "labels", "renditions"])
@pytest.mark.parametrize("cell", [";", ",,", "; ; ;", "|"])
def test_a_list_without_members_gives_nothing(name: str, cell: str) -> None:
    assert value_of(name, cell) is None


@pytest.mark.parametrize(
    ("cell", "files"),
    [
        ("ast_1", [{"asset_id": "ast_1"}]),
        ("ast_1;;ast_2,", [{"asset_id": "ast_1"}, {"asset_id": "ast_2"}]),
        ("ast_1 upl_2", [{"asset_id": "ast_1"}, {"upload_id": "upl_2"}]),
        ("https://a.test/x,y;z.png", [{"url": "https://a.test/x,y;z.png"}]),
        ("https://a.test/1.png,", [{"url": "https://a.test/1.png"}]),
        (
            ",https://a.test/1,2.png; https://a.test/2.png;\nast_3 ;",
            [
                {"url": "https://a.test/1,2.png"},
                {"url": "https://a.test/2.png"},
                {"asset_id": "ast_3"},
            ],
        ),
    ],
)
def test_files_are_assets_uploads_and_addresses(cell: str, files: list[object]) -> None:
    assert value_of("source", cell) == files
    if len(files) == 1:
        assert value_of("mask", cell) == files[0]
    assets = [one["asset_id"] for one in files if isinstance(one, dict) and "asset_id" in one]
    assert list(asset_ids("source", cell)) == assets


def test_labels_and_renditions_are_pairs() -> None:
    labels = value_of("labels", "campaign = spring; ;sku=1=2, empty=;")
    assert labels == {"campaign": "spring", "sku": "1=2", "empty": ""}
    assert value_of("labels", "spring") == "spring"
    assert value_of("renditions", "mobile=640x960;; 1200x; x80,tile") == [
        {"name": "mobile", "width": 640, "height": 960},
        {"width": 1200},
        {"height": 80},
        "tile",
    ]


def test_the_limits_of_numbers_are_those_of_a_job_body() -> None:
    schema = body.JobBody.model_json_schema()
    output = schema["$defs"]["OutputBody"]["properties"]
    places = {
        **{name: schema["properties"].get(name, {}) for name in MEMBERS},
        "output_quality": output["quality"],
        "max_bytes": output["max_bytes"],
    }
    for name, member in MEMBERS.items():
        if member.kind not in ("integer", "decimal") or member.path[0] == "input":
            continue
        stated = [places[name], *places[name].get("anyOf", ())]
        low = next(one["minimum"] for one in stated if "minimum" in one)
        high = next(one["maximum"] for one in stated if "maximum" in one)
        assert (member.low, member.high) == (Decimal(low), Decimal(high)), name


def test_every_input_of_every_operation_is_a_column() -> None:
    inputs = {name for operation in OPERATIONS.values() for name in operation.options}
    files = {role for operation in OPERATIONS.values() for role in operation.files}

    assert inputs <= MEMBERS.keys()
    assert {"source" if role == "image" else role for role in files} <= MEMBERS.keys()
    assert {MEMBERS[name].path for name in inputs} == {("input", name) for name in inputs}
