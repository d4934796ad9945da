"""Covers move between order lines without ever growing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hengcang.purchasing.rules import Cover, Place, covered, fitted, moved

quantities = st.sampled_from([Decimal(n) for n in ("1", "2", "3", "0.333333")])
covers = st.lists(
    st.builds(Cover, st.integers(1, 3), st.integers(1, 4), quantities),
    max_size=6,
    unique_by=lambda c: (c.order_line_id, c.requisition_line_id),
)


@given(covers, st.dictionaries(st.integers(1, 3), quantities))
def test_fitted_covers_keep_within_their_lines(found: list[Cover], room: dict) -> None:
    kept = fitted(found, room)
    for line_id in {c.order_line_id for c in kept}:
        mine = sum(c.quantity for c in kept if c.order_line_id == line_id)
        before = sum(c.quantity for c in found if c.order_line_id == line_id)
        assert mine == min(before, room[line_id])


@given(covers, st.lists(st.tuples(st.integers(1, 2), quantities), max_size=4))
def test_moved_covers_fill_what_room_there_is_for_their_item(
    found: list[Cover], rooms: list
) -> None:
    items = {n: 1 + n % 2 for n in range(1, 5)}
    places = [Place(at, item, room) for at, (item, room) in enumerate(rooms)]
    after = moved(found, items, places)
    for item in (1, 2):
        room = sum(p.quantity for p in places if p.item_id == item)
        asked = sum(c.quantity for c in found if items[c.requisition_line_id] == item)
        assert sum(c.quantity for c in after if items[c.requisition_line_id] == item) == min(
            room, asked
        )
    for line_id, quantity in covered(after).items():
        assert quantity <= covered(found)[line_id]
    assert len({(c.order_line_id, c.requisition_line_id) for c in after}) == len(after)
