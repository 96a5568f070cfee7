"""The queue of a content: from the press to the summary, left and found again."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import WAIT_MS, Watch, enter, held, settle, tab_to
from tests.support.local_aws.caller import PASSWORD, Caller, sign_in
from tests.support.local_aws.deployment import Stack

pytestmark = pytest.mark.local_aws

USER = "quinn@paper.example"
QUEUE = "#ai-generate-images-from-prompts-01-desktop"
RUN_MS = 60_000


@pytest.fixture(scope="module")
def quinn(stack: Stack, http: httpx.Client) -> Caller:
    """A user of an account whose images the stand-in of OpenAI makes."""
    caller = Caller(http, sign_in(stack, USER, "paper"))
    caller.set_images(provider="openai", max_in_article_images=3)
    return caller


def article(caller: Caller, *prompts: str) -> str:
    """Create a content; the first prompt is of its featured image. Return its path."""
    content = caller.post("/v1/contents", {"title": "A weekend in Porto"}).json()
    for place, prompt in enumerate(prompts):
        slot = {"type": "in_article", "position": place} if place else {"type": "featured"}
        answer = caller.post(f"/v1/contents/{content['id']}/images", {**slot, "prompt": prompt})
        assert answer.status_code == 201, answer.text
    return f"/contents/{content['id']}"


def order(page: Page, address: str, images: int) -> Locator:
    """Open a content, press the button that makes its images, and return the queue."""
    enter(page, address, user=USER)
    page.get_by_role("button", name=f"Generate {images} image").click()
    queue = page.locator(QUEUE)
    expect(queue).to_be_visible()
    return queue


def test_a_run_goes_from_the_press_to_the_summary_though_one_image_fails(
    page: Page, console: str, quinn: Caller
) -> None:
    orders = held(page, "**/v1/contents/*/jobs")
    path = article(quinn, "roofs [[slow 2]]", "a door [[moderated]]", "a boat [[slow 1]]")

    queue = order(page, f"{console}{path}", 3)

    # Nothing was ordered yet, and every image is there.
    rows = queue.get_by_role("listitem").filter(has=page.get_by_role("progressbar"))
    expect(rows).to_have_count(3)
    labels = ("Featured Image", "In-Article Image 1", "In-Article Image 2")
    for row, label in zip(rows.all(), labels, strict=True):
        expect(row).to_contain_text(label)
        expect(row).to_contain_text("Pending")
        expect(row).to_contain_text("No image")
        expect(row).to_contain_text(re.compile(r"Pending0\s%"))
    expect(queue.get_by_text("Sending the order")).to_be_visible()
    (sent,) = orders
    sent.continue_()

    expect(rows.nth(0)).to_contain_text("Processing", timeout=RUN_MS)
    expect(queue.get_by_role("button", name="Close")).to_have_count(0)
    # Chromium closes a dialog at the third Escape unless it is told not to.
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(queue).to_be_visible()

    expect(queue.locator("footer")).to_contain_text("2 completed, 1 failed of 3", timeout=RUN_MS)
    for row, status in zip(rows.all(), ("Completed", "Failed", "Completed"), strict=True):
        expect(row).to_contain_text(status)
    expect(rows.nth(0)).to_contain_text(re.compile(r"100\s%"))
    expect(rows.nth(1).locator(".queue-note")).not_to_be_empty()
    expect(queue.get_by_role("button", name="Retry 1 image")).to_be_visible()

    queue.get_by_role("button", name="Close").last.click()

    # Close reads the content again.
    expect(queue).to_have_count(0)
    slots = page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_role("heading"))
    for slot, status in zip(slots.all(), ("Completed", "Failed", "Completed"), strict=True):
        expect(slot).to_contain_text(status)
    expect(page.get_by_role("main")).to_contain_text("2 completed")


def test_a_minimised_run_goes_on_and_the_queue_button_leads_back(
    page: Page, console: str, quinn: Caller, watch: Watch
) -> None:
    path = article(quinn, "a lamp [[slow 8]]")
    queue = order(page, f"{console}{path}", 1)
    expect(queue.get_by_text("Processing")).to_be_visible(timeout=RUN_MS)

    queue.get_by_role("button", name="Minimise").click()

    expect(queue).to_have_count(0)
    expect(page.locator("#queue-button")).to_be_focused()
    expect(page.get_by_role("button", name="1 job running")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("link", name="A weekend in Porto").click()

    expect(page).to_have_url(
        f"{console}/jobs/{quinn.get('/v1/jobs').json()['data'][0]['id']}?queue"
    )
    expect(queue).to_be_visible()
    expect(queue.get_by_text("1 image generated successfully").last).to_be_visible(timeout=RUN_MS)
    queue.get_by_role("button", name="Close").last.click()
    expect(queue).to_have_count(0)
    assert "?" not in page.url
    settle(page, watch)


def test_the_address_of_a_queue_opens_it_and_escape_closes_it_after_the_end(
    page: Page, console: str, quinn: Caller
) -> None:
    job = quinn.create(prompt="a kite", provider={"id": "builtin"}, name="Kite")
    quinn.finish(job["id"])

    enter(page, f"{console}/jobs/{job['id']}?queue", user=USER)

    queue = page.locator(QUEUE)
    expect(queue.get_by_text("1 image generated successfully").last).to_be_visible()
    page.keyboard.press("Escape")
    expect(queue).to_have_count(0)
    expect(page.get_by_role("heading", name="Kite", level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Kite", level=1)).to_be_visible()
    expect(queue).to_have_count(0)


def test_retry_makes_the_failed_image_and_no_other(
    page: Page, console: str, quinn: Caller, stack: Stack
) -> None:
    path = article(quinn, "a harbour at noon", "a gate [[moderated-once]]")
    queue = order(page, f"{console}{path}", 2)
    queue.get_by_role("button", name="Retry 1 image").click(timeout=RUN_MS)

    expect(queue.get_by_text("2 images generated successfully").last).to_be_visible(timeout=RUN_MS)
    paid = [call.prompt for call in stack.openai.paid if "a harbour at noon" in call.prompt]
    assert len(paid) == 1


def test_a_refused_order_is_told_on_each_image_and_can_be_sent_again(
    page: Page, console: str, quinn: Caller, watch: Watch
) -> None:
    watch.expect("HTTP 503", "console: Failed to load resource")
    problem = '{"status": 503, "title": "Busy", "detail": "The studio is busy."}'
    page.route(
        "**/v1/contents/*/jobs",
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body=problem
        ),
    )
    path = article(quinn, "a tower", "a bridge")
    queue = order(page, f"{console}{path}", 2)

    expect(queue.get_by_text("The studio is busy.")).to_have_count(2)
    page.unroute("**/v1/contents/*/jobs")
    queue.get_by_role("button", name="Order again").click()

    expect(queue.get_by_text("2 images generated successfully").last).to_be_visible(timeout=RUN_MS)


def test_the_keyboard_alone_leads_from_sign_in_to_a_started_order(
    page: Page, console: str, quinn: Caller
) -> None:
    page.goto(f"{console}{article(quinn, 'a well')}")
    page.get_by_role("button", name="Sign in").wait_for()
    tab_to(page, "Email")
    page.keyboard.type(USER)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Generate 1 image").wait_for()

    tab_to(page, "Generate 1 image")
    page.keyboard.press("Enter")

    queue = page.locator(QUEUE)
    expect(queue.get_by_role("heading", name="Generate Images")).to_be_focused()
    expect(queue.get_by_text("1 image generated successfully").last).to_be_visible(timeout=RUN_MS)
    tab_to(page, "Close")
    page.keyboard.press("Enter")
    expect(queue).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("1 completed")
