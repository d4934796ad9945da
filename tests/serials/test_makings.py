"""Pieces that become part of others, and come out again."""

from typing import Any

import pytest

from hengcang.assembly.actions import assemblies
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.ledger.genealogy import family_of
from hengcang.ledger.serial_models import SerialState
from hengcang.register.verify import verify_books
from tests.documents.trade import reversed_
from tests.serials.pieces import made_of, making, part, posted, received, shop, sold, where
from tests.serials.test_moves import refusal
from tests.worlds import line, target

pytestmark = pytest.mark.usefixtures("book")


def piece(serial: str) -> int:
    return SerialState.objects.get(serial__serial_no=serial).serial_id


def codes(told: Refused) -> set[str]:
    return {part.code for part in getattr(told, "refusals", [told])}


def kin(serial: str, of: str) -> set[tuple[str, bool]]:
    found = getattr(family_of(SYSTEM, piece(serial)), of)
    return {(one.serial_no, one.is_inside) for one in found}


def test_parts_are_in_their_product_and_both_say_so() -> None:
    made = shop(items=2)
    received(made, "A1-4")
    received(made, "", item=2, quantity="9")
    screws = line(made.items[2], "4")
    assembly = made_of(made, "assembly", "P1", part(made, "A1-2"), screws)
    assert (where("P1"), where("A1"), where("A3")) == ("in_stock", "built_in", "in_stock")
    assert kin("P1", "parts") == {("A1", True), ("A2", True)}
    assert kin("A1", "products") == {("P1", True)}
    assert kin("A3", "products") == set()
    told = refusal(sold, made, "A1")
    assert told.code == "serial_gone"
    assert assembly.number in sentence(told)
    assert refusal(posted, made, "other_receipt", "A1", unit_cost=3).code == "serial_of_other"
    assert refusal(received, made, "A1").code == "serial_of_other"
    told = refusal(made_of, made, "assembly", "P1", part(made, "A3"))
    assert told.code == "serial_in_stock"
    assert codes(refusal(made_of, made, "assembly", "P2 P3", part(made, "A1 A3"))) == {
        "serial_gone"
    }
    assert codes(refusal(made_of, made, "assembly", "P2", part(made, "A3"), quantity=2)) == {
        "serial_count"
    }
    sold(made, "P1", item=1)
    assert refusal(reversed_, assembly).code == "serial_moved_on"
    assert verify_books() == []


def test_what_is_taken_apart_gives_back_its_own_parts() -> None:
    made = shop(items=2)
    received(made, "A1-4")
    made_of(made, "assembly", "P1", part(made, "A1-2"))
    made_of(made, "assembly", "P2", part(made, "A3"))
    told = refusal(made_of, made, "disassembly", "P2", part(made, "A1"))
    assert told.code == "serial_of_other"
    apart = made_of(made, "disassembly", "P1", line(made.items[0], "2"))
    assert {where("A1"), where("A2")} == {"in_stock"}, "named by themselves"
    assert where("P1") == "apart"
    assert kin("P1", "parts") == {("A1", False), ("A2", False)}
    reversed_(apart)
    assert (where("P1"), where("A1")) == ("in_stock", "built_in")
    made_of(made, "disassembly", "P1", part(made, "A1 Z9"))
    assert (where("A1"), where("A2"), where("Z9")) == ("in_stock", "built_in", "in_stock")
    made_of(made, "assembly", "P1", part(made, "A1"))
    assert where("P1") == "in_stock", "put together again"
    assert verify_books() == []


def test_a_reversed_assembly_gives_everything_back() -> None:
    made = shop(items=2)
    received(made, "A1-2")
    reversed_(made_of(made, "assembly", "P1", part(made, "A1-2")))
    assert (where("P1"), where("A1")) == ("new", "in_stock")
    assert kin("A1", "products") == set()
    made_of(made, "assembly", "P1", part(made, "A2"))
    assert kin("A2", "products") == {("P1", True)}
    assert verify_books() == []


def test_a_product_without_numbers_takes_parts_that_have_them() -> None:
    made = shop(items=1)
    received(made, "A1-2")
    made_of(made, "assembly", "", part(made, "A1"), quantity=1)
    assert where("A1") == "built_in"
    made_of(made, "disassembly", "", part(made, "A1"), quantity=1)
    assert where("A1") == "in_stock"
    assert verify_books() == []


def test_wrong_numbers_of_a_product_are_refused_at_its_field() -> None:
    made = shop(items=2)

    def save(*arguments: Any) -> Any:
        return assemblies.save_assembly(making(made, *arguments, item=1), actor=SYSTEM)

    told = refusal(save, "P1 P1", part(made, "A1"))
    assert (told.code, told.field) == ("serial_twice", "product_serials")
    draft = save("P1", part(made, "A1"))
    changed = assemblies.change_assembly(
        target(draft), making(made, "P2", part(made, "A2")), actor=SYSTEM
    )
    assert changed.version == 2
