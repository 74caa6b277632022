"""Pictures of every page at two sizes into docs/shots: `make shots`, or `python tools/shots.py --url http://...`.

Without --url a demo of small scale is started on a scratch home and stopped afterwards. Demo data only: no real people.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sandan.cluster.account import account
from sandan.cluster.folders import folders

TOP = Path(__file__).resolve().parent.parent
OUT = TOP / "docs" / "shots"
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
COLOURS = 96
PASSWORD = "sandan-demo-2026"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PORT, SCALE = 8297, 0.1
LIVED = "模拟的三十天走完了"
COMMUNITY = "140106001001"


@dataclass(frozen=True)
class Shot:
    """One page: its file, what it shows, who is signed in, the address, and the link to follow from there."""

    name: str
    title: str
    login: str
    path: str
    link: str = ""
    elder: bool = False


SHOTS = (
    Shot("home", "Home page of residents", "", "/"),
    Shot("home-elder", "Home page in the elder mode", "", "/", elder=True),
    Shot("help", "How to place an order", "", "/help/"),
    Shot("privacy", "How personal data is used", "", "/privacy/"),
    Shot("follow", "Following an order by number or phone", "", "/follow/"),
    Shot("sheet", "The A4 sheet for the stairwell", "", f"/sheet/{COMMUNITY}/"),
    Shot("login", "Staff login with the demo's accounts", "", "/login/"),
    Shot("not-found", "Page not found", "", "/no-such-page/"),
    Shot("hall", "Member: the hall", "demo.member", "/hall/"),
    Shot("hall-order", "Member: an order of the hall", "demo.member", "/hall/", r"/hall/\d"),
    Shot("mine", "Member: my orders", "demo.member", "/mine/"),
    Shot("task", "Member: serving an order", "demo.member", "/mine/", r"/mine/\d"),
    Shot("messages", "Member: messages", "demo.member", "/notices/"),
    Shot("clerk", "Unit clerk: offered to us", "demo.clerk", "/hall/"),
    Shot("inbox", "Desk: inbox", "demo.desk", "/desk/inbox/"),
    Shot("inbox-order", "Desk: judging an order", "demo.desk", "/desk/inbox/", r"/desk/inbox/\d"),
    Shot("board", "Desk: orders as a list", "demo.desk", "/desk/board/"),
    Shot("board-columns", "Desk: orders as columns", "demo.desk", "/desk/board/", r"view=columns"),
    Shot("order", "Desk: one order with its course", "demo.desk", "/desk/board/", r"/desk/orders/\d"),
    Shot("enter", "Desk: entering a phone call", "demo.desk", "/desk/enter/"),
    Shot("find", "Desk: search", "demo.desk", "/desk/find/?q=楼"),
    Shot("calls", "Desk: call-backs", "demo.review", "/desk/calls/"),
    Shot("checks", "Desk: field checks drawn by lot", "demo.review", "/desk/checks/"),
    Shot("check", "Desk: what was seen on a visit", "demo.review", "/desk/checks/", r"/desk/checks/\d"),
    Shot("board-map", "Desk: open orders on the map", "demo.desk", "/desk/map/"),
    Shot("passes", "Desk: passes that lift the limits", "demo.desk", "/desk/passes/"),
    Shot("duty", "Desk: the duty list", "demo.desk", "/desk/duty/"),
    Shot("whistles", "Desk: whistles", "demo.desk", "/desk/whistles/"),
    Shot("whistle-figures", "Desk: how whistles were answered", "demo.desk", "/desk/whistles/figures/"),
    Shot("unsent", "Desk: messages that did not arrive", "demo.desk", "/notices/unsent/"),
    Shot("stalled", "Desk: paused, on the ledger, late", "demo.desk", "/desk/stalled/"),
    Shot("unanswered", "Desk: unanswered first", "demo.desk", "/desk/unanswered/"),
    Shot("figures", "Figures of the community", "demo.desk", "/desk/figures/"),
    Shot("street", "Street liaison: orders of the street", "demo.street", "/desk/board/"),
    Shot("ladder", "Street liaison: what was passed up, all of the area", "demo.street", "/desk/ladder/"),
    Shot("times", "Member: own times", "demo.member", "/times/"),
    Shot("reach", "Member: how news reach me", "demo.member", "/notices/reach/"),
    Shot("whistle-new", "Grid worker: blow the whistle", "demo.grid", "/whistle/"),
    Shot("phone", "Grid worker: a call came in", "demo.grid", "/phone/"),
    Shot("beside", "Unit clerk: called and asked to help", "demo.clerk", "/beside/"),
    Shot("partner", "Partner: what was sent to us", "demo.partner", "/sent/"),
    Shot("card", "Contact card of a grid", "", f"/card/{COMMUNITY}001/"),
    Shot("district", "District: figures", "demo.district", "/desk/figures/"),
    Shot("map", "Map: schematic plan", "demo.admin", "/places/map/"),
    Shot("places", "Streets and communities", "demo.admin", "/places/"),
    Shot("community", "A community's grids", "demo.admin", f"/places/{COMMUNITY}/"),
    Shot("own-ground", "An office's own grids and estates", "demo.admin", "/places/own/"),
    Shot("grids", "Grids split and merged", "demo.admin", f"/places/{COMMUNITY}/grids/"),
    Shot("catalogue", "Catalogue of 43 items", "demo.desk", "/intake/"),
    Shot("gate", "Gate of the catalogue", "demo.district", "/intake/gate/"),
    Shot("audit", "Auditor: who looked at what", "demo.audit", "/audit/"),
    Shot("forbidden", "A page of another post", "demo.member", "/desk/inbox/"),
)
STEPS = (
    ("order-1-what", "Placing an order, step 1: what happened"),
    ("order-2-where", "Placing an order, step 2: where"),
    ("order-3-check", "Placing an order, step 3: check and contact"),
    ("order-4-done", "The order is placed: number and code"),
    ("order-5-progress", "Following it"),
)


@contextmanager
def demo() -> Iterator[str]:
    """The address of a demo whose month is over; stopped and deleted afterwards."""
    home = tempfile.mkdtemp(prefix="sandan-shots-")
    command = [sys.executable, "-m", "sandan.cli", "demo", "--port", str(PORT), "--scale", str(SCALE)]
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"SANDAN_HOME": home}
    running = subprocess.Popen(command, cwd=TOP, env=env, stdout=subprocess.PIPE, text=True)
    try:
        if not any(LIVED in line for line in running.stdout or ()):
            sys.exit("make shots: the demo ended before its month was over")
        yield f"http://127.0.0.1:{PORT}"
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate()
        shutil.rmtree(folders(Path(home), account()).base, ignore_errors=True)  # for root it lies beside the home
        shutil.rmtree(home, ignore_errors=True)


def keep(page: Page, name: str, size: str) -> None:
    """The visible part of the page as a small PNG."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(400)
    picture = Image.open(BytesIO(page.screenshot()))
    small = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(OUT / f"{name}-{size}.png", optimize=True)


