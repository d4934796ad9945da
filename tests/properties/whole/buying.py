"""From the order to the shelf and back: 采购订单, 采购入库, 质检, 采购退货."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import orders
from tests.properties.whole.asking import Asking
from tests.properties.whole.goods import Key, Line, Move, Order, Paper
from tests.properties.whole.keeping import Keeping
from tests.properties.whole.shop import (
    BINS,
    CHECKED,
    EXPIRES,
    GONE,
    days,
    quantities,
    some_places,
)
from tests.worlds import draft, line, target

LEADS = {"approve": "approved", "take_back": "draft", "close": "closed_forced", "void": "voided"}
FROM = {"approve": "draft", "take_back": "approved", "close": "approved", "void": "draft"}


def plain(quantity: Fraction) -> str:
    """As a person types it: exact, no fraction of a millionth."""
    return str(Decimal(quantity.numerator) / quantity.denominator)


class Buying(Asking, Keeping):
    """Purchase orders, receipts to them and to none, inspections, returns."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {
        "purchase_order": ("approve", "take_back", "close", "void"),
        "purchase_receipt": ("post", "reverse"),
        "quality_inspection": ("post", "reverse"),
        "purchase_return": ("post", "reverse"),
    }

    # ---- orders

    @rule(data=st.data(), place=some_places, quantity=quantities)
    def order_goods(self, data: Any, place: int, quantity: str) -> None:
        wishes = self.wishes(data, quantity)
        lines = [line(self.world.items[item], q, "10") for item, q in wishes]
        filled = draft(self.world.warehouses[place], lines, partner=self.world.supplier)
        saved = orders.save_order(filled, actor=SYSTEM)
        made = self.tried(
            "purchase_order",
            "approve",
            set(),
            lambda: orders.step_order(target(saved), "approve", actor=SYSTEM),
        )
        self.promised("purchase_order", made, self.fresh(wishes), "approved")

    @precondition(lambda self: self.orders_of("purchase_order"))
    @rule(data=st.data(), verb=st.sampled_from(["approve", "approve", *LEADS]))
    def step_purchase(self, data: Any, verb: str) -> None:
        found = self.orders_of("purchase_order")
        fitting = [order for order in found if order.status == FROM[verb]]
        order = data.draw(st.sampled_from(fitting or found))
        reasons = set() if order.status == FROM[verb] else {"wrong_status"}
        if verb == "take_back" and order.touched:
            reasons.add("order_started")
        order.row.refresh_from_db()
        made = self.tried(
            "purchase_order",
            verb,
            reasons,
            lambda: orders.step_order(target(order.row), verb, actor=SYSTEM, reason="不要了"),
        )
        if made is None:
            return
        order.status = LEADS[verb]
        if verb in {"close", "void"}:
            self._give_wishes_back(order)

    def _give_wishes_back(self, order: Order) -> None:
        """What did not come is wanted by its requisitions again; the first to ask keep theirs."""
        for one in order.lines:
            come = one.done
            for n, (wish, taken) in enumerate(one.covers):
                kept = min(taken, come)
                come -= kept
                wish.done -= taken - kept
                one.covers[n] = (wish, kept)
        for wanted in self.orders_of("purchase_requisition"):
            wanted.settle("closed")

    # ---- receipts

    @precondition(lambda self: self.orders_of("purchase_order"))
    @rule(data=st.data(), dated=days, much=st.sampled_from(["all", "part"]), quantity=quantities)
    def receive_ordered(self, data: Any, dated: date, much: str, quantity: str) -> None:
        """Some lines of an order, more than is open at times."""
        found = self.orders_of("purchase_order")
        living = [o for o in found if o.status == "approved"]
        order = data.draw(st.sampled_from(living or found))
        chosen = order.lines if much == "all" else [data.draw(st.sampled_from(order.lines))]
        parts = [(one, one.left if much == "all" else Fraction(quantity)) for one in chosen]
        parts = [(one, size) for one, size in parts if size]
        if not parts:
            return
        reasons = set() if order.status == "approved" else set(GONE)
        if any(size > one.left for one, size in parts):
            reasons.add("more_than_ordered")
        keys = [self._arriving(data, one.item, order.warehouse) for one, _ in parts]
        lines = [
            self._bought(key, plain(size), source_line_id=one.row)
            for key, (one, size) in zip(keys, parts, strict=True)
        ]
        order.touched = True
        moves = [(self._unseen(key), size) for key, (_, size) in zip(keys, parts, strict=True)]
        paper = self.posted(
            "purchase_receipt",
            self.filled(keys[0], lines, dated, order.row.partner),
            moves,
            reasons,
            undo=[lambda: self._came(order, parts, -1)],
        )
        if paper is not None:
            self._expect_eyes(paper)
            self._came(order, parts, 1)

    def _came(self, order: Order, parts: list[tuple[Line, Fraction]], sign: int) -> None:
        for one, size in parts:
            one.done += sign * size
        order.settle("closed")

    @rule(data=st.data(), item=st.sampled_from([CHECKED, CHECKED, 0, 1]), place=some_places,
          quantity=quantities, dated=days)  # fmt: skip
    def receive(self, data: Any, item: int, place: int, quantity: str, dated: date) -> None:
        """To no order."""
        key = self._arriving(data, self.items[item], self.shops[place])
        filled = self.filled(key, [self._bought(key, quantity)], dated, self.world.supplier)
        paper = self.posted("purchase_receipt", filled, [(self._unseen(key), Fraction(quantity))])
        if paper is not None:
            self._expect_eyes(paper)

    def _arriving(self, data: Any, item: int, warehouse: int) -> Key:
        return self.key_in(data, self.items.index(item), self.shops.index(warehouse))

    def _bought(self, key: Key, quantity: str, **more: Any) -> Any:
        if key.batch:
            more["expiry_date"] = EXPIRES[key.batch]
        return self.typed(key, quantity, "10", **more)

    def _unseen(self, key: Key) -> Key:
        """Goods that need inspection come in 待检."""
        return key._replace(status="qc") if key.item == self.items[CHECKED] else key

    def _expect_eyes(self, paper: Paper) -> None:
        paper.unseen = [size if key.status == "qc" else Fraction(0) for key, size in paper.moves]

    # ---- inspections

    def _to_inspect(self) -> list[tuple[Paper, int]]:
        found = [(p, n) for p in self.papers_of("purchase_receipt") for n in range(len(p.unseen))]
        came = [(p, n) for p, n in found if p.moves[n][0].status == "qc"]
        waiting = [(p, n) for p, n in came if p.unseen[n] and not p.undone]
        return waiting * 3 + came

    @precondition(lambda self: self._to_inspect())
    @rule(data=st.data(), quantity=quantities, bad=st.integers(0, 2), dated=days)
    def inspect_goods(self, data: Any, quantity: str, bad: int, dated: date) -> None:
        """Some is accepted, some is no good; what is rejected may be put elsewhere."""
        paper, n = data.draw(st.sampled_from(self._to_inspect()))
        size = Fraction(quantity)
        rejected = Fraction(int(size * bad / 2 * 10**6), 10**6)
        key = paper.moves[n][0]
        shelf = data.draw(st.sampled_from(BINS)) if key.warehouse == self.shops[1] else ""
        typed = self.typed(
            key._replace(bin="", status="good"),
            quantity,
            source_line_id=self.line_of(paper, n),
            rejected=Decimal(plain(rejected)),
            reject_cause="划伤" if rejected else "",
            to_bin_code=shelf,
        )
        moves: list[Move] = [(key, -size)]
        if size > rejected:
            moves.append((key._replace(status="good"), size - rejected))
        if rejected:
            moves.append((key._replace(status="defect", bin=shelf or key.bin), rejected))
        reasons = set(GONE) if paper.undone else set()
        if size > paper.unseen[n]:
            reasons.add("more_than_to_inspect")
        filled = self.filled(key, [typed], dated)
        if self.posted("quality_inspection", filled, moves, reasons,
                       undo=[lambda: self._look(paper, n, -size)]):  # fmt: skip
            self._look(paper, n, size)

    def _look(self, paper: Paper, n: int, size: Fraction) -> None:
        paper.unseen[n] -= size
        paper.seen += size

    def line_of(self, paper: Paper, n: int) -> int:
        """The id of the document's line behind its nth heap."""
        return int(paper.row.lines.order_by("position").values_list("id", flat=True)[n])

    # ---- what goes back

    @precondition(lambda self: self.papers_of("purchase_receipt"))
    @rule(data=st.data(), quantity=quantities, dated=days)
    def return_goods(self, data: Any, quantity: str, dated: date) -> None:
        """Of whatever status and place the goods are by now."""
        paper = data.draw(st.sampled_from(self.papers_of("purchase_receipt")))
        if paper.serials:
            return
        n = data.draw(st.integers(0, len(paper.moves) - 1))
        came = paper.moves[n][0]
        keys = [
            k for k in self.nameable(self.here()) if (k.item, k.batch) == (came.item, came.batch)
        ]
        if not keys:
            return
        key, size = data.draw(st.sampled_from(keys)), Fraction(quantity)
        unseen = size if key.status == "qc" else Fraction(0)
        reasons = set(GONE) if paper.undone else set()
        if size > paper.left[n]:
            reasons.add("more_than_received")
        if unseen > paper.unseen[n]:
            reasons.add("more_than_to_inspect")
        if dated < paper.dated:
            reasons.add("origin_later")
        typed = self.typed(key, quantity, source_line_id=self.line_of(paper, n))
        moves = self.goods.first_to_expire(key, size, None)
        filled = self.filled(key, [typed], dated, paper.row.partner)
        if self.posted("purchase_return", filled, moves, reasons, origin=paper,
                       undo=[lambda: self._back(paper, n, -size, -unseen)]):  # fmt: skip
            self._back(paper, n, size, unseen)

    def _back(self, paper: Paper, n: int, size: Fraction, unseen: Fraction) -> None:
        paper.left[n] -= size
        paper.unseen[n] -= unseen
