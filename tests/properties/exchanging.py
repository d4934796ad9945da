"""Exchanges in the machine: what comes back and what goes out on one paper, and what is owed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hengcang.documents.drafts import LineDraft
from hengcang.kernel.actor import SYSTEM
from hengcang.sales.actions import exchanges
from tests.properties import real
from tests.properties.company import Company, days, line_before, most_lines, quantities
from tests.properties.oracle import line_money
from tests.properties.paper import Paper
from tests.properties.shares import part_of_line
from tests.properties.sheets import Document, DocumentLine
from tests.worlds import target


class Exchanging(Company):
    """Some of a delivery, or of nothing we know, is swapped for something else."""

    @precondition(lambda self: self._deliveries())
    @rule(data=st.data(), dated=days, quantity=quantities, count=most_lines)
    def swap(self, data: Any, dated: date, quantity: str, count: int) -> None:
        """Part of a delivery's line, into any warehouse and out of the same."""
        delivery, row = data.draw(st.sampled_from(self._deliveries()))
        if delivery.status != "posted":
            return
        number = data.draw(st.integers(0, len(delivery.lines) - 1))
        origin, line = delivery.lines[number], list(row.lines.order_by("position"))[number]
        back = real.line(
            line.item_id,
            quantity,
            str(line.price),
            tax_rate=line.tax_rate,
            source_line_id=line.pk,
            direction="back",
        )
        on_paper = _returned(origin, quantity, str(line.price), str(line.tax_rate))
        self._swap(data, dated, (back, on_paper, None), count, delivery)

    @rule(data=st.data(), dated=days)
    def swap_without_origin(self, data: Any, dated: date) -> None:
        item, quantity, cost, tax = self._typed(data)
        back = real.line(
            item,
            quantity,
            "9.99",
            tax_rate=Decimal(tax),
            unit_cost=Decimal(cost),
            direction="back",
        )
        gross, inside, _ = line_before(quantity, "9.99", tax)
        line = DocumentLine(item, Fraction(quantity), gross=gross, tax=inside, comes_back=True)
        value = line_money(quantity, cost, "0", includes_tax=True)[2]
        self._swap(data, dated, (back, line, value), 1, None)

    def _swap(
        self,
        data: Any,
        dated: date,
        back: tuple[LineDraft, DocumentLine, int | None],
        count: int,
        delivery: Document | None,
    ) -> None:
        warehouse = data.draw(st.sampled_from(self.warehouses[:2] + self.warehouses))
        typed, lines = [back[0]], [back[1]]
        for _ in range(count):
            item, quantity, price, tax = self._typed(data)
            more: dict[str, Any] = {"tax_rate": Decimal(tax), "direction": "out"}
            typed.append(real.line(item, quantity, price, **more))
            gross, inside, _ = line_before(quantity, price, tax)
            lines.append(DocumentLine(item, Fraction(quantity), gross=gross, tax=inside))
        document = Document("exchange", dated, warehouse, lines, delivery=delivery)
        filled = real.draft(self.world, warehouse, typed, dated, "customer")
        saved = exchanges.save_exchange(filled, actor=SYSTEM)
        self._posted(
            document,
            lambda: exchanges.post_exchange(target(saved), actor=SYSTEM),
            lambda: exchange(self.paper, document, back[2]),
        )


def _returned(origin: DocumentLine, quantity: str, price: str, tax: str) -> DocumentLine:
    """The line that comes back, with its part of the delivery line's money."""
    left = origin.quantity - origin.returned
    gross, inside, off = part_of_line(
        (origin.gross, origin.tax, origin.off),
        (origin.given_back, origin.untaxed, origin.off_back),
        line_before(quantity, price, tax),
        None if Fraction(quantity) == left else Fraction(quantity) / origin.quantity,
        tax,
    )
    return DocumentLine(
        origin.item,
        Fraction(quantity),
        gross=gross,
        tax=inside,
        returns=origin,
        off=off,
        comes_back=True,
    )


def exchange(paper: Paper, document: Document, value: int | None) -> Document:
    """The paper carries both sides: the first line comes back, worth `value` cents where its origin
    is not known; the others go out.
    """
    back = document.lines[0]
    origin = back.returns
    codes = set()
    if origin is not None and back.quantity > origin.quantity - origin.returned:
        codes.add("more_than_delivered")
    values = None if value is None else [value, *[None] * (len(document.lines) - 1)]
    paper._post(document, paper._facts(document, -1, values), codes, {})
    if origin is not None and document.delivery is not None:
        origin.returned += back.quantity
        origin.given_back += back.gross
        origin.untaxed += back.tax
        origin.off_back += back.off
        document.delivery.returns.append(document)
    paper.receivable += difference(document)
    return document


def difference(document: Document) -> int:
    """Cents that an exchange adds to what is owed: out less back."""
    return sum(-line.gross if line.comes_back else line.gross for line in document.lines)