def context_of(browser: Browser, url: str, size: str, login: str, elder: bool = False) -> BrowserContext:
    """A browser of that size in which that person has signed in."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(30_000)
    if elder:
        context.add_cookies([{"name": "elder", "value": "1", "url": url}])
    if login:
        page = context.new_page()
        page.goto(f"{url}/login/")
        page.locator("input[name=login]:visible").fill(login)
        page.locator("input[name=password]:visible").fill(PASSWORD)
        page.locator("input[name=password]:visible").press("Enter")
        page.wait_for_url(re.compile(r"^(?!.*/login/)"))
        page.close()
    return context


def take(page: Page, url: str, shot: Shot, size: str) -> bool:
    """One picture; False where the page leads nowhere at this size."""
    page.goto(url + shot.path)
    if shot.link:
        links = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
        found = next((link for link in links if re.search(shot.link, link)), None)
        if found is None:
            return False
        page.goto(page.evaluate("link => new URL(link, location.href).href", found))
    keep(page, shot.name, size)
    return True


def place_an_order(page: Page, url: str, size: str) -> None:
    """A resident's whole way, a picture at each step."""
    names = page.request.get(f"{url}/order/estates/?c={COMMUNITY}&q=院").json()["estates"]
    where = names[0]["name"] if names else ""
    page.goto(f"{url}/order/?c={COMMUNITY}")
    page.get_by_role("textbox", name="出了什么事").fill(f"{where}3号楼2单元楼道灯坏了，晚上摸黑上楼")
    keep(page, STEPS[0][0], size)
    page.get_by_role("button", name="下一步：在哪里").click()
    keep(page, STEPS[1][0], size)
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_label("您的电话").fill("16400990000")
    keep(page, STEPS[2][0], size)
    page.get_by_role("button", name="交给社区").click()
    page.get_by_role("heading", name="收到了").wait_for()
    keep(page, STEPS[3][0], size)
    page.get_by_role("link", name="看进度").first.click()
    page.wait_for_url("**/follow/*/")
    keep(page, STEPS[4][0], size)


def index(taken: list[tuple[str, str]]) -> None:
    """README.md of the folder: every page with its two pictures."""
    lines = [
        "# Every page, at 390x844 and 1440x900",
        "",
        "Made by `make shots` from the demo; all people are invented.",
    ]
    for name, title in taken:
        pictures = [f"![{size}]({name}-{size}.png)" for size in SIZES if (OUT / f"{name}-{size}.png").exists()]
        lines += ["", f"## {title}", "", " ".join(pictures)]
    (OUT / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def take_all(url: str) -> int:
    """All pictures anew; returns how many pages could not be reached."""
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    lost: list[str] = []
    with sync_playwright() as playwright:
        path = next(
            (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
        )
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for size in SIZES:
            rooms: dict[tuple[str, bool], Page] = {}
            for shot in SHOTS:
                key = (shot.login, shot.elder)
                if key not in rooms:
                    rooms[key] = context_of(browser, url, size, *key).new_page()
                lost += [] if take(rooms[key], url, shot, size) else [f"{shot.name} ({size})"]
            place_an_order(context_of(browser, url, size, "").new_page(), url, size)
        browser.close()
    index([*STEPS, *((shot.name, shot.title) for shot in SHOTS)])
    weight = sum(path.stat().st_size for path in OUT.glob("*.png"))
    print(f"{len(list(OUT.glob('*.png')))} pictures, {weight / 1e6:.1f} MB", file=sys.stderr)
    for name in lost:
        print(f"not reached: {name}", file=sys.stderr)
    return len(lost)


def main() -> int:
    """Take them from a running demo or from one of our own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="the address of a running demo")
    url = parser.parse_args().url
    if url:
        return 1 if take_all(url.rstrip("/")) else 0
    with demo() as address:
        return 1 if take_all(address) else 0


if __name__ == "__main__":
    sys.exit(main())
