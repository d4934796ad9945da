"""Which addresses are whole pages, to be looked at by a browser; the others are listed here."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.conftest import BookClient
from tests.web.masters.walks import named_addresses
from tests.worlds import World

NO_PAGE = {
    "arrival-receive": "asked by POST",
    "attachment": "a file",
    "attachment-remove": "asked by POST",
    "count-record": "asked by POST",
    "count-sheet": "asked by POST",
    "document-impact": "a part of a page",
    "document-side": "a part of a page",
    "import-template": "a file",
    "item-options": "options of a box",
    "login": "for strangers: tests/e2e/test_axe.py",
    "logout": "asked by POST",
    "palette": "options of Ctrl+K",
    "partner-options": "options of a box",
    "peek-prices": "a part of a page",
    "peek-stock": "a part of a page",
    "purchase-report-file": "a file",
    "purchase-report-kept": "a file",
    "resolve-items": "asked by POST",
    "rfq-ask": "asked by POST",
    "scan-item": "an item as JSON",
    "setup": "for strangers: tests/e2e/test_axe.py",
    "setup-link": "for strangers: tests/e2e/test_axe.py",
    "suggest-items": "options of a box",
    "suggest-partners": "options of a box",
}
"""Patterns that never answer a whole page to GET, and what they answer instead."""
TRIES = 4  # addresses of a pattern that are opened before it is none of a page
OWN_PAGE_OF_KIND = frozenset({"document-list", "document-new", "document", "document-print"})
"""Patterns whose pages differ by the kind of document."""


def whole_pages(
    client: BookClient, made: World, documents: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """One address for every pattern, and kind where pages differ by it, with the pattern's name."""
    seen: set[str] = set()
    tried = Counter[str]()
    for name, path in named_addresses(made, documents):
        shape = f"{name} {path.split('/')[1]}" if name in OWN_PAGE_OF_KIND else name
        if shape in seen or tried[shape] == TRIES:
            continue
        tried[shape] += 1
        if _is_whole(client, path):
            seen.add(shape)
            yield name, path


def _is_whole(client: BookClient, path: str) -> bool:
    response = client.get(path)
    html = response.status_code == 200 and response["Content-Type"].startswith("text/html")
    return html and b"<html" in response.content[:1000]
