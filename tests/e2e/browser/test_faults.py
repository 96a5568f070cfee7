"""What the console shows and does while requests fail, and after."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.support.browser import Watch, enter, held, settle, until
from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import Stack

pytestmark = pytest.mark.local_aws

USER = "fay@fault.example"
# Three repeats wait 1, 2 and 4 seconds.
REPEATS_MS = 20_000
RUN_MS = 60_000
REFUSED = "console: Failed to load resource"
OFFLINE = ("ERR_INTERNET_DISCONNECTED",)
LIST = re.compile(r"/v1/jobs\?(?!.*status=)")


@pytest.fixture(scope="module")
def fay(stack: Stack, http: httpx.Client) -> Caller:
    """A user of an account of its own, with three jobs that ended."""
    caller = Caller(http, sign_in(stack, USER, "fault"))
    jobs = [caller.create(prompt=f"a kite {n}", name=f"Kite {n}") for n in range(3)]
    for job in jobs:
        caller.finish(job["id"])
    return caller


def problem(status: int, detail: str, **headers: str) -> Callable[[Route], None]:
    """Return what answers a request with a problem document."""
    body = json.dumps({"status": status, "detail": detail, "request_id": "req-1234"})

    def answer(route: Route) -> None:
        route.fulfill(
            status=status, content_type="application/problem+json", body=body, headers=headers
        )

    return answer


def asked(watch: Watch, pattern: re.Pattern[str]) -> int:
    """Return how many requests of a page had an address that a pattern finds."""
    return sum(1 for one in watch.requests if pattern.search(one))


def test_a_list_says_that_it_is_offline_and_comes_back_by_itself(
    context: BrowserContext, page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect(*OFFLINE)
    enter(page, f"{console}/contents", user=USER)
    settle(page, watch)
    page.get_by_role("link", name="Jobs").first.click()
    expect(page.get_by_role("link", name="Kite 2")).to_be_visible()
    page.get_by_role("link", name="Contents").first.click()
    settle(page, watch)

    context.set_offline(True)
    page.get_by_role("link", name="Jobs").first.click()
    page.get_by_role("radio", name="Finished").check(force=True)
    expect(page.get_by_role("alert")).to_contain_text("You are offline", timeout=REPEATS_MS)
    context.set_offline(False)

    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("link", name="Kite 2")).to_be_visible()


def test_a_job_that_runs_is_followed_again_after_the_connection_was_lost(
    context: BrowserContext, page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect(*OFFLINE)
    job = fay.create(prompt="a lamp [[slow 6]]", provider={"id": "openai"}, name="Lamp")
    enter(page, f"{console}/jobs/{job['id']}", user=USER)
    expect(page.get_by_text("Live, updated each second")).to_be_visible()

    context.set_offline(True)
    expect(page.get_by_text(re.compile("You are offline.*Trying again in"))).to_be_visible()
    context.set_offline(False)

    expect(page.get_by_text("You are offline")).to_have_count(0, timeout=REPEATS_MS)
    expect(page.get_by_role("main").get_by_text("Completed").first).to_be_visible(timeout=RUN_MS)


def test_a_page_that_is_first_opened_offline_says_so_and_opens_on_a_retry(
    context: BrowserContext, page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect(*OFFLINE, "Failed to fetch dynamically", "Unable to preload CSS")
    enter(page, f"{console}/jobs", user=USER)
    settle(page, watch)

    context.set_offline(True)
    page.get_by_role("link", name="Providers").first.click()
    expect(page.get_by_role("alert")).to_contain_text("The page could not be loaded.")
    # A page that is here already opens.
    page.get_by_role("link", name="Jobs").first.click()
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    page.get_by_role("link", name="Providers").first.click()
    context.set_offline(False)
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("heading", name="Providers", level=1)).to_be_visible()


def test_an_error_of_the_server_is_a_sentence_with_its_request_and_a_way_out(
    page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect("HTTP 500", REFUSED)
    page.route(LIST, problem(500, "Something broke here."))
    enter(page, f"{console}/jobs", user=USER)

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Something broke here. Request req-1234", timeout=REPEATS_MS)
    assert asked(watch, LIST) == 4
    page.unroute(LIST)
    alert.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("link", name="Kite 0")).to_be_visible()
    expect(alert).to_have_count(0)


def test_too_many_requests_are_repeated_when_the_server_allows_it(
    page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect("HTTP 429", REFUSED)
    refuse = problem(429, "Slow down.", **{"Retry-After": "3"})
    times: list[float] = []

    def once(route: Route) -> None:
        times.append(time.monotonic())
        if len(times) == 1:
            refuse(route)
        else:
            route.continue_()

    page.route(LIST, once)
    enter(page, f"{console}/jobs", user=USER)

    expect(page.get_by_role("link", name="Kite 0")).to_be_visible(timeout=REPEATS_MS)
    assert 2.5 < times[1] - times[0] < 8
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_busy_server_makes_the_progress_wait_as_long_as_it_asks(
    page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect("HTTP 503", REFUSED)
    job = fay.create(prompt="a lamp [[slow 4]]", provider={"id": "openai"})
    progress = f"**/v1/jobs/{job['id']}/progress"
    page.route(progress, problem(503, "The studio is busy.", **{"Retry-After": "4"}))
    enter(page, f"{console}/jobs/{job['id']}", user=USER)

    expect(page.get_by_text("The studio is busy. Trying again in 4 s.")).to_be_visible()
    page.unroute(progress)

    expect(page.get_by_text("The studio is busy.")).to_have_count(0, timeout=REPEATS_MS)
    expect(page.get_by_role("main").get_by_text("Completed").first).to_be_visible(timeout=RUN_MS)


def test_a_slow_answer_leaves_the_frame_usable(
    page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    held(page, LIST)
    enter(page, f"{console}/jobs", user=USER)

    expect(page.locator(".skeleton").first).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Loading")).to_be_attached()
    page.get_by_role("link", name="Library").first.click()
    expect(page.get_by_role("heading", name="Library", level=1)).to_be_visible()
    # What was left is not waited for.
    until(page, lambda: not any("/v1/jobs" in one.url for one in watch.under_way))
    page.unroute(LIST)
    page.go_back()
    expect(page.get_by_role("link", name="Kite 0")).to_be_visible()


def test_pictures_whose_addresses_expired_are_asked_for_once_together(
    page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect("HTTP 403: http://127.0.0.1:", REFUSED, "ERR_BLOCKED_BY_ORB")

    def expired(route: Route) -> None:
        """Answer with addresses whose signatures do not hold."""
        answer = route.fetch()
        document: dict[str, Any] = answer.json()
        for job in document["data"]:
            job["thumbnail_url"] += "00"
        route.fulfill(response=answer, json=document, headers=without_etag(answer.headers))

    page.route(LIST, expired, times=1)
    enter(page, f"{console}/jobs", user=USER)

    pictures = page.get_by_role("main").locator("img")
    expect(pictures).to_have_count(asked_jobs(fay))
    until(page, lambda: bool(pictures.evaluate_all("all => all.every((one) => one.naturalWidth)")))
    until(page, lambda: not watch.under_way)
    assert asked(watch, LIST) == 2


def without_etag(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "etag"}


def asked_jobs(caller: Caller) -> int:
    """Return how many jobs of a user have a picture."""
    return sum(job["thumbnail_url"] is not None for job in caller.get("/v1/jobs").json()["data"])


def test_a_picture_that_never_loads_leaves_an_empty_place(
    page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect("HTTP 403: http://127.0.0.1:", REFUSED, "ERR_BLOCKED_BY_ORB")
    page.route(re.compile("X-Amz-Signature"), lambda route: route.fulfill(status=403))
    enter(page, f"{console}/jobs", user=USER)

    expect(page.get_by_role("main").get_by_text("No image")).to_have_count(asked_jobs(fay))
    until(page, lambda: not watch.under_way)
    assert asked(watch, LIST) == 2


def test_a_job_that_is_gone_is_told_and_the_list_is_one_press_away(
    page: Page, console: str, watch: Watch, fay: Caller
) -> None:
    watch.expect("HTTP 404", REFUSED)
    job = fay.create(prompt="a lamp [[slow 6]]", provider={"id": "openai"}, name="Lamp")
    enter(page, f"{console}/jobs/{job['id']}", user=USER)
    expect(page.get_by_role("heading", name="Lamp", level=1)).to_be_visible()

    page.route(f"**/v1/jobs/{job['id']}**", problem(404, "There is no such job."))
    page.route(f"**/v1/jobs/{job['id']}/*", problem(404, "There is no such job."))

    expect(page.get_by_role("heading", name="This job does not exist")).to_be_visible()
    page.get_by_role("link", name="Show all jobs").click()
    expect(page.get_by_role("link", name="Kite 0")).to_be_visible()
    fay.finish(job["id"])


@pytest.mark.parametrize("kind", ["jobs", "assets", "contents"])
def test_what_belongs_to_another_tenant_does_not_exist(
    page: Page, console: str, watch: Watch, fay: Caller, eve: Caller, kind: str
) -> None:
    watch.expect("HTTP 404", REFUSED)
    if kind == "contents":
        id = eve.post("/v1/contents", {"title": "A secret plan"}).json()["id"]
    else:
        job = eve.create(prompt="a secret plan", name="A secret plan")
        eve.finish(job["id"])
        id = job["id"] if kind == "jobs" else eve.items(job["id"])[0]["asset_id"]
    enter(page, f"{console}/{kind}/{id}", user=USER)

    expect(page.get_by_role("heading", name="does not exist")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link")).to_have_attribute("href", f"/{kind}")
    assert "secret plan" not in page.content()
