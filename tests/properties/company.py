"""What the machine is made of: a company kept twice, and the comparison after every act."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connections, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger import kept
from hengcang.ledger.models import CostScope
from hengcang.partners.models import SupplierProfile
from hengcang.register.verify import verify_books
from hengcang.stock.actions import other_receipts
from tests.properties import real
from tests.properties.oracle import line_money
from tests.properties.paper import Paper
from tests.properties.shares import part_beyond, part_of_line, taken_off
from tests.properties.sheets import Document, DocumentLine, No, Order, OrderLine
from tests.worlds import GO_LIVE, TODAY, World, target, world

quantities = st.sampled_from(["1", "2", "3", "5", "10", "0.333333"])
prices = st.sampled_from(["10", "0.125", "3.3333", "7.77", "0.01", "100", "0"])
taxes = st.sampled_from(["0", "13", "9"])
DAYS = ["2026-09-05", "2026-10-08", "2026-10-31", "2026-11-01", "2026-11-03", "2026-11-10"]
WRONG_DAYS = ["2026-08-31", "2099-01-01"]
days = st.sampled_from([*[TODAY] * 3, *map(date.fromisoformat, DAYS * 2 + WRONG_DAYS)])
MONTHS = [(2026, 9), (2026, 10)]
most_lines = st.integers(1, 2)
discounts = st.sampled_from([0, 0, 0, 1, 101, 777])  # cents off the whole, as far as there is money


def line_before(quantity: str, price: str, tax: str) -> tuple[int, int, int]:
    """(gross, tax, nothing taken off) of a line, cents."""
    _, inside, gross = line_money(quantity, price, tax, includes_tax=True)
    return gross, inside, 0


def line_after(line: OrderLine) -> tuple[int, int, int]:
    """The money of an order line after its share of the discount."""
    return taken_off(line_before(str(line.quantity), line.price, line.tax), line.off, line.tax)


class Company(RuleBasedStateMachine):
    """One company in one transaction; rolled back at the end of the example."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.papers: list[tuple[Document, Any]] = []
        self.bought: list[tuple[Order, Any]] = []
        self.sold: list[tuple[Order, Any]] = []

    def teardown(self) -> None:
        try:
            assert [str(d) for d in verify_books()] == []
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            connections["default"].close()

    @initialize(scope=st.sampled_from(list(CostScope)), tolerance=st.sampled_from([0, 50]))
    def open_books(self, scope: CostScope, tolerance: int) -> None:
        self.world: World = world(items=2, warehouses=3, scope=scope)
        self.items = [item.pk for item in self.world.items]
        self.warehouses = [w.pk for w in self.world.warehouses]
        self.paper = Paper(scope.value, GO_LIVE, TODAY, tolerance)
        if tolerance:
            SupplierProfile.objects.update(over_receipt_rate=tolerance)
        for item in self.items:
            for warehouse, day, quantity in zip(
                self.warehouses, DAYS[::2], ("30", "10"), strict=False
            ):
                self._stock(item, warehouse, date.fromisoformat(day), quantity)
        kept.keep_days()

    def _stock(self, item: int, warehouse: int, dated: date, quantity: str) -> None:
        """So that most of what follows can be delivered."""
        typed = real.line(item, quantity, None, unit_cost=Decimal("3.3333"))
        filled = real.draft(self.world, warehouse, [typed], dated, "")
        saved = other_receipts.save_other_receipt(filled, actor=SYSTEM)
        document = Document(
            "other_receipt", dated, warehouse, [DocumentLine(item, Fraction(quantity))]
        )
        value = line_money(quantity, "3.3333", "0", includes_tax=True)[2]
        self._posted(
            document,
            lambda: other_receipts.post_other_receipt(target(saved), actor=SYSTEM),
            lambda: self.paper.other(document, [value]),
        )

    # ---- how

    def attempt(self, act: Callable[[], Any], on_paper: Callable[[], Any]) -> Any:
        """Both do it and agree on every figure, or both refuse and no row has changed."""
        before = real.digest()
        reasons: set[str] = set()
        try:
            on_paper()
        except No as no:
            reasons = no.codes
        try:
            done = act()
        except Refused as refused:
            code, facts = refused.code, refused.facts
        else:
            assert not reasons, f"should have been refused: {reasons}"
            self.compare()
            return done
        assert code in reasons, f"{code} {facts}, paper: {reasons}"
        assert real.digest() == before, "a refused action left a trace"
        return None

    def _posted(self, document: Document, act: Any, on_paper: Any) -> None:
        made = self.attempt(act, on_paper)
        if made is not None:
            self.papers.append((document, made))

    def compare(self) -> None:
        paper, worth = self.paper, self.paper.worth
        assert real.entries() == [
            (f.dated, f.quantity, worth.values[f.position], worth.variances.get(f.position, 0))
            for f in paper.facts
        ]
        here = {(i, w) for i in self.items for w in self.warehouses}
        expected = {p: (paper.on_hand(p), paper.reserved[p], paper.on_order[p]) for p in here}
        assert real.places() == {p: three for p, three in expected.items() if any(three)}
        assert real.shelves() == {p: three[0] for p, three in expected.items() if three[0]}
        assert real.worths() == {
            key: (worth.quantity[key], worth.value[key])
            for key in worth.quantity
            if worth.quantity[key] or worth.value[key]
        }
        owed = real.owed()
        assert owed.get("receivable", 0) == paper.receivable
        assert owed.get("payable", 0) == paper.payable
        for table, made in (
            ("sales_salesorderline", self.sold),
            ("purchasing_purchaseorderline", self.bought),
        ):
            on_paper = [(ln.done, ln.reserved) for order, _ in made for ln in order.lines]
            assert real.order_lines(table)[: len(on_paper)] == on_paper

    def _typed(self, data: Any) -> tuple[int, str, str, str]:
        return (
            data.draw(st.sampled_from(self.items)),
            data.draw(quantities),
            data.draw(prices),
            data.draw(taxes),
        )

    def _chosen(self, data: Any, order: Order, row: Any) -> list[tuple[int, OrderLine, str]]:
        """Some open lines of an order with what is to move of each: more than is open at times."""
        chosen = []
        for line, pk in zip(
            order.lines, row.lines.order_by("position").values_list("pk", flat=True), strict=True
        ):
            if line.open > 0:
                some = data.draw(st.sampled_from(["all", "part", "none"]))
                part = data.draw(quantities) if some == "part" else ""
                exact = str(Decimal(line.open.numerator) / line.open.denominator)
                if some != "none":
                    chosen.append((pk, line, part or exact))
        return chosen

    def _for_order(
        self, kind: str, dated: date, order: Order, chosen: list[tuple[int, OrderLine, str]]
    ) -> Document:
        lines = []
        for _, ln, q in chosen:
            told = (
                line_after(ln),
                (ln.billed, ln.taxed, ln.carried),
                line_before(q, ln.price, ln.tax),
            )
            part = Fraction(q) / ln.quantity
            if Fraction(q) > ln.open:
                gross, tax, off = part_beyond(*told, part, ln.tax)
            else:
                ends = Fraction(q) == ln.open
                gross, tax, off = part_of_line(*told, None if ends else part, ln.tax)
            line = DocumentLine(ln.item, Fraction(q), gross=gross, tax=tax, order_line=ln, off=off)
            lines.append(line)
        return Document(kind, dated, order.warehouse, lines, order=order)

    def _receipts(self) -> list[tuple[Document, Any]]:
        return [(d, row) for d, row in self.papers if d.kind == "receipt" and not d.is_reversal]

    def _deliveries(self) -> list[tuple[Document, Any]]:
        return [(d, row) for d, row in self.papers if d.kind == "delivery" and not d.is_reversal]
