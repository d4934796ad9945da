"""Any document, at any date, against the real books and against the paper, step by step."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hengcang.kernel.actor import SYSTEM
from hengcang.ledger import kept, periods
from hengcang.ledger.history import stock_on
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.sales.actions import deliveries, orders, returns
from hengcang.stock.actions import other_issues, other_receipts
from tests.properties import real
from tests.properties.company import (
    MONTHS,
    days,
    discounts,
    line_before,
    most_lines,
    prices,
    quantities,
)
from tests.properties.exchanging import Exchanging
from tests.properties.oracle import line_money
from tests.properties.shares import offs, part_of_line, taken_off
from tests.properties.sheets import Document, DocumentLine, Order, OrderLine
from tests.worlds import TODAY, target

KEPT = [date(2026, month, day) for month in (9, 10) for day in (10, 20, 30)]


class Books(Exchanging):
    """Every verb of every document."""

    # ---- orders

    @rule(
        data=st.data(),
        count=most_lines,
        approves=st.sampled_from(["sold", "bought"]),
        cents=discounts,
    )
    def approve_order(self, data: Any, count: int, approves: str, cents: int) -> None:
        sells = approves == "sold"
        warehouse = data.draw(st.sampled_from(self.warehouses))
        typed = [self._typed(data) for _ in range(count)]
        lines = [real.line(i, q, p, tax_rate=Decimal(t)) for i, q, p, t in typed]
        places = [data.draw(st.sampled_from([None, *self.warehouses[:2]])) for _ in typed]
        places = [place if sells else None for place in places]
        lines = [
            replace(line, warehouse_id=place) for line, place in zip(lines, places, strict=True)
        ]
        off, shares = self._off(cents, [line_before(q, p, t)[0] for _, q, p, t in typed])
        order = Order(
            warehouse,
            [
                OrderLine(i, Fraction(q), p, t, off=share, warehouse=place)
                for (i, q, p, t), share, place in zip(typed, shares, places, strict=True)
            ],
            sells,
        )
        save, step, role = (
            (orders.save_order, orders.step_order, "customer")
            if sells
            else (purchase_orders.save_order, purchase_orders.step_order, "supplier")
        )
        filled = real.draft(self.world, warehouse, lines, TODAY, role)
        saved = save(replace(filled, bill_discount=off), actor=SYSTEM)
        made = self.attempt(
            lambda: step(target(saved), "approve", actor=SYSTEM), lambda: self.paper.approve(order)
        )
        (self.sold if sells else self.bought).append((order, made))

    @precondition(lambda self: self.sold or self.bought)
    @rule(data=st.data(), verb=st.sampled_from(["take_back", "close", "reserve", "reserve"]))
    def step_order(self, data: Any, verb: str) -> None:
        order, row = data.draw(st.sampled_from(self.sold + self.bought))
        row.refresh_from_db()
        module = orders if order.sells else purchase_orders
        if verb == "reserve":
            if order.sells:
                self.attempt(
                    lambda: orders.reserve_order(target(row), actor=SYSTEM),
                    lambda: self.paper.reserve(order),
                )
            return
        self.attempt(
            lambda: module.step_order(target(row), verb, actor=SYSTEM, reason="客户取消"),
            lambda: getattr(self.paper, verb)(order),
        )

    def _off(self, cents: int, grosses: list[int]) -> tuple[Decimal, list[int]]:
        """What is taken off the whole, and off its lines."""
        off = min(cents, sum(grosses))
        return Decimal(off) / 100, offs(off, grosses)

    # ---- in

    @rule(data=st.data(), dated=days, count=most_lines, taxed=st.sampled_from(["in", "on top"]))
    def receive(self, data: Any, dated: date, count: int, taxed: str) -> None:
        warehouse = data.draw(st.sampled_from(self.warehouses))
        typed = [self._typed(data) for _ in range(count)]
        lines = [real.line(i, q, p, tax_rate=Decimal(t)) for i, q, p, t in typed]
        filled = real.draft(self.world, warehouse, lines, dated, "supplier")
        if taxed == "on top":
            filled = real.without_tax(filled)
        amounts = [line_money(q, p, t, includes_tax=taxed == "in") for _, q, p, t in typed]
        document = Document(
            "receipt",
            dated,
            warehouse,
            [
                DocumentLine(i, Fraction(q), gross=gross)
                for (i, q, _, _), (_, _, gross) in zip(typed, amounts, strict=True)
            ],
        )
        saved = purchase_receipts.save_receipt(filled, actor=SYSTEM)
        self._posted(
            document,
            lambda: purchase_receipts.post_receipt(target(saved), actor=SYSTEM),
            lambda: self.paper.receive(document, [net for net, _, _ in amounts]),
        )

    @precondition(lambda self: self.bought)
    @rule(data=st.data(), dated=days)
    def receive_order(self, data: Any, dated: date) -> None:
        order, row = data.draw(st.sampled_from(self.bought))
        chosen = self._chosen(data, order, row)
        if not chosen:
            return
        document = self._for_order("receipt", dated, order, chosen)
        nets = [line.gross - line.tax for line in document.lines]
        self._posted(
            document,
            lambda: purchase_receipts.receive_order(
                row.pk,
                {pk: Decimal(q) for pk, _, q in chosen},
                on=dated,
                client_uuid=uuid4(),
                actor=SYSTEM,
            ),
            lambda: self.paper.receive(document, nets),
        )

    @rule(data=st.data(), dated=days, kind=st.sampled_from(["other_receipt", "other_issue"]))
    def other(self, data: Any, dated: date, kind: str) -> None:
        warehouse = data.draw(st.sampled_from(self.warehouses))
        item, quantity, cost, _ = self._typed(data)
        comes = kind == "other_receipt"
        more = {"unit_cost": Decimal(cost)} if comes else {}
        filled = real.draft(
            self.world, warehouse, [real.line(item, quantity, None, **more)], dated, ""
        )
        value = [line_money(quantity, cost, "0", includes_tax=True)[2]] if comes else None
        document = Document(kind, dated, warehouse, [DocumentLine(item, Fraction(quantity))])
        module = other_receipts if comes else other_issues
        saved = getattr(module, f"save_{kind}")(filled, actor=SYSTEM)
        self._posted(
            document,
            lambda: getattr(module, f"post_{kind}")(target(saved), actor=SYSTEM),
            lambda: self.paper.other(document, value),
        )

    # ---- out and back

    @rule(data=st.data(), dated=days, count=most_lines, cents=discounts)
    def deliver(self, data: Any, dated: date, count: int, cents: int) -> None:
        warehouse = data.draw(st.sampled_from(self.warehouses[:2] + self.warehouses))
        typed = [self._typed(data) for _ in range(count)]
        lines = [real.line(i, q, p, tax_rate=Decimal(t)) for i, q, p, t in typed]
        before = [line_before(q, p, t) for _, q, p, t in typed]
        off, shares = self._off(cents, [gross for gross, _, _ in before])
        document = Document("delivery", dated, warehouse, [])
        for (item, q, _, rate), money, share in zip(typed, before, shares, strict=True):
            gross, tax, share = taken_off(money, share, rate)
            document.lines.append(DocumentLine(item, Fraction(q), gross=gross, tax=tax, off=share))
        filled = real.draft(self.world, warehouse, lines, dated, "customer")
        filled = replace(filled, rounding_off=off)
        saved = deliveries.save_delivery(filled, actor=SYSTEM)
        self._posted(
            document,
            lambda: deliveries.post_delivery(target(saved), actor=SYSTEM),
            lambda: self.paper.deliver(document),
        )

    @rule(item=st.integers(0, 1), quantity=st.sampled_from(["3", "5"]))
    def deliver_early(self, item: int, quantity: str) -> None:
        """From where there is stock, so that there is something to give back."""
        typed = real.line(self.items[item], quantity, "7.77")
        gross = line_money(quantity, "7.77", "0", includes_tax=True)[2]
        warehouse, dated = self.warehouses[0], date(2026, 10, 8)
        lines = [DocumentLine(self.items[item], Fraction(quantity), gross=gross)]
        document = Document("delivery", dated, warehouse, lines)
        filled = real.draft(self.world, warehouse, [typed], dated, "customer")
        saved = deliveries.save_delivery(filled, actor=SYSTEM)
        self._posted(
            document,
            lambda: deliveries.post_delivery(target(saved), actor=SYSTEM),
            lambda: self.paper.deliver(document),
        )

    @precondition(lambda self: self.sold)
    @rule(data=st.data(), dated=days, elsewhere=st.sampled_from(["", "", "elsewhere"]))
    def deliver_order(self, data: Any, dated: date, elsewhere: str) -> None:
        order, row = data.draw(st.sampled_from(self.sold))
        chosen = self._chosen(data, order, row)
        if not chosen:
            return
        document = self._for_order("delivery", dated, order, chosen)
        if elsewhere:
            document.warehouse = data.draw(st.sampled_from(self.warehouses))
        lines = [
            real.line(ln.item, q, ln.price, tax_rate=Decimal(ln.tax), source_line_id=pk)
            for pk, ln, q in chosen
        ]
        filled = real.draft(self.world, document.warehouse, lines, dated, "customer")
        saved = deliveries.save_delivery(filled, actor=SYSTEM)
        order.touched = True
        self._posted(
            document,
            lambda: deliveries.post_delivery(target(saved), actor=SYSTEM),
            lambda: self.paper.deliver(document),
        )

    @precondition(lambda self: self._deliveries())
    @rule(data=st.data(), dated=days, quantity=quantities)
    def give_back(self, data: Any, dated: date, quantity: str) -> None:
        """To the delivery's line, into any warehouse."""
        self._give_back(data, data.draw(st.sampled_from(self._deliveries())), dated, quantity)

    @precondition(lambda self: self._deliveries())
    @rule(data=st.data(), dates=st.lists(days, min_size=2, max_size=3))
    def give_back_one_by_one(self, data: Any, dates: list[date]) -> None:
        """Several of one delivery, wherever and in any order of dates: they share its cost."""
        chosen = data.draw(st.sampled_from(self._deliveries()))
        for dated in dates:
            self._give_back(data, chosen, dated, "1")

    def _give_back(
        self, data: Any, chosen: tuple[Document, Any], dated: date, quantity: str
    ) -> None:
        delivery, row = chosen
        warehouse = data.draw(st.sampled_from(self.warehouses))
        number = data.draw(st.integers(0, len(delivery.lines) - 1))
        origin, line = delivery.lines[number], list(row.lines.order_by("position"))[number]
        typed = real.line(
            line.item_id,
            quantity,
            str(line.price),
            tax_rate=line.tax_rate,
            source_line_id=line.pk,
        )
        left = origin.quantity - origin.returned
        gross, tax, off = part_of_line(
            (origin.gross, origin.tax, origin.off),
            (origin.given_back, origin.untaxed, origin.off_back),
            line_before(quantity, str(line.price), str(line.tax_rate)),
            None if Fraction(quantity) == left else Fraction(quantity) / origin.quantity,
            str(line.tax_rate),
        )
        back = DocumentLine(
            origin.item, Fraction(quantity), gross=gross, tax=tax, returns=origin, off=off
        )
        document = Document(
            "return",
            dated,
            warehouse,
            [back],
            delivery=delivery,
        )
        filled = real.draft(self.world, warehouse, [typed], dated, "customer")
        if delivery.status != "posted":
            return
        saved = returns.save_return(filled, actor=SYSTEM)
        self._posted(
            document,
            lambda: returns.post_return(target(saved), actor=SYSTEM),
            lambda: self.paper.give_back(document, None),
        )

    @rule(data=st.data(), dated=days, price=prices)
    def give_back_without_origin(self, data: Any, dated: date, price: str) -> None:
        warehouse = data.draw(st.sampled_from(self.warehouses))
        item, quantity, cost, _ = self._typed(data)
        document = Document(
            "return",
            dated,
            warehouse,
            [
                DocumentLine(
                    item,
                    Fraction(quantity),
                    gross=line_money(quantity, price, "0", includes_tax=True)[2],
                )
            ],
        )
        value = line_money(quantity, cost, "0", includes_tax=True)[2]
        typed = real.line(item, quantity, price, unit_cost=Decimal(cost))
        filled = real.draft(self.world, warehouse, [typed], dated, "customer")
        saved = returns.save_return(filled, actor=SYSTEM)
        self._posted(
            document,
            lambda: returns.post_return(target(saved), actor=SYSTEM),
            lambda: self.paper.give_back(document, [value]),
        )

    # ---- back to the supplier

    @precondition(lambda self: self._receipts())
    @rule(data=st.data(), dated=days, quantity=quantities)
    def send_back(self, data: Any, dated: date, quantity: str) -> None:
        """To the receipt's line, from any warehouse."""
        self._send_back(data, data.draw(st.sampled_from(self._receipts())), dated, quantity)

    @precondition(lambda self: self._receipts())
    @rule(data=st.data(), dates=st.lists(days, min_size=2, max_size=3))
    def send_back_one_by_one(self, data: Any, dates: list[date]) -> None:
        """Several of one receipt: they share its value."""
        chosen = data.draw(st.sampled_from(self._receipts()))
        for dated in dates:
            self._send_back(data, chosen, dated, "1")

    @rule(data=st.data(), dated=days)
    def send_back_without_origin(self, data: Any, dated: date) -> None:
        """At the average."""
        warehouse = data.draw(st.sampled_from(self.warehouses))
        item, quantity, price, tax = self._typed(data)
        gross = line_money(quantity, price, tax, includes_tax=True)[2]
        lines = [DocumentLine(item, Fraction(quantity), gross=gross)]
        document = Document("purchase_return", dated, warehouse, lines)
        typed = real.line(item, quantity, price, tax_rate=Decimal(tax))
        self._goes_back(document, real.draft(self.world, warehouse, [typed], dated, "supplier"))

    def _send_back(
        self, data: Any, chosen: tuple[Document, Any], dated: date, quantity: str
    ) -> None:
        receipt, row = chosen
        warehouse = data.draw(st.sampled_from([receipt.warehouse, *self.warehouses]))
        number = data.draw(st.integers(0, len(receipt.lines) - 1))
        origin, line = receipt.lines[number], list(row.lines.order_by("position"))[number]
        typed = real.line(
            line.item_id, quantity, "3.33", tax_rate=line.tax_rate, source_line_id=line.pk
        )
        gross = line_money(quantity, "3.33", str(line.tax_rate), includes_tax=True)[2]
        lines = [DocumentLine(origin.item, Fraction(quantity), gross=gross, returns=origin)]
        document = Document("purchase_return", dated, warehouse, lines, delivery=receipt)
        if receipt.status != "posted":
            return
        self._goes_back(document, real.draft(self.world, warehouse, [typed], dated, "supplier"))

    def _goes_back(self, document: Document, filled: Any) -> None:
        saved = purchase_returns.save_return(filled, actor=SYSTEM)
        self._posted(
            document,
            lambda: purchase_returns.post_return(target(saved), actor=SYSTEM),
            lambda: self.paper.send_back(document),
        )

    # ---- undo, close

    @precondition(lambda self: self.papers)
    @rule(data=st.data())
    def reverse(self, data: Any) -> None:
        document, row = data.draw(st.sampled_from(self.papers))
        if document.is_reversal:
            return
        self.attempt(lambda: real.reverse(document.kind, row), lambda: self.paper.reverse(document))

    @rule(then=st.sampled_from(["keep", "keep", "look"]))
    def look_back(self, then: str) -> None:
        """Past days show what their entries add up to; afterwards the days that can be are kept."""
        for day in KEPT:
            shown = [(row.item_id, row.quantity, row.value) for row in stock_on(SYSTEM, day)]
            assert shown == real.stock_by_entries(day)
        if then == "keep":
            kept.keep_days()

    @rule(verb=st.sampled_from(["close", "reopen"]), often=st.integers(0, 2))
    def period(self, verb: str, often: int) -> None:
        if often:
            return
        closed = sorted(self.paper.closed)
        if verb == "close" and len(closed) < len(MONTHS):
            month = MONTHS[len(closed)]
            periods.close_period(date(*month, 1), today=TODAY, actor=SYSTEM)
            self.paper.close_month(month)
        elif verb == "reopen" and closed:
            periods.reopen_period(date(*closed[-1], 1), "补录", actor=SYSTEM)
            self.paper.reopen_month(closed[-1])
        self.compare()
