"""Goods made of others: 组装单, 拆卸单."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.properties.whole.counting import Counting
from tests.properties.whole.goods import Key, Move
from tests.properties.whole.shop import CHECKED, DATED, MADE, PLAIN, days, quantities, some_places


class Making(Counting):
    """Sets are put together of parts and taken apart into them."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {
        "assembly": ("post", "reverse"),
        "disassembly": ("post", "reverse"),
    }

    @rule(data=st.data(), place=some_places, quantity=quantities, used=quantities, dated=days)
    def assemble(self, data: Any, place: int, quantity: str, used: str, dated: date) -> None:
        shelf = self.key_in(data, MADE, place)
        moves: list[Move] = []
        lines = []
        for item in (PLAIN, data.draw(st.sampled_from([DATED, CHECKED]))):
            key = Key(self.items[item], self.shops[place])
            moves += self.goods.first_to_expire(key, Fraction(used), None)
            lines.append(self.typed(key, used))
        self._made("assembly", shelf, lines, quantity, dated, [*moves, (shelf, Fraction(quantity))])

    @rule(data=st.data(), quantity=quantities, come=quantities, dated=days)
    def take_apart(self, data: Any, quantity: str, come: str, dated: date) -> None:
        heaps = self.goods.heaps()
        sets = [k for k in self.nameable(self.here(MADE)) if k.status == "good"]
        sets = [k for k in sets if k.warehouse != self.shops[1] or heaps[k] >= Fraction(quantity)]
        if not sets:
            return
        used = data.draw(st.sampled_from(sets))
        place = self.shops.index(used.warehouse)
        parts = [self.key_in(data, item, place) for item in (PLAIN, DATED)]
        lines = [self.typed(key, come) for key in parts]
        moves = [(used, -Fraction(quantity)), *((key, Fraction(come)) for key in parts)]
        self._made("disassembly", used, lines, quantity, dated, moves)

    def _made(
        self, kind: str, product: Key, lines: list[Any], quantity: str, dated: date,
        moves: list[Move],
    ) -> None:  # fmt: skip
        filled = replace(
            self.filled(product, lines, dated),
            product_id=product.item,
            product_quantity=Decimal(quantity),
            product_bin_code=product.bin,
        )
        self.posted(kind, filled, moves)
