"""The company the whole machine runs: one world, one paper, compared after every step."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger import periods
from hengcang.ledger.models import CostScope
from hengcang.places.models import BinLocation
from hengcang.places.transit import transit_id
from hengcang.register.verify import verify_books
from hengcang.stock.actions.count_posting import reverse_stock_count
from tests.documents.trade import REVERSE
from tests.properties import real
from tests.properties.company import Company
from tests.properties.whole import books
from tests.properties.whole.goods import Goods, Key, Move, Paper, Place
from tests.worlds import GO_LIVE, TODAY, World, draft, line, target, world

PLAIN, DATED, CHECKED, PIECES, MADE = range(5)
"""The items: ordinary, by batch, to be inspected, by serial number, and put together of others."""
BINS = ("", "A-1", "B-1")
EXPIRES = {"L1": date(2027, 1, 31), "L2": date(2027, 6, 30), "L0": date(2026, 11, 5)}
UNDO = REVERSE | {"stock_count": reverse_stock_count}
GONE = {
    "source_not_open", "source_line_unknown", "inspection_source_missing", "price_missing",
}  # fmt: skip
"""What is said of a source that is no longer there to follow."""
MONTHS = [(2026, 9), (2026, 10)]
VERIFIED_EVERY = 6  # steps

quantities = st.sampled_from(["1", "2", "3", "5", "0.333333"])
DAYS = ["2026-09-05", "2026-10-08", "2026-11-03", "2026-11-10"]
WRONG_DAYS = ["2026-08-31", "2099-01-01"]
days = st.sampled_from([*[TODAY] * 9, *map(date.fromisoformat, [*DAYS * 3, *WRONG_DAYS])])
some_items = st.sampled_from([PLAIN, PLAIN, DATED, CHECKED])
some_places = st.sampled_from([0, 0, 1, 1, 2])


class Shop(Company):
    """What every area shares. `VERBS`: what the area does, by kind of document."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {}
    did: ClassVar[Counter[tuple[str, str]]] = Counter()
    refused: ClassVar[Counter[tuple[str, str]]] = Counter()

    @initialize(scope=st.sampled_from(list(CostScope)))
    def open_books(self, scope: CostScope) -> None:
        self.world: World = world(items=5, warehouses=3, scope=scope)
        dated, checked, pieces = (self.world.items[n] for n in (DATED, CHECKED, PIECES))
        dated.tracks_batch, checked.needs_inspection = True, True
        pieces.tracks_serials, pieces.quantity_places = True, 0
        shelved = self.world.warehouses[1]
        BinLocation.objects.bulk_create(
            [BinLocation(warehouse=shelved, code=code) for code in BINS if code]
        )
        shelved.uses_bins = True
        for row in (dated, checked, pieces, shelved):
            row.save()
        self.items = [item.pk for item in self.world.items]
        self.shops = [w.pk for w in self.world.warehouses]
        self.way = transit_id()
        self.goods = Goods(GO_LIVE, TODAY, expires=EXPIRES)
        self.steps = 0
        self._open_stock()
        self.begin()

    def begin(self) -> None:
        """What an area has of its own before the first step; each calls the next."""

    def _open_stock(self) -> None:
        """So that most of what follows can be done."""
        for n, place, shelf, batch, status in (
            (PLAIN, 0, "", "", "good"), (PLAIN, 1, "A-1", "", "good"), (PLAIN, 1, "", "", "good"),
            (DATED, 0, "", "L1", "good"), (DATED, 0, "", "L0", "good"),
            (DATED, 0, "", "L2", "good"),
            (DATED, 1, "B-1", "L2", "good"), (CHECKED, 0, "", "", "defect"),
            (CHECKED, 0, "", "", "good"), (MADE, 0, "", "", "good"),
        ):  # fmt: skip
            key = Key(self.items[n], self.shops[place], shelf, batch, status)
            dated = date(2026, 9, 5) if n in (PLAIN, DATED) else date(2026, 11, 3)
            self.brought("other_receipt", key, "7", dated)

    # ---- how things are done

    def tried(self, kind: str, verb: str, reasons: set[str], work: Callable[[], Any]) -> Any:
        """Both do it, or both refuse, for a reason of the paper's, and no row has changed."""
        made, was_refused = self._judged(f"{kind} {verb}", reasons, work)
        if was_refused:
            Shop.refused[kind, verb] += 1
            return None
        assert not reasons, f"{kind} {verb} should have been refused: {reasons}"
        Shop.did[kind, verb] += 1
        return made

    def _judged(self, what: str, reasons: set[str], work: Callable[[], Any]) -> tuple[Any, bool]:
        """What came of it, and whether it was refused: for a reason, and without a trace."""
        before = books.digest() if reasons or self.goods.late else ""
        try:
            return work(), False
        except RefusedLines as refusal:
            codes = {one.code for one in refusal.refusals}
        except Refused as refusal:
            codes = {refusal.code}
        # Costs are not on this paper; what was undone under another day may be owed to nobody.
        if not (self.goods.late and codes == {"over_returned"}):
            assert codes <= reasons, f"{what}: {codes}, paper: {reasons}"
        assert books.digest() == before, f"a refused {what} left a trace"
        return None, True

    def posted(
        self,
        kind: str,
        filled: Any,
        moves: list[Move],
        reasons: set[str] = frozenset(),  # type: ignore[assignment]
        freed: dict[Place, Fraction] | None = None,
        **more: Any,
    ) -> Paper | None:
        """A document of these goods is saved and posted; the paper says what it moves."""
        save, post, verb = books.SAVE[kind]
        reasons = reasons | self.goods.reasons(filled.dated, moves, freed)
        saved, was_refused = self._judged(
            f"saving of {kind}", reasons, lambda: save(filled, actor=SYSTEM)
        )
        if was_refused:
            return None
        made = self.tried(kind, verb, reasons, lambda: post(target(saved), actor=SYSTEM))
        return None if made is None else self.kept(kind, made, filled.dated, moves, **more)

    def kept(self, kind: str, row: Any, dated: date, moves: list[Move], **more: Any) -> Paper:
        self.goods.carry(dated, moves, kind)
        paper = Paper(kind, row, dated, moves, **more)
        paper.left = paper.left or [abs(quantity) for _, quantity in moves]
        if paper.origin is not None:
            paper.origin.followers.append(paper)
        self.goods.papers.append(paper)
        return paper

    def brought(self, kind: str, key: Key, quantity: str, dated: date) -> Paper | None:
        """Goods come in from nobody at a stated cost: 其他入库, 报溢."""
        typed = self.typed(key, quantity, unit_cost=Decimal("3.3333"))
        return self.posted(kind, self.filled(key, [typed], dated), [(key, Fraction(quantity))])

    def typed(self, key: Key, quantity: str, price: str | None = None, **more: Any) -> Any:
        """A line that names the goods of the heap."""
        which = {"bin_code": key.bin, "batch_no": key.batch, "stock_status": key.status}
        if key.batch and "unit_cost" in more:
            which["expiry_date"] = EXPIRES[key.batch]  # type: ignore[assignment]
        return line(self._item(key), quantity, price, **(which | more))

    def filled(self, key: Key, lines: list[Any], dated: date, partner: Any = None) -> Any:
        warehouse = self.world.warehouses[self.shops.index(key.warehouse)]
        return draft(warehouse, lines, dated, partner, reason="试")

    def _item(self, key: Key) -> Any:
        return self.world.items[self.items.index(key.item)]

    def nameable(self, keys: list[Key]) -> list[Key]:
        """Heaps a line can name: not what lies in no bin of a place that has some."""
        return [key for key in keys if key.warehouse != self.shops[1] or key.bin]

    def here(self, *items: int) -> list[Key]:
        """The heaps of these items (of all but single pieces), in a lasting order."""
        wanted = {self.items[n] for n in items or (PLAIN, DATED, CHECKED, MADE)}
        heaps = self.goods.heaps()
        return sorted(k for k in heaps if k.item in wanted and k.warehouse != self.way)

    def chosen_key(self, data: Any) -> Key | None:
        keys = self.nameable(self.here())
        return data.draw(st.sampled_from(keys)) if keys else None

    def papers_of(self, *kinds: str) -> list[Paper]:
        return [p for p in self.goods.papers if p.kind in kinds]

    # ---- undoing, and the calendar

    @precondition(lambda self: self.goods.papers)
    @rule(data=st.data())
    def reverse(self, data: Any) -> None:
        """Of a kind of those there are, whatever stands after it."""
        kinds = sorted({paper.kind for paper in self.goods.papers})
        self.undo(data.draw(st.sampled_from(self.papers_of(data.draw(st.sampled_from(kinds))))))

    @precondition(lambda self: any(not paper.undone for paper in self.goods.papers))
    @rule(data=st.data())
    def reverse_newest(self, data: Any) -> None:
        standing = [paper for paper in self.goods.papers if not paper.undone]
        self.undo(data.draw(st.sampled_from(standing[-3:])))

    def undo(self, paper: Paper) -> None:
        """红冲: the mirror of it, dated as it was while its month is open."""
        day = self.goods.day_of_undoing(max([paper.dated, *self.not_before(paper)]))
        moves = [(key, -quantity) for key, quantity in reversed(paper.moves)]
        reasons = self.against_undoing(paper)
        if not reasons:
            reasons = self.goods.reasons(day, moves)
        paper.row.refresh_from_db()
        wish = Undo(uuid4(), "录错", TODAY)
        made = self.tried(
            paper.kind,
            "reverse",
            reasons,
            lambda: UNDO[paper.kind](target(paper.row), wish, actor=SYSTEM),
        )
        if made is None:
            return
        self.goods.late |= day != paper.dated
        self.goods.carry(day, moves, paper.kind)
        paper.undone = True
        for undone in paper.undo:
            undone()

    def not_before(self, paper: Paper) -> list[date]:
        """No earlier than these days; areas add to it."""
        return []

    def against_undoing(self, paper: Paper) -> set[str]:
        """Why it cannot be undone, beside its goods; areas add to it."""
        if paper.undone:
            return {"wrong_status"}
        found = {"has_followers"} if paper.followed() else set()
        return found | ({"has_inspections"} if paper.seen else set())

    @rule(verb=st.sampled_from(["close", "reopen"]))
    def period(self, verb: str) -> None:
        closed = sorted(self.goods.closed)
        if verb == "close" and len(closed) < len(MONTHS):
            month = MONTHS[len(closed)]
            periods.close_period(date(*month, 1), today=TODAY, actor=SYSTEM)
            self.goods.closed.add(month)
            Shop.did["period", "close"] += 1
        elif verb == "reopen" and closed:
            periods.reopen_period(date(*closed[-1], 1), "补录", actor=SYSTEM)
            self.goods.closed.remove(closed[-1])
            Shop.did["period", "reopen"] += 1

    # ---- what must be the same

    @invariant()
    def the_books_say_what_the_paper_says(self) -> None:
        if not hasattr(self, "steps"):
            return
        self.steps += 1
        self.compare_everything()
        if self.steps % VERIFIED_EVERY == 0:
            assert [str(d) for d in verify_books()] == []

    def compare_everything(self) -> None:
        """Areas add what they know."""
        goods = self.goods
        assert books.heaps() == goods.heaps()
        reserved, expected = goods.reserved(), goods.expected()
        places = {key.place for key in goods.heaps()} | reserved.keys() | expected.keys()
        on_paper = {p: (goods.on_hand(p), reserved[p], expected[p]) for p in places}
        assert real.places() == {p: three for p, three in on_paper.items() if any(three)}
        assert books.lines(goods.orders) == [
            (ln.row, ln.quantity, ln.done, ln.held) for order in goods.orders for ln in order.lines
        ]
        assert books.statuses(goods.orders) == [order.status for order in goods.orders]
        single = [p for p in goods.papers if p.kind != "stock_transfer"]
        assert books.statuses(single) == ["reversed" if p.undone else "posted" for p in single]
