"""Pictures of every sample page and what axe says.

Usage: python -m tests.pages.preview [folder] [page …]
"""

import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


def configure() -> None:
    """Just enough Django to render templates and find static files."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "hengcang.pages"],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        STATIC_URL="/static/",
        STATICFILES_DIRS=[ROOT / "frontend" / "dist"],
        USE_TZ=True,
        LANGUAGE_CODE="zh-hans",
    )
    django.setup()


def violations(page: Any) -> list[str]:
    """What axe finds on the page, one line per rule."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{rule['id']}: {node['html'][:140]} {node['failureSummary'][:160]!r}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


def shoot(folder: Path, names: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    from tests.pages.stage import stage

    wrong = 0
    with stage() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        for size, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme,
                    bypass_csp=True, locale="zh-CN",
                )  # fmt: skip
                for name in names:
                    wrong += _shoot_one(
                        context, f"{address}/{name}", folder / f"{name}-{size}-{theme}.png"
                    )
                context.close()
        browser.close()
    return wrong


def _shoot_one(context: Any, url: str, path: Path) -> int:
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    page.wait_for_timeout(150)
    page.screenshot(path=path, full_page="phone" in path.stem)
    found = violations(page)
    for line in [*said, *found]:
        sys.stdout.write(f"{path.stem}: {line}\n")
    page.close()
    return len(found) + len(said)


if __name__ == "__main__":
    configure()
    from tests.pages.samples import PAGES

    target = Path(sys.argv[1] if len(sys.argv) > 1 else "screens")
    target.mkdir(parents=True, exist_ok=True)
    sys.exit(1 if shoot(target, sys.argv[2:] or list(PAGES)) else 0)
