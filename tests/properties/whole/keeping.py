"""Goods that come, go and change without anybody outside: 其他出入库, 报损报溢, 状态, 库位."""

from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.properties.whole.goods import Key, Move
from tests.properties.whole.shop import (
    BINS,
    DATED,
    EXPIRES,
    Shop,
    days,
    quantities,
    some_items,
    some_places,
)

STATUSES = ["good", "qc", "defect", "frozen"]


class Keeping(Shop):
    """其他入库单, 其他出库单, 报溢单, 报损单, 状态调整单, 移库单."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {
        "other_receipt": ("post", "reverse"),
        "other_issue": ("post", "reverse"),
        "overage": ("post", "reverse"),
        "scrap": ("post", "reverse"),
        "status_change": ("post", "reverse"),
        "bin_move": ("post", "reverse"),
    }

    def key_in(self, data: Any, item: int, place: int, status: str = "good") -> Key:
        """Where goods that come in are put."""
        shelf = data.draw(st.sampled_from(BINS)) if place == 1 else ""
        batch = data.draw(st.sampled_from(sorted(EXPIRES))) if item == DATED else ""
        return Key(self.items[item], self.shops[place], shelf, batch, status)

    @rule(data=st.data(), kind=st.sampled_from(["other_receipt", "overage"]), item=some_items,
          place=some_places, quantity=quantities, dated=days)  # fmt: skip
    def bring(
        self, data: Any, kind: str, item: int, place: int, quantity: str, dated: date
    ) -> None:
        status = data.draw(st.sampled_from(["good", "good", *STATUSES]))
        self.brought(kind, self.key_in(data, item, place, status), quantity, dated)

    @rule(data=st.data(), kind=st.sampled_from(["other_issue", "scrap"]), quantity=quantities,
          dated=days, which=st.sampled_from(["named", "open"]))  # fmt: skip
    def take(self, data: Any, kind: str, quantity: str, dated: date, which: str) -> None:
        """Of a heap that is named, or the first to expire wherever it lies."""
        key = self.chosen_key(data)
        if key is None:
            return
        if which == "open":
            key = key._replace(bin="", batch="")
        moves = self.goods.first_to_expire(key, Fraction(quantity), None)
        self.posted(kind, self.filled(key, [self.typed(key, quantity)], dated), moves)

    @rule(data=st.data(), end=st.sampled_from(STATUSES), quantity=quantities, dated=days)
    def change_status(self, data: Any, end: str, quantity: str, dated: date) -> None:
        key = self.chosen_key(data)
        if key is None or key.status == end:
            return
        moves: list[Move] = []
        for left, part in self.goods.first_to_expire(key, Fraction(quantity), None):
            moves += [(left, part), (left._replace(status=end), -part)]
        typed = self.typed(key, quantity, to_status=end)
        self.posted("status_change", self.filled(key, [typed], dated), moves)

    @rule(data=st.data(), to=st.sampled_from(BINS[1:]), quantity=quantities, dated=days)
    def put_away(self, data: Any, to: str, quantity: str, dated: date) -> None:
        """From another bin, or from none: 上架."""
        keys = [k for k in self.here() if k.warehouse == self.shops[1] and k.bin != to]
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        size = Fraction(quantity)
        typed = self.typed(key, quantity, to_bin_code=to)
        moves = [(key, -size), (key._replace(bin=to), size)]
        self.posted("bin_move", self.filled(key, [typed], dated), moves)
