"""Tables in the console: dropped, checked, priced, run, followed and repeated."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.support.browser import Watch, drop, settle, signed_in

pytestmark = pytest.mark.local_aws

TABLE = """prompt,size,Colour
A white mug,256x256,red
A blue cup,huge,blue
A green jug,256x256,green
"""
END_MS = 60_000


def choose(page: Page, name: str, data: bytes) -> None:
    file = FilePayload(name=name, mimeType="text/csv", buffer=data)
    page.get_by_label("Choose a table").set_input_files([file])


def test_a_table_is_dropped_checked_run_and_followed_to_its_last_image(
    page: Page, console: str, watch: Watch
) -> None:
    signed_in(page, f"{console}/batch")
    settle(page, watch)

    drop(page.locator(".batch"), "mugs.csv", TABLE.encode(), "text/csv")

    # The faulty row keeps its place and says why; the others are ready and have a price.
    expect(page.get_by_text("2 rows are ready and make 2 images.")).to_be_visible()
    expect(page.get_by_text("1 row has an error")).to_be_visible()
    faulty = page.get_by_role("row").filter(has_text="A blue cup")
    expect(faulty).to_contain_text("size: ")
    page.get_by_text("Columns that are left out").click()
    expect(page.get_by_label("Colour")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="File of errors").click()
    assert saved.value.suggested_filename == "mugs.errors.csv"
    assert "A blue cup" in Path(saved.value.path()).read_text(encoding="utf-8-sig")

    page.get_by_role("button", name="Run 2 rows").click()

    expect(page).to_have_url(re.compile(r"/batch/bat_\w+$"))
    expect(page.get_by_text("2 completed, 0 failed of 2 rows")).to_be_visible(timeout=END_MS)
    page.reload()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_text("100 %")).to_be_visible()
    page.get_by_role("link", name="Open the job").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_ignored_column_gets_a_meaning_and_the_table_is_checked_again(
    page: Page, console: str, watch: Watch
) -> None:
    signed_in(page, f"{console}/batch")
    settle(page, watch)
    choose(page, "text.csv", b"Words\nA red kite\n")
    expect(page.get_by_text("The table cannot be read")).to_be_visible()

    page.get_by_label("Words").select_option("prompt")
    page.get_by_role("button", name="Check again").click()

    expect(page.get_by_text("1 row is ready and makes 1 image.")).to_be_visible()


def test_a_table_in_another_encoding_is_sent_as_a_file(
    page: Page, console: str, watch: Watch
) -> None:
    signed_in(page, f"{console}/batch")
    settle(page, watch)

    choose(page, "umlaut.csv", "prompt\nEin grüner Krug\n".encode("cp1252"))

    expect(page.get_by_text("Ein grüner Krug").first).to_be_visible()
    expect(page.get_by_text("1 row is ready and makes 1 image.")).to_be_visible()


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "The file is empty."), (b"\x89PNG\r\n\x1a\n\x00\x00", "The table cannot be read")],
)
def test_a_file_that_is_no_table_says_so(
    page: Page, console: str, watch: Watch, data: bytes, says: str
) -> None:
    signed_in(page, f"{console}/batch")
    settle(page, watch)

    choose(page, "odd.csv", data)

    expect(page.get_by_text(says)).to_be_visible()


def test_a_batch_of_nobody_says_so(page: Page, console: str, watch: Watch) -> None:
    watch.expect("HTTP 404", "console: Failed to load resource")
    signed_in(page, f"{console}/batch/bat_01M8PSRG4EXZKGTTEH8B1QNX33")

    expect(page.get_by_text("This batch does not exist")).to_be_visible()
