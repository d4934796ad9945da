"""What the content security policy would stop in the browser is stopped here first."""

import re

from tests.architecture import sources

FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*="),
    "style element": re.compile(r"<style[\s>]"),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
    "hx-on": re.compile(r"\shx-on"),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[\s>]"),
    "unescaped": re.compile(r"\|\s*safe\b|\{%\s*autoescape off"),
}


def test_templates_hold_nothing_the_policy_forbids() -> None:
    found = [
        f"{sources.name(path)}: {what}"
        for path in sources.templates()
        for what, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text())
    ]
    assert not found
