"""A page of the console in a browser: what goes wrong in it, and how a user signs in."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.support.local_aws.caller import PASSWORD

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
USER = "eve@press.example"
# A tenant of its own, so that open jobs of other tests do not keep its pages asking.
TENANT = "press"
# The first requests of a stack start its functions, which takes long on a busy machine.
WAIT_MS = 30_000
expect.set_options(timeout=WAIT_MS)
MAX_TABS = 60


@dataclass
class Watch:
    """Errors of a page. A test names those that it causes; the others fail it."""

    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)

    def expect(self, *patterns: str) -> None:
        """Allow errors that match one of these patterns."""
        self.expected.extend(patterns)

    def unexpected(self) -> list[str]:
        return [one for one in self.found if not any(re.search(p, one) for p in self.expected)]

    def api_requests(self) -> list[str]:
        """Return the paths of the API that were asked, without the shell's two."""
        paths = [one.split("/v1/", 1)[1] for one in self.requests if "/v1/" in one]
        return [path for path in paths if path != "me" and "status=running" not in path]

    def follow(self, page: Page) -> None:
        """Note what happens in a page."""
        page.on("pageerror", lambda error: self.found.append(f"page error: {error}"))
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)
        page.on(
            "console",
            lambda message: (
                self.found.append(f"console: {message.text}") if message.type == "error" else None
            ),
        )
        page.on(
            "response",
            lambda response: (
                self.found.append(f"HTTP {response.status}: {response.url}")
                if response.status >= 400
                else None
            ),
        )
        # A page that is left cancels its requests.
        page.on(
            "requestfailed",
            lambda request: (
                self.found.append(f"failed: {request.url} {request.failure}")
                if request.failure != "net::ERR_ABORTED"
                else None
            ),
        )

    def _begin(self, request: Request) -> None:
        self.requests.append(f"{request.method} {request.url}")
        self.under_way.add(request)

    def _end(self, request: Request) -> None:
        self.under_way.discard(request)


def enter(page: Page, address: str, user: str = USER, password: str = PASSWORD) -> None:
    """Open an address and sign in by the form."""
    page.goto(address)
    page.get_by_label("Email").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def signed_in(page: Page, address: str, user: str = USER) -> None:
    """Open an address as a user of the console."""
    enter(page, address, user=user)
    page.get_by_role("navigation").first.wait_for()


def held(page: Page, address: str | re.Pattern[str]) -> list[Route]:
    """Hold requests back from now on; return the list that they come into."""
    routes: list[Route] = []

    def keep(route: Route) -> None:
        routes.append(route)

    page.route(address, keep)
    return routes


def settle(page: Page, watch: Watch) -> None:
    """Wait until a page shows what it loads and no request is under way.

    A page that follows an open job never stops asking, so its silence cannot be waited for.
    """
    # The page for signing in has a heading, too, and no navigation.
    page.get_by_role("navigation").first.wait_for()
    page.get_by_role("main").get_by_role("heading").first.wait_for()
    expect(page.locator(".skeleton")).to_have_count(0, timeout=WAIT_MS)
    until(page, lambda: not watch.under_way)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a control whose name begins so has the focus."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        found: str = page.evaluate(
            """() => {
              const one = document.activeElement;
              return one.ariaLabel ?? (one.labels?.[0] ?? one).textContent;
            }"""
        )
        if found.startswith(name):
            return
    raise AssertionError(f"Tab does not reach {name}")


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait for a condition while the page goes on."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while not condition():
        assert time.monotonic() < deadline, "the page does not come to it"
        page.wait_for_timeout(20)


def drop(target: Locator, name: str, data: bytes, media_type: str) -> None:
    """Drop a file on an element, as a user does from the desktop."""
    transfer = target.page.evaluate_handle(
        """([name, type, bytes]) => {
          const held = new DataTransfer();
          held.items.add(new File([new Uint8Array(bytes)], name, {type}));
          return held;
        }""",
        [name, media_type, list(data)],
    )
    target.dispatch_event("dragover", {"dataTransfer": transfer})
    target.dispatch_event("drop", {"dataTransfer": transfer})
