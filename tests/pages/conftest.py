"""A browser for the pages: `visit` opens one at a size as somebody, `assert_clean` asks axe and a ruler."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sandan.core import live

PHONE = (390, 844)
DESK = (1440, 900)
SIZES = (PHONE, DESK)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

# What a finger or an older eye stumbles over. A link inside a sentence may be as high as its line.
RULER = """([smallest, smallestText]) => {
  const shown = (e) => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const away = e.closest(".sr, .skip, dialog:not([open]), [hidden]");
    return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && !away;
  };
  const words = (e) => (e.textContent || e.getAttribute("aria-label") || "").trim().slice(0, 30);
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className} "${words(e)}"`;
  const faults = [];
  for (const e of document.querySelectorAll("a[href], button, select, textarea, input:not([type=hidden]), summary")) {
    if (!shown(e)) continue;
    if (e.matches("a") && getComputedStyle(e).display === "inline" && e.closest("p, li, dd, td")) continue;
    const target = e.matches("input[type=radio], input[type=checkbox]") ? e.closest("label") ?? e : e;
    const box = target.getBoundingClientRect();
    if (box.width < smallest - 0.5 || box.height < smallest - 0.5)
      faults.push(`target ${Math.round(box.width)}x${Math.round(box.height)}: ${name(e)}`);
  }
  if (smallestText) for (const e of document.querySelectorAll("body *")) {
    if (!shown(e) || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (size < smallestText) faults.push(`text ${size}px: ${name(e)}`);
  }
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 1) faults.push(`the page is ${over} px wider than the screen`);
  return faults;
}"""


def chromium() -> str | None:
    """Where the browser is; None lets playwright use its own."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # playwright runs a loop in this thread, and Django would take every query for one made inside it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console says: an error there fails the test (a refused script, a style that was inline)."""
    return []


@pytest.fixture(autouse=True)
def _no_line_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The lines on which boards wait for news end with the test, and the reader of the journal with them."""
    yield
    monkeypatch.setenv("SANDAN_STOPPING", __file__)
    with live.READER._news:
        assert live.READER._news.wait_for(lambda: live.READER._thread is None, 60)


@pytest.fixture
def visit(live_server: Any, browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """visit("/help/", PHONE, login=person, elder=False) -> the loaded Page, its picture in $SHOTS where that is set.

    `client` lends the cookies of a test client that has done something before.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        url: str,
        size: tuple[int, int] = DESK,
        *,
        login: Any = None,
        elder: bool = False,
        client: Client | None = None,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        cookies = {name: cookie.value for name, cookie in client.cookies.items()} if client else {}
        cookies |= {"elder": "1"} if elder else {}
        if login is not None:
            client = Client()
            client.force_login(login)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": key, "value": value, "url": live_server.url} for key, value in cookies.items()])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + url, wait_until="load")
        keep_picture(page, url, size, elder)
        return page

    yield open_page
    for context in contexts:
        context.close()


def keep_picture(page: Page, url: str, size: tuple[int, int], elder: bool = False) -> None:
    """Save the page as it is in the folder of $SHOTS, named after its address and size."""
    folder = os.environ.get("SHOTS")
    if not folder:
        return
    name = re.sub(r"[^a-z0-9]+", "-", url.lower()).strip("-") or "home"
    path = Path(folder) / f"{name}-{size[0]}{'-elder' if elder else ''}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    height = page.evaluate("document.documentElement.scrollHeight")
    # the window grows to the page instead of scrolling, so that a bar at the foot stays at the foot
    page.set_viewport_size({"width": size[0], "height": max(height, size[1])})
    page.screenshot(path=path)
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.fixture
def assert_clean(complaints: list[str]) -> Callable[..., None]:
    """assert_clean(page): axe finds nothing, targets and letters are large enough, nothing hangs over, no error said.

    `allow` takes the console errors a test expects, as parts of their text.
    """

    def check(page: Page, *, allow: tuple[str, ...] = ()) -> None:
        found = Axe().run(page, options=RULES).response["violations"]
        axe = [f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:4]]}" for v in found]
        assert axe == []
        elder = page.locator("html[data-mode=elder]").count() > 0
        narrow = (page.viewport_size or {"width": 0})["width"] < 900
        smallest = 60 if elder else 44 if narrow else 24
        assert page.evaluate(RULER, [smallest, 18 if elder else 0]) == []
        assert [text for text in complaints if not any(part in text for part in allow)] == []

    return check
