"""The demo book is generated once; after that it is a copy."""

import os
from collections.abc import Iterator
from datetime import date

import pytest

from hengcang.books import actions, queries
from hengcang.cli.demo import template, writing
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.sales import queries as sales
from hengcang.sales.models import SalesOrder

TODAY = date(2026, 11, 24)


@pytest.fixture
def told(kept_book, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the maker said; its books are this process's own and are dropped afterwards."""
    monkeypatch.setattr(writing, "MONTHS", 3)
    for name in ("TEMPLATE", "CODE"):
        monkeypatch.setattr(template, name, f"t{os.getpid()}-demo-{name.lower()}")
    said: list[str] = []
    yield said
    for code in (template.CODE, template.TEMPLATE):
        template._drop(code)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_it_is_made_once_then_copied(told: list[str]) -> None:
    actions.create_book(template.TEMPLATE, "半成品", by=template.BY)  # of a start that was killed
    lines = template.ensure(TODAY, told.append)
    assert "hengcang-demo" in lines[-1]
    made = len(told)
    assert template.ensure(TODAY, told.append) == lines
    assert len(told) == made

    with template._alone_in(template.CODE):
        before = sales.orders(SYSTEM).count()
        SalesOrder.objects.filter(status="draft").update(note="改过")
    template.reset(TODAY, told.append)
    assert told[made:] == ["复制演示账套"]
    with template._alone_in(template.CODE):
        assert sales.orders(SYSTEM).count() == before
        assert not sales.orders(SYSTEM).filter(note="改过").exists()

    # another month: the template is out of date
    template._drop(template.CODE)
    assert not template._is_usable(date(2026, 12, 1))


def test_a_book_that_somebody_else_made_is_left_alone(
    told: list[str], fresh_book, monkeypatch
) -> None:
    monkeypatch.setattr(template, "CODE", fresh_book.code)
    assert template.ensure(TODAY, told.append) == []
    with pytest.raises(Refused) as refused:
        template.reset(TODAY, told.append)
    assert refused.value.code == "book_code_taken"
    assert queries.book(fresh_book.code).state == "active"
    monkeypatch.setattr(template, "CODE", f"t{os.getpid()}-none")
