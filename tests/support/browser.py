"""A page of the console in a browser: what goes wrong in it, and how a user signs in."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.support.local_aws.caller import PASSWORD

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
USER = "eve@acme.example"
WAIT_MS = 15_000


@dataclass
class Watch:
    """Errors of a page. A test names those that it causes; the others fail it."""

    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

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
        page.on("request", lambda request: self.requests.append(f"{request.method} {request.url}"))
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


def enter(page: Page, address: str, user: str = USER, password: str = PASSWORD) -> None:
    """Open an address and sign in by the form."""
    page.goto(address)
    page.get_by_label("Email").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def signed_in(page: Page, address: str) -> None:
    """Open an address as the user of the console."""
    enter(page, address)
    page.get_by_role("navigation").first.wait_for()
