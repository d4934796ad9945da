"""Single pieces by serial number: where each one is, and which document put it there."""

from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.properties.whole import books
from tests.properties.whole.goods import Key, Line, Move, Paper
from tests.properties.whole.making import Making
from tests.properties.whole.shop import PIECES
from tests.serials.pieces import filled as line_of_pieces

POOL = [f"P{n}" for n in range(5)]
mostly = st.sampled_from(["fitting", "fitting", "fitting", "any"])
where = st.sampled_from([0, 2])
WRONG = {
    "serial_unknown", "serial_gone", "serial_elsewhere", "serial_in_stock",
    "serial_not_of_origin", "serial_of_other", "serial_later",
}  # fmt: skip
COMES = {"purchase_receipt": ("new", "supplier"), "other_receipt": ("new", "issued")}
FOLLOWS = ("sales_return", "purchase_return", "stock_transfer", "transfer_receipt")
GOES = {"sales_delivery": "customer", "other_issue": "issued"}


class Pieces(Making):
    """Lives of single pieces, beside everything else."""

    VERBS: ClassVar[dict[str, tuple[str, ...]]] = {
        "pieces": ("reverse",),
        **{f"{kind} of pieces": ("post",) for kind in (*COMES, *GOES, *FOLLOWS)},
    }

    def begin(self) -> None:
        self.at: dict[str, str] = dict.fromkeys(POOL, "new")
        self.trail: dict[str, list[Paper]] = {serial: [] for serial in POOL}
        super().begin()

    def heap(self, place: int) -> Key:
        return Key(self.items[PIECES], self.shops[place])

    def go(
        self, kind: str, serials: list[str], place: int, to: str, moves: list[Move],
        reasons: set[str], **more: Any,
    ) -> Paper | None:  # fmt: skip
        """A document of these pieces; `to`: a warehouse's number, "way", or a word."""
        origin = more.pop("origin", None)
        if kind in {"purchase_receipt", "other_receipt"}:
            more["unit_cost"] = 5
        wish = line_of_pieces(self.world, kind, " ".join(serials), item=PIECES, place=place, **more)
        paper = self.posted(
            kind, wish, moves, reasons, origin=origin, serials=tuple(serials),
        )  # fmt: skip
        if paper is None:
            return None
        self.did[f"{kind} of pieces", "post"] += 1
        before = {serial: self.at[serial] for serial in serials}
        paper.undo.append(lambda: self._back_again(paper, before))
        for serial in serials:
            self.at[serial] = to
            self.trail[serial].append(paper)
        return paper

    def _back_again(self, paper: Paper, before: dict[str, str]) -> None:
        self.did["pieces", "reverse"] += 1
        for serial, place in before.items():
            self.at[serial] = place
            self.trail[serial].pop()
        if paper.origin is not None and paper.kind != "transfer_receipt":
            paper.origin.left[0] += len(before)

    def against_undoing(self, paper: Paper) -> set[str]:
        found = super().against_undoing(paper)
        moved = any(self.trail[serial][-1:] != [paper] for serial in paper.serials)
        return found | ({"serial_moved_on"} if moved and not paper.undone else set())

    def _are(self, serials: list[str], *places: str) -> set[str]:
        return set() if all(self.at[serial] in places for serial in serials) else WRONG

    def _last_by(self, serials: list[str], origin: Paper) -> set[str]:
        fine = all(self.trail[serial][-1:] == [origin] for serial in serials)
        return set() if fine else WRONG

    def some_of(self, data: Any, some: str, *places: str) -> list[str]:
        """Pieces that are there, if any are and it is not to be any."""
        there = [serial for serial in POOL if self.at[serial] in places]
        pool = there if there and some == "fitting" else POOL
        drawn = data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
        return list(drawn)

    @rule(data=st.data(), some=mostly, place=where, kind=st.sampled_from(list(COMES)))
    def pieces_come(self, data: Any, some: str, place: int, kind: str) -> None:
        serials = self.some_of(data, some, *COMES[kind])
        moves = [(self.heap(place), Fraction(len(serials)))]
        paper = self.go(kind, serials, place, str(place), moves, self._are(serials, *COMES[kind]))
        if paper is not None and kind == "purchase_receipt":
            paper.unseen = [Fraction(0)]

    @rule(data=st.data(), some=mostly, place=where, kind=st.sampled_from(list(GOES)))
    def pieces_go(self, data: Any, some: str, place: int, kind: str) -> None:
        serials = self.some_of(data, some, str(place))
        moves = [(self.heap(place), -Fraction(len(serials)))]
        self.go(kind, serials, place, GOES[kind], moves, self._are(serials, str(place)))

    def _of_pieces(self, kind: str) -> list[Paper]:
        return [p for p in self.papers_of(kind) if p.serials and not p.undone]

    @precondition(lambda self: self._of_pieces("sales_delivery"))
    @rule(data=st.data(), place=where, some=st.sampled_from(["theirs", "theirs", "any"]))
    def pieces_come_back(self, data: Any, place: int, some: str) -> None:
        origin, serials = self._chosen_pieces(data, "sales_delivery", some)
        reasons = self._last_by(serials, origin)
        if len(serials) > origin.left[0]:
            reasons = reasons | {"more_than_delivered"}
        moves = [(self.heap(place), Fraction(len(serials)))]
        source = self.line_of(origin, 0)
        if self.go("sales_return", serials, place, str(place), moves, reasons, origin=origin,
                   source_line_id=source):  # fmt: skip
            origin.left[0] -= len(serials)

    def _chosen_pieces(self, data: Any, kind: str, some: str) -> tuple[Paper, list[str]]:
        origin = data.draw(st.sampled_from(self._of_pieces(kind)))
        pool = list(origin.serials) if some == "theirs" else POOL
        return origin, data.draw(
            st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True)
        )

    @precondition(lambda self: self._of_pieces("purchase_receipt"))
    @rule(data=st.data(), place=where, some=st.sampled_from(["theirs", "theirs", "any"]))
    def pieces_go_back(self, data: Any, place: int, some: str) -> None:
        origin, serials = self._chosen_pieces(data, "purchase_receipt", some)
        reasons = self._are(serials, str(place))
        if not set(serials) <= set(origin.serials):
            reasons = reasons | WRONG
        if len(serials) > origin.left[0]:
            reasons = reasons | {"more_than_received"}
        moves = [(self.heap(place), -Fraction(len(serials)))]
        if self.go("purchase_return", serials, place, "supplier", moves, reasons, origin=origin,
                   source_line_id=self.line_of(origin, 0)):  # fmt: skip
            origin.left[0] -= len(serials)

    @rule(data=st.data(), some=mostly, place=where)
    def pieces_leave(self, data: Any, some: str, place: int) -> None:
        """On their way to the other warehouse."""
        serials = self.some_of(data, some, str(place))
        size, way = Fraction(len(serials)), self._under_way(self.heap(place))
        moves = [(self.heap(place), -size), (way, size)]
        header = {"to_warehouse_id": self.shops[2 - place]}
        reasons = self._are(serials, str(place))
        paper = self.go("stock_transfer", serials, place, "way", moves, reasons, header=header)
        if paper is None:
            return
        order = self.promised("stock_transfer", paper.row, [Line(way.item, size)], "in_transit")
        order.warehouse = self.shops[2 - place]
        self.sent[paper.row.pk], self.arrivals[paper.row.pk] = (order, paper), []
        paper.undo.append(lambda: setattr(order, "status", "reversed"))

    @precondition(lambda self: self._of_pieces("stock_transfer"))
    @rule(data=st.data(), some=st.sampled_from(["theirs", "theirs", "any"]))
    def pieces_arrive(self, data: Any, some: str) -> None:
        origin, serials = self._chosen_pieces(data, "stock_transfer", some)
        order, size = self.sent[origin.row.pk][0], Fraction(len(serials))
        place = self.shops.index(order.warehouse)
        reasons = self._last_by(serials, origin)
        if size > order.lines[0].left:
            reasons = reasons | {"more_than_shipped", "source_not_open"}
        moves = [(self._under_way(self.heap(place)), -size), (self.heap(place), size)]
        paper = self.go("transfer_receipt", serials, place, str(place), moves, reasons,
                        origin=origin, source_line_id=order.lines[0].row)  # fmt: skip
        if paper is not None:
            self._arrived(origin.row.pk, paper, [(order.lines[0], size)])

    def compare_everything(self) -> None:
        super().compare_everything()
        known = books.pieces_by_number()
        for serial, at in self.at.items():
            word, heap = known.get(serial, ("new", None))
            if at == "way":
                assert heap == self._under_way(self.heap(0)), serial
            elif at.isdigit():
                assert heap == self.heap(int(at)), serial
            else:
                assert (word, heap) == (at, None), serial
