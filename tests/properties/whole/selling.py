"""From the quotation to the customer and back: 报价单, 销售订单, 定期订单, 销售出库, 销售退货."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hengcang.kernel.actor import SYSTEM
from hengcang.sales.actions import deliveries, orders, quotes
from hengcang.sales.actions.standing import RhythmDraft, make_due_order, save_standing_order
from tests.documents.trade import quoted
from tests.properties.whole.buying import Buying, plain
from tests.properties.whole.goods import Key, Line, Order, Paper
from tests.properties.whole.shop import GONE, days, quantities, some_places
from tests.worlds import TODAY, draft, line, target

LEADS = {"approve": "approved", "take_back": "draft", "close": "closed_forced", "void": "voided",
         "lapse": "lapsed"}  # fmt: skip
FROM = {
    "sales_order": {"approve": ["draft"], "take_back": ["approved"], "close": ["approved"],
                    "void": ["draft"], "reserve": ["approved"]},
    "sales_quote": {"approve": ["draft"], "take_back": ["approved"], "lapse": ["approved"],
                    "void": ["draft", "approved"]},
}  # fmt: skip


class Selling(Buying):
    """Quotations, orders with reservations, deliveries, returns."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {
        "sales_quote": ("approve", "order", "lapse", "void"),
        "sales_order": ("approve", "reserve", "take_back", "close", "void"),
        "standing_order": ("make",),
        "sales_delivery": ("post", "deliver", "reverse"),
        "sales_return": ("post", "reverse"),
    }

    # ---- quotations

    @rule(quantity=quantities, second=st.sampled_from([None, "1", "2"]))
    def quote(self, quantity: str, second: str | None) -> None:
        """Of the first items, in the first warehouse."""
        wanted = [quantity, *([second] if second else [])]
        made = self.tried("sales_quote", "approve", set(), lambda: quoted(self.world, *wanted))
        self.promised("sales_quote", made, self.fresh(list(enumerate(wanted))), "approved")

    @precondition(lambda self: self.orders_of("sales_quote"))
    @rule(data=st.data(), quantity=quantities, much=st.sampled_from(["all", "part"]))
    def order_quoted(self, data: Any, quantity: str, much: str) -> None:
        """成交: it is ordered, and what there is of it reserved."""
        quote = data.draw(st.sampled_from(self.orders_of("sales_quote")))
        chosen = [data.draw(st.sampled_from(quote.lines))] if much == "part" else quote.lines
        parts = [(one, Fraction(quantity) if much == "part" else one.left) for one in chosen]
        parts = [(one, size) for one, size in parts if size]
        if not parts:
            return
        reasons = self._against_quotes(parts)
        asked = {one.row: Decimal(plain(size)) for one, size in parts}
        made = self.tried(
            "sales_quote",
            "order",
            reasons,
            lambda: orders.order_quote(
                quote.row.pk, asked, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
            ),
        )
        if made is not None:
            lines = [Line(one.item, size, source=one) for one, size in parts]
            order = self.promised("sales_order", made, lines, "approved")
            self._take_up(order, 1)
            self.goods.hold(order)

    def _against_quotes(self, parts: list[tuple[Line, Fraction]]) -> set[str]:
        found = set()
        for one, size in parts:
            if self._quote_of(one).status != "approved":
                found.add("source_not_open")
            if size > one.left:
                found |= {"more_than_quoted", *([] if one.left else ["source_line_unknown"])}
        return found

    def _quote_of(self, one: Line) -> Order:
        return next(q for q in self.orders_of("sales_quote") if any(x is one for x in q.lines))

    def _take_up(self, order: Order, sign: int) -> None:
        for one in order.lines:
            if one.source is not None:
                one.source.done += sign * one.quantity
                self._quote_of(one.source).settle("won")

    def _named(self, quote: Order) -> bool:
        """By an order that was not voided, approved or not."""
        return any(
            one.source is mine
            for order in self.orders_of("sales_order")
            for one in order.lines
            for mine in quote.lines
            if order.status != "voided"
        )

    @precondition(lambda self: self.orders_of("sales_quote"))
    @rule(data=st.data(), verb=st.sampled_from(["approve", "take_back", "lapse", "void"]))
    def step_quote(self, data: Any, verb: str) -> None:
        found = self.orders_of("sales_quote")
        fitting = [quote for quote in found if quote.status in FROM["sales_quote"][verb]]
        quote = data.draw(st.sampled_from(fitting or found))
        reasons = set() if quote.status in FROM[quote.kind][verb] else {"wrong_status"}
        if verb in {"take_back", "void"} and self._named(quote):
            reasons.add("quote_ordered")
        quote.row.refresh_from_db()
        made = self.tried(
            "sales_quote",
            verb,
            reasons,
            lambda: quotes.step_quote(target(quote.row), verb, actor=SYSTEM, reason="过期"),
        )
        if made is not None:
            quote.status = LEADS[verb]

    # ---- orders

    @rule(data=st.data(), place=some_places, quantity=quantities)
    def sell(self, data: Any, place: int, quantity: str) -> None:
        wishes = self.wishes(data, quantity)
        lines = [line(self.world.items[item], q, "20") for item, q in wishes]
        filled = draft(self.world.warehouses[place], lines, partner=self.world.customer)
        saved = orders.save_order(filled, actor=SYSTEM)
        made = self.tried(
            "sales_order",
            "approve",
            set(),
            lambda: orders.step_order(target(saved), "approve", actor=SYSTEM),
        )
        self.goods.hold(self.promised("sales_order", made, self.fresh(wishes), "approved"))

    @precondition(lambda self: self.orders_of("sales_order"))
    @rule(data=st.data(), verb=st.sampled_from(list(FROM["sales_order"])))
    def step_sale(self, data: Any, verb: str) -> None:
        found = self.orders_of("sales_order")
        fitting = [order for order in found if order.status in FROM["sales_order"][verb]]
        order = data.draw(st.sampled_from(fitting or found))
        reasons = set() if order.status in FROM["sales_order"][verb] else {"wrong_status"}
        if verb == "take_back" and order.touched:
            reasons.add("order_started")
        if verb == "approve" and not reasons:
            taken = [(one.source, one.quantity) for one in order.lines if one.source is not None]
            reasons |= self._against_quotes(taken)
        if self.tried("sales_order", verb, reasons, lambda: self._stepped(order, verb)) is not None:
            self._follow(order, verb)

    def _stepped(self, order: Order, verb: str) -> Any:
        order.row.refresh_from_db()
        if verb == "reserve":
            return orders.reserve_order(target(order.row), actor=SYSTEM)
        return orders.step_order(target(order.row), verb, actor=SYSTEM, reason="客户取消")

    def _follow(self, order: Order, verb: str) -> None:
        order.status = LEADS.get(verb, order.status)
        if verb in {"approve", "reserve"}:
            self.goods.hold(order)
        else:
            for one in order.lines:
                one.held = Fraction(0)
        if verb in {"approve", "take_back"}:
            self._take_up(order, 1 if verb == "approve" else -1)

    @precondition(lambda self: self.orders_of("sales_order"))
    @rule(data=st.data())
    def stand(self, data: Any) -> None:
        """定期订单: what was ordered is ordered again, as a draft."""
        order = data.draw(st.sampled_from(self.orders_of("sales_order")))
        kept = save_standing_order(
            order.row.pk,
            RhythmDraft("weekly", 1, TODAY),
            client_uuid=uuid4(),
            today=TODAY,
            actor=SYSTEM,
        )
        (made,) = self.tried(
            "standing_order", "make", set(), lambda: make_due_order(kept.pk, on=TODAY, actor=SYSTEM)
        )
        assert make_due_order(kept.pk, on=TODAY, actor=SYSTEM) == []
        lines = [Line(one.item, one.quantity) for one in order.lines]
        self.promised("sales_order", made, lines, "draft")

    # ---- deliveries

    @precondition(lambda self: self.orders_of("sales_order"))
    @rule(data=st.data(), dated=days, quantity=quantities,
          how=st.sampled_from(["part", "part", "rest", "at once"]))  # fmt: skip
    def deliver_ordered(self, data: Any, dated: date, quantity: str, how: str) -> None:
        found = self.orders_of("sales_order")
        living = [order for order in found if order.status == "approved"]
        order = data.draw(st.sampled_from(living or found))
        chosen = order.lines if how == "at once" else [data.draw(st.sampled_from(order.lines))]
        parts = [(one, Fraction(quantity) if how == "part" else one.left) for one in chosen]
        parts = [(one, size) for one, size in parts if size]
        if parts:
            self._deliver(order, parts, dated, how)

    def _deliver(
        self, order: Order, parts: list[tuple[Line, Fraction]], dated: date, how: str
    ) -> None:
        reasons = set() if order.status == "approved" else set(GONE)
        if any(size > one.left for one, size in parts):
            reasons.add("more_than_ordered")
        used = [(one, size, min(size, one.held)) for one, size in parts]
        freed = {(one.item, order.warehouse): held for one, _, held in used}
        moves = []
        for one, size in parts:
            key = Key(one.item, order.warehouse)
            moves += self.goods.first_to_expire(key, size, dated)
        if how == "at once":
            paper = self._at_once(order, parts, (dated, moves, reasons, freed))
        else:
            order.touched = True
            lines = [
                self.typed(Key(one.item, order.warehouse), plain(size), source_line_id=one.row)
                for one, size in parts
            ]
            key = Key(parts[0][0].item, order.warehouse)
            filled = self.filled(key, lines, dated, self.world.customer)
            paper = self.posted("sales_delivery", filled, moves, reasons, freed)
        if paper is not None:
            order.touched = True
            paper.undo.append(lambda: self._undelivered(order, used))
            for one, size, held in used:
                one.done += size
                one.held -= held
            order.settle("closed")

    def _at_once(
        self, order: Order, parts: list[tuple[Line, Fraction]], told: tuple[Any, ...]
    ) -> Paper | None:
        """The delivery is made and posted in one act."""
        dated, moves, reasons, freed = told
        reasons = reasons | self.goods.reasons(dated, moves, freed)
        asked = {one.row: Decimal(plain(size)) for one, size in parts}
        made = self.tried(
            "sales_delivery",
            "deliver",
            reasons,
            lambda: deliveries.deliver_order(
                order.row.pk, asked, on=dated, client_uuid=uuid4(), actor=SYSTEM
            ),
        )
        return None if made is None else self.kept("sales_delivery", made, dated, moves)

    def _undelivered(self, order: Order, used: list[tuple[Line, Fraction, Fraction]]) -> None:
        """Open again, and reserved again of a living order, as far as there is any."""
        for one, size, held in used:
            one.done -= size
            if order.status != "closed_forced":
                place = (one.item, order.warehouse)
                free = self.goods.on_hand(place) - self.goods.reserved()[place]
                one.held += max(Fraction(0), min(held, free))
        order.settle("closed")

    @rule(data=st.data(), quantity=quantities, dated=days, which=st.sampled_from(["named", "open"]))
    def deliver(self, data: Any, quantity: str, dated: date, which: str) -> None:
        """To no order: what is reserved for others stays."""
        keys = [key for key in self.nameable(self.here()) if key.status == "good"]
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if which == "open":
            key = key._replace(bin="", batch="")
        elif key.batch and self.goods.expires[key.batch] < dated:
            return  # refused when it is saved
        moves = self.goods.first_to_expire(key, Fraction(quantity), dated)
        typed = self.typed(key, quantity, "20")
        filled = self.filled(key, [typed], dated, self.world.customer)
        self.posted("sales_delivery", filled, moves)

    # ---- what comes back

    @precondition(lambda self: self.papers_of("sales_delivery"))
    @rule(data=st.data(), quantity=quantities, dated=days, place=some_places,
          status=st.sampled_from(["good", "good", "defect"]))  # fmt: skip
    def give_back(self, data: Any, quantity: str, dated: date, place: int, status: str) -> None:
        """To the delivery's line, into any warehouse."""
        paper = data.draw(st.sampled_from(self.papers_of("sales_delivery")))
        if paper.serials:
            return
        n = data.draw(st.integers(0, len(paper.moves) - 1))
        gone, size = paper.moves[n][0], Fraction(quantity)
        shelf = self.key_in(data, self.items.index(gone.item), place).bin
        key = Key(gone.item, self.shops[place], shelf, gone.batch, status)
        reasons = set(GONE) if paper.undone else set()
        if size > paper.left[n]:
            reasons.add("more_than_delivered")
        if dated < paper.dated:
            reasons.add("origin_later")
        typed = self.typed(key, quantity, "20", source_line_id=self.line_of(paper, n))
        filled = self.filled(key, [typed], dated, self.world.customer)
        if self.posted("sales_return", filled, [(key, size)], reasons, origin=paper,
                       undo=[lambda: self._taken_again(paper, n, size)]):  # fmt: skip
            paper.left[n] -= size

    def _taken_again(self, paper: Paper, n: int, size: Fraction) -> None:
        paper.left[n] += size
