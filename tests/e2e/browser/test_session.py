"""Signing in, staying signed in, and signing out."""

import json
import re

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.support.browser import USER, WAIT_MS, Watch, enter, settle, signed_in, until
from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import Stack

pytestmark = pytest.mark.local_aws


def test_sign_in_shows_within_six_requests_and_leads_to_the_page_of_the_address(
    page: Page, console: str, watch: Watch
) -> None:
    page.goto(f"{console}/jobs")
    page.get_by_role("button", name="Sign in").wait_for()
    assert len(watch.requests) <= 6, watch.requests

    enter(page, f"{console}/jobs")

    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    expect(page.get_by_text(USER).first).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_the_form(
    page: Page, console: str, watch: Watch
) -> None:
    watch.expect("HTTP 400: http://127.0.0.1:", "console: Failed to load resource")

    enter(page, console, password="not the password")

    expect(page.get_by_role("alert")).to_contain_text("Email or password is wrong")
    expect(page.get_by_label("Email")).to_have_value(USER)


def test_a_reload_resumes_and_a_new_tab_does_not(
    context: BrowserContext, page: Page, console: str
) -> None:
    signed_in(page, f"{console}/jobs")
    page.reload()
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()

    other = context.new_page()
    other.goto(f"{console}/jobs")
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()


def test_ten_requests_that_find_the_token_expired_share_one_refresh(
    page: Page, console: str, watch: Watch, stack: Stack, http: httpx.Client
) -> None:
    # The page of a content asks for the content, its queue and each of its pictures.
    caller = Caller(http, sign_in(stack, "tina@token.example", "token"))
    caller.set_images(provider="builtin", max_in_article_images=5)
    content = caller.post("/v1/contents", {"title": "Six pictures"}).json()
    for place in range(6):
        slot = {"type": "in_article", "position": place} if place else {"type": "featured"}
        body = {**slot, "prompt": f"a plain tile {place}"}
        assert caller.post(f"/v1/contents/{content['id']}/images", body).status_code == 201
    job = caller.post(f"/v1/contents/{content['id']}/jobs", {}).json()
    assert caller.finish(job["id"])["status"] == "succeeded"
    signed_in(page, f"{console}/contents/{content['id']}", user="tina@token.example")
    settle(page, watch)
    until(page, lambda: sum("/v1/assets/" in one for one in watch.requests) >= 6)
    settle(page, watch)
    watch.requests.clear()
    # For a moment the clock is beyond the token's hour, and the page asks all it shows again.
    page.evaluate(
        """() => {
          const real = Date.now.bind(Date), until = real() + 300;
          Date.now = () => real() + (real() < until ? 7200e3 : 0);
          document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
        }"""
    )
    until(page, lambda: sum("/v1/" in one for one in watch.requests) >= 10)
    settle(page, watch)

    refreshes = [one for one in watch.requests if one.startswith("POST")]
    assert len(refreshes) == 1, watch.requests
    # Cognito answers before the API is asked for anything.
    assert watch.requests[0] == refreshes[0]


def test_a_tab_that_is_looked_at_again_shows_what_another_one_ordered(
    context: BrowserContext, page: Page, console: str, watch: Watch
) -> None:
    signed_in(page, f"{console}/jobs")
    settle(page, watch)
    second = context.new_page()
    watch.follow(second)
    signed_in(second, f"{console}/create")
    second.get_by_label("Prompt").first.fill("a tin robot")
    second.get_by_role("button", name="Generate 1 image").click()
    # Many requests at once start functions.
    expect(second).to_have_url(re.compile("job="), timeout=60_000)
    # What was read less than five seconds ago is not read again.
    page.wait_for_timeout(5000)

    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")

    job_id = second.url.split("job=")[1]
    expect(page.locator(f"main a[href='/jobs/{job_id}']")).to_be_visible(timeout=WAIT_MS)


def test_a_refused_token_leads_to_sign_in(page: Page, console: str, watch: Watch) -> None:
    watch.expect("HTTP 401", "console: Failed to load resource")
    signed_in(page, f"{console}/jobs")

    def refuse(route: Route) -> None:
        route.fulfill(
            status=401,
            content_type="application/json",
            body=json.dumps({"message": "Unauthorized"}),
        )

    page.route("**/v1/**", refuse)

    # The queue button asks for open jobs every five seconds.
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=WAIT_MS)


def test_signing_out_ends_every_tab_and_the_refresh_token(
    context: BrowserContext, page: Page, console: str, watch: Watch
) -> None:
    signed_in(page, f"{console}/jobs")
    second = context.new_page()
    watch.follow(second)
    signed_in(second, f"{console}/jobs")

    page.get_by_text(USER).first.click()
    page.get_by_role("menuitem", name="Sign out").click()

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(second.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_user_sees_nothing_of_another_tenant(
    page: Page, console: str, watch: Watch, stack: Stack, eve: Caller
) -> None:
    job = eve.create(prompt="a red kite", name="Only of the first")
    eve.finish(job["id"])
    sign_in(stack, "mallory@other.example", "other")

    enter(page, f"{console}/jobs", user="mallory@other.example")

    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    settle(page, watch)
    assert page.get_by_text("Only of the first").count() == 0
