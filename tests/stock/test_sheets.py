"""A whole sheet at once: every wrong line is named, and nothing is written when one is wrong."""

from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.catalog.models import Barcode, Item, ItemUom, Uom
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.register.verify import verify_books
from hengcang.stock.actions.tallies import record_sheet
from hengcang.stock.models import CountRules, StockCount, StockTally
from tests.stock.counted import posted, received, started
from tests.worlds import World, world

D = Decimal


@pytest.fixture
def count(book) -> StockCount:
    made: World = world()
    CountRules.objects.create(id=1, cause_above_value=None)
    received(made, "100")
    received(made, "48", n=1)
    box, _ = Uom.objects.get_or_create(name="箱")
    unit = ItemUom.objects.create(item=made.items[1], uom=box, ratio_num=24)
    Barcode.objects.create(code="6901234567892", item=made.items[1], item_uom=unit)
    gone = Item.objects.create(code="OLD", name="停产货", base_uom=made.items[0].base_uom)
    ItemUom.objects.create(item=gone, uom=gone.base_uom)
    Item.objects.filter(pk=gone.pk).update(is_active=False)
    Item.objects.filter(pk=made.items[1].pk).update(quantity_places=0)
    return started(made)


def test_units_barcodes_zones_and_commas(count) -> None:
    text = "编码,数量,单位,区域\nS001\t60\t个\tA\ns001,38,,B\n\n6901234567892，1\nS002,23,个,高架"
    record_sheet(count.pk, text, uuid4(), actor=SYSTEM)
    found = {(t.item.code, t.zone): t.quantity for t in StockTally.objects.select_related("item")}
    assert found == {("S001", "A"): 60, ("S001", "B"): 38, ("S002", ""): 24, ("S002", "高架"): 23}
    posted(count)
    differences = dict(count.lines.values_list("item__code", "quantity"))
    assert differences == {"S001": -2, "S002": -1}
    assert verify_books() == []


def test_every_wrong_line_at_once_and_nothing_written(count) -> None:
    text = "\n".join(
        [
            "S001\t10\t\tA",
            "NOPE\t1",
            "S001\tabc",
            "S001\t-1",
            "S001\t1\t打",
            "OLD\t1",
            "S002\t1.5",
            "S001\t11\t\tA",
            "\t5",
            "S001",
            "S001\t1\t个\tA\t\t\t\t\t\t\t\t\t多",
            "S001\t1\t个\t" + "长" * 41,
        ]
    )
    with pytest.raises(RefusedLines) as told:
        record_sheet(count.pk, text, uuid4(), actor=SYSTEM)
    assert [(r.field, r.code) for r in told.value.refusals] == [
        ("lines.2.item", "barcode_unknown"),
        ("lines.3.quantity", "number_unreadable"),
        ("lines.4.quantity", "quantity_negative"),
        ("lines.5.uom", "uom_unknown"),
        ("lines.7.quantity", "quantity_inexact"),
        ("lines.8.item", "counted_twice"),
        ("lines.9.item", "field_missing"),
        ("lines.10.quantity", "field_missing"),
        ("lines.11", "field_invalid"),
        ("lines.12", "field_invalid"),
    ]
    assert all("？" not in sentence(r) for r in told.value.refusals)
    assert not StockTally.objects.exists()


def test_the_sheet_again_replaces_its_own_figures(count) -> None:
    record_sheet(count.pk, "S001\t60\t个\tA", uuid4(), actor=SYSTEM)
    record_sheet(count.pk, "S001\t99\t个\tA", uuid4(), actor=SYSTEM)
    posted(count)
    assert count.lines.get(item__code="S001").quantity == -1
