"""What a person waits for among a million documents: lists, editors, every other page.

Bytes and queries are gates; times are told.
"""

import gzip
import os
import statistics
import time
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.books.models import Book
from hengcang.catalog.models import Item
from hengcang.cli.demo.writing import write_demo
from hengcang.identity.models import User
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.models import SupplierProfile
from hengcang.pricing.actions import save_list
from hengcang.pricing.drafts import ListLineDraft, PriceListDraft
from hengcang.pricing.models import PriceList
from hengcang.purchasing.actions.prices import PriceDraft, save_supplier_prices
from hengcang.register.kinds import KINDS, Kind
from hengcang.register.verify import verify_books
from tests.benchmarks.addresses import pages
from tests.benchmarks.measure import Figure, cpu_ms_each, say
from tests.benchmarks.multiplied import multiply
from tests.benchmarks.visitor import Visitor
from tests.conftest import BookClient
from tests.worlds import TODAY

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(7200)]
COPIES, ROUNDS = (55, 20) if os.environ.get("HENGCANG_BENCH_LARGE") else (3, 5)
BUDGET_MS = 120
MOST_QUERIES, MOST_KB = 12, 20


def test_pages_among_many_documents(fresh_book: Book) -> None:
    write_demo(TODAY, lambda _: None)
    _price()
    started = time.perf_counter()
    documents = multiply(COPIES)
    say(Figure("documents_in_the_book", documents, "documents"))
    say(Figure("filling_the_book", time.perf_counter() - started, "s"))
    import_module("hengcang.wsgi")  # all pages are there, and out of the collector's way
    web = BookClient(fresh_book.code)
    owner = User.objects.get(username="laoban")
    web.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    visitor = Visitor(web)
    number = KINDS[0].model._default_manager.exclude(number=None).latest("id").number
    named = [each for kind in KINDS for each in _of(kind)]
    named += [("palette_by_number", f"/palette?q={number}")]
    named += [(f"other_{name}", address) for name, address in pages()]
    over = [gate for name, address in named for gate in _say_page(visitor, name, address)]
    started = time.perf_counter()
    assert verify_books() == []
    say(Figure("verify_of_the_book", time.perf_counter() - started, "s"))
    assert over == []


def _price() -> None:
    """Prices the demo company has not agreed on: of a list, of a supplier."""
    item = Item.objects.order_by("id").first()
    supplier = SupplierProfile.objects.order_by("partner_id").first()
    assert item is not None
    assert supplier is not None
    if not PriceList.objects.exists():
        listed = PriceListDraft("秋季", TODAY, (ListLineDraft(item.pk, Decimal(19)),))
        save_list(listed, actor=SYSTEM)
    asked = PriceDraft(supplier.partner_id, item.pk, Decimal(7), TODAY)
    save_supplier_prices([asked], actor=SYSTEM)


def _of(kind: Kind) -> list[tuple[str, str]]:
    """The pages of a kind of document."""
    newest = kind.model._default_manager.order_by("-dated", "-id").first()
    assert newest is not None, f"the demo has no {kind.code}"
    return [
        (f"list_{kind.plural}", f"/{kind.plural}/"),
        (f"filtered_{kind.plural}", f"/{kind.plural}/?status={_common(kind)}"),
        (f"page_of_{kind.plural}", f"/{kind.plural}/{newest.pk}"),
        (f"new_{kind.plural}", f"/{kind.plural}/new"),
    ]


def _common(kind: Kind) -> str:
    return "posted" if "post" in kind.flow.steps else "closed"


def _say_page(web: Visitor, name: str, address: str) -> list[str]:
    """The slow end of a page's times, its queries and its weight, warm; gates it is beyond."""
    for _ in range(2):
        assert web.get(address).status_code == 200, address
    times: list[float] = []

    def timed() -> None:
        started = time.perf_counter()
        web.get(address)
        times.append((time.perf_counter() - started) * 1000)

    spent = cpu_ms_each(timed, ROUNDS)
    with CaptureQueriesContext(connection) as asked:
        answer = web.get(address)
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    say(Figure(f"{name}_p95", p95, "ms", BUDGET_MS))
    say(Figure(f"{name}_cpu", spent, "ms", BUDGET_MS))
    weight = len(gzip.compress(answer.content)) / 1000
    gates = [
        Figure(f"{name}_queries", len(asked), "queries", MOST_QUERIES),
        Figure(f"{name}_html_gzip", weight, "kB", MOST_KB),
    ]
    for gate in gates:
        say(gate)
    return [gate.bench for gate in gates if not gate.ok]
