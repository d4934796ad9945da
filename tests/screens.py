"""Pictures of every page of the demo book, light and dark, wide and narrow, and what axe says.

Usage: python -m tests.screens [folder]. Uses the server on PORT (8000) or starts one. The pages are
found by following links from 工作台, one page of each shape, and every address of the product must
be among them; some forms are sent empty once.
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
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.pages.preview import ARGUMENTS, SIZES, WIDER, violations

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("PORT", "8000"))
BOOK = "/b/demo/"
USERNAME, PASSWORD = "laoban", "hengcang-demo"
START_SECONDS = 300
LINKS_PER_PAGE = 400
NEVER = re.compile(r"/logout$|/enable$")
SAME = frozenset({"after", "status", "state", "from", "to", "copy", "partner", "family"})
STRANGERS = frozenset({"login", "setup", "setup-link"})  # pages for who is not logged in
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
    """0 when every page was seen, fits its window, and axe and the console have nothing to say."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        state = log_in(browser, address)
        pages = find_pages(browser, address, state)
        missed = unseen(pages)
        sys.stdout.write(f"{len(pages)} pages\n")
        sys.stdout.writelines(f"no link leads to {name}\n" for name in missed)
        wrong = len(missed) + shoot_all(Shots(browser, address, state, folder), pages)
        browser.close()
    sys.stdout.write(f"{wrong} violations\n")
    return 1 if wrong else 0


def unseen(pages: dict[str, str]) -> list[str]:
    """The names of the patterns of pages that were not found."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hengcang.settings")
    import django

    django.setup()
    from django.urls import URLResolver
    from django.urls.resolvers import RegexPattern

    from hengcang.web import urls
    from tests.web.masters.walks import patterns
    from tests.web.whole_pages import NO_PAGE

    resolver = URLResolver(RegexPattern(r"^/"), urls.urlpatterns)
    paths = [f"/{urlsplit(path).path.removeprefix(BOOK)}" for path in pages.values()]
    seen = {resolver.resolve(path).url_name for path in paths}
    everything = {str(pattern.name) for pattern in patterns(urls.urlpatterns)}
    return sorted(everything - seen - set(NO_PAGE) - STRANGERS)


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
    """The browser, and where the pictures go."""

    browser: Any
    address: str
    state: Any
    folder: Path

    def context(self, state: Any) -> Any:
        return self.browser.new_context(storage_state=state, bypass_csp=True, locale="zh-CN")


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
    """A picture of each look of the page; how much is wrong with it."""
    found: list[str] = []
    for size, theme in product(SIZES, ("light", "dark")):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(100)
        name = f"{shape}-{size}-{theme}"
        page.screenshot(path=shots.folder / f"{name}.png", full_page=size == "phone")
        found += [f"{name}: {line}" for line in violations(page)]
        if page.evaluate(WIDER) and not page.locator("main.paper").count():
            found.append(f"{name}: wider than the window")
    found += [f"{shape}: {line}" for line in said]
    sys.stdout.writelines(f"{line}\n" for line in found)
    page.close()
    return len(found)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "screens")))
