"""Pictures of every page of the demo book, light and dark, wide and narrow, and what axe says.

Usage: python -m tests.screens [folder]. Uses the server on PORT (8000) or starts one. The pages are
found by following links from 工作台, one page of each shape; some forms are sent empty once.
"""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.pages.preview import ARGUMENTS, SIZES, violations

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("PORT", "8000"))
BOOK = "/b/demo/"
USERNAME, PASSWORD = "laoban", "hengcang-demo"
START_SECONDS = 300
LINKS_PER_PAGE = 400
NEVER = re.compile(r"/logout$|/enable$")
SAME = frozenset({"after", "status", "state", "from", "to", "copy", "partner", "family"})
MISTAKES = ("items/new", "customers/new", "warehouses/new", "users/new", "sales-orders/new")


@dataclass
class Found:
    """Addresses by shape: digits are one digit, and of the query only the names count.

    Parameters that only choose other rows of the same page (SAME) are no shape of their own.
    """

    pages: dict[str, str] = field(default_factory=dict)

    def add(self, path: str) -> bool:
        shape = shape_of(path)
        if shape in self.pages or NEVER.search(urlsplit(path).path):
            return False
        self.pages[shape] = path
        return True


def shape_of(path: str) -> str:
    """`items-N-change`, usable as a file name."""
    url = urlsplit(path)
    plain = re.sub(r"\d+(-\d+)?", "N", url.path.removeprefix(BOOK).strip("/"))
    names = "-".join(sorted({name for name, _ in parse_qsl(url.query)} - SAME))
    return (plain.replace("/", "-") or "home") + (f"-by-{names}" if names else "")


def main(folder: Path) -> int:
    """0 when axe and the browser's console have nothing to say about any page."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        state = log_in(browser, address)
        pages = find_pages(browser, address, state)
        sys.stdout.write(f"{len(pages)} pages\n")
        wrong = 0
        for size in SIZES:
            for theme in ("light", "dark"):
                wrong += shoot_all(Shots(browser, address, state, folder, size, theme), pages)
        browser.close()
    sys.stdout.write(f"{wrong} violations\n")
    return 1 if wrong else 0


def chromium() -> str:
    names = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
    return next(name for name in names if Path(name).exists())


@contextmanager
def serving() -> Iterator[str]:
    """The address of a running demo server; one that had to be started is stopped again."""
    address = f"http://127.0.0.1:{PORT}"
    if answers(address):
        yield address
        return
    command = [sys.executable, "-m", "hengcang.cli.main", "run", "--demo", "--port", str(PORT)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_SECONDS
        while not answers(address):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("the demo server did not start; try `make run`")
            time.sleep(1)
        yield address
    finally:
        process.terminate()
        process.wait(60)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}{BOOK}login", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def log_in(browser: Any, address: str) -> Any:
    """The cookies of a session of the owner."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}{BOOK}login")
    page.fill("#username", USERNAME)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("nav.side")
    state = context.storage_state()
    context.close()
    return state


def find_pages(browser: Any, address: str, state: Any) -> dict[str, str]:
    """One address of every shape that can be reached by links, the breadth first."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    found = Found()
    found.add(BOOK)
    waiting = [BOOK]
    while waiting:
        path = waiting.pop(0)
        page.goto(address + path)
        hrefs = page.eval_on_selector_all("a[href]", "found => found.map(a => a.href)")
        for href in hrefs[:LINKS_PER_PAGE]:
            url = urlsplit(href)
            inside = href.startswith(address + BOOK) and not url.fragment
            target = url.path + (f"?{url.query}" if url.query else "")
            if inside and found.add(target):
                waiting.append(target)
    context.close()
    return found.pages


@dataclass
class Shots:
    """One size in one theme."""

    browser: Any
    address: str
    state: Any
    folder: Path
    size: str
    theme: str

    def context(self, state: Any) -> Any:
        width, height = SIZES[self.size]
        return self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=self.theme,
            storage_state=state,
            bypass_csp=True,
            locale="zh-CN",
        )


def shoot_all(shots: Shots, pages: dict[str, str]) -> int:
    wrong = 0
    context = shots.context(shots.state)
    for shape, path in pages.items():
        wrong += shoot(shots, context, shape, path)
    for path in MISTAKES:
        wrong += shoot_mistake(shots, context, path)
    wrong += shoot(shots, context, "not-found", f"{BOOK}items/999999999")
    context.close()
    stranger = shots.context(None)
    wrong += shoot(shots, stranger, "login", f"{BOOK}login")
    stranger.close()
    return wrong


def shoot(shots: Shots, context: Any, shape: str, path: str) -> int:
    page, said = open_page(context)
    page.goto(shots.address + path)
    return take(shots, page, shape, said if shape != "not-found" else [])


def shoot_mistake(shots: Shots, context: Any, path: str) -> int:
    """The form as it comes back when nothing was filled in."""
    page, _ = open_page(context)
    page.goto(f"{shots.address}{BOOK}{path}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("[aria-invalid=true], [role=alert]")
    return take(shots, page, f"mistake-{path.replace('/', '-')}", [])


def open_page(context: Any) -> tuple[Any, list[str]]:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda heard: said.append(heard.text) if heard.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def take(shots: Shots, page: Any, shape: str, said: list[str]) -> int:
    page.wait_for_timeout(100)
    name = f"{shape}-{shots.size}-{shots.theme}"
    page.screenshot(path=shots.folder / f"{name}.png", full_page=shots.size == "phone")
    found = [*said, *violations(page)]
    for line in found:
        sys.stdout.write(f"{name}: {line}\n")
    page.close()
    return len(found)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "screens")))
