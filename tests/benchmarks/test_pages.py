"""What a person waits for among a million documents: lists, editors, the search for a number."""

import gzip
import os
import statistics
import time
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.books.models import Book
from hengcang.cli.demo.writing import write_demo
from hengcang.identity.models import User
from hengcang.register.kinds import KINDS, Kind
from hengcang.register.verify import verify_books
from tests.benchmarks.measure import Figure, cpu_ms_each, say
from tests.benchmarks.multiplied import multiply
from tests.benchmarks.visitor import Visitor
from tests.conftest import BookClient
from tests.worlds import TODAY

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(7200)]
COPIES = 55 if os.environ.get("HENGCANG_BENCH_LARGE") else 3
ROUNDS = 20
BUDGET_MS = 120


def test_pages_among_many_documents(fresh_book: Book) -> None:
    write_demo(TODAY, lambda _: None)
    started = time.perf_counter()
    documents = multiply(COPIES)
    say(Figure("documents_in_the_book", documents, "documents"))
    say(Figure("filling_the_book", time.perf_counter() - started, "s"))
    import_module("hengcang.wsgi")  # all pages are there, and out of the collector's way
    web = BookClient(fresh_book.code)
    owner = User.objects.get(username="laoban")
    web.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    visitor = Visitor(web)
    for kind in KINDS:
        _say_page(visitor, f"list_{kind.plural}", f"/{kind.plural}/")
        _say_page(visitor, f"filtered_{kind.plural}", f"/{kind.plural}/?status={_common(kind)}")
        newest = kind.model._default_manager.order_by("-dated", "-id").first()
        assert newest is not None
        _say_page(visitor, f"page_of_{kind.plural}", f"/{kind.plural}/{newest.pk}")
        _say_page(visitor, f"new_{kind.plural}", f"/{kind.plural}/new")
    number = KINDS[0].model._default_manager.exclude(number=None).latest("id").number
    _say_page(visitor, "palette_by_number", f"/palette?q={number}")
    _say_page(visitor, "home", "/")
    started = time.perf_counter()
    assert verify_books() == []
    say(Figure("verify_of_the_book", time.perf_counter() - started, "s"))


def _common(kind: Kind) -> str:
    return "posted" if "post" in kind.flow.steps else "closed"


def _say_page(web: Visitor, name: str, address: str) -> None:
    """The slow end of a page's times, its queries and its weight, warm."""
    for _ in range(2):
        assert web.get(address).status_code == 200, address
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = web.get(address)
        times.append((time.perf_counter() - started) * 1000)
    spent = cpu_ms_each(lambda: web.get(address), ROUNDS)
    with CaptureQueriesContext(connection) as asked:
        web.get(address)
    p95 = statistics.quantiles(times, n=20)[-1]
    say(Figure(f"{name}_p95", p95, "ms", BUDGET_MS))
    say(Figure(f"{name}_cpu", spent, "ms", BUDGET_MS))
    say(Figure(f"{name}_queries", len(asked), "queries", 12))
    say(Figure(f"{name}_html_gzip", len(gzip.compress(answer.content)) / 1000, "kB", 20))
