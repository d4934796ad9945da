"""Goods are counted while they move: 盘点单, and what it does to promises."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.queries import terms_today
from hengcang.register.counting import post_stock_count
from hengcang.stock.actions import counts, tallies
from hengcang.stock.count_drafts import (
    CountDraft,
    CountEntry,
    CountScope,
    Explanation,
    Mode,
    Which,
)
from tests.properties.whole.goods import NOUGHT, Key, Order
from tests.properties.whole.moving import Moving
from tests.properties.whole.shop import DATED, some_items, some_places
from tests.worlds import TODAY, target

counted = st.sampled_from(["0", "1", "4", "7", "8", "0.333333"])


@dataclass
class Count:
    """A count of one item in one warehouse. `found`: of each heap how much, and when: the number
    of entries there were.
    """

    order: Order
    item: int
    warehouse: int
    keys: list[Key]
    found: dict[Key, tuple[Fraction, int]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.order.status in ("counting", "review")


class Counting(Moving):
    """Counts of one item, each heap counted once or again."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {
        "stock_count": ("start", "record", "submit", "post", "void", "reverse"),
    }

    def begin(self) -> None:
        self.counts: list[Count] = []
        self.clock = terms_today().today
        super().begin()

    @rule(item=some_items, place=some_places)
    def start_count(self, item: int, place: int) -> None:
        pk, warehouse = self.items[item], self.shops[place]
        heaps = [k for k in self.goods.heaps() if (k.item, k.warehouse) == (pk, warehouse)]
        if not heaps and item == DATED:
            return  # of nothing no batch can be counted
        elsewhere = any((c.item, c.warehouse) == (pk, warehouse) and c.is_open for c in self.counts)
        planned = CountDraft(uuid4(), TODAY, warehouse, scope=CountScope.ITEMS, item_ids=(pk,))
        saved = counts.save_stock_count(planned, actor=SYSTEM)
        made = self.tried(
            "stock_count",
            "start",
            {"counted_elsewhere"} if elsewhere else set(),
            lambda: counts.start_stock_count(target(saved), actor=SYSTEM),
        )
        if made is None:
            return
        order = Order("stock_count", made, warehouse, [], "counting")
        self.goods.orders.append(order)
        self.counts.append(Count(order, pk, warehouse, heaps or [Key(pk, warehouse)]))

    def _in(self, *statuses: str) -> list[Count]:
        return [count for count in self.counts if count.order.status in statuses]

    @precondition(lambda self: self._in("counting"))
    @rule(data=st.data(), quantity=counted)
    def count(self, data: Any, quantity: str) -> None:
        """A heap is counted; a later figure replaces the earlier."""
        count = data.draw(st.sampled_from(self._in("counting")))
        left = [key for key in count.keys if key not in count.found]
        key = data.draw(st.sampled_from(left or count.keys))
        which = Which(key.batch or "-", key.bin or "-", key.status)
        entry = CountEntry(count.item, Decimal(quantity), which=which)
        made = self.tried(
            "stock_count",
            "record",
            set(),
            lambda: tallies.record_counts(
                count.order.row.pk, [entry], Mode.SET, uuid4(), actor=SYSTEM
            ),
        )
        assert made is not None
        count.found[key] = (Fraction(quantity), len(self.goods.entries))

    @precondition(lambda self: self._in("counting", "review"))
    @rule(data=st.data(), verb=st.sampled_from(["submit", "submit", "void"]), often=st.booleans())
    def end_count(self, data: Any, verb: str, often: bool) -> None:
        if verb == "void" and often:
            return
        count = data.draw(st.sampled_from(self._in("counting") or self._in("review")))
        reasons = set()
        if verb == "submit" and count.order.status != "counting":
            reasons.add("wrong_status")
        if verb == "submit" and not count.found:
            reasons.add("nothing_counted")
        count.order.row.refresh_from_db()
        act = getattr(counts, f"{verb}_stock_count")
        made = self.tried(
            "stock_count", verb, reasons, lambda: act(target(count.order.row), actor=SYSTEM)
        )
        if made is not None:
            count.order.status = "review" if verb == "submit" else "voided"

    @precondition(lambda self: self._in("review"))
    @rule(data=st.data())
    def post_count(self, data: Any) -> None:
        """The differences stand in the books; promises that cannot be kept end, newest first."""
        count = data.draw(st.sampled_from(self._in("review")))
        row = count.order.row
        row.refresh_from_db()
        why = Explanation(count.item, cause="丢失", responsible="李", unit_cost=Decimal(3))
        row = counts.explain_stock_count(target(row), [why], actor=SYSTEM)
        moves = [(key, self._difference(count, key)) for key in count.found]
        moves = [(key, size) for key, size in moves if size]
        broken = self._broken(count, sum((q for k, q in moves if k.status == "good"), NOUGHT))
        place = (count.item, count.warehouse)
        reasons = self.goods.reasons(TODAY, moves, {place: sum(broken.values(), NOUGHT)})
        made = self.tried(
            "stock_count",
            "post",
            reasons,
            lambda: post_stock_count(target(row), actor=SYSTEM),
        )
        if made is None:
            return
        count.order.status = "posted"
        self._break(broken)
        paper = self.kept("stock_count", made, TODAY, moves)
        paper.undo.append(lambda: setattr(count.order, "status", "reversed"))

    def _difference(self, count: Count, key: Key) -> Fraction:
        """Against the books as they stood when it was counted, with what had happened by then."""
        quantity, stamp = count.found[key]
        entries = self.goods.entries
        book = sum((e.quantity for e in entries[:stamp] if e.key == key), NOUGHT)
        for entry in entries[stamp:]:
            if entry.key == key and (entry.kind == "stock_count" or entry.dated < self.clock):
                book += entry.quantity
        return quantity - book

    def _broken(self, count: Count, change: Fraction) -> dict[int, Fraction]:
        """How much each order line loses, by its id: the newest orders give way first."""
        place = (count.item, count.warehouse)
        if change >= 0:
            return {}
        missing = self.goods.reserved()[place] - self.goods.on_hand(place) - change
        found: dict[int, Fraction] = {}
        held = [
            (order.row.dated, order.row.pk, n, one)
            for order in self.orders_of("sales_order")
            for n, one in enumerate(order.lines)
            if (one.item, order.warehouse) == place and one.held
        ]
        for *_, one in sorted(held, key=lambda row: row[:3], reverse=True):
            found[one.row] = max(NOUGHT, min(missing, one.held))
            missing -= found[one.row]
        return found

    def _break(self, broken: dict[int, Fraction]) -> None:
        for order in self.orders_of("sales_order"):
            for one in order.lines:
                one.held -= broken.get(one.row, NOUGHT)
