"""How fast the console shows itself. The figures are printed at the end and fail nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import WAIT_MS, Watch, settle, signed_in, until
from tests.support.local_aws.caller import Caller

pytestmark = pytest.mark.local_aws

# 1.6 Mbit/s down, 150 ms, a processor four times as slow.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
SLOWER_TIMES = 4
# Milliseconds: what docs/console.md names as the limits of a quiet machine.
LIMITS = {"plain": {"LCP": 1000, "blocking": 150}, "slow": {"LCP": 2000, "blocking": 150}}

OBSERVE = """
  window.seen = {LCP: 0, blocking: 0, shift: 0};
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.seen.LCP = one.startTime;
  }).observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.seen.blocking += Math.max(0, one.duration - 50);
  }).observe({type: "longtask", buffered: true});
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.seen.shift += one.value;
  }).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("network", ["plain", "slow"])
@pytest.mark.parametrize("name", ["sign-in", "jobs"])
def test_a_page_tells_its_paint_and_its_blocking_time(
    browser: Browser,
    console: str,
    watch: Watch,
    eve: Caller,
    record_property: Callable[[str, object], None],
    name: str,
    network: str,
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(2 * WAIT_MS)
    page = context.new_page()
    watch.follow(page)
    if name == "jobs":
        signed_in(page, f"{console}/jobs")
        settle(page, watch)
    page.add_init_script(OBSERVE)
    if network == "slow":
        slow_down(page)

    page.goto(f"{console}/jobs")
    if name == "jobs":
        settle(page, watch)
    else:
        page.get_by_role("button", name="Sign in").wait_for()
    # The browser tells of a paint some time after it.
    until(page, lambda: bool(page.evaluate("window.seen.LCP")))
    seen: dict[str, Any] = page.evaluate("window.seen")
    limits = LIMITS[network]
    record_property(
        "speed",
        f"{name}, {network}: LCP {seen['LCP']:.0f} ms (limit {limits['LCP']}), "
        f"blocking {seen['blocking']:.0f} ms (limit {limits['blocking']}), "
        f"layout shift {seen['shift']:.3f} (limit 0.02)",
    )
    context.close()


def slow_down(page: Page) -> None:
    """Make the network and the processor of a page slow."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_TIMES})
