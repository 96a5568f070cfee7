"""Names in an archive: what a pattern says, fit for every system, each only once."""

import re
import unicodedata
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.downloads.model import AssetFile
from studio.domain.downloads.naming import (
    DEFAULT,
    MANIFEST,
    Names,
    Pattern,
    default_naming,
    safe_name,
)
from studio.errors import InvalidRequestError
from tests.support.builders import a_job, an_asset, an_item

ASSET = replace(
    an_asset(an_item(a_job(), 7)),
    asset_id="ast_1",
    job_id="job_1",
    label="Featured image",
    title="Mornings",
    operation="edit.outpaint",
)
FILE = AssetFile(ASSET, ASSET.image)
SOCIAL = AssetFile(ASSET, replace(ASSET.image, width=1080, height=1920), "ig_story", "instagram")
NAMED = AssetFile(
    replace(ASSET, operation="upload", label=None, title="商品写真.jpeg"), ASSET.thumbnail
)
UPLOADED = AssetFile(replace(ASSET, job_id=None, item=None, label=None, title=""), ASSET.thumbnail)

# What Windows takes for the name of a device, with whatever ending.
DEVICE = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?")


@pytest.mark.parametrize(
    ("pattern", "file", "path"),
    [
        (DEFAULT, FILE, "003-Featured image"),
        (DEFAULT, UPLOADED, "003"),
        (DEFAULT, NAMED, "003-商品写真"),
        ("{title}", NAMED, "商品写真"),
        (default_naming("image"), SOCIAL, "003-Featured image"),
        (default_naming("renditions"), SOCIAL, "003-Featured image/ig_story"),
        (default_naming("all"), FILE, "003-Featured image/image"),
        (default_naming("all"), UPLOADED, "003/image"),
        ("{index}", FILE, "3"),
        ("{index:5}", FILE, "3"),
        ("{asset_id}_{job_id}_{item:02}", FILE, "ast_1_job_1_07"),
        ("{title}, {operation} {date}", FILE, "Mornings, edit.outpaint 2026-11-20"),
        ("{platform}/{rendition}-{width}x{height}", SOCIAL, "instagram/ig_story-1080x1920"),
        ("a/b/c/{label}", FILE, "a/b/c/Featured image"),
        ("{{{label}}}", FILE, "{Featured image}"),
        ("{label}-{platform}-{index}", UPLOADED, "3"),
        ("{index}-{label}-{platform}-{date}", UPLOADED, "3-2026-11-20"),
        ("{index}-{label}-end", UPLOADED, "3-end"),
        ("{label}", UPLOADED, "image"),
    ],
)
def test_a_pattern_is_filled_in(pattern: str, file: AssetFile, path: str) -> None:
    assert Pattern.of(pattern).path(file, 3) == path


@pytest.mark.parametrize(
    ("pattern", "code", "said"),
    [
        ("{colour}", "unknown-field", "{colour} is none of the fields index, item"),
        ("{label}.{ext}", "unknown-field", "the extension is always added"),
        ("{}", "unknown-field", "{}"),
        ("{0}", "unknown-field", "{0}"),
        ("{label.__class__}", "unknown-field", "{label.__class__}"),
        ("{label[0]}", "unknown-field", "{label[0]}"),
        ("{INDEX}", "unknown-field", "{INDEX}"),
        ("{index", "malformed-pattern", "cannot be read"),
        ("index}", "malformed-pattern", "cannot be read"),
        ("{index!r}", "malformed-pattern", "Only a number"),
        ("{label:03}", "malformed-pattern", "Only a number"),
        ("{index:0999999}", "malformed-pattern", "Only a number"),
        ("{index:{item}}", "malformed-pattern", "Only a number"),
        ("{index:x}", "malformed-pattern", "Only a number"),
        ("", "malformed-pattern", "need some text"),
        (" - ", "malformed-pattern", "need some text"),
        ("../{label}", "malformed-pattern", "need some text"),
        ("/{label}", "malformed-pattern", "need some text"),
        ("{platform}/", "malformed-pattern", "need some text"),
        ("a/b/c/d/{label}", "too-deep", "at most 3 folders"),
    ],
)
def test_a_wrong_pattern_is_refused_with_its_reason(pattern: str, code: str, said: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        Pattern.of(pattern)
    (field,) = caught.value.fields
    assert (field.pointer, field.code) == ("/naming", code)
    assert said in field.detail


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\temp", "C--temp"),
        ('a<b>c:d"e|f?g*h', "a-b-c-d-e-f-g-h"),
        ("line\r\nbreak\x00\x7f\u2028end", "line break end"),
        ("gpj.\u202egnp", "gpj.gnp"),
        ("trailing. . ", "trailing"),
        ("  --_.hidden", "hidden"),
        ("CON", "_CON"),
        ("nul .txt", "_nul .txt"),
        ("com¹", "_com¹"),
        ("conference", "conference"),
        ("Manifest.CSV", "_Manifest.CSV"),
        ("u\u0308ber Fu\u0308chse", "über Füchse"),
        ("日本の狐 🦊", "日本の狐 🦊"),
        ("", "image"),
        ("///", "image"),
        ("é" * 100, "é" * 60),
    ],
)
def test_a_name_is_made_safe(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_becomes_a_name_that_every_system_takes(text: str) -> None:
    name = safe_name(text)
    assert 1 <= len(name.encode()) <= 121
    assert name not in (".", "..")
    assert name == name.strip() == name.rstrip(".")
    assert not re.search(
        r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]', name
    )
    assert not DEVICE.fullmatch(name)
    assert unicodedata.is_normalized("NFC", name)
    assert safe_name(name).lstrip("_") == name.lstrip("_")


@given(
    st.lists(st.text(max_size=40) | st.sampled_from(["Straße", "STRASSE", "a", "A", "a-2"])),
    st.sampled_from(["{label}", "{label}/{label}", "{index:2}-{label}"]),
)
def test_the_names_of_an_archive_differ_on_every_system(labels: list[str], text: str) -> None:
    pattern, names = Pattern.of(text), Names()
    made = [
        names.unique(pattern.path(replace(FILE, asset=replace(ASSET, label=label)), 1), "webp")
        for label in labels
    ]
    folded = {unicodedata.normalize("NFD", name).casefold() for name in made}
    assert len(folded) == len(labels)
    assert MANIFEST not in {name.casefold() for name in made}
    assert all(name.endswith(".webp") for name in made)
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in made:
            archive.writestr(name, b"")
    with ZipFile(buffer) as archive:
        assert archive.namelist() == made


def test_a_taken_name_gets_a_number() -> None:
    names = Names()
    wanted = ["fox", "Fox", "fox-2", "fox"]
    assert [names.unique(path, "webp") for path in wanted] == [
        "fox.webp",
        "Fox-2.webp",
        "fox-2-2.webp",
        "fox-3.webp",
    ]
    assert names.unique("fox", "png") == "fox.png"
