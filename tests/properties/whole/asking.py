"""What is wanted and who offers it: 请购单 are merged into orders, 报价 awarded."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import requisitions, rfqs
from hengcang.purchasing.actions.awarding import Award, Choice, order_choices
from hengcang.purchasing.actions.merging import Merge, MergeLine, merge_requisitions
from tests.properties.whole.goods import Line, Order
from tests.properties.whole.shop import Shop, quantities, some_items, some_places
from tests.purchasing.inquired import another, answered
from tests.worlds import TODAY, draft, line, target

ASKING = {"close": "closed_forced", "take_back": "draft", "approve": "approved"}


class Asking(Shop):
    """Requisitions, requests for quotation, suppliers' quotes: all end in draft orders."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {
        "purchase_requisition": ("approve", "merge", "close", "take_back"),
        "rfq": ("approve", "award"),
        "supplier_quote": ("approve",),
    }

    def begin(self) -> None:
        self.suppliers = [self.world.supplier, another("义乌日用品", "V002")]
        self.offers: list[tuple[Order, Line, Any, int]] = []
        super().begin()

    def promised(self, kind: str, row: Any, lines: list[Line], status: str) -> Order:
        """A document that stands on paper with these lines, which learn their ids."""
        ids = row.lines.order_by("position").values_list("id", flat=True)
        for one, pk in zip(lines, ids, strict=True):
            one.row = pk
        warehouse = row.warehouse_id
        order = Order(kind, row, warehouse, lines, status)
        self.goods.orders.append(order)
        return order

    def orders_of(self, *kinds: str) -> list[Order]:
        return [order for order in self.goods.orders if order.kind in kinds]

    def wishes(self, data: Any, quantity: str) -> list[tuple[int, str]]:
        """One or two different items, with how much of each."""
        first = data.draw(some_items)
        more = data.draw(st.sampled_from([None, *{0, 1, 2} - {first}]))
        second = [] if more is None else [(more, data.draw(quantities))]
        return [(first, quantity), *second]

    def fresh(self, wishes: list[tuple[int, str]]) -> list[Line]:
        return [Line(self.items[item], Fraction(quantity)) for item, quantity in wishes]

    # ---- requisitions

    @rule(data=st.data(), place=some_places, quantity=quantities)
    def request(self, data: Any, place: int, quantity: str) -> None:
        wishes = self.wishes(data, quantity)
        lines = [line(self.world.items[item], q) for item, q in wishes]
        saved = requisitions.save_requisition(
            draft(self.world.warehouses[place], lines), actor=SYSTEM
        )
        made = self.tried(
            "purchase_requisition",
            "approve",
            set(),
            lambda: requisitions.step_requisition(target(saved), "approve", actor=SYSTEM),
        )
        self.promised("purchase_requisition", made, self.fresh(wishes), "approved")

    @precondition(lambda self: self.orders_of("purchase_requisition"))
    @rule(data=st.data(), verb=st.sampled_from(["close", "take_back", "approve"]))
    def step_request(self, data: Any, verb: str) -> None:
        found = self.orders_of("purchase_requisition")
        needed = "draft" if verb == "approve" else "approved"
        fitting = [order for order in found if order.status == needed]
        order = data.draw(st.sampled_from(fitting or found))
        reasons = set()
        if order.status != needed:
            reasons.add("wrong_status")
        elif verb == "take_back" and any(one.done for one in order.lines):
            reasons.add("requisition_ordered")
        order.row.refresh_from_db()
        made = self.tried(
            order.kind,
            verb,
            reasons,
            lambda: requisitions.step_requisition(
                target(order.row), verb, actor=SYSTEM, reason="不要了"
            ),
        )
        if made is not None:
            order.status = ASKING[verb]

    @precondition(lambda self: self.orders_of("purchase_requisition"))
    @rule(data=st.data(), count=st.integers(1, 3))
    def merge(self, data: Any, count: int) -> None:
        """Lines of several requisitions become one order per supplier and warehouse."""
        rows = [(o, one) for o in self.orders_of("purchase_requisition") for one in o.lines]
        living = [(o, one) for o, one in rows if o.status == "approved" and one.left] or rows
        pool = living if data.draw(st.integers(0, 3)) else rows
        chosen = {
            one.row: (o, one, data.draw(st.integers(0, 1)), data.draw(quantities))
            for o, one in data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=count))
        }
        reasons = set()
        if any(o.status != "approved" for o, *_ in chosen.values()):
            reasons.add("source_not_open")
        if any(not one.left for _, one, *_ in chosen.values()):
            reasons.add("requisition_line_done")
        merge = Merge(
            uuid4(),
            TODAY,
            tuple(
                MergeLine(one.row, self.suppliers[n].pk, Decimal(q))
                for _, one, n, q in chosen.values()
            ),
        )
        made = self.tried(
            "purchase_requisition",
            "merge",
            reasons,
            lambda: merge_requisitions(merge, actor=SYSTEM),
        )
        if made is not None:
            self._merged(list(chosen.values()), made)

    def _merged(self, chosen: list[tuple[Order, Line, int, str]], made: list[Any]) -> None:
        groups: dict[tuple[int, int], dict[int, Line]] = {}
        for order, one, n, quantity in chosen:
            group = groups.setdefault((self.suppliers[n].pk, order.warehouse), {})
            ordered = group.setdefault(one.item, Line(one.item, Fraction(0)))
            taken = min(Fraction(quantity), one.left)
            ordered.quantity += Fraction(quantity)
            ordered.covers.append((one, taken))
            one.done += taken
        for row in made:
            lines = groups.pop((row.partner_id, row.warehouse_id))
            self.promised("purchase_order", row, list(lines.values()), "draft")
        assert not groups
        for order, *_ in chosen:
            order.settle("closed")

    # ---- requests for quotation

    @rule(item=some_items, place=some_places, quantity=quantities)
    def ask(self, item: int, place: int, quantity: str) -> None:
        """Two suppliers are asked, and each answers."""
        wished = [line(self.world.items[item], quantity)]
        saved = rfqs.save_rfq(draft(self.world.warehouses[place], wished), actor=SYSTEM)
        request = self.tried(
            "rfq", "approve", set(), lambda: rfqs.step_rfq(target(saved), "approve", actor=SYSTEM)
        )
        order = self.promised("rfq", request, self.fresh([(item, quantity)]), "approved")
        rfqs.ask_suppliers(request.pk, [s.pk for s in self.suppliers], on=TODAY, actor=SYSTEM)
        at = replace(self.world, warehouses=[self.world.warehouses[place]])
        for n, supplier in enumerate(self.suppliers):
            answer = partial(answered, at, request, supplier, ("9", None, 3))
            quote = self.tried("supplier_quote", "approve", set(), answer)
            self.offers.append((order, order.lines[0], quote.lines.get().pk, n))

    @precondition(lambda self: self.offers)
    @rule(data=st.data(), quantity=quantities)
    def award(self, data: Any, quantity: str) -> None:
        """To one of them, or to both at once."""
        request, asked, offer, n = data.draw(st.sampled_from(self.offers))
        chosen = [(offer, n, quantity)]
        if data.draw(st.booleans()):
            others = [o for o in self.offers if o[0] is request and o[2] != offer]
            chosen += [(pk, k, data.draw(quantities)) for _, _, pk, k in others]
        reasons = {"rfq_line_ordered"} if self._ordered(asked) >= asked.quantity else set()
        wish = Award(
            uuid4(),
            request.row.pk,
            TODAY,
            tuple(Choice(pk, Decimal(q)) for pk, _, q in chosen),
        )
        made = self.tried("rfq", "award", reasons, lambda: order_choices(wish, actor=SYSTEM))
        if made is None:
            return
        by_supplier = {self.suppliers[k].pk: Fraction(q) for _, k, q in chosen}
        assert {row.partner_id for row in made} == by_supplier.keys()
        for row in made:
            ordered = Line(asked.item, by_supplier[row.partner_id], source=asked)
            self.promised("purchase_order", row, [ordered], "draft")

    def _ordered(self, asked: Line) -> Fraction:
        return sum(
            (
                one.quantity
                for order in self.orders_of("purchase_order")
                for one in order.lines
                if one.source is asked and order.status != "voided"
            ),
            Fraction(0),
        )
