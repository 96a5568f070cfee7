"""The console in a real browser, against the deployed stack. Anything unexpected fails the test."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from studio_cli.console_headers import page_headers
from studio_cli.console_server import ConsoleServer, ServedConsole
from studio_cli.console_session import OneTimeCodes
from studio_cli.profiles import LOCAL, profile_from_outputs
from tests.support.browser import FLAGS, TENANT, USER, WAIT_MS, Watch
from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import REGION, ROOT, Stack
from tools.browser import find


@pytest.fixture(scope="session")
def console(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the console that ``make console`` built, served for the deployed stack."""
    profile = profile_from_outputs(LOCAL, stack.outputs, REGION, stack.endpoint)
    served = ServedConsole(
        dist=ROOT / "web" / "dist",
        profile=profile,
        headers=page_headers(ROOT / "template.yaml", stack.endpoint),
        codes=OneTimeCodes(Path(tmp_path_factory.mktemp("console")), profile),
    )
    server = ConsoleServer(stack.console_port, served)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{stack.console_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    server.api.close()


@pytest.fixture(scope="session")
def eve(stack: Stack, http: httpx.Client) -> Caller:
    """The user of the console, as a caller of the API."""
    return Caller(http, sign_in(stack, USER, TENANT))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    assert path, "the browser tests need Chromium: make test installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    fresh = browser.new_context(viewport={"width": 1280, "height": 800})
    fresh.set_default_timeout(WAIT_MS)
    yield fresh
    fresh.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    noted = Watch()
    yield noted
    assert noted.unexpected() == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch, eve: Caller) -> Page:
    """A page of nobody yet; what goes wrong in it fails the test."""
    opened = context.new_page()
    watch.follow(opened)
    return opened
