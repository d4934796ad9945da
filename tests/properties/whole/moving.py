"""Goods on the way between warehouses: 调拨单, 调拨入库 with losses and what is sent back."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hengcang.documents.drafts import Outcome
from hengcang.kernel.actor import SYSTEM
from hengcang.stock.actions import transfers
from tests.properties.whole.goods import Key, Line, Move, Order, Paper
from tests.properties.whole.selling import Selling
from tests.properties.whole.shop import BINS, GONE, days, quantities
from tests.worlds import target


class Moving(Selling):
    """Transfers, at once or in two steps, and what becomes of goods in transit."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {
        "stock_transfer": ("ship", "move", "reverse"),
        "transfer_receipt": ("arrived", "lost", "sent_back", "post", "reverse"),
    }

    def begin(self) -> None:
        self.sent: dict[int, tuple[Order, Paper]] = {}
        self.arrivals: dict[int, list[date]] = {}
        super().begin()

    @rule(data=st.data(), end=st.integers(0, 2), quantity=quantities, dated=days,
          verb=st.sampled_from(["ship", "ship", "move"]),
          which=st.sampled_from(["named", "open"]))  # fmt: skip
    def send(self, data: Any, end: int, quantity: str, dated: date, verb: str, which: str) -> None:
        key = self.chosen_key(data)
        if key is None or key.warehouse == self.shops[end]:
            return
        if which == "open":
            key = key._replace(bin="", batch="")
        gone = self.goods.first_to_expire(key, Fraction(quantity), None)
        moves = [half for part in gone for half in (part, (self._under_way(part[0]), -part[1]))]
        lines = [self.typed(key, quantity)]
        filled = replace(self.filled(key, lines, dated), to_warehouse_id=self.shops[end])
        saved = transfers.save_transfer(filled, actor=SYSTEM)
        act = getattr(transfers, f"{verb}_transfer")
        made = self.tried(
            "stock_transfer",
            verb,
            self.goods.reasons(dated, moves),
            lambda: act(target(saved), actor=SYSTEM),
        )
        if made is not None:
            self._shipped(made, end, gone, moves, verb)

    def _shipped(self, row: Any, end: int, gone: list[Move], moves: list[Move], verb: str) -> None:
        lines = [Line(key.item, -size) for key, size in gone]
        order = self.promised("stock_transfer", row, lines, "in_transit")
        order.warehouse = self.shops[end]
        paper = self.kept("stock_transfer", row, row.dated, moves)
        paper.undo.append(lambda: setattr(order, "status", "reversed"))
        self.sent[row.pk], self.arrivals[row.pk] = (order, paper), []
        if verb == "move":
            receipt = row.lines.order_by("position")[0].fulfilled_by.get().document
            arrived = [half for key, size in gone for half in (
                (self._under_way(key), size),
                (Key(key.item, order.warehouse, "", key.batch, key.status), -size),
            )]  # fmt: skip
            parts = [(one, one.quantity) for one in lines]
            self._arrived(row.pk, self.kept(
                "transfer_receipt", receipt, row.dated, arrived, origin=paper
            ), parts)  # fmt: skip

    def _under_way(self, key: Key) -> Key:
        return key._replace(warehouse=self.way, bin="")

    def _on_the_way(self) -> list[tuple[Order, Paper]]:
        return [pair for pair in self._sent() if pair[0].status in ("in_transit", "partial")]

    def _sent(self) -> list[tuple[Order, Paper]]:
        """All but single pieces, which are told one by one."""
        return [pair for pair in self.sent.values() if not pair[1].serials]

    @precondition(lambda self: self._sent())
    @rule(data=st.data(), outcome=st.sampled_from([*Outcome, Outcome.ARRIVED]), dated=days,
          quantity=quantities, much=st.sampled_from(["all", "part"]))  # fmt: skip
    def arrive(self, data: Any, outcome: Outcome, dated: date, quantity: str, much: str) -> None:
        """What became of some goods of a transfer."""
        order, shipment = data.draw(st.sampled_from(self._on_the_way() or self._sent()))
        n = data.draw(st.integers(0, len(order.lines) - 1))
        one = order.lines[n]
        size = one.left if much == "all" and one.left else Fraction(quantity)
        gone = shipment.moves[2 * n][0]
        end = gone.warehouse if outcome is Outcome.SENT_BACK else order.warehouse
        shelf = data.draw(st.sampled_from(BINS)) if end == self.shops[1] else ""
        there = Key(gone.item, end, shelf, gone.batch, gone.status)
        text = str(size.numerator) if size.denominator == 1 else f"{float(size):.6f}"
        typed = self.typed(there, text, source_line_id=one.row)
        stated = {"outcome": outcome.value, "responsible": "顺达"}
        filled = replace(self.filled(there, [typed], dated), **stated)
        moves: list[Move] = [(self._under_way(gone), -size)]
        if outcome is not Outcome.LOST:
            moves.append((there, size))
        reasons = set() if order.status in ("in_transit", "partial") else set(GONE)
        if size > one.left:
            reasons.add("more_than_shipped")
        if dated < shipment.dated:
            reasons.add("origin_later")
        paper = self.posted("transfer_receipt", filled, moves, reasons, origin=shipment)
        if paper is not None:
            self.did["transfer_receipt", outcome.value] += 1
            self._arrived(order.row.pk, paper, [(one, size)])

    def _arrived(self, pk: int, paper: Paper, parts: list[tuple[Line, Fraction]]) -> None:
        self.arrivals[pk].append(paper.dated)
        paper.undo.append(lambda: self._under_way_again(pk, paper, parts))
        for one, size in parts:
            one.done += size
        self._progress(self.sent[pk][0])

    def _under_way_again(self, pk: int, paper: Paper, parts: list[tuple[Line, Fraction]]) -> None:
        self.arrivals[pk].append(self.goods.day_of_undoing(paper.dated))
        for one, size in parts:
            one.done -= size
        self._progress(self.sent[pk][0])

    def _progress(self, order: Order) -> None:
        done, left = (any(getattr(one, name) for one in order.lines) for name in ("done", "left"))
        order.status = "partial" if done and left else "closed" if done else "in_transit"

    def not_before(self, paper: Paper) -> list[date]:
        own = self.arrivals[paper.row.pk] if paper.kind == "stock_transfer" else []
        return [*super().not_before(paper), *own]

    def against_undoing(self, paper: Paper) -> set[str]:
        """Only while all of it is in transit."""
        if paper.kind == "stock_transfer" and self.sent[paper.row.pk][0].status != "in_transit":
            return {"wrong_status"}
        return super().against_undoing(paper)
