"""Assemblies and disassemblies: what they cost, what refuses them, and how they are undone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.assembly import queries
from hengcang.assembly.actions import assemblies, disassemblies, parts_lists
from hengcang.assembly.drafts import PartDraft, PartsListDraft
from hengcang.assembly.models import Assembly, Disassembly, DisassemblyLine
from hengcang.assembly.rules import Part, can_make
from hengcang.books.models import Book
from hengcang.documents.drafts import Draft
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.models import CostScope
from hengcang.register.verify import verify_books
from tests.documents.trade import delivered, received
from tests.properties import real
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
LAMP, FOOT, BULB = 0, 1, 2


@pytest.fixture(params=list(CostScope))
def shop(book: Book, request: pytest.FixtureRequest) -> World:
    """Feet at 3.3333 and bulbs at 5.00 in the first warehouse."""
    made = world(items=4, scope=request.param)
    received(made, "3", "3.3333", date(2026, 11, 2), item=FOOT)
    received(made, "10", "5", date(2026, 11, 2), item=BULB)
    return made


def listed(made: World, *parts: tuple[int, str], output: str = "1", item: int = LAMP) -> Any:
    lines = tuple(PartDraft(made.items[i].pk, D(q)) for i, q in parts)
    filled = PartsListDraft(made.items[item].pk, lines, D(output))
    return parts_lists.save_parts_list(filled, actor=SYSTEM)


def making(made: World, quantity: str, *lines: Any, **more: Any) -> Draft:
    filled = draft(made.warehouses[0], list(lines), more.pop("dated", TODAY))
    product = more.pop("product", LAMP)
    return replace(filled, product_id=made.items[product].pk, product_quantity=D(quantity), **more)


def assembled(made: World, quantity: str, *lines: Any, **more: Any) -> Assembly:
    saved = assemblies.save_assembly(making(made, quantity, *lines, **more), actor=SYSTEM)
    return assemblies.post_assembly(target(saved), actor=SYSTEM)


def taken_apart(made: World, quantity: str, *lines: Any, **more: Any) -> Disassembly:
    saved = disassemblies.save_disassembly(making(made, quantity, *lines, **more), actor=SYSTEM)
    return disassemblies.post_disassembly(target(saved), actor=SYSTEM)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    refused: Any = caught.value
    return str(getattr(refused, "refusals", [refused])[0].code)


def values() -> list[int]:
    """Cents of every entry, in the order written."""
    return [row[2] for row in real.entries()]


def worth(made: World, item: int) -> int:
    return sum(c for (i, _), (_, c) in real.worths().items() if i == made.items[item].pk)


def test_the_product_costs_its_parts_and_the_extra(shop: World) -> None:
    assembled(
        shop,
        "2",
        line(shop.items[FOOT], "2"),
        line(shop.items[BULB], "2"),
        extra_cost=D("1.50"),
    )
    assert values()[2:] == [-667, -1000, 1817]
    assert worth(shop, LAMP) == 1817
    assert verify_books() == []


def test_a_part_bought_dearer_and_entered_late_makes_product_and_sale_dearer(
    shop: World,
) -> None:
    assembled(shop, "1", line(shop.items[FOOT], "1"), line(shop.items[BULB], "1"))
    delivered(shop, "1", item=LAMP)
    assert values()[-2:] == [833, -833]
    received(shop, "3", "10", date(2026, 11, 3), item=FOOT)
    assert values()[2:6] == [-667, -500, 1167, -1167]
    assert verify_books() == []


def test_without_lines_the_parts_list_proposes_them(shop: World) -> None:
    listed(shop, (FOOT, "1"), (BULB, "3"), output="2")
    saved = assemblies.save_assembly(making(shop, "2"), actor=SYSTEM)
    found = [(part.item_id, part.quantity) for part in saved.lines.order_by("position")]
    assert found == [(shop.items[FOOT].pk, D(1)), (shop.items[BULB].pk, D(3))]


def test_what_is_taken_apart_divides_its_cost_by_what_the_parts_are_reckoned_at(
    shop: World,
) -> None:
    assembled(shop, "1", line(shop.items[FOOT], "3"), line(shop.items[BULB], "1"))
    apart = taken_apart(
        shop,
        "1",
        line(shop.items[FOOT], "1", unit_cost=D(1)),
        line(shop.items[BULB], "1", unit_cost=D(1)),
        line(shop.items[3], "1", unit_cost=D(1)),
    )
    assert values()[-4:] == [-1500, 500, 500, 500]
    disassemblies.reverse_disassembly(
        target(Disassembly.objects.get(pk=apart.pk)), Undo(uuid4(), "拆错", TODAY), actor=SYSTEM
    )
    assert worth(shop, LAMP) == 1500
    assert verify_books() == []


def test_parts_nobody_reckons_are_reckoned_at_their_average(shop: World) -> None:
    assembled(shop, "2", line(shop.items[FOOT], "2"), line(shop.items[BULB], "2"))
    taken_apart(shop, "1", line(shop.items[FOOT], "1"), line(shop.items[BULB], "1"))
    # 16.67 for two: 8.34 and 8.33; feet stand at 3.33 and bulbs at 5.00.
    assert values()[-3:] == [-834, 333, 501]
    reckoned = DisassemblyLine.objects.order_by("cost_amount")
    assert list(reckoned.values_list("cost_amount", flat=True)) == [D("3.33"), D("5.00")]
    assert verify_books() == []


def test_reversed_the_parts_are_back_at_what_they_left_at(shop: World) -> None:
    before = real.worths()
    done = assembled(shop, "1", line(shop.items[FOOT], "1"), line(shop.items[BULB], "1"))
    twin = assemblies.reverse_assembly(target(done), Undo(uuid4(), "录错", TODAY), actor=SYSTEM)
    assert twin.number
    assert twin.product_quantity == 1
    assert real.worths() == before
    assert verify_books() == []


def test_what_is_wrong_is_refused_and_nothing_is_written(shop: World) -> None:
    save = assemblies.save_assembly
    foot = line(shop.items[FOOT], "1")
    assert code_of(lambda: save(making(shop, "1"), actor=SYSTEM)) == "no_parts"
    itself = line(shop.items[LAMP], "1")
    assert code_of(lambda: save(making(shop, "1", itself), actor=SYSTEM)) == "part_is_product"
    nothing = replace(making(shop, "1", foot), product_quantity=None)
    assert code_of(lambda: save(nothing, actor=SYSTEM)) == "field_missing"
    less = making(shop, "0", foot)
    assert code_of(lambda: save(less, actor=SYSTEM)) == "quantity_not_positive"
    negative = making(shop, "1", foot, extra_cost=D(-1))
    assert code_of(lambda: save(negative, actor=SYSTEM)) == "amount_negative"
    assert Assembly.objects.count() == 0
    many = assemblies.save_assembly(making(shop, "1", line(shop.items[FOOT], "4")), actor=SYSTEM)
    short = code_of(lambda: assemblies.post_assembly(target(many), actor=SYSTEM))
    assert short == "insufficient_stock"
    nobody = Actor(id=7, name="甲", permissions=frozenset())
    assert code_of(lambda: save(making(shop, "1", foot), actor=nobody)) == "forbidden"
    assert verify_books() == []


def test_the_same_intent_makes_one_and_a_stale_version_is_told(shop: World) -> None:
    filled = making(shop, "1", line(shop.items[FOOT], "1"))
    first = assemblies.save_assembly(filled, actor=SYSTEM)
    assert assemblies.save_assembly(filled, actor=SYSTEM).pk == first.pk
    seen = target(first)
    changed = assemblies.change_assembly(
        seen, making(shop, "2", line(shop.items[FOOT], "2")), actor=SYSTEM
    )
    assert (changed.product_quantity, changed.lines.get().quantity) == (2, 2)
    assert code_of(lambda: assemblies.post_assembly(seen, actor=SYSTEM)) == "stale_version"


def test_a_parts_list_never_leads_back_to_itself(shop: World) -> None:
    listed(shop, (FOOT, "1"))
    listed(shop, (BULB, "1"), item=FOOT)
    assert code_of(lambda: listed(shop, (LAMP, "1"), item=BULB)) == "parts_in_circle"
    assert code_of(lambda: listed(shop, (3, "1"), (3, "2"), item=BULB)) == "part_twice"
    assert code_of(lambda: listed(shop, item=BULB)) == "no_parts"
    assert code_of(lambda: listed(shop, (BULB, "1"))) == "parts_list_taken"
    assert verify_books() == []


def test_a_kit_says_how_many_can_be_made_and_what_is_short(shop: World) -> None:
    listed(shop, (FOOT, "1"), (BULB, "3"), output="1")
    found = queries.kit(SYSTEM, shop.items[LAMP].pk, shop.warehouses[0].pk, D(4))
    assert found.can_make == 3
    assert [(p.needed, p.available, p.short) for p in found.parts] == [
        (4, 3, 1),
        (12, 10, 2),
    ]


def test_needs_are_rounded_up_and_what_can_be_made_is_rounded_down() -> None:
    third = Part(1, D(1), D(3), 0, D(2))
    assert third.needed(D(4)) == 2
    assert can_make([third], 0) == 6
    assert can_make([third, Part(2, D("0.5"), D(1), 1, D("1.24"))], 0) == 2
    assert can_make([], 0) == 0
