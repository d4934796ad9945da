"""What is typed finds the right item first, with few queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.catalog import actions, queries
from hengcang.catalog.drafts import ItemDraft, UomDraft
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused

pytestmark = pytest.mark.usefixtures("book")

SHELF = (
    ItemDraft("GB100", "不锈钢六角螺栓", "个", spec="M8×30", category="五金/紧固件"),
    ItemDraft("GB1001", "不锈钢平垫圈", "个", category="五金/紧固件"),
    ItemDraft(
        "ZP-9",
        "得力A4复印纸",
        "包",
        spec="70g 500张",
        category="办公",
        barcodes=("6921734999887",),
        uoms=(UomDraft("箱", 5, barcodes=("GB100X",)),),
    ),
    ItemDraft("BXG", "玻璃杯", "只", category="百货"),
    ItemDraft("K-100", "折扣券 100% 有效", "张"),
    ItemDraft("UK1", "WHITE HANGING HEART T-LIGHT HOLDER", "件"),
)


@pytest.fixture(autouse=True)
def _shelf(book: Any) -> None:
    actions.import_items(SHELF, actor=SYSTEM)


def typed(words: str) -> list[str]:
    return [hit.item.code for hit in queries.suggest_items(SYSTEM, words)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("gb100", "GB100"),  # exact before prefix
        ("gb1001", "GB1001"),
        ("bxg", "BXG"),  # a code before initials
        ("bxgl", "GB100"),  # 拼音 initials
        ("dla4", "ZP-9"),
        ("dlfyz", "ZP-9"),
        ("复印", "ZP-9"),
        ("Ａ４", "ZP-9"),
        ("a4复印纸", "ZP-9"),
        ("70g", "ZP-9"),
        ("hanging heart", "UK1"),
        ("heart white", "UK1"),
        ("anging", "UK1"),
        ("100%", "K-100"),
        ("6921734999887", "ZP-9"),
        ("4999887", "ZP-9"),
    ],
)
def test_the_best_hit_is_first(words: str, first: str) -> None:
    assert typed(words)[0] == first


def test_the_stages_follow_each_other() -> None:
    assert typed("bxg") == ["BXG", "GB100", "GB1001"]
    assert typed("不锈钢") == ["GB100", "GB1001"]
    assert typed("钢 垫") == ["GB1001"]
    assert typed("没有的") == []
    assert typed("  ") == []
    assert typed("%") == ["K-100"]
    assert typed("_") == []


def test_a_typed_barcode_brings_its_unit() -> None:
    hit = queries.suggest_items(SYSTEM, "gb100x")[0]
    assert (hit.item.code, hit.uom.uom.name, hit.uom.ratio_num) == ("ZP-9", "箱", 5)


def test_a_scan_finds_item_and_unit_or_is_refused() -> None:
    assert queries.item_by_barcode(SYSTEM, " 6921734999887 ").uom.uom.name == "包"
    assert queries.item_by_barcode(SYSTEM, "zp-9").item.name == "得力A4复印纸"
    with pytest.raises(Refused) as caught:
        queries.item_by_barcode(SYSTEM, "0000")
    assert (caught.value.code, caught.value.facts) == ("barcode_unknown", {"barcode": "0000"})


def test_pages_follow_each_other_by_code() -> None:
    first = queries.items(SYSTEM, queries.ItemFilter(limit=4))
    second = queries.items(SYSTEM, queries.ItemFilter(limit=4, after=first[-1].code))
    assert [i.code for i in [*first, *second]] == sorted(d.code for d in SHELF)
    assert queries.item_count(SYSTEM, queries.ItemFilter()) == len(SHELF)


def test_a_category_holds_what_is_below_it() -> None:
    under = queries.items(SYSTEM, queries.ItemFilter(category_path="五金", words="bxg"))
    assert [i.code for i in under] == ["GB100", "GB1001"]
    assert queries.items(SYSTEM, queries.ItemFilter(category_path="五")) == []


def test_few_queries_however_many_items() -> None:
    with CaptureQueriesContext(connection) as typing:
        queries.suggest_items(SYSTEM, "b")
    assert len(typing) <= 7
    ids = {row.pk for row in queries.items(SYSTEM, queries.ItemFilter())}
    with CaptureQueriesContext(connection) as lines:
        items = queries.items_of_lines(ids)
        assert set(items) == ids
        assert all(u.uom.name and u.item_id == i for i, g in items.items() for u in g.uoms)
    assert len(lines) == 3  # units, items, and what the units are called
    with CaptureQueriesContext(connection) as page:
        rows = queries.items(SYSTEM, queries.ItemFilter())
        assert all(i.base_uom.name and str(i.category) for i in rows)
    assert len(page) == 1


def test_codes_resolve_at_once() -> None:
    found = queries.item_ids_by_code(SYSTEM, ["gb100", "ZP-9", "nope"])
    assert set(found) == {"gb100", "ZP-9"}
