"""An article from its file to the last picture, with a picture of every step."""

from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

import studio_cli
from tests.support.browser import WAIT_MS, Watch, settle, signed_in
from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import ROOT, Stack

pytestmark = pytest.mark.local_aws

USER = "ada@article.example"
ARTICLE = Path(studio_cli.__file__).with_name("sample_article.md")
TITLE = "A slow weekend between city and coast"
QUEUE = "#ai-generate-images-from-prompts-01-desktop"
SCREENSHOTS = ROOT / ".local" / "screenshots"
SIZES = {"desktop": (1440, 900), "phone": (360, 780)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RUN_MS = 90_000


def keep(page: Page, step: str) -> None:
    """Keep what a step looks like, wide and narrow, light and dark."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.screenshot(path=SCREENSHOTS / f"article-{step}-{size}-{theme}.png")
    width, height = SIZES["desktop"]
    page.set_viewport_size({"width": width, "height": height})


def test_an_article_goes_from_its_file_to_the_last_picture(
    browser: Browser, console: str, watch: Watch, stack: Stack, http: httpx.Client
) -> None:
    Caller(http, sign_in(stack, USER, "article")).set_images(provider="builtin")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    watch.follow(page)
    signed_in(page, f"{console}/contents", user=USER)
    settle(page, watch)
    keep(page, "1-empty")

    page.locator("input[type=file]").set_input_files(ARTICLE)

    expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    settle(page, watch)
    slots = page.locator("main li.slot-row")
    expect(slots).to_have_count(4)
    keep(page, "2-imported")

    page.get_by_role("button", name="Generate 4 images").click()
    queue = page.locator(QUEUE)
    expect(queue.get_by_text("Processing", exact=True).first).to_be_visible(timeout=RUN_MS)
    keep(page, "3-running")
    done = queue.get_by_text("4 images generated successfully").last
    expect(done).to_be_visible(timeout=RUN_MS)
    keep(page, "4-done")

    queue.get_by_role("button", name="Close").last.click()
    settle(page, watch)
    expect(slots.get_by_text("Completed", exact=True)).to_have_count(4)
    pictures = slots.locator("img")
    expect(pictures).to_have_count(4)
    page.wait_for_function(
        """() => [...document.querySelectorAll('main li.slot-row img')]
            .every((one) => one.complete && one.naturalWidth > 0)"""
    )
    keep(page, "5-pictures")
    context.close()
