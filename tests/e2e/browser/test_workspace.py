"""The workspace of SKUs in the console: photos dropped, results compared, rules and archives."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from studio_cli.sample_shop import photos
from tests.support.browser import Watch, drop, enter, settle, signed_in
from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import Stack

pytestmark = pytest.mark.local_aws

RECIPE = {"job": {"operation": "edit.remove_background"}, "title": "Cut-out"}
END_MS = 60_000


@pytest.fixture(scope="module")
def recipe(eve: Caller) -> str:
    """A recipe that cuts a product out."""
    assert eve.put("/v1/recipes/cut-out", RECIPE).status_code in (200, 201)
    return "Cut-out"


def choose_rule(page: Page, recipe: str) -> None:
    page.get_by_role("button", name="Rule: ").click()
    page.get_by_label("Recipe").select_option(label=recipe)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The rule is saved.")).to_be_visible()


def test_photos_are_dropped_and_one_that_is_none_stops_no_other(
    page: Page, console: str, watch: Watch, recipe: str
) -> None:
    # The text is refused.
    watch.expect("HTTP 415", "console: Failed to load resource")
    signed_in(page, f"{console}/workspace/SKU-7")
    expect(page.get_by_text("No photos yet")).to_be_visible()
    choose_rule(page, recipe)

    for name, data in {**photos(), "note.png": b"this is no picture"}.items():
        drop(
            page.locator(".workspace"), name, data, "image/png" if "note" in name else "image/jpeg"
        )

    refused = page.get_by_role("listitem").filter(has_text="note.png")
    expect(refused).to_contain_text("Refused", timeout=END_MS)
    expect(refused.locator(".tone-bad").last).not_to_be_empty()
    expect(page.get_by_text("Added", exact=True).nth(1)).to_be_visible(timeout=END_MS)
    # The rule makes a result of each photo; the pairs come by themselves.
    expect(page.get_by_role("button", name="front.jpg, Made")).to_be_visible(timeout=END_MS)
    expect(page.get_by_role("button", name="blue.jpg, Made")).to_be_visible(timeout=END_MS)
    expect(page.get_by_role("link", name="SKU-7")).to_contain_text("2 of 2")


def test_a_result_is_compared_by_keyboard_and_saved_in_an_archive(
    page: Page, console: str, watch: Watch, eve: Caller, recipe: str
) -> None:
    signed_in(page, f"{console}/en/workspace/SKU-7")
    settle(page, watch)
    slider = page.get_by_role("slider")
    slider.focus()
    before = slider.input_value()
    page.keyboard.press("Shift+ArrowRight")
    assert int(slider.input_value()) == int(before) + 10
    choices = page.get_by_role("button", name=re.compile(", Made$"))
    choices.first.focus()
    page.keyboard.press("ArrowRight")
    expect(choices.nth(1)).to_be_focused()
    expect(choices.nth(1)).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Download").click()
    page.get_by_role("button", name="Make the archive").click()
    expect(page.get_by_text("is ready, with 2 files.")).to_be_visible(timeout=END_MS)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the archive").click()

    names = zipfile.ZipFile(Path(saved.value.path())).namelist()
    assert len([name for name in names if name.endswith((".png", ".webp"))]) == 2


def test_the_same_photo_again_is_known_and_a_sku_is_asked_for(
    page: Page, console: str, watch: Watch, recipe: str
) -> None:
    signed_in(page, f"{console}/workspace")
    settle(page, watch)

    drop(page.locator(".workspace"), "SKU-7_front.jpg", photos()["front.jpg"], "image/jpeg")

    expect(page.get_by_label("SKU", exact=True)).to_have_value("SKU-7")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("Here already")).to_be_visible(timeout=END_MS)


def test_a_sku_is_approved_and_the_approval_is_taken_back(
    page: Page, console: str, watch: Watch, recipe: str
) -> None:
    signed_in(page, f"{console}/workspace/SKU-7")
    settle(page, watch)
    page.get_by_role("button", name="More: SKU-7").click()
    page.get_by_role("menuitem", name="Approve the SKU").click()
    expect(page.get_by_role("link", name="SKU-7")).to_contain_text("Approved")

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="SKU-7")).not_to_contain_text("Approved")


def test_another_tenant_sees_no_sku(page: Page, console: str, stack: Stack) -> None:
    sign_in(stack, "trent@elsewhere.example", "elsewhere")

    enter(page, f"{console}/workspace/SKU-7", user="trent@elsewhere.example")

    expect(page.get_by_text("No photos yet")).to_be_visible()
    assert page.get_by_role("link", name="SKU-7").count() == 0
