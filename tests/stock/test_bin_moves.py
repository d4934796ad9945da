"""Goods change their bin: quantities move, costs do not, and nothing else does either."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.books.models import Book
from hengcang.catalog.models import Item
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger.models import Availability, CostBalance
from hengcang.places.models import Warehouse
from hengcang.register.verify import verify_books
from hengcang.stock import bin_postings
from hengcang.stock.actions import bin_moves
from hengcang.stock.bin_models import BinMove
from tests.documents.test_set_size import statements
from tests.documents.trade import reversed_
from tests.stock.batched import dairy, keys, put
from tests.stock.test_moving_keys import undone
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def milk(book: Book) -> World:
    """L1 in no bin and in A-1, L2 in no bin; three defective in A-1."""
    made = dairy()
    put(made, "20", "L1", expiry_date=TODAY)
    put(made, "10", "L1", "A-1")
    put(made, "30", "L2")
    put(made, "3", "L1", "A-1", stock_status="defect")
    return made


def saved(made: World, quantity: str, to: str, **more: Any) -> BinMove:
    typed = line(made.items[0], quantity, to_bin_code=to, **more)
    return bin_moves.save_bin_move(draft(made.warehouses[0], [typed]), actor=SYSTEM)


def moved(made: World, quantity: str, to: str, **more: Any) -> BinMove:
    return bin_moves.post_bin_move(target(saved(made, quantity, to, **more)), actor=SYSTEM)


def test_goods_lie_in_another_bin_at_the_same_cost(milk: World) -> None:
    cost = CostBalance.objects.get(item=milk.items[0])
    free = Availability.objects.get(item=milk.items[0], warehouse=milk.warehouses[0])
    done = moved(milk, "4", "B-1", batch_no="L1", bin_code="a-1")
    assert done.number == "YKD202611-0001"
    assert keys(milk) == {
        ("L1", "", "good"): 20,
        ("L1", "A-1", "good"): 6,
        ("L1", "B-1", "good"): 4,
        ("L2", "", "good"): 30,
        ("L1", "A-1", "defect"): 3,
    }
    after = CostBalance.objects.get(item=milk.items[0])
    assert (after.quantity, after.value) == (cost.quantity, cost.value)
    assert Availability.objects.get(pk=free.pk).on_hand == free.on_hand
    reversed_(done)
    assert keys(milk)["L1", "A-1", "good"] == 10
    assert ("L1", "B-1", "good") not in keys(milk)
    assert verify_books() == []


def test_what_lies_in_no_bin_is_put_away_the_first_to_expire_first(milk: World) -> None:
    done = moved(milk, "25", "B-1")  # from no bin: L1 first, A-1 is not touched
    assert [ln.quantity for ln in done.lines.all()] == [20, 5]
    assert keys(milk)["L1", "B-1", "good"] == 20
    assert keys(milk)["L1", "A-1", "good"] == 10
    assert keys(milk)["L2", "", "good"] == 25
    moved(milk, "2", "B-1", bin_code="A-1", stock_status="defect")
    assert keys(milk)["L1", "B-1", "defect"] == 2
    assert verify_books() == []


def test_everything_unshelved_is_proposed(milk: World) -> None:
    intent = uuid4()
    for _ in range(2):
        made = bin_moves.put_away(milk.warehouses[0].pk, on=TODAY, client_uuid=intent, actor=SYSTEM)
    assert BinMove.objects.count() == 1
    lines = made.lines.select_related("batch", "to_bin")
    told = [(str(ln.batch), str(ln.to_bin), ln.quantity) for ln in lines]
    assert told == [("L1", "A-1", 20), ("L2", "A-1", 30)]
    bin_moves.post_bin_move(target(made), actor=SYSTEM)
    assert keys(milk)["L2", "A-1", "good"] == 30
    with pytest.raises(Refused, match="nothing_to_put_away"):
        bin_moves.put_away(milk.warehouses[0].pk, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert verify_books() == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"to": "Z-9"}, "bin_unknown"),
        ({"to": "B-1", "bin_code": "Z-9"}, "bin_unknown"),
        ({"to": "A-1", "bin_code": "A-1"}, "bin_move_same"),
        ({"to": "A-1", "batch_no": "L9"}, "batch_unknown"),
    ],
)
def test_what_cannot_be_is_refused_line_by_line(milk: World, more: dict, code: str) -> None:
    with pytest.raises(RefusedLines) as refused:
        saved(milk, "1", **more)
    assert [r.code for r in refused.value.refusals] == [code]
    assert not BinMove.objects.exists()


def test_more_than_is_there_or_to_nowhere_is_refused(milk: World) -> None:
    before = keys(milk)
    with pytest.raises(Refused):
        moved(milk, "11", "B-1", batch_no="L1", bin_code="A-1")
    with pytest.raises(RefusedLines) as refused:
        moved(milk, "1", "", batch_no="L1", bin_code="A-1")
    assert [r.code for r in refused.value.refusals] == ["to_bin_missing"]
    assert keys(milk) == before
    plain = draft(milk.warehouses[1], [line(milk.items[0], "1", to_bin_code="A-1")])
    with pytest.raises(Refused, match="bins_not_used"):
        bin_moves.save_bin_move(plain, actor=SYSTEM)
    rights = frozenset({"bin_move.save", "bin_move.view"})
    keeper = Actor(9, "李仓管", rights, frozenset({milk.warehouses[1].pk}))
    with pytest.raises(Refused, match="not_found"):
        bin_moves.save_bin_move(draft(milk.warehouses[0], [line(milk.items[0], "1")]), actor=keeper)
    waiting = saved(milk, "1", "B-1", batch_no="L1", bin_code="A-1")
    near = Actor(9, "李仓管", rights, frozenset({milk.warehouses[0].pk}))
    with pytest.raises(Refused, match="forbidden"):
        bin_moves.post_bin_move(target(waiting), actor=near)
    stale = target(waiting)
    bin_moves.void_bin_move(stale, actor=SYSTEM)
    with pytest.raises(Refused, match="stale_version"):
        bin_moves.post_bin_move(stale, actor=SYSTEM)
    assert verify_books() == []


PLACES = ["", "A-1", "B-1"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["move", "move", "reverse"]),
        st.sampled_from(PLACES),
        st.sampled_from(PLACES[1:]),
        st.integers(1, 12),
    ),
    min_size=2,
    max_size=12,
)


class Paper:
    """Where ten pieces each lie, on paper."""

    def __init__(self) -> None:
        self.lies = dict.fromkeys(PLACES, 10)
        self.done: list[tuple[BinMove, str, str, int]] = []

    def carry(self, left: str, to: str, quantity: int) -> bool:
        """Whether so many can be carried; then they are."""
        if self.lies[left] < quantity or left == to:
            return False
        self.lies[left] -= quantity
        self.lies[to] += quantity
        return True


def _whole(steps: list[tuple[str, str, str, int]]) -> None:
    made, paper = dairy(items=1, warehouses=1), Paper()
    for place in PLACES:
        put(made, "10", "L1", place)
    for verb, left, to, quantity in steps:
        if verb == "move":
            if paper.carry(left, to, quantity):
                done = moved(made, str(quantity), to, batch_no="L1", bin_code=left)
                paper.done.append((done, left, to, quantity))
            else:
                with pytest.raises(Refused):
                    moved(made, str(quantity), to, batch_no="L1", bin_code=left)
        elif paper.done:
            document, left, to, quantity = paper.done[-1]
            if paper.carry(to, left, quantity):
                reversed_(document)
                paper.done.pop()
        booked = {place: q for (_, place, _), q in keys(made).items()}
        assert booked == {place: q for place, q in paper.lies.items() if q}
        assert CostBalance.objects.get().value == 300
    assert verify_books() == []


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_the_books_are_the_paper_after_every_move(book, steps) -> None:
    with undone():
        _whole(steps)


def test_a_move_into_the_wrong_bin_is_caught(book, monkeypatch) -> None:
    """The seeded bug: the second half stays where the first was."""
    monkeypatch.setattr(bin_postings, "replace", lambda key, **_: key)
    with undone(), pytest.raises(AssertionError):
        _whole([("move", "A-1", "B-1", 3)])


def test_statements_do_not_grow_with_lines(book: Book) -> None:
    made = world(items=40, warehouses=1)
    Item.objects.update(tracks_batch=True)
    dairy_place = made.warehouses[0]
    dairy_place.bins.create(code="A-1")
    Warehouse.objects.update(uses_bins=True)
    dairy_place.refresh_from_db()
    for n in range(40):
        put(made, "9", f"L{n}", n=n)
    seen = []
    for size in (40, 4, 40):
        lines = [line(item, "1", to_bin_code="A-1") for item in made.items[:size]]
        with statements() as many:
            move = bin_moves.save_bin_move(draft(dairy_place, lines), actor=SYSTEM)
            bin_moves.post_bin_move(target(move), actor=SYSTEM)
        with statements() as back:
            reversed_(move)
        seen.append((len(many), len(back)))
    assert seen[1] == seen[2]
    assert verify_books() == []
