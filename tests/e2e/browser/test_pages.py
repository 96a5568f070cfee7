"""What holds for every page: accessible, no overflow, few requests, usable by keyboard."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import WAIT_MS, Watch, settle, signed_in
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import ROOT

pytestmark = pytest.mark.local_aws

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: list[tuple[int, Literal["light", "dark"]]] = [
    (1280, "light"),
    (1280, "dark"),
    (360, "light"),
    (360, "dark"),
]
# A page of the console and the requests that it needs beside the shell's two.
PAGES = {
    "/": 5,
    "/jobs": 2,
    "/assets": 1,
    "/batch": 2,
    "/contents": 2,
    "/create": 7,
    "/providers": 2,
    "/providers/builtin": 4,
    "/settings": 2,
    "/settings/account": 1,
    "/settings/mine": 2,
    "/settings/webhooks": 1,
    "/workspace": 1,
    "/workspace/SKU-1": 2,
    "/jobs/:id": 5,
    "/assets/:id": 3,
    "/contents/:id": 4,
    "/settings/webhooks/:id": 2,
    "/batch/tables/:id": 3,
}

each_page = pytest.mark.parametrize("path", PAGES)


@pytest.fixture(scope="module")
def places(eve: Caller) -> dict[str, str]:
    """The address of each page; there is something to show on it."""
    job = eve.create(prompt="a green bicycle", name="Bicycle", variations=2)
    eve.finish(job["id"])
    eve.finish(eve.create(prompt="a mug", folder="SKU-1")["id"])
    csv = "prompt,size,Colour\nA mug,256x256,red\nA cup,huge,blue\n"
    table = eve.post("/v1/batch-imports", {"name": "Mugs", "csv": csv})
    assert table.status_code == 202
    content = eve.post("/v1/contents", {"title": "A weekend in Porto"}).json()
    slot = {"type": "featured", "prompt": "roofs at dusk"}
    assert eve.post(f"/v1/contents/{content['id']}/images", slot).status_code == 201
    hook = {"url": "http://localhost:9/hook", "events": ["batch.cancelled"]}
    webhook = eve.post("/v1/webhooks", hook)
    assert webhook.status_code == 201, webhook.text
    found = {
        "/jobs/:id": job["id"],
        "/assets/:id": eve.items(job["id"])[0]["asset_id"],
        "/contents/:id": content["id"],
        "/settings/webhooks/:id": webhook.json()["id"],
        "/batch/tables/:id": table.json()["id"],
    }
    return {path: path.replace(":id", found.get(path, "")) for path in PAGES}


def violations(page: Page) -> list[str]:
    """Return what axe finds, a line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run({runOnly: tags}).then(result => result.violations)", TAGS
    )
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def overflow(page: Page) -> int:
    """Return the pixels by which the page is wider than its window."""
    wider: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider


def wide(page: Page) -> list[str]:
    """Return the elements that reach beyond the window and hold none that does."""
    found: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          const out = (one) => one.getBoundingClientRect().right > width + 0.5;
          return [...document.querySelectorAll('body *')]
            .filter((one) => out(one) && ![...one.children].some(out))
            .map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 40)}`);
        }"""
    )
    return found


def bare(page: Page) -> list[str]:
    """Return the fields and filled buttons that have no border where colours are forced."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('input:not([hidden]), select, textarea')]
            .filter((one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
            .filter((one) => !['radio', 'checkbox', 'file', 'range'].includes(one.type))
            .filter((one) => getComputedStyle(one).borderTopStyle === 'none' &&
              getComputedStyle(one.parentElement).borderTopStyle === 'none')
            .map((one) => one.outerHTML.slice(0, 120))"""
    )
    return found


@each_page
def test_a_page_is_accessible_and_fits_in_every_look(
    browser: Browser, console: str, watch: Watch, places: dict[str, str], path: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    watch.follow(page)
    signed_in(page, f"{console}{places[path]}")
    settle(page, watch)
    for width, theme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert violations(page) == [], (width, theme)
        assert overflow(page) <= 0, (width, theme)
    # 200 % of 1280 and of 640 pixels.
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, width
    # The user's own colours.
    page.emulate_media(color_scheme=None, forced_colors="active")
    assert violations(page) == []
    assert bare(page) == []
    page.emulate_media(forced_colors="none")
    # Text alone of twice the size, as a browser's settings make it.
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "28px"
        assert overflow(page) <= 0, f"{width} with text of 200 %: {wide(page)}"
    context.close()


@each_page
def test_a_page_asks_the_api_for_little(
    page: Page, console: str, watch: Watch, places: dict[str, str], path: str
) -> None:
    signed_in(page, f"{console}/nowhere")
    settle(page, watch)
    watch.requests.clear()
    page.evaluate("path => { history.pushState(null, '', path); }", places[path])
    page.wait_for_timeout(1500)

    assert len(watch.api_requests()) <= PAGES[path], watch.api_requests()


@each_page
def test_every_control_of_a_page_is_reached_by_tab_and_shows_it(
    page: Page, console: str, watch: Watch, places: dict[str, str], path: str
) -> None:
    signed_in(page, f"{console}{places[path]}")
    settle(page, watch)
    page.evaluate("document.activeElement?.blur()")
    wanted: int = page.evaluate(
        """() => {
          const all = document.querySelectorAll(
            'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary');
          const open = [...all].filter((one) =>
            one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0 &&
            !(one.type === 'radio' && !one.checked));
          open.forEach((one, index) => { one.dataset.reach = String(index); });
          return open.length;
        }"""
    )
    reached: set[str] = set()
    for _ in range(wanted + 10):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
              const one = document.activeElement;
              const shown = one.closest('label') ?? one;
              const style = getComputedStyle(one);
              const around = getComputedStyle(shown);
              return [one.dataset.reach ?? '', style.outlineStyle !== 'none' ||
                around.outlineStyle !== 'none'];
            }"""
        )
        if seen[0]:
            assert seen[1], f"control {seen[0]} of {path} does not show its focus"
            reached.add(seen[0])

    assert len(reached) == wanted
